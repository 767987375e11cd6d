"""Calling a dataset's `load`, which anyone may have written: its failures are explained."""

from __future__ import annotations

from typing import Any

from .dataset import Dataset, Files, Splits
from .errors import DataError, DeepzooError, PluginError, ResourceError


def read(dataset: Dataset, files: Files) -> Splits:
    """Calls `load`; what its files do to it becomes an error that names them."""
    try:
        return dataset.load(files)
    except (DeepzooError, NotImplementedError):
        raise
    except MemoryError as error:
        raise ResourceError(
            f"Dataset {dataset.name} does not fit in memory.", "Use a part of the files."
        ) from error
    except (OSError, EOFError, LookupError, ValueError, ArithmeticError) as error:
        where = ", ".join(path.name for path in files.values())
        raise DataError(
            f"Dataset {dataset.name} could not read {where or 'its data'}: "
            f"{type(error).__name__}: {error}.",
            f"Check the files: deepzoo data verify {dataset.name}",
        ) from error


def check(dataset: Dataset, splits: Any) -> None:
    """Refuses anything but splits of the dataset's kind with something to learn from."""
    if not isinstance(splits, Splits):
        raise PluginError(
            f"Dataset {dataset.name} gave a {type(splits).__name__}, expected Splits."
        )
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        if not isinstance(part, dataset.kind):
            raise PluginError(
                f"Dataset {dataset.name}: its {name} split is a {type(part).__name__}, "
                f"expected {dataset.kind.__name__}."
            )
    if not len(splits.train):
        raise DataError(
            f"Dataset {dataset.name} has 0 training examples.", "Give files with data in them."
        )
