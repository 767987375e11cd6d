"""`train` and `resume`."""

from __future__ import annotations

import functools
from typing import Any

from ... import api
from ...interfaces import settings as assignments
from ...networks import devices
from ...plugins import registry
from ...runs import display
from .. import options, outputs, results
from ..console import console, show_plugin_warnings
from ..training_view import TrainingView


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
    # Everything that can be refused early is refused before anything heavy is imported.
    registry.default_task(registry.dataset(dataset), task, model)
    devices.check_request(device, precision)
    training = functools.partial(
        api.train,
        dataset,
        model=model,
        task=task,
        epochs=epochs,
        batch_size=batch_size,
        settings=assignments.parse(settings or []),
        data=data,
        sample=sample,
        seed=seed,
        device=device,
        precision=precision,
        name=name,
        from_run=from_run,
        patience=patience,
        max_minutes=max_minutes,
        limit=limit,
        deterministic=deterministic,
    )
    show_plugin_warnings()
    if dry_run:
        _show_plan(training(dry_run=True))
        return
    with TrainingView() as view:
        run = training(on_event=view)
    show_trained(run)


def resume(
    run: options.Run,
    epochs: options.AllEpochs = None,
    max_minutes: options.MaxMinutes = None,
    data: options.MovedData = None,
) -> None:
    """Resume an interrupted run, or train a finished one further."""
    opened = api.load(run, verb="resume")
    if opened.id != run:
        console.note(f"run {opened.id}")
    with TrainingView() as view:
        done = api.resume(
            opened,
            epochs=epochs,
            max_minutes=max_minutes,
            data=data,
            on_event=view,
        )
    show_trained(done)


def _show_plan(plan: Any) -> None:
    if console.json:
        console.emit(plan)
    else:
        outputs.show(plan)


def show_trained(run: Any) -> None:
    """Shows what a training achieved, and the command to use it with."""
    row = display.summary(run)
    if console.json:
        console.emit(row)
    else:
        results.show(row, run.record)
        if run.record.get("stopped_by") == "time":
            done, planned = run.record["epochs"], run.record["planned_epochs"]
            console.note(
                f"\nThe time was up after epoch {done} of {planned}. "
                f"Train it to the end: deepzoo resume {run.id}"
            )
        command = results.next_command(run)
        if command:
            console.note(f"\nNext: {command}")
    results.sample_warning(run.data)
