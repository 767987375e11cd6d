"""Arrays and lists given in Python as data to train on."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..errors import DataError, UsageError
from ..interfaces.dataset import Dataset
from ..interfaces.kinds import KindSettings, Splits
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
    """Makes `Data` from arrays or lists given in Python.

    They are split and checked as the same data in a file are.

    Args:
        dataset: The dataset whose kind is expected.
        options: Settings of the kind.
        data: `Splits`, an instance of the kind, or its fields: `(pixels, labels)`, a list
            of documents.
        limit: How many of the first training examples to keep; None keeps all.
    """
    if isinstance(data, Splits):
        for name in ("train", "validation", "test"):
            _check_texts(getattr(data, name))
        splits = dataset.check_splits(data)
    else:
        whole = data if isinstance(data, dataset.kind) else dataset.from_python(data)
        whole = _whole(dataset.kind, data) if whole is None else whole
        if not len(whole):
            raise DataError("The data have no examples.", "Give at least a few dozen.")
        _check_texts(whole)
        splits = dataset.split(whole)
    splits = finish(dataset, options, splits, limit or None)
    notes = list(dict.fromkeys(["Data given in Python.", *splits.notes]))
    return Data(splits, "local", fingerprint(splits), [], notes)


def _check_texts(part: Any) -> None:
    """Refuses texts that are none, such as the NaN that stand for missing cells."""
    for name in {"documents", "texts", "sources", "targets"} & vars(part).keys():
        texts = getattr(part, name)
        if isinstance(texts, (str, bytes)) or not hasattr(texts, "__len__"):
            raise UsageError(
                f"The {name} are a {type(texts).__name__}; expected a list of texts.",
                "Put a single text into a list: data=[text]",
            )
        if isinstance(texts, (list, tuple)):
            for number, text in enumerate(texts):
                if not isinstance(text, str):
                    raise DataError(
                        f"{name}[{number}] is {str(text)[:40]} ({type(text).__name__}); expected "
                        "a text.",
                        "Leave it out, or turn it into a text with str().",
                    )


def _whole(kind: Any, data: Any) -> Any:
    """Makes an instance of a kind from its fields; the classes are inferred from the labels."""
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
                f"All fields must have the same length; received {names[0]} "
                f"{len(values[names[0]])}, {name} {len(values[name])}."
            )
    if "classes" in names and "classes" not in values:
        if isinstance(data[1], tuple) and any(np.ndim(label) for label in data[1]):
            raise UsageError(
                f"Data of the kind {kind.name} are one pair ({', '.join(names[:2])}); received "
                "pairs of several splits.",
                "Give the first pair alone, which is split: data=data[0]. Or give all three "
                "parts: deepzoo.Splits(train, validation, test)",
            )
        classes, labels = _labels(np.asarray(values["labels"]))
        values |= {"labels": labels, "classes": classes}
    return kind(**values)


def _labels(labels: Any) -> tuple[tuple[str, ...], Any]:
    """Returns the names of the classes, and labels of any integers or texts as int64."""
    import numpy as np

    if labels.ndim == 2 and labels.shape[1] == 1:  # as CIFAR's are in Keras
        labels = labels[:, 0]
    if labels.ndim != 1:
        one_hot = labels.ndim == 2 and "; they look one-hot"
        raise UsageError(
            f"The labels have the shape {labels.shape}{one_hot or ''}; expected one number each.",
            "Give the number of the class: labels.argmax(axis=1)",
        )
    if labels.dtype.kind in "USO" and all(isinstance(label, str) for label in labels):
        names, numbers = np.unique(labels.astype(str), return_inverse=True)
        return tuple(map(str, names)), numbers
    if labels.dtype.kind not in "iub":
        raise UsageError(
            f"The labels are {labels.dtype}; expected integers or the names of the classes.",
            "Turn them into integers: labels.astype(int)",
        )
    labels = labels.astype(np.int64)
    if labels.min(initial=0) < 0:
        raise UsageError(
            f"The labels go down to {labels.min()}; expected numbers of classes from 0 on.",
            "Number the classes 0, 1, 2, ...",
        )
    return tuple(map(str, range(int(labels.max(initial=-1)) + 1))), labels
