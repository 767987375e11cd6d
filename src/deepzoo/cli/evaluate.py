"""`evaluate`: scores a run on the test split of its data."""

from __future__ import annotations

from ..console import console
from . import options


def evaluate(run: options.Run, task: options.Task = None, device: options.Device = "auto") -> None:
    """Score a run, beside baselines and published figures."""
    from .. import devices, resolve
    from . import results, samples

    devices.check_request(device, "float32")
    found = resolve.resolve(run, task=task, verb="evaluate")
    if found.id != run:
        console.note(f"run {found.id}")
    from .. import api

    row = api.evaluate(found, device=device)
    row["samples"] = samples.beside(found)
    if console.json:
        console.emit(row)
    else:
        results.show(row, found.record)
        for note in row.get("data_notes") or ():
            console.note(f"note: {note}")
        samples.show(row["samples"])
    results.sample_warning(str(row.get("data", "")))
