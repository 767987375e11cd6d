"""`train` and `resume`."""

from __future__ import annotations

from typing import Any

from ..console import console
from . import notices, options


def train(
    dataset: options.Dataset,
    model: options.Model = None,
    task: options.Task = None,
    epochs: options.Epochs = None,
    batch_size: options.BatchSize = None,
    settings: options.Settings = None,
    data: options.Data = None,
    sample: options.Sample = None,
    seed: options.Seed = 0,
    device: options.Device = "auto",
    precision: options.Precision = "float32",
    name: options.Name = None,
    from_run: options.FromRun = None,
    patience: options.Patience = None,
    max_minutes: options.MaxMinutes = None,
    limit: options.Limit = None,
    deterministic: options.Deterministic = False,
    dry_run: options.DryRun = False,
) -> None:
    """Train a model on a dataset, score it, store the run."""
    _train(dict(locals()))


def _train(values: dict[str, Any]) -> None:
    from .. import devices, registry
    from .. import settings as assignments

    # Everything that can be refused early is refused before anything heavy is imported.
    dataset = values.pop("dataset")
    registry.default_task(registry.dataset(dataset), values["task"], values["model"])
    devices.check_request(values["device"], values["precision"])
    values["settings"] = assignments.parse(values["settings"] or [])
    notices.show_plugin_warnings()
    from .. import api
    from .training_view import TrainingView

    if values["dry_run"]:
        _show_plan(api.train(dataset, **values))
        return
    with TrainingView() as view:
        run = api.train(dataset, on_event=view, **values)
    show_trained(run)


def resume(
    run: options.Run,
    epochs: options.AllEpochs = None,
    max_minutes: options.MaxMinutes = None,
    allow_data_change: options.AllowDataChange = False,
) -> None:
    """Go on with an interrupted run, or a finished one for longer."""
    from .. import api, resolve
    from .training_view import TrainingView

    found = resolve.resolve(run, verb="resume")
    if found.id != run:
        console.note(f"run {found.id}")
    with TrainingView() as view:
        done = api.resume(
            found,
            epochs=epochs,
            max_minutes=max_minutes,
            allow_data_change=allow_data_change,
            on_event=view,
        )
    show_trained(done)


def _show_plan(plan: Any) -> None:
    from . import facts

    if console.json:
        console.emit(plan)
    else:
        facts.show(plan)


def show_trained(run: Any) -> None:
    """Shows what a training achieved, and the command to use it with."""
    from .. import api
    from . import results

    row = api.summary(run)
    if console.json:
        console.emit(row)
    else:
        results.show(row, run.record)
        command = results.next_command(run)
        if command:
            console.note(f"\nNext: {command}")
    results.sample_warning(run.data)
