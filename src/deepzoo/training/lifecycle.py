"""A run's life: planned, started, resumed, evaluated."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Any

from ..errors import CheckpointError, DataError, ResumeError, UsageError
from ..evaluation.score import score
from ..networks.devices import Device, check_request, configure
from ..networks.keras_network import layers_of, parameters
from ..runs import store
from ..runs.changes import same_data
from ..runs.display import summary
from ..runs.formats import EVALUATIONS, WEIGHTS
from ..runs.resolve import resolve
from ..workload import Workload
from .batches import BatchOrder
from .cached_runs import baseline_scores
from .checkpoints import checkpoint_names
from .compatibility import refuse_changes, warn_about_versions
from .execute import alone, execute, take_weights
from .progress import Fetched, Message, Report
from .record import describe, spelled
from .schedule import TrainingOptions, TrainingPlan

if TYPE_CHECKING:
    from ..run import Run
    from ..runs.folder import RunFolder

logger = logging.getLogger("deepzoo")


def plan(workload: Workload, options: TrainingOptions) -> dict[str, Any]:
    """Describes a training without doing it: settings, parameters, steps.

    Refuses what `start` refuses.
    """
    device, prepared = device_of(workload, options), workload.prepared
    recipes = workload.recipes
    examples = len(prepared.train)
    size = min(recipes.model.batch_size, max(examples, 1))
    order = BatchOrder(examples, size, recipes.model.order, workload.seed)
    network, notes = workload.build(device), [*workload.data.notes, *_fitted(workload)]
    if workload.start_from is not None:
        notes.append(take_weights(network, workload.start_from, workload))
    return {
        "dataset": recipes.dataset.name,
        "model": recipes.model.name,
        "task": recipes.task.name,
        "data": workload.data.source,
        "notes": notes,
        "settings": workload.settings,
        "examples": {
            "train": examples,
            "validation": len(prepared.validation),
            "test": len(prepared.test),
        },
        "layers": layers_of(network),
        "parameters": parameters(network),
        "epochs": recipes.model.epochs,
        "steps": order.steps * recipes.model.epochs,
        "device": device.name if device else "cpu",
    }


@alone()
def start(
    workload: Workload,
    options: TrainingOptions,
    report: Report,
    *,
    open_run: type[Run],
    name: str | None = None,
) -> Run:
    """Trains a new run.

    Args:
        workload: Recipes and data.
        options: How to train.
        report: Called with each progress event.
        open_run: The class that opens a run's folder; plugins' callbacks get an instance.
        name: Name of the run; by default the model's name and a number.
    """
    workload.progress = lambda arrived, whole: report(Fetched(arrived, whole or None))
    for note in workload.data.notes:
        if not note.startswith("SAMPLE"):  # said already, as a warning
            report(Message("note", note))
    device = device_of(workload, options)
    source = workload.start_from.id if workload.start_from is not None else None
    record = describe(workload, device, options, source)
    run = open_run.open(store.create(record["dataset"], record["model"], name))
    run.save("preprocessor", workload.prepared.preprocessor)
    for note in _fitted(workload):
        report(Message("note", note))
    run.keep_data_path(workload.path)
    epochs = workload.recipes.model.epochs
    plan = TrainingPlan(epochs, workload.seed, options.patience, options.max_minutes)
    # Written last: a run with settings must be complete.
    run.update(
        **record,
        patience=options.patience,
        max_minutes=options.max_minutes,
        planned_epochs=epochs,
        from_run=source,
    )
    try:
        run.attach(execute(workload, run, plan, device, report))
    except (UsageError, DataError, CheckpointError):
        if not run.history and not (run.path / WEIGHTS).exists():
            store.remove(run)  # refused before anything was learned
        raise
    return run


def _fitted(workload: Workload) -> list[str]:
    """Says which settings were chosen by the amount of data."""
    chosen = ", ".join(f"{name}={spelled(value)}" for name, value in workload.fitted.items())
    return [f"Chosen for this amount of data: {chosen}. --set chooses otherwise."] * bool(chosen)


@alone()
def resume(
    run: Run,
    report: Report,
    *,
    epochs: int | None = None,
    max_minutes: float | None = None,
    data: Any = None,
) -> Run:
    """Continues the training of a run from its newest checkpoint; see `deepzoo.resume`."""
    record = run.record
    if run.shipped:
        hint = f"Start from it: deepzoo train {run.dataset} --from {run.id}"
        raise ResumeError(f"{run.id} came with a plugin and cannot be resumed.", hint)
    planned = record.get("planned_epochs", 1)
    done = record.get("epochs", planned)
    unfinished = record.get("stopped_by") == "time" and done < planned
    longer = max_minutes is not None or (epochs or 0) > done or unfinished
    if run.status == "finished" and not longer:
        report(Message("note", f"Run {run.id} is finished: nothing to do."))
        return run
    if not run.settings:
        raise ResumeError(
            f"Run {run.id} was stopped before it was described: there is nothing to resume.",
            f"Train again, and remove it: deepzoo runs rm {run.id}",
        )
    if run.status == "finished" and not checkpoint_names(run.path / "checkpoints"):
        raise ResumeError(
            f"Run {run.id} has no checkpoints: its training would start from scratch.",
            f"Start a new run from its weights: deepzoo train {run.dataset} --from {run.id}",
        )
    with run.locked():
        pass  # in use by another process: refused before any data are read
    workload = Workload.of_run(run, data)
    refuse_changes(run, workload)
    if data is not None:
        run.keep_data_path(workload.path)
    warn_about_versions(run, report)
    out_of_patience = record.get("stopped_by") == "patience"
    options = TrainingOptions(
        device="all" if "," in record.get("device", "") else record.get("device", "auto"),
        precision=record.get("precision", "float32"),
        deterministic=record.get("deterministic", False),
        patience=None if longer and out_of_patience else record.get("patience"),
        max_minutes=max_minutes or (None if longer else record.get("max_minutes")),
    )
    device = device_of(workload, options)
    total = epochs or planned
    run.update(planned_epochs=total)
    plan = TrainingPlan(total, workload.seed, options.patience, options.max_minutes)
    workload.start_from = _started_from(run)
    run.attach(execute(workload, run, plan, device, report, resume=True))
    return run


def evaluate(run: Run, device: str = "auto", data: Any = None) -> dict[str, Any]:
    """Scores a run on the test split of its dataset, beside the baselines.

    Args:
        run: The run.
        device: Where Keras computes.
        data: Where the run's data are now; or other data, whose scores are stored apart.

    Returns:
        What `deepzoo evaluate --json` prints.
    """
    check_request(device, "float32")
    started = time.perf_counter()
    workload = Workload.of_run(run, data, any_data=data is not None)
    notes, other = list(workload.data.notes), ""
    if same_data(run, workload.data):
        if data is not None and not run.shipped:
            run.keep_data_path(workload.path)
    else:
        other = _name_of(workload)
        stored = "not stored" if run.shipped else f"stored apart, as {EVALUATIONS}/{other}.json"
        notes.append(
            f"OTHER DATA: {run.id} was not trained on these, but may have learned from some of "
            f"their examples. The scores are {stored}."
        )
        logger.warning(notes[-1])
    if workload.recipes.model.framework == "keras":
        configure(device)
    baselines = None if other else baseline_scores(workload)
    result = score(workload, run, run.network, baselines, other)
    run.reload()
    fields = {**result, "data": workload.data.source, "data_notes": notes}
    shown = {k: v for k, v in summary(run).items() if k not in ("epochs", "steps", "stopped_by")}
    return {**shown, **fields, "seconds": round(time.perf_counter() - started, 3)}


def _name_of(workload: Workload) -> str:
    """Names data by their file or folder and their fingerprint."""
    stem = re.sub(r"[^\w-]+", "-", workload.path.stem) if workload.path else "python"
    return f"{stem}-{workload.data.fingerprint[:8]}"


def _started_from(run: RunFolder) -> RunFolder | None:
    """Opens the run that this one started from, unless it has a checkpoint of its own."""
    source = run.record.get("from_run")
    if not source or checkpoint_names(run.path / "checkpoints"):
        return None
    return resolve(source)


def device_of(workload: Workload, options: TrainingOptions) -> Device | None:
    """Chooses the device; None for a network without Keras."""
    if workload.recipes.model.framework != "keras":
        return None
    return configure(options.device, options.precision, options.deterministic or None)
