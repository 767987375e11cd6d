"""From baskets to what networks of the recommender learn from and are scored on."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, Baskets, Prepared
from deepzoo.errors import DataError

from .rows import dense, entry_rows

if TYPE_CHECKING:
    from deepzoo import Splits

logger = logging.getLogger("deepzoo")


class WholeBaskets(Arrays):
    """Baskets that are to be given back as they are.

    Args:
        baskets: Sparse rows.
    """

    def __init__(self, baskets: Baskets) -> None:
        super().__init__(baskets, baskets)

    def batch(self, indices: np.ndarray) -> tuple[Any, Any, Any]:
        """Returns baskets as zeros and ones, [n, items], twice."""
        rows = dense(self.inputs.take(indices))
        return rows, rows, None


class HiddenItems(Arrays):
    """Baskets without some of their items, once for each item, which is surely hidden.

    Beside that item each of the others is hidden with a probability that differs from view to
    view, even from 0 to 1. Targets share 1 among all hidden items. Each basket counts as much
    as every other one, however large it is.

    Args:
        baskets: Sparse rows; those of one item have nothing to go by and are left out.
    """

    def __init__(self, baskets: Baskets) -> None:
        several = baskets.take(np.flatnonzero(np.diff(baskets.indptr) > 1))
        super().__init__(several, several)
        self.rows = entry_rows(several)

    def __len__(self) -> int:
        """Returns the number of items in all baskets."""
        return len(self.inputs.indices)

    def batch(self, indices: np.ndarray) -> tuple[Any, Any, Any]:
        """Returns baskets without what is hidden, what is hidden, and weights."""
        chosen = self.inputs.take(self.rows[indices])
        places, sizes = entry_rows(chosen), np.diff(chosen.indptr)
        views = np.asarray(indices, np.uint64)
        shares = uniform(views, np.uint64(0))[places]
        hidden = uniform(views[places], 1 + chosen.indices.astype(np.uint64)) < shares
        hidden |= chosen.indices == self.inputs.indices[indices][places]
        rows, targets = (np.zeros((len(views), len(chosen.items)), np.float32) for _ in range(2))
        rows[places[~hidden], chosen.indices[~hidden]] = 1
        counts = np.bincount(places, hidden, len(views))
        targets[places[hidden], chosen.indices[hidden]] = 1 / counts[places[hidden]]
        mean = len(self) / max(len(self.inputs), 1)
        return rows, targets, (mean / sizes).astype(np.float32)


def uniform(first: np.ndarray, second: Any) -> np.ndarray:
    """Returns a number between 0 and 1 for each pair of numbers, always the same one.

    By the mixing function of SplitMix64 (Steele, Lea and Flood, 2014): what is hidden in a
    view must depend on nothing but its number.

    Example:
        >>> uniform(np.array([0, 1, 1], np.uint64), np.array([7, 7, 8], np.uint64)).round(2)
        array([0.96, 0.46, 0.1 ])
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        inner = _mixed(second * golden + np.uint64(1))
        bits = _mixed((first * golden ^ inner) + golden)
    return (bits >> np.uint64(11)) * 2.0**-53


def _mixed(values: Any) -> Any:
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """Baskets to score, and the item of each that is hidden.

    Args:
        baskets: Whole baskets of two or more items.
        hidden: Number of the item that is taken out of each, int [n].
    """

    baskets: Baskets
    hidden: np.ndarray

    def __len__(self) -> int:
        """Returns the number of baskets."""
        return len(self.hidden)


def prepare(splits: Splits, model: Any, hidden_seed: int, most: int) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Baskets over one list of items.
        model: A model of this task; `learns` says what it is shown, by default whole baskets.
        hidden_seed: Decides which item of each test basket is hidden.
        most: The most test baskets to score, evenly spread.
    """
    train, validation, test = (
        in_order(getattr(splits, name), name, splits.train.items)
        for name in ("train", "validation", "test")
    )
    if not len(train.indices):
        raise DataError(
            "The training split has no item in any basket.", "Give baskets that hold something."
        )
    view = HiddenItems if getattr(model, "learns", "") == "hidden" else WholeBaskets
    counts = np.bincount(train.indices, minlength=len(train.items))
    arrays = [view(part) for part in (train, validation)]
    if not len(arrays[0]):
        raise DataError(
            "No training basket has two items, so that none can be hidden from the other.",
            "Give larger baskets.",
        )
    held_out = hide(test, hidden_seed, most)
    if len(test) and not len(held_out):
        logger.warning("No test basket has two items: nothing can be hidden and scored.")
    return Prepared(
        arrays[0],
        arrays[1],
        held_out,
        {"items": list(train.items), "counts": counts.tolist()},
        {"items": len(train.items)},
    )


def hide(baskets: Any, seed: int, most: int) -> HeldOut:
    """Hides one item, drawn from a seed, of each basket of two or more, or of so many of them."""
    large = np.flatnonzero(np.diff(baskets.indptr) > 1)
    if len(large) > most:
        large = large[np.linspace(0, len(large) - 1, most).astype(int)]
    several = baskets.take(large)
    sizes = np.diff(several.indptr)
    drawn = (np.random.default_rng(seed).random(len(sizes)) * sizes).astype(np.int64)
    return HeldOut(several, several.indices[several.indptr[:-1] + drawn])


def hide_each(baskets: Baskets, most: int) -> tuple[HeldOut, np.ndarray]:
    """Hides each item of each basket in turn, or of so many items, evenly spread.

    Returns:
        What to score, and weights by which each basket counts as much as every other one.
    """
    several = baskets.take(np.flatnonzero(np.diff(baskets.indptr) > 1))
    count = len(several.indices)
    chosen = np.arange(count) if count <= most else np.linspace(0, count - 1, most).astype(int)
    rows = entry_rows(several)[chosen]
    weights = 1 / np.diff(several.indptr)[rows]
    return HeldOut(several.take(rows), several.indices[chosen]), weights / weights.mean()


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
