"""Arrays and lists given in Python as data to train on."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..errors import DataError, UsageError
from ..interfaces.dataset import Dataset
from ..interfaces.kinds import KindSettings, Splits
from ..interfaces.random_splits import split_random
from ..plugins import registry
from .fingerprint import fingerprint
from .load import Data, finish


def dataset_for(model: str | None, task: str | None) -> str:
    """Finds the dataset for a user's own data, which is named after its kind."""
    task_name = registry.model(model).task if model else task
    if not task_name:
        raise UsageError("Which dataset? Name one, or give data together with a model or a task.")
    kinds = [kind.name for kind in registry.task(task_name).kinds]
    datasets = {entry.name for entry in registry.datasets()}
    for kind in kinds:
        if kind in datasets:
            return kind
    raise UsageError(f"No dataset takes your own data of the kind {' or '.join(kinds)}.")


def given_data(dataset: Dataset, options: KindSettings, data: Any, limit: int | None) -> Data:
    """Makes `Data` of arrays or lists given in Python.

    They are split 80/10/10 with a fixed seed, by class if they have labels.

    Args:
        dataset: The dataset whose kind is expected.
        options: Settings of the kind.
        data: `Splits`, an instance of the kind, or its fields: `(pixels, labels)`, a list
            of documents.
        limit: How many training examples to keep, from the first on; None keeps all.
    """
    if not isinstance(data, Splits):
        whole = data if isinstance(data, dataset.kind) else _whole(dataset.kind, data)
        if not len(whole):
            raise DataError("The data have no examples.", "Give at least a few dozen.")
        parts = split_random(len(whole), 0, getattr(whole, "labels", None))
        train, validation, test = (whole.take(part) for part in parts)
        data = Splits(train, validation, test)
    splits = finish(dataset, options, data, limit or None)
    return Data(splits, "local", fingerprint(splits), [], ["Data given in Python."])


def _whole(kind: Any, data: Any) -> Any:
    """Makes an instance of a kind from its fields; classes are found in the labels."""
    import numpy as np

    fields = dataclasses.fields(kind)
    names = [field.name for field in fields]
    parts = data if isinstance(data, tuple) else (data,)
    values = dict(zip(names, parts, strict=False))
    needed = {
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.name != "classes"
    }
    if len(parts) > len(names) or not values.keys() >= needed:
        raise UsageError(
            f"Data of the kind {kind.name} are given as ({', '.join(names)}); "
            f"received {len(parts)}."
        )
    for name in ("labels", "targets", "clean"):
        if values.get(name) is not None and len(values[name]) != len(values[names[0]]):
            raise UsageError(
                f"All parts need one entry per example; received {names[0]} "
                f"{len(values[names[0]])}, {name} {len(values[name])}."
            )
    if "classes" in names and "classes" not in values:
        labels = np.asarray(values["labels"])
        if labels.dtype.kind in "US":
            classes, labels = np.unique(labels, return_inverse=True)
        else:
            classes = range(int(labels.max(initial=-1)) + 1)
        values |= {"labels": labels, "classes": tuple(map(str, classes))}
    return kind(**values)
