"""Several runs side by side: the settings that differ, the scores, and paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from ..errors import CheckpointError, DataError, UsageError
from ..runs.best_run import question
from ..runs.folder import RunFolder

# Facts of a run that a reader of a comparison asks for, when they are not all the same.
FACTS = ("task", "model", "dataset", "data", "limit", "seed", "epochs", "stopped_by", "precision")


def compare(runs: Sequence[RunFolder]) -> dict[str, Any]:
    """Compares runs with the first one.

    Args:
        runs: Two or more runs.

    Returns:
        JSON data: `runs`, one row each with its metrics, intervals and, where it answered
        the same question as the first on the same examples, `differences` from it
        (`[difference, low, high]` by metric); `settings`, the values that differ by
        qualified name, in the order of the runs; `metrics`, the names in `runs`; `notes`.
    """
    if len(runs) < 2:
        raise UsageError(
            f"A comparison needs at least two runs, received {len(runs)}.", "See: deepzoo runs"
        )
    notes: list[str] = []
    rows = [_row(run, runs[0], notes) for run in runs]
    metrics = dict.fromkeys(name for row in rows for name in row["metrics"])
    return {
        "runs": rows,
        "settings": differing_settings(runs),
        "metrics": list(metrics),
        "notes": notes,
    }


def plot(
    runs: Sequence[RunFolder],
    *,
    last: int | None = None,
    over: Literal["epochs", "seconds"] = "epochs",
) -> Any:
    """Draws the learning curves of several runs in one picture, as a Matplotlib figure.

    Args:
        runs: The runs.
        last: How many of the last epochs of each run to draw; None draws all.
        over: Whether the curves are drawn over the epochs or over the seconds of training.

    Examples:
        `plot([deepzoo.load("mnist/a"), deepzoo.load("mnist/b")], last=10)`
    """
    from ..figures import finished
    from .curves import curves_of_runs

    return finished(curves_of_runs({run.id: run.history for run in runs}, last, over))


def differing_settings(runs: Sequence[RunFolder]) -> dict[str, list[Any]]:
    """Returns facts and settings that are not the same in all runs; None where one has none."""
    everything = [
        {
            **{fact: run.record.get(fact) for fact in FACTS},
            "distribution": run.distribution,
            **run.settings,
        }
        for run in runs
    ]
    names = dict.fromkeys(name for values in everything for name in values)
    columns = {name: [values.get(name) for values in everything] for name in names}
    if columns.get("epochs") == columns.get("model.epochs"):  # all were trained to their end
        columns.pop("epochs", None)
    return {
        name: values
        for name, values in columns.items()
        if any(value != values[0] for value in values)
    }


def _row(run: RunFolder, first: RunFolder, notes: list[str]) -> dict[str, Any]:
    row = {
        "run": run.id,
        "model": run.model,
        "status": run.status,
        "parameters": run.record.get("parameters"),
        "seconds": run.record.get("seconds"),
        "metrics": {},
        "intervals": {},
        "differences": {},
    }
    try:
        row["metrics"], row["intervals"] = run.metrics, run.intervals
        if run is not first:
            row["differences"] = _differences(run, first, notes)
    except CheckpointError as error:
        notes.append(error.message)
    return row


def _differences(
    run: RunFolder, first: RunFolder, notes: list[str]
) -> dict[str, list[float | None]]:
    from . import intervals

    if question(run) != question(first):
        notes.append(f"{run.id} and {first.id} were scored on other data or another question.")
        return {}
    own, other = run.scores(), first.scores()
    differences = {}
    for metric in (name for name in own if name in other):
        try:
            bounds = intervals.compare(own[metric], other[metric])
            # Of one example or group there is a difference, but no interval.
            if math.isfinite(bounds[0]):
                differences[metric] = [value if math.isfinite(value) else None for value in bounds]
        except DataError as error:
            notes.append(f"{run.id} and {first.id}, {metric}: {error.message}")
    return differences
