"""Honest scores: value, interval, number of examples, baselines, published figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .errors import ResourceError
from .scoring import compare, summarise
from .task import Metric

if TYPE_CHECKING:
    from .job import Job
    from .run import Run
    from .task import Scores, Task

_UNBOUNDED = Metric("higher", "a score that the task does not describe")


def score(job: Job, run: Run, network: Any, *, baselines: bool = True) -> dict[str, Any]:
    """Scores a network on the test split and stores the result in the run's folder.

    Args:
        job: The run's recipes and data.
        run: Where `metrics.json` and `scores.npz` go, unless it is a shipped run.
        network: The trained network.
        baselines: Whether to put the task's baselines beside it; they are trained once
            per data and settings, and kept.

    Returns:
        What `metrics.json` holds.
    """
    task = job.recipes["task"]
    if not len(job.prepared.test):
        result: dict[str, Any] = {"metrics": {}, "intervals": {}, "examples": 0, "baselines": {}}
        result["notes"] = ["The test split is empty: nothing was scored."]
        if not run.shipped:
            run.save("metrics", {**result, "validation": _validation(run, task)})
        return result
    scores = task.evaluate(network, job.prepared.test, job.prepared)
    result = _summary(scores, task)
    result["notes"] = list(task.remarks(scores, job.prepared))
    result["baselines"], result["baseline_differences"] = {}, {}
    for name in task.baselines if baselines else ():
        if name != job.recipes["model"].name:
            try:
                other = job.cached_run(name).scores()
            except ResourceError as error:
                result["notes"].append(f"{name} is not beside it: {error.message}")
                continue
            result["baselines"][name] = _summary(other, task)["metrics"]
            result["baseline_differences"][name] = _differences(scores, other)
    result["validation"] = _validation(run, task)
    result["published"] = _published(job, run, result["metrics"])
    if not run.shipped:
        run.save_scores(scores)
        run.save("metrics", result)
    return result


def _summary(scores: dict[str, Scores], task: Task) -> dict[str, Any]:
    result: dict[str, Any] = {"metrics": {}, "intervals": {}, "counts": {}}
    for metric, values in scores.items():
        kind = task.metrics.get(metric, _UNBOUNDED)
        value, low, high, count = summarise(values, kind.most)
        result["metrics"][metric] = value
        bounds = [max(low, kind.least), min(high, kind.most)]
        result["intervals"][metric] = None if math.isnan(low) else bounds
        result["counts"][metric] = count
    result["examples"] = next(iter(result["counts"].values()), 0)
    return result


def _differences(ours: dict[str, Scores], theirs: dict[str, Scores]) -> dict[str, list[float]]:
    return {
        metric: list(compare(values, theirs[metric]))
        for metric, values in ours.items()
        if metric in theirs and len(values.values) == len(theirs[metric].values)
    }


def _validation(run: Run, task: Task) -> dict[str, float]:
    """Returns the best validation loss, and the task's metrics where the history has them."""
    found = {}
    for metric in ("loss", *task.metrics):
        better = max if metric != "loss" and task.metrics[metric].better == "higher" else min
        values = [row.get(f"val_{metric}") for row in run.history]
        values = [value for value in values if value is not None]
        if values:
            found[metric] = better(values)
    return found


def _published(job: Job, run: Run, metrics: dict[str, float]) -> list[dict[str, Any]]:
    from .published import figures_beside

    return figures_beside(job, run.history, metrics)
