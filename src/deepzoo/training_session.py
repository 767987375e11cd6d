"""Beginning and resuming a training: folder, record, device, and then the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .devices import Device, configure
from .errors import ResumeError
from .record import describe, origin, refuse_changes, versions
from .training import TrainingPlan

if TYPE_CHECKING:
    from .job import Job
    from .run import Run

Report = Callable[[dict[str, Any]], None]


def plan_of(job: Job, options: Mapping[str, Any]) -> dict[str, Any]:
    """Describes a training without doing it: settings, parameters, steps."""
    from .batches import BatchOrder
    from .training_run import layers_of, parameters

    device = _device(job, options)
    model = job.recipes["model"]
    examples = len(job.prepared.train)
    size = min(model.batch_size, max(examples, 1))
    network = job.build(device)
    return {
        "dataset": job.recipes["dataset"].name,
        "model": model.name,
        "task": job.recipes["task"].name,
        "data": job.data.source,
        "notes": list(job.data.notes),
        "settings": job.settings,
        "examples": {
            "train": examples,
            "validation": len(job.prepared.validation),
            "test": len(job.prepared.test),
        },
        "layers": layers_of(network),
        "parameters": parameters(network),
        "epochs": model.epochs,
        "steps": BatchOrder(examples, size, model.order, job.seed).steps * model.epochs,
        "device": device.name if device else "cpu",
    }


def begin(
    job: Job,
    options: Mapping[str, Any],
    *,
    name: str | None,
    start_from: str | Run | None,
    report: Report,
) -> Run:
    """Trains a new run from the beginning."""
    from . import store
    from .api import load
    from .run import Run
    from .training_run import carry_out

    other = load(start_from) if start_from is not None else None
    job.progress = lambda arrived, whole: report(
        {"kind": "fetch", "bytes": arrived, "size": whole or None}
    )
    for note in job.data.notes:
        if not note.startswith("SAMPLE"):  # said already, as a warning
            report({"kind": "note", "text": note})
    device = _device(job, options)
    record = describe(job, device, {**options, "from": other and other.id})
    path = store.create(record["dataset"], record["model"], name)
    run = Run.open(path)
    run.save("preprocessor", job.prepared.preprocessor)
    run.keep_data_path(job.path)
    # Last, for whoever resumes a run that has settings needs the rest too.
    planned = job.recipes["model"].epochs
    run.update(**record, **_limits(options), planned_epochs=planned, from_run=other and other.id)
    plan = TrainingPlan(
        epochs=job.recipes["model"].epochs,
        seed=job.seed,
        patience=options["patience"],
        max_minutes=options["max_minutes"],
    )
    carry_out(job, run, plan, device, report, start_from=other)
    return run


def go_on(
    run: Run,
    epochs: int | None,
    max_minutes: float | None,
    allow_data_change: bool,
    report: Report,
) -> Run:
    """Resumes a run from its newest checkpoint."""
    from .job import Job
    from .training_run import carry_out

    if run.shipped:
        raise ResumeError(f"{run.id} came with a plugin.", "Start from it: deepzoo train --from")
    planned = run.record.get("planned_epochs", 1)
    total = epochs or planned
    out_of_patience = run.record.get("stopped_by") == "patience"
    longer = max_minutes is not None or (epochs or 0) > run.record.get("epochs", planned)
    if run.status == "finished" and not longer:
        report({"kind": "note", "text": f"Run {run.id} is finished: nothing to do."})
        return run
    if not run.settings:
        raise ResumeError(
            f"Run {run.id} was stopped before it was described: there is nothing to resume.",
            f"Train again, and remove it: deepzoo runs rm {run.id}",
        )
    with run.locked():
        pass  # in use by another process: refused before any data are read
    job = Job.of_run(run)
    refuse_changes(run, job, allow_data_change)
    _warn_about_versions(run, report)
    options = {
        "device": run.record.get("device", "auto").partition(",")[0],
        "precision": run.record.get("precision", "float32"),
        "deterministic": run.record.get("deterministic", False),
    }
    if "," in run.record.get("device", ""):
        options["device"] = "all"
    device = _device(job, options)
    run.update(planned_epochs=total)
    plan = TrainingPlan(
        epochs=total,
        seed=job.seed,
        patience=None if longer and out_of_patience else run.record.get("patience"),
        max_minutes=max_minutes or (None if longer else run.record.get("max_minutes")),
    )
    carry_out(job, run, plan, device, report, resume=True, start_from=_beginning(run))
    return run


def _beginning(run: Run) -> Run | None:
    """Opens the run whose weights this one began with, if it has no checkpoint of its own yet."""
    from .api import load
    from .checkpoints import checkpoint_names

    began_with = run.record.get("from_run")
    if not began_with or checkpoint_names(run.path / "checkpoints"):
        return None
    return load(began_with)


def _device(job: Job, options: Mapping[str, Any]) -> Device | None:
    if job.recipes["model"].framework != "keras":
        return None
    return configure(options["device"], options["precision"], options.get("deterministic") or None)


def _limits(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: options.get(key) for key in ("patience", "max_minutes")}


def _warn_about_versions(run: Run, report: Report) -> None:
    before, now = run.record.get("versions", {}), versions()
    changed = [
        f"{name} {before[name]} -> {now[name]}"
        for name in before
        if name in now and before[name] != now[name]
    ]
    for owner, plugin in run.record.get("plugins", {}).items():
        version = origin(type(run.recipe(owner)))["version"]
        change = f"{plugin['distribution']} {plugin['version']} -> {version}"
        if version != plugin["version"] and change not in changed:
            changed.append(change)
    if changed:
        text = f"Versions have changed ({', '.join(changed)}): equal bits are not promised."
        report({"kind": "warning", "text": text})
