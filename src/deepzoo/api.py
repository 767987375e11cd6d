"""The Python API: train, resume, evaluate, and use what was trained.

Names and defaults are those of the command line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import UsageError

if TYPE_CHECKING:
    from .run import Run

Report = Callable[[dict[str, Any]], None]


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
    on_event: Report | None = None,
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
        on_event: Takes progress events, dictionaries with a `kind`.
        **more_settings: More settings by plain name: `train("tweets", units=64)`.

    Returns:
        The finished `Run`; with `dry_run` the plan as a dictionary.

    Raises:
        DeepzooError: Whatever is wrong, as one of its subclasses.
    """
    from .devices import check_request
    from .job import Job
    from .memory_data import dataset_for, given_data

    check_request(device, precision)
    plan_options = check_options(seed, patience, max_minutes, limit, name)
    short = {"model.epochs": epochs, "model.batch_size": batch_size}
    assignments = {
        **(settings or {}),
        **more_settings,
        **{key: value for key, value in short.items() if value is not None},
    }
    path = Path(data) if isinstance(data, (str, Path)) else None
    in_memory = data is not None and path is None
    if dataset is None:
        dataset = dataset_for(model, task, path)
    job = Job.make(
        dataset,
        model=model,
        task=task,
        assignments=assignments,
        path=path,
        sample=sample,
        limit=limit,
        seed=seed,
    )
    if in_memory:
        job.given = given_data(job, data)
    options = {
        "device": device,
        "precision": precision,
        "deterministic": deterministic,
        **plan_options,
    }
    from .training_session import begin, plan_of

    report = on_event or (lambda event: None)
    if dry_run:
        return plan_of(job, options)
    return begin(job, options, name=name, start_from=from_run, report=report)


def check_options(
    seed: int, patience: int | None, max_minutes: float | None, limit: int | None, name: str | None
) -> dict[str, Any]:
    """Refuses numbers out of range and impossible names before anything is read.

    Raises:
        UsageError: A number is below its minimum, or not finite, or no run can have that name.
    """
    from .store import check_name

    if name is not None:
        check_name(name)
    if not 0 <= seed < 2**32:
        raise UsageError(f"--seed must be between 0 and 4294967295; received {seed}.")
    for option, value, smallest in (("patience", patience, 1), ("limit", limit, 1)):
        if value is not None and value < smallest:
            raise UsageError(f"--{option} must be at least {smallest}; received {value}.")
    if max_minutes is not None and not 0 < max_minutes < float("inf"):
        raise UsageError(f"--max-minutes must be more than 0; received {max_minutes}.")
    return {"patience": patience, "max_minutes": max_minutes}


def resume(
    run: str | Run,
    *,
    epochs: int | None = None,
    max_minutes: float | None = None,
    allow_data_change: bool = False,
    on_event: Report | None = None,
) -> Run:
    """Goes on with a run that was interrupted, or trains a finished one further.

    Args:
        run: What `RUN` means on the command line, or a `Run`.
        epochs: Epochs in all; by default as many as were planned.
        max_minutes: Budget of training time in all.
        allow_data_change: Go on although the data are no longer the same.
        on_event: Takes progress events.

    Raises:
        ResumeError: The data or the settings have changed, or another process trains it.
    """
    from .training_session import go_on

    check_options(0, None, max_minutes, None, None)
    if epochs is not None and epochs < 1:
        raise UsageError(f"--epochs must be at least 1; received {epochs}.")
    report = on_event or (lambda event: None)
    return go_on(load(run), epochs, max_minutes, allow_data_change, report)


def evaluate(run: str | Run, *, task: str | None = None, device: str = "auto") -> dict[str, Any]:
    """Scores a run on the test split of its dataset, beside the baselines.

    Returns:
        What `deepzoo evaluate --json` prints.
    """
    from .devices import check_request, configure
    from .evaluation import score
    from .job import Job

    check_request(device, "float32")
    found = load(run, task=task)
    began = time.perf_counter()
    job = Job.of_run(found)
    if found.recipe("model").framework == "keras":
        configure(device)
    result = score(job, found, found.net)
    found.reload()
    fields = {**result, "data": job.data.source, "data_notes": list(job.data.notes)}
    if job.data.fingerprint != found.record.get("fingerprint"):
        fields["data_notes"].append("These are not the data that the run was trained on.")
    shown = {k: v for k, v in summary(found).items() if k not in ("epochs", "steps", "stopped_by")}
    return {**shown, **fields, "seconds": round(time.perf_counter() - began, 3)}


def summary(run: Run) -> dict[str, Any]:
    """Returns what `deepzoo train --json` prints about a finished run."""
    record, results = run.record, run.results
    return {
        "run": run.id,
        "dataset": run.dataset,
        "model": run.model,
        "task": run.task,
        "data": run.data,
        "epochs": record.get("epochs"),
        "steps": record.get("steps"),
        "seconds": record.get("seconds"),
        "stopped_by": record.get("stopped_by"),
        "metrics": run.metrics,
        "intervals": run.intervals,
        "examples": results.get("examples"),
        "baselines": run.baselines,
        "baseline_differences": results.get("baseline_differences", {}),
        "notes": results.get("notes", []),
        "published": results.get("published", []),
        "path": str(run.path),
    }


def load(run: str | Path | Run, *, task: str | None = None, verb: str | None = None) -> Run:
    """Opens a run: a folder, `dataset/run`, a run's name, or a dataset's name for its best run."""
    from .resolve import resolve
    from .run import Run

    return run if isinstance(run, Run) else resolve(str(run), task=task, verb=verb)


def use(run: str | Run, verb: str, *inputs: Any, task: str | None = None, **options: Any) -> Any:
    """Calls a verb of a run's task: `use("tweets", "generate", "Today I will")`."""
    found = load(run, task=task, verb=verb)
    return getattr(found, verb)(*inputs, **options)


def predict(run: str | Run, *inputs: Any, **options: Any) -> Any:
    """Answers raw inputs with a trained run: one input one answer, several a list."""
    return use(run, "predict", *inputs, **options)


def generate(
    prompt: str | None = None, *, run: str | Run | None = None, **options: Any
) -> str | list[str]:
    """Continues a text; without a run it uses the trained model that came with deepzoo.

    Example:
        >>> import deepzoo
        >>> text = deepzoo.generate("Today I will", seed=1)
        >>> text.startswith("Today I will")
        True
    """
    from .resolve import default_run

    found = default_run("generate") if run is None else load(run, verb="generate")
    return found.generate(prompt, **options)
