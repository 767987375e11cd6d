"""Training on data that are already in memory, without a plugin."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..errors import DataError, UsageError
from ..interfaces.dataset import Dataset, check
from ..interfaces.kinds import KindSettings, Splits
from ..interfaces.random_splits import split_random
from ..plugins import registry
from .fingerprint import fingerprint
from .load import Data


def dataset_for(model: str | None, task: str | None) -> str:
    """Finds the dataset that stands for a user's own data: the one named like its kind."""
    task_name = registry.model(model).task if model else task
    if not task_name:
        raise UsageError("Which dataset? Name one, or give data together with a model or a task.")
    kinds = [kind.name for kind in registry.task(task_name).kinds]
    known = [entry.name for entry in registry.datasets()]
    for kind in kinds:
        if kind in known:
            return kind
    raise UsageError(f"No dataset takes your own data of the kind {' or '.join(kinds)}.")


def given_data(dataset: Dataset, options: KindSettings, data: Any, limit: int | None) -> Data:
    """Makes `Data` of arrays or lists given in Python: seeded 80/10/10, by class if there are any.

    Args:
        dataset: Says which kind is expected.
        options: Settings of the kind.
        data: `Splits`, one instance of the kind, or the fields of one
            (`(pixels, labels)`, a list of documents).
        limit: Only the first so many training examples.
    """
    splits = data if isinstance(data, Splits) else _split(dataset.kind, data)
    splits = options.apply(splits)
    check(dataset, splits)
    if limit:
        first = splits.train.take(range(min(limit, len(splits.train))))
        splits = dataclasses.replace(splits, train=first)
    return Data(splits, "local", fingerprint(splits), [], ["Data given in Python."])


def _split(kind: Any, data: Any) -> Any:
    import numpy as np

    whole = data if isinstance(data, kind) else _whole(kind, data)
    if not len(whole):
        raise DataError("The data have no examples.", "Give at least a few dozen.")
    labels = getattr(whole, "labels", None)
    parts = split_random(len(whole), 0, labels)
    return Splits(*(whole.take(np.asarray(part)) for part in parts))


def _whole(kind: Any, data: Any) -> Any:
    import numpy as np

    fields = dataclasses.fields(kind)
    names = [field.name for field in fields]
    parts = data if isinstance(data, tuple) else (data,)
    values = dict(zip(names, parts, strict=False))
    needed = [
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.name != "classes"
    ]
    if len(parts) > len(names) or not values.keys() >= set(needed):
        raise UsageError(
            f"Data of the kind {kind.name} are given as ({', '.join(names)}); "
            f"received {len(parts)}."
        )
    _check_lengths(names[0], values)
    if "classes" in names and "classes" not in values:
        labels = np.asarray(values["labels"])
        if labels.dtype.kind in "US":
            classes, labels = np.unique(labels, return_inverse=True)
        else:
            classes = range(int(labels.max(initial=-1)) + 1)
        values |= {"labels": labels, "classes": tuple(map(str, classes))}
    return kind(**values)


def _check_lengths(first: str, values: dict[str, Any]) -> None:
    """Refuses answers that are not as many as the questions."""
    for name in ("labels", "targets", "clean"):
        if values.get(name) is not None and len(values[name]) != len(values[first]):
            raise UsageError(
                f"Each example needs its part of everything; received {first} "
                f"{len(values[first])}, {name} {len(values[name])}."
            )
