"""`evaluate`: scores a run on the test split of its data."""

from __future__ import annotations

from typing import Any

from ... import api
from ...evaluation.published import samples_beside
from ...networks import devices
from .. import options, outputs, results
from ..console import console


def evaluate(
    run: options.Run,
    task: options.Task = None,
    data: options.AnyData = None,
    device: options.Device = "auto",
) -> None:
    """Score a run, beside baselines and published figures."""
    devices.check_request(device, "float32")
    opened = api.load(run, task=task, verb="evaluate")
    if opened.id != run:
        console.note(f"run {opened.id}")
    row = api.evaluate(opened, data=data, device=device)
    row["samples"] = [] if "other_data" in row else published_samples(opened)
    if console.json:
        console.emit(row)
    else:
        results.show(row, opened.record)
        for note in row.get("data_notes") or ():
            console.note(f"note: {note}")
        _show_samples(row["samples"])
    results.sample_warning(str(row.get("data", "")))


def published_samples(run: Any) -> list[dict[str, Any]]:
    """Lists the published samples of a run's dataset and model, ours beside them.

    Args:
        run: A run; on sample data nothing is comparable.
    """
    if run.data == "sample":
        return []
    task, dataset, model = map(run.recipe, ("task", "dataset", "model"))
    return [
        {
            "prompt": sample.prompt,
            "when": dict(sample.when),
            "published": sample.output,
            "ours": task.answer_as_published(sample, run),
        }
        for sample in samples_beside(type(dataset), type(model))
    ]


def _show_samples(rows: list[dict[str, Any]]) -> None:
    """Shows published samples and ours, one after the other."""
    for row in rows:
        when = f" ({outputs.text(row['when'])})" if row["when"] else ""
        prompt = f": {row['prompt']}" if row["prompt"] else ""
        console.heading(f"\nsample{when}{prompt}")
        console.result(f"published: {row['published']}")
        if row["ours"] is not None:
            console.result(f"ours:      {row['ours']}")
