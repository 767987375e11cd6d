"""Training on data that are already in memory, without a plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import registry
from .errors import UsageError

if TYPE_CHECKING:
    from .data import Data
    from .job import Job


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
    from .data import Data
    from .dataset import Splits
    from .fingerprint import fingerprint

    splits = data if isinstance(data, Splits) else _split(job.recipes["dataset"].kind, data)
    splits = job.recipes["kind"].apply(splits)
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
    labels = getattr(whole, "labels", None)
    parts = split_random(len(whole), 0, labels)
    return Splits(*(whole.take(np.asarray(part)) for part in parts))


def _whole(kind: Any, data: Any) -> Any:
    import dataclasses

    import numpy as np

    names = [field.name for field in dataclasses.fields(kind)]
    if not isinstance(data, tuple):
        data = (data,)
    values = dict(zip(names, data, strict=False))
    if "classes" in names and "classes" not in values:
        labels = np.asarray(values["labels"])
        values["labels"] = labels
        values["classes"] = tuple(str(label) for label in range(int(labels.max()) + 1))
    try:
        return kind(**values)
    except TypeError:
        raise UsageError(
            f"Data of the kind {kind.name} are given as ({', '.join(names)}); "
            f"received {len(data)} parts."
        ) from None
