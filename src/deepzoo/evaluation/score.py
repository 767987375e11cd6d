"""Honest scores: value, interval, number of examples, baselines, published figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..errors import DataError, PluginError, ResourceError
from ..interfaces.scores import Metric, Scores
from ..plugins.calls import calling, described
from .intervals import compare, summarise
from .published import figures_beside
from .validation import best_validation

if TYPE_CHECKING:
    from ..interfaces.task import Prepared, Task
    from ..runs.folder import RunFolder
    from ..workload import Workload

_UNBOUNDED = Metric("higher", "a score that the task does not describe")


def score(
    workload: Workload,
    run: RunFolder,
    network: Any,
    baseline_scores: Callable[[str], dict[str, Scores]] | None = None,
    other_data: str = "",
) -> dict[str, Any]:
    """Scores a network on the test split and stores the result in the run's folder.

    Args:
        workload: The run's recipes and data.
        run: Where `metrics.json` and `scores.npz` go, unless it is a shipped run.
        network: The trained network.
        baseline_scores: Function that scores the baseline of a given name; None skips baselines.
        other_data: A name for data that the run was not trained on. Their scores are stored
            under it, without baselines and published figures, which belong to the run's own data.

    Returns:
        What `metrics.json` holds.
    """
    task = workload.recipes.task
    if not len(workload.prepared.test) and other_data:
        raise DataError(f"These data have no test split: {run.id} cannot be scored on them.")
    if not len(workload.prepared.test):
        result: dict[str, Any] = {"metrics": {}, "intervals": {}, "examples": 0, "baselines": {}}
        result["notes"] = ["The test split is empty: nothing was scored."]
        if not run.shipped:
            run.save("metrics", {**result, "validation": best_validation(run, task)})
        return result
    scores = _evaluate(task, network, workload.prepared)
    result = _summary(scores, task)
    with calling(task, "remarks"):
        remarks = list(task.remarks(scores, workload.prepared))
    result["notes"] = [*_undefined(scores, result), *remarks]
    result["baselines"], result["baseline_differences"] = {}, {}
    if other_data:
        result |= {"other_data": other_data, "fingerprint": workload.data.fingerprint}
        if not run.shipped:
            run.save_evaluation(other_data, result, scores)
        return result
    for name in task.baselines:
        if baseline_scores and name != workload.recipes.model.name:
            try:
                other = baseline_scores(name)
            except ResourceError as error:
                result["notes"].append(f"Baseline {name} was skipped: {error.message}")
                continue
            theirs = _summary(other, task)
            result["baselines"][name] = theirs["metrics"]
            ours = [metric for metric in result["metrics"] if metric in other]
            result["notes"] += [f"Baseline {name}: {note}" for note in _undefined(ours, theirs)]
            result["baseline_differences"][name] = _differences(scores, other)
    result["validation"] = best_validation(run, task)
    result["published"] = figures_beside(workload, run.history, result["metrics"])
    if not run.shipped:
        run.save_scores(scores)
        run.save("metrics", result)
    return result


def _evaluate(task: Task, network: Any, prepared: Prepared) -> dict[str, Scores]:
    with calling(task, "evaluate"):
        scores = task.evaluate(network, prepared.test, prepared)
    values = list(scores.values()) if isinstance(scores, dict) else [scores]
    for value in values:
        if not isinstance(value, Scores):
            raise PluginError(
                f"{described(task)}: evaluate must return deepzoo.Scores by metric, "
                f"a value per example; received: {value!r:.80}."
            )
    return scores


def _summary(scores: dict[str, Scores], task: Task) -> dict[str, Any]:
    result: dict[str, Any] = {"metrics": {}, "intervals": {}, "counts": {}}
    for metric, values in scores.items():
        kind = task.metrics.get(metric, _UNBOUNDED)
        value, low, high, count = summarise(values, kind.most)
        if math.isnan(value):
            continue
        result["metrics"][metric] = value
        bounds = [max(low, kind.least), min(high, kind.most)]
        result["intervals"][metric] = None if math.isnan(low) else bounds
        result["counts"][metric] = count
    result["examples"] = next((len(values.values) for values in scores.values()), 0)
    return result


def _undefined(metrics: Iterable[str], result: dict[str, Any]) -> list[str]:
    names = [metric for metric in metrics if metric not in result["metrics"]]
    return [f"Undefined on these examples and left out: {', '.join(names)}."] if names else []


def _differences(ours: dict[str, Scores], theirs: dict[str, Scores]) -> dict[str, list[float]]:
    differences = {
        metric: list(compare(values, theirs[metric]))
        for metric, values in ours.items()
        if metric in theirs and len(values.values) == len(theirs[metric].values)
    }
    return {metric: row for metric, row in differences.items() if math.isfinite(row[0])}
