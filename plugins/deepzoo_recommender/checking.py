"""Baskets as they may be given in Python: checked, and put in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepzoo.errors import DataError
from deepzoo.kinds import Baskets

from .rows import entry_rows


def in_order(baskets: Any, name: str, items: Sequence[str]) -> Baskets:
    """Returns baskets whose items are in rising order, each once.

    Args:
        baskets: Sparse rows, as datasets or users make them.
        name: The split, for errors.
        items: The items of the training split, which must be those of all.

    Raises:
        DataError: The arrays do not fit together, or the items are others.
    """
    indptr, indices = np.asarray(baskets.indptr), np.asarray(baskets.indices)
    whole = all(array.dtype.kind in "iu" and array.ndim == 1 for array in (indptr, indices))
    if not whole and indices.size:
        _refuse(name, "`indptr` and `indices` must be rows of whole numbers")
    if not len(indptr) or indptr[0] or indptr[-1] != len(indices) or (np.diff(indptr) < 0).any():
        _refuse(name, f"`indptr` must rise from 0 to the number of indices, {len(indices)}")
    if indices.size and not 0 <= indices.min() <= indices.max() < len(items):
        _refuse(name, f"`indices` must be from 0 to {len(items) - 1}, the last item")
    if len(baskets.items) != len(items) or list(baskets.items) != list(items):
        _refuse(name, "its items are not those of the training split")
    if len(set(items)) != len(items):
        _refuse(name, "two items have the same name")
    rows = entry_rows(baskets)
    rising = (np.diff(rows) > 0) | (np.diff(indices) > 0)
    if rising.all():
        return baskets
    keys = rows.astype(np.int64) * len(items) + indices
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]
    kept, numbers = np.divmod(keys, len(items))
    bounds = np.concatenate([[0], np.cumsum(np.bincount(kept, minlength=len(baskets)))])
    return Baskets(baskets.items, bounds, numbers.astype(indices.dtype))


def _refuse(name: str, reason: str) -> None:
    raise DataError(f"The baskets of {name}: {reason}.", "See deepzoo.kinds.Baskets.")
