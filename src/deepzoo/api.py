"""The Python API: train, resume, evaluate, and use what was trained.

Names and defaults are those of the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UsageError

if TYPE_CHECKING:
    from .run import Run
    from .training.progress import ProgressEvent


def train(
    dataset: str | None = None,
    *,
    model: str | None = None,
    task: str | None = None,
    data: Any = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    settings: Mapping[str, Any] | None = None,
    sample: bool | None = None,
    seed: int = 0,
    device: str = "auto",
    precision: str = "float32",
    name: str | None = None,
    from_run: str | Run | None = None,
    patience: int | None = None,
    max_minutes: float | None = None,
    limit: int | None = None,
    deterministic: bool = False,
    dry_run: bool = False,
    on_event: Callable[[ProgressEvent], None] | None = None,
    **more_settings: Any,
) -> Any:
    """Trains a model on a dataset, scores it on the test split, and stores the run.

    Args:
        dataset: Name of the dataset; may be left out when `data` are given in Python.
        model: Name of the model; by default the dataset's, else its task's.
        task: Name of the task, where a dataset serves several.
        data: The user's own file or folder, or data in memory: the fields of a kind.
        epochs: Short for the model's setting.
        batch_size: Short for the model's setting.
        settings: Settings of dataset, kind, task and model, plain or qualified.
        sample: True takes the dataset's small stand-in, False forbids it.
        seed: Decides weights, order and dropout; never the data or the splits.
        device: `auto`, `cpu`, `all` or `gpu:N`.
        precision: `float32`, or `mixed`.
        name: Name of the run; by default the model's with a number.
        from_run: A run whose weights to start from.
        patience: Epochs without a better validation loss before it stops.
        max_minutes: Budget of training time after compilation.
        limit: Only the first N training examples.
        deterministic: Equal bits on a GPU too, at the price of speed.
        dry_run: Return the plan and train nothing.
        on_event: Takes progress events.
        **more_settings: More settings by plain name: `train("tweets", units=64)`.

    Returns:
        The finished `Run`; with `dry_run` the plan as a dictionary.

    Raises:
        DeepzooError: Whatever is wrong, as one of its subclasses.
    """
    from .data.in_memory import dataset_for, given_data
    from .networks.devices import check_request
    from .run import Run
    from .training import lifecycle
    from .training.schedule import TrainingOptions
    from .workload import Workload

    check_request(device, precision)
    check_options(seed, patience, max_minutes, limit, name)
    short = {"model.epochs": epochs, "model.batch_size": batch_size}
    assignments = {
        **(settings or {}),
        **more_settings,
        **{key: value for key, value in short.items() if value is not None},
    }
    path = Path(data) if isinstance(data, (str, Path)) else None
    workload = Workload.make(
        dataset or dataset_for(model, task),
        model=model,
        task=task,
        assignments=assignments,
        path=path,
        sample=sample,
        limit=limit,
        seed=seed,
    )
    if data is not None and path is None:
        workload.given = given_data(workload.recipes.dataset, workload.recipes.kind, data, limit)
    options = TrainingOptions(device, precision, deterministic, patience, max_minutes)
    if dry_run:
        return lifecycle.plan(workload, options)
    return lifecycle.start(
        workload,
        options,
        on_event or _ignore,
        open_run=Run,
        name=name,
        start_from=load(from_run) if from_run is not None else None,
    )


def check_options(
    seed: int, patience: int | None, max_minutes: float | None, limit: int | None, name: str | None
) -> None:
    """Refuses numbers out of range and impossible names before anything is read.

    Raises:
        UsageError: A number is below its minimum, or not finite, or no run can have that name.
    """
    from .runs.store import check_name

    if name is not None:
        check_name(name)
    if not 0 <= seed < 2**32:
        raise UsageError(f"--seed must be between 0 and 4294967295; received {seed}.")
    for option, value, smallest in (("patience", patience, 1), ("limit", limit, 1)):
        if value is not None and value < smallest:
            raise UsageError(f"--{option} must be at least {smallest}; received {value}.")
    if max_minutes is not None and not 0 < max_minutes < float("inf"):
        raise UsageError(f"--max-minutes must be more than 0; received {max_minutes}.")


def _ignore(event: ProgressEvent) -> None:
    """Ignores an event."""


def resume(
    run: str | Run,
    *,
    epochs: int | None = None,
    max_minutes: float | None = None,
    allow_data_change: bool = False,
    on_event: Callable[[ProgressEvent], None] | None = None,
) -> Run:
    """Resumes an interrupted run, or trains a finished one further.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        epochs: Epochs in all; by default as many as were planned.
        max_minutes: Budget of training time in all.
        allow_data_change: Resume although the data have changed.
        on_event: Takes progress events.

    Raises:
        ResumeError: The data or the settings have changed, or another process trains it.
    """
    from .training import lifecycle

    check_options(0, None, max_minutes, None, None)
    if epochs is not None and epochs < 1:
        raise UsageError(f"--epochs must be at least 1; received {epochs}.")
    return lifecycle.resume(
        load(run),
        on_event or _ignore,
        epochs=epochs,
        max_minutes=max_minutes,
        allow_data_change=allow_data_change,
    )


def evaluate(run: str | Run, *, task: str | None = None, device: str = "auto") -> dict[str, Any]:
    """Scores a run on the test split of its dataset, beside the baselines.

    Returns:
        What `deepzoo evaluate --json` prints.
    """
    return load(run, task=task).evaluate(device=device)


def load(run: str | Path | Run, *, task: str | None = None, verb: str | None = None) -> Run:
    """Opens a run: a folder, `dataset/run`, a run's name, or a dataset's name for its best run.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        task: Name of the task it must be of.
        verb: What it must be able to do.

    Raises:
        UnknownNameError: Nothing fits; the message names what comes close.
        UsageError: Several runs or tasks fit, or the run cannot do that.
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


def generate(
    prompt: str | None = None, *, run: str | Run | None = None, **options: Any
) -> str | list[str]:
    """Continues a text; without a run it uses the trained model that came with deepzoo.

    Examples:
        >>> import deepzoo
        >>> text = deepzoo.generate("Today I will", seed=1)
        >>> text.startswith("Today I will")
        True
    """
    opened = default_run("generate") if run is None else load(run, verb="generate")
    return opened.generate(prompt, **options)


def list_runs(dataset: str | None = None) -> list[dict[str, Any]]:
    """Lists the stored runs, oldest first."""
    from .runs import display, store

    return [display.row(run) for run in store.list_runs(dataset)]


def cached_run(dataset: str, model: str, **settings: Any) -> Run:
    """Returns a finished run of `model` on `dataset`, training it if there is none yet.

    Args:
        dataset: Name of the dataset.
        model: Name of the model.
        **settings: Settings, plain or qualified with a double underscore for the dot.

    Raises:
        UsageError: The run needs itself, directly or through others.
    """
    from .run import Run
    from .training import cached_runs
    from .workload import Workload

    assignments = {key.replace("__", "."): value for key, value in settings.items()}
    workload = Workload.make(dataset, model=model, assignments=assignments)
    return Run.of(cached_runs.cached_run(workload))
