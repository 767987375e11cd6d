"""Published figures beside ours, where the run repeats what was published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..interfaces.experiment import Experiment, Published
from ..plugins import registry

if TYPE_CHECKING:
    from ..interfaces.dataset import Dataset
    from ..interfaces.model import Model
    from ..plugins.registration import Registered
    from ..workload import Workload

COLUMNS = {
    "training loss": "loss",
    "training accuracy": "accuracy",
    "validation loss": "val_loss",
}
"""Columns of the history, by the names that figures have for them."""


def matching(workload: Workload) -> list[type[Experiment]]:
    """Finds the experiments whose dataset, model and settings match the workload's.

    A setting that the experiment sweeps may have any value here, and so may the number of
    epochs: each figure says which of these values it was measured with.
    """
    classes = type(workload.recipes.dataset), type(workload.recipes.model)
    settings = workload.settings
    experiments = []
    for entry in registry.experiments():
        experiment = entry.cls
        if not _is_of(entry, classes):
            continue
        swept = {"model.epochs", *experiment.grid}
        fixed = {k: v for k, v in experiment.settings.items() if k not in swept}
        if all(_equal(settings.get(key), value) for key, value in fixed.items()):
            experiments.append(experiment)
    return experiments


def figures_beside(
    workload: Workload, history: list[dict[str, Any]], metrics: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Lists published figures with ours; on sample data there are none.

    Returns:
        Rows with `experiment`, `metric`, `value`, `ours` and `note`.
    """
    if workload.data.source == "sample":
        return []
    rows = []
    for experiment in matching(workload):
        for figure in experiment.figures:
            ours = _ours(figure.metric, figure.when, workload, history, metrics)
            if ours is None or not _after_equal_epochs(experiment, figure.when, workload, history):
                continue
            notes = [figure.note] if figure.note else []
            if workload.data.source == "local":
                notes.append("other files")
            if "model.epochs" in figure.when:
                notes.insert(0, f"after epoch {figure.when['model.epochs']}")
            rows.append(
                {
                    "experiment": experiment.name,
                    "metric": figure.metric,
                    "value": figure.value,
                    "ours": ours,
                    "note": "; ".join(notes),
                }
            )
    return rows


def samples_beside(dataset: type[Dataset], model: type[Model]) -> list[Published]:
    """Lists the published samples of experiments with this dataset and model."""
    return [
        sample
        for entry in registry.experiments()
        if _is_of(entry, (dataset, model))
        for sample in entry.cls.samples
    ]


def _is_of(entry: Registered, classes: tuple[type[Dataset], type[Model]]) -> bool:
    """Whether an experiment was made with a dataset and a model, and not with namesakes."""
    names = {"dataset": (entry.cls.dataset,), "model": entry.cls.models()}
    return all(
        any(registry.meaning(of, name, entry.distribution) is cls for name in names[of])
        for of, cls in zip(names, classes, strict=True)
    )


def _after_equal_epochs(
    experiment: type[Experiment],
    when: Mapping[str, Any],
    workload: Workload,
    history: list[dict[str, Any]],
) -> bool:
    """A figure that names no epoch was measured after all epochs of its experiment."""
    if "model.epochs" in when or "model.epochs" not in experiment.settings:
        return True
    trained = len(history) or workload.settings.get("model.epochs")
    return trained == experiment.settings["model.epochs"]


def _ours(
    metric: str,
    when: Mapping[str, Any],
    workload: Workload,
    history: list[dict[str, Any]],
    metrics: Mapping[str, float],
) -> float | None:
    settings = {**workload.settings, "model": workload.recipes.model.name}
    others = {key: value for key, value in when.items() if key != "model.epochs"}
    if not all(_equal(settings.get(key), value) for key, value in others.items()):
        return None
    epoch = when.get("model.epochs")
    if epoch is None:
        return metrics.get(metric)
    rows = [row for row in history if row.get("epoch") == epoch]
    name = COLUMNS.get(metric, metric)
    if rows and name in rows[0]:
        return rows[0][name]
    return metrics.get(metric) if len(history) == epoch else None


def _equal(ours: Any, published: Any) -> bool:
    plain = list(published) if isinstance(published, tuple) else published
    return ours == plain
