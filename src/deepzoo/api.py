"""The Python API: train, resume, evaluate, and use what was trained.

Names and defaults are those of the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Interval

from .interfaces.arguments import checked

if TYPE_CHECKING:
    from .run import Run
    from .training.progress import ProgressEvent
    from .workload import Workload


@checked
def train(
    dataset: str | None = None,
    *,
    model: str | None = None,
    task: str | None = None,
    data: Any = None,
    epochs: Annotated[int | None, Ge(1)] = None,
    batch_size: Annotated[int | None, Ge(1)] = None,
    settings: Mapping[str, Any] | None = None,
    sample: bool | None = None,
    seed: Annotated[int, Interval(ge=0, le=2**32 - 1)] = 0,
    device: str = "auto",
    precision: str = "float32",
    name: str | None = None,
    from_run: str | Run | None = None,
    patience: Annotated[int | None, Ge(1)] = None,
    max_minutes: Annotated[float | None, Ge(0.001)] = None,
    limit: Annotated[int | None, Ge(1)] = None,
    deterministic: bool = False,
    dry_run: bool = False,
    on_event: Callable[[ProgressEvent], None] | None = None,
    **more_settings: Any,
) -> Any:
    """Trains a model on a dataset, scores it on the test split, and stores the run.

    Args:
        dataset: Name of the dataset; may be left out when `data` are given in Python.
        model: Name of the model; by default that of the dataset, else that of its task.
        task: Name of the task, if several accept the dataset.
        data: Your own file or folder, or data in memory, such as `(pixels, labels)`.
        epochs: Passes over the training split; shorthand for the model's setting.
        batch_size: Examples per step; shorthand for the model's setting.
        settings: Settings of dataset, kind, task or model by name: `units` or `model.units`.
        sample: True uses the small stand-in data, False forbids them, None as a last resort.
        seed: Determines initial weights, example order and dropout; never data or splits.
        device: `auto`, `cpu`, `all` or `gpu:N`.
        precision: `float32`, or `mixed`.
        name: Name of the run; by default the model's name and a number.
        from_run: Run whose weights the training starts from. By default it is that which own data
            of the dataset's kind usually start from, if there is one; `none` is from scratch.
        patience: Stop after this many epochs without a better validation score.
        max_minutes: Stop after this many minutes of training; compilation is not counted.
        limit: Train on this many of the first training examples only.
        deterministic: Make equal runs bit-identical on a GPU too, at the cost of speed.
        dry_run: Return the plan and train nothing.
        on_event: Takes progress events.
        **more_settings: More settings by plain name: `train("tweets", units=64)`.

    Returns:
        The finished `Run`; with `dry_run` the plan as a dictionary.

    Raises:
        DeepzooError: Anything is wrong; one of its subclasses is raised.
    """
    from .data.in_memory import dataset_for, given_data
    from .data.locate import named_path
    from .networks.devices import check_request
    from .networks.silence import check_backend
    from .run import Run
    from .runs.store import check_name
    from .training import lifecycle
    from .training.schedule import TrainingOptions
    from .workload import Workload

    check_request(device, precision)
    if name is not None:
        check_name(name)
    short = {"model.epochs": epochs, "model.batch_size": batch_size}
    assignments = {
        **(settings or {}),
        **more_settings,
        **{key: value for key, value in short.items() if value is not None},
    }
    dataset = dataset or dataset_for(model, task)
    report = on_event or _ignore
    if from_run is None and data is not None:
        start_from = _usual_start(dataset, model, task, assignments, report)
    else:
        start_from = load(from_run) if from_run not in (None, "none") else None
    path = named_path(data) if isinstance(data, (str, Path)) else None
    workload = Workload.make(
        dataset,
        model=model,
        task=task,
        assignments=assignments,
        start_from=start_from,
        path=path,
        sample=sample,
        limit=limit,
        seed=seed,
    )
    if workload.recipes.model.framework == "keras":
        check_backend()
    if data is not None and path is None:
        workload.given = given_data(workload.recipes.dataset, workload.recipes.kind, data, limit)
    if from_run is None and start_from is not None and not workload.fine_tuning:
        scratch = Workload.make(dataset, model=model, task=task, assignments=assignments)
        _start_from_scratch(workload, scratch, report)
    options = TrainingOptions(device, precision, deterministic, patience, max_minutes)
    if dry_run:
        return lifecycle.plan(workload, options)
    return lifecycle.start(workload, options, report, open_run=Run, name=name)


def _usual_start(
    dataset: str,
    model: str | None,
    task: str | None,
    assignments: Mapping[str, Any],
    report: Callable[[ProgressEvent], None],
) -> Run | None:
    """Opens the run from which own data are usually trained, unless something else is wanted."""
    from .errors import CheckpointError
    from .plugins import registry
    from .training.progress import Message

    name = registry.dataset(dataset).start_from
    if not name:
        return None
    try:
        run = load(name)
    except CheckpointError as error:
        report(Message("warning", f"{error.message} The training starts from scratch."))
        return None
    if model not in (None, run.model) or task not in (None, run.task):
        return None
    given = {key.rpartition(".")[2].replace("-", "_") for key in assignments}
    other = sorted(given.intersection(run.recipe("model").own_settings()))
    if other:
        text = f"Starts from scratch and not from {name}, because of {', '.join(other)}."
        report(Message("note", text))
        return None
    return run


def _start_from_scratch(
    workload: Workload, scratch: Workload, report: Callable[[ProgressEvent], None]
) -> None:
    """Gives a workload the settings of one that starts from no run, and says why."""
    from .training.progress import Message

    source = getattr(workload.start_from, "id", "")
    text = f"Starts from scratch and not from {source}, which cannot help with these data."
    report(Message("note", text))
    workload.recipes, workload.chosen = scratch.recipes, scratch.chosen
    workload.start_from = None


def _ignore(event: ProgressEvent) -> None:
    """Ignores an event."""


@checked
def resume(
    run: str | Run,
    *,
    epochs: Annotated[int | None, Ge(1)] = None,
    max_minutes: Annotated[float | None, Ge(0.001)] = None,
    data: Any = None,
    on_event: Callable[[ProgressEvent], None] | None = None,
) -> Run:
    """Resumes an interrupted run, or trains a finished one further.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        epochs: Total number of epochs to reach; by default as many as were planned.
        max_minutes: Minutes of training in total, earlier sessions included.
        data: Where the run's data are now, if they have moved; or the data given in Python.
        on_event: Takes progress events.

    Raises:
        ResumeError: The data or the settings have changed, or another process trains it.
    """
    from .training import lifecycle

    return lifecycle.resume(
        load(run),
        on_event or _ignore,
        epochs=epochs,
        max_minutes=max_minutes,
        data=data,
    )


def evaluate(
    run: str | Run, *, task: str | None = None, data: Any = None, device: str = "auto"
) -> dict[str, Any]:
    """Scores a run on the test split of its dataset, beside the baselines.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        task: Name of the task it must be of.
        data: Where the run's data are now, if they have moved. Scores on other data than the
            run's own are stored apart, in the folder `evaluations` of the run.
        device: `auto`, `cpu`, `all` or `gpu:N`.

    Returns:
        What `deepzoo evaluate --json` prints.

    Raises:
        DataError: Without `data`: the run's data are missing or have changed.
    """
    return load(run, task=task).evaluate(data=data, device=device)


def load(run: str | Path | Run, *, task: str | None = None, verb: str | None = None) -> Run:
    """Opens a run by folder, `dataset/run` or run name, or a dataset's best run by dataset name.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        task: Name of the task it must be of.
        verb: Name of a verb that the run's task must have.

    Raises:
        UnknownNameError: No run matches; the message suggests a similar name.
        UsageError: Several runs or tasks match, or the run's task lacks the verb.
    """
    from .run import Run
    from .runs.resolve import resolve

    return run if isinstance(run, Run) else Run.of(resolve(str(run), task=task, verb=verb))


def default_run(verb: str = "generate") -> Run:
    """Opens the run that a verb uses where none is named."""
    from .run import Run
    from .runs import resolve

    return Run.of(resolve.default_run(verb))


def use(run: str | Run, verb: str, *inputs: Any, task: str | None = None, **options: Any) -> Any:
    """Calls a verb of a run's task: `use("tweets", "generate", "Today I will")`."""
    opened = load(run, task=task, verb=verb)
    return getattr(opened, verb)(*inputs, **options)


def predict(run: str | Run, *inputs: Any, **options: Any) -> Any:
    """Answers raw inputs with a trained run: one input one answer, several a list."""
    return use(run, "predict", *inputs, **options)


def generate(prompt: str | None = None, *, run: str | Run | None = None, **options: Any) -> Any:
    """Continues a text, or draws what else a run generates.

    Without a run it uses the trained model of texts that came with deepzoo.

    Examples:
        >>> import deepzoo
        >>> text = deepzoo.generate("Today I will", seed=1)
        >>> text.startswith("Today I will")
        True
    """
    opened = default_run("generate") if run is None else load(run, verb="generate")
    return opened.generate(*(() if prompt is None else (prompt,)), **options)


def list_runs(dataset: str | None = None, *, shipped: bool = False) -> list[dict[str, Any]]:
    """Lists the stored runs, oldest first.

    Args:
        dataset: Only those of this dataset.
        shipped: Instead of your own, those that came with the plugins.

    Returns:
        For each run its name `run`, its `dataset`, `model`, `task` and `status`, which
        `data` it learned from (`full`, `local` or `sample`), its `metrics` on the test split,
        and the `path` of its folder.
    """
    from .plugins.registry import shipped_runs
    from .runs import display, store
    from .runs.shipped import open_shipped

    if not shipped:
        return [display.row(run) for run in store.list_runs(dataset)]
    rows = [(plugin, run) for plugin, run in shipped_runs() if dataset in (None, run.name)]
    return [{**display.row(open_shipped(*row)), "example": row[1].example} for row in rows]


def cached_run(dataset: str, model: str, *, data: Any = None, **settings: Any) -> Run:
    """Returns a finished run of `model` on `dataset`, training it if there is none yet.

    Args:
        dataset: Name of the dataset.
        model: Name of the model.
        data: Data in memory that take its place, such as `Splits`.
        **settings: Settings, plain or qualified with a double underscore for the dot.

    Raises:
        UsageError: The run needs itself, directly or through others.
    """
    from .data.in_memory import given_data
    from .run import Run
    from .training import cached_runs
    from .workload import Workload

    assignments = {key.replace("__", "."): value for key, value in settings.items()}
    workload = Workload.make(dataset, model=model, assignments=assignments)
    if data is not None:
        workload.given = given_data(workload.recipes.dataset, workload.recipes.kind, data, None)
    return Run.of(cached_runs.cached_run(workload))
