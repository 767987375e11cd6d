"""Training on data that are already in memory, without a plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import registry
from .errors import DataError, UsageError

if TYPE_CHECKING:
    from .job import Job
    from .loading import Data


def dataset_for(model: str | None, task: str | None, path: Path | None) -> str:
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


def given_data(job: Job, data: Any) -> Data:
    """Makes `Data` of arrays or lists given in Python: seeded 80/10/10, by class if there are any.

    Args:
        job: Its dataset says which kind is expected.
        data: `Splits`, one instance of the kind, or the fields of one
            (`(pixels, labels)`, a list of documents).
    """
    from .dataset import Splits
    from .dataset_loading import check
    from .fingerprint import fingerprint
    from .loading import Data

    splits = data if isinstance(data, Splits) else _split(job.recipes["dataset"].kind, data)
    splits = job.recipes["kind"].apply(splits)
    check(job.recipes["dataset"], splits)
    if job.limit:
        import dataclasses

        count = min(job.limit, len(splits.train))
        splits = dataclasses.replace(splits, train=splits.train.take(range(count)))
    return Data(splits, "local", fingerprint(splits), [], ["Data given in Python."])


def _split(kind: Any, data: Any) -> Any:
    import numpy as np

    from .dataset import Splits
    from .splits import split_random

    whole = data if isinstance(data, kind) else _whole(kind, data)
    if not len(whole):
        raise DataError("The data have no examples.", "Give at least a few dozen.")
    labels = getattr(whole, "labels", None)
    parts = split_random(len(whole), 0, labels)
    return Splits(*(whole.take(np.asarray(part)) for part in parts))


def _whole(kind: Any, data: Any) -> Any:
    import dataclasses

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
