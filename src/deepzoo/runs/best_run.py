"""The best run of a dataset, chosen by validation."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import CheckpointError, PluginError, UsageError
from .folder import RunFolder
from .restore import find_class

LEVELS = ("full", "local", "sample")
# What every task's runs can do, whatever its own verbs are.
COMMON_VERBS = ("evaluate", "resume", "plot")


def offers(run: RunFolder, verb: str | None) -> bool:
    """Says whether the run's task has the verb; a task that is not installed has none."""
    if verb is None or verb in COMMON_VERBS:
        return True
    try:
        return verb in find_class(run, "task").verbs()
    except PluginError:
        return False


def best_run(
    runs: Iterable[RunFolder],
    *,
    task: str | None = None,
    verb: str | None = None,
    levels: Sequence[str] = LEVELS,
) -> RunFolder | None:
    """Chooses the best finished run by validation, or None where no run fits.

    Only runs of one task that answered the same question are compared: equal
    fingerprint of the data, equal settings of dataset, kind and task. Of several
    questions, the one of the newest run counts.

    Args:
        runs: All runs of one dataset.
        task: Name of the task, where the dataset has runs of several.
        verb: What the run must be able to do.
        levels: The data it may have learned from, better ones first.

    Raises:
        UsageError: Runs of several tasks fit.
    """
    fitting = [
        run
        for run in runs
        if task in (None, run.task)
        and run.data in levels
        and run.status == "finished"
        and offers(run, verb)
    ]
    if not fitting:
        return None
    _refuse_two_tasks(fitting)
    first = min(levels.index(run.data) for run in fitting)
    fitting = [run for run in fitting if run.data == levels[first]]
    fitting.sort(key=_ended)
    newest = question(fitting[-1])
    return _best_by_validation([run for run in fitting if question(run) == newest])


def question(run: RunFolder) -> tuple[str, ...]:
    """Returns what comparable runs share: task, data, owners, all settings but the model's."""
    asked = {key: value for key, value in run.settings.items() if not key.startswith("model.")}
    origins = run.record.get("plugins", {})
    owners = [str((origins.get(of) or {}).get("distribution")) for of in ("dataset", "task")]
    fingerprint = str(run.record.get("fingerprint"))
    return run.task, fingerprint, *owners, json.dumps(asked, sort_keys=True)


def _refuse_two_tasks(runs: Sequence[RunFolder]) -> None:
    examples = {run.task: run.id for run in runs}
    if len(examples) > 1:
        named = ", ".join(f"{task} ({example})" for task, example in sorted(examples.items()))
        raise UsageError(
            f"'{runs[0].dataset}' has finished runs of several tasks: {named}.",
            f"Choose one with --task: {', '.join(sorted(examples))}",
        )


def _best_by_validation(runs: Sequence[RunFolder]) -> RunFolder:
    """Takes the first of the task's metrics, or the loss, that was recorded for most runs."""
    recorded = [_validation(run) for run in runs]
    directions = {**_directions(runs[0]), "loss": "lower"}
    counts = {name: sum(name in values for values in recorded) for name in directions}
    metric = max(directions, key=lambda name: counts[name])
    sign = 1 if directions[metric] == "lower" else -1

    def rank(index: int) -> tuple[float, int]:
        value = recorded[index].get(metric)
        # Newer runs come later in the list and win ties.
        return (math.inf if value is None else sign * value, -index)

    return runs[min(range(len(runs)), key=rank)]


def _validation(run: RunFolder) -> dict[str, float]:
    try:
        stored = run.results.get("validation", {})
    except CheckpointError:
        return {}
    return {name: value for name, value in stored.items() if isinstance(value, (int, float))}


def _directions(run: RunFolder) -> dict[str, str]:
    try:
        metrics = find_class(run, "task").metrics
    except PluginError:
        return {}
    return {name: metric.better for name, metric in metrics.items()}


def _ended(run: RunFolder) -> Any:
    return str(run.record.get("finished") or run.record.get("created") or ""), run.id
