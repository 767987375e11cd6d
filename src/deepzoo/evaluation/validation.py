"""Validation: how epochs are ranked, and what the best of them scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..interfaces.scores import Metric
from ..interfaces.task import Prepared, Task
from ..plugins.calls import calling

if TYPE_CHECKING:
    from ..runs.folder import RunFolder


def rank(row: Mapping[str, Any], metrics: Mapping[str, Metric]) -> list[float] | None:
    """Returns the sort key of an epoch by its validation: the smallest is the best.

    The first of the task's metrics with a validation value decides, then the loss. The loss alone
    would mislead: with label smoothing it grows while the network becomes more confident.

    Args:
        row: The history's row of an epoch.
        metrics: The task's metrics, the main one first.

    Examples:
        >>> metrics = {"accuracy": Metric("higher", "fraction of correct predictions")}
        >>> rank({"val_accuracy": 0.75, "val_loss": 0.5}, metrics)
        [-0.75, 0.5]
        >>> rank({"loss": 0.5}, metrics)
    """
    signs = {name: -1 if metric.better == "higher" else 1 for name, metric in metrics.items()}
    main = next((name for name in signs if row.get(f"val_{name}") is not None), None)
    values = [] if main is None else [signs[main] * row[f"val_{main}"]]
    loss = row.get("val_loss")
    return [*values, *([] if loss is None else [loss])] or None


def validate_by_task(task: Task, network: Any, prepared: Prepared) -> dict[str, float]:
    """Returns what the task itself measures on the validation split, as columns of a row."""
    if not len(prepared.validation):
        return {}
    with calling(task, "validate"):
        measured = task.validate(network, prepared)
        return {f"val_{name}": float(value) for name, value in measured.items()}


def best_validation(run: RunFolder, task: Task) -> dict[str, float]:
    """Returns the best validation loss, and the task's metrics where the history has them."""
    best = {}
    for metric in ("loss", *task.metrics):
        better = max if metric != "loss" and task.metrics[metric].better == "higher" else min
        values = [row.get(f"val_{metric}") for row in run.history]
        values = [value for value in values if value is not None]
        if values:
            best[metric] = better(values)
    return best
