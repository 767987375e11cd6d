"""From baskets to what networks of the recommender learn from and are scored on."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Baskets, Example, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import report_unknown

from .baskets import (
    Names,
    at_least,
    dense,
    entry_rows,
    occurrences,
    sparse_matrix,
    sparse_rows,
)

if TYPE_CHECKING:
    from deepzoo import Splits

logger = logging.getLogger("deepzoo")


class WholeBaskets(Arrays):
    """Baskets as inputs and as targets."""

    def batch(self, indices: np.ndarray) -> tuple[Any, Any, Any]:
        """Returns baskets as zeros and ones, [n, items], twice."""
        rows = dense(self.inputs.take(indices))
        return rows, rows, None

    def whole(self) -> tuple[Any, Any, Any]:
        """Returns all baskets as a sparse matrix, twice."""
        rows = sparse_matrix(self.inputs)
        return rows, rows, None


class HiddenItems(Arrays):
    """Each basket once for each of its items: that item is hidden, and often others, too.

    Each of the other items is hidden with a probability that differs from view to view,
    uniformly between 0 and 1. The hidden items are equally likely targets. Each basket has the
    same weight, however large it is.

    Args:
        baskets: Sparse rows; baskets of one item are left out.
    """

    def __init__(self, baskets: Baskets) -> None:
        several = at_least(baskets, 2)
        super().__init__(several, several)
        self.rows = entry_rows(several)

    def __len__(self) -> int:
        """Returns the number of items in all baskets."""
        return len(self.inputs.indices)

    def batch(self, indices: np.ndarray) -> tuple[Any, Any, Any]:
        """Returns baskets without the hidden items, the hidden items, and weights."""
        chosen = self.inputs.take(self.rows[indices])
        rows, items, sizes = entry_rows(chosen), chosen.indices, np.diff(chosen.indptr)
        views = np.asarray(indices, np.uint64)
        rates = uniform(views, np.uint64(0))[rows]
        hidden = uniform(views[rows], 1 + items.astype(np.uint64)) < rates
        hidden |= items == self.inputs.indices[indices][rows]
        inputs, targets = (np.zeros((len(views), len(chosen.items)), np.float32) for _ in range(2))
        inputs[rows[~hidden], items[~hidden]] = 1
        counts = np.bincount(rows, hidden, len(views))
        targets[rows[hidden], items[hidden]] = 1 / counts[rows[hidden]]
        mean = len(self) / max(len(self.inputs), 1)
        return inputs, targets, (mean / sizes).astype(np.float32)


def uniform(first: np.ndarray, second: Any) -> np.ndarray:
    """Hashes each pair of numbers to a number between 0 and 1.

    By the mixing function of SplitMix64 (Steele, Lea and Flood, 2014): what is hidden in a
    view must depend on nothing but its number.

    Examples:
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
    """Baskets to score, with a hidden item each.

    Args:
        baskets: Whole baskets of two or more items.
        hidden: Number of the hidden item of each basket, int [n].
    """

    baskets: Baskets
    hidden: np.ndarray

    def __len__(self) -> int:
        """Returns the number of baskets."""
        return len(self.hidden)


def prepare(
    splits: Splits,
    model: Any,
    hidden_seed: int,
    most: int,
    preprocessor: Mapping[str, Any] | None = None,
) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Baskets over one list of items.
        model: A model of this task; one without `learns` gets whole baskets.
        hidden_seed: Decides which item of each test basket is hidden.
        most: Maximum number of test baskets to score, evenly spread.
        preprocessor: That of a run: its items are matched by name, and others left out.
    """
    train, validation, test = (
        in_order(getattr(splits, name), name, splits.train.items)
        for name in ("train", "validation", "test")
    )
    if preprocessor is not None:
        items = preprocessor["items"]
        train, validation = _as_trained(train, items), _as_trained(validation, items)
        test = _known_test(test, items)
    elif not len(train.indices):
        raise DataError(
            "The training split has no item in any basket.", "Give baskets that hold something."
        )
    view = HiddenItems if getattr(model, "learns", "") == "hidden" else WholeBaskets
    learned, validated = view(train), view(validation)
    if not len(learned) and preprocessor is None:
        raise DataError(
            "No training basket has two items, so no item can be hidden.", "Give larger baskets."
        )
    held_out = hide(test, hidden_seed, most)
    if len(test) and not len(held_out):
        logger.warning("No test basket has two items: there is no hidden item to score.")
    if preprocessor is None:
        preprocessor = {"items": list(train.items), "counts": occurrences(train).tolist()}
    row = ArraySpec([len(train.items)], low=0, high=1)
    outputs: Any = getattr(model, "outputs", "values")
    spec = Example(inputs=row, targets=row, outputs=outputs, items=len(train.items))
    return Prepared(learned, validated, held_out, dict(preprocessor), spec)


def _as_trained(baskets: Baskets, items: Sequence[str]) -> Baskets:
    """Numbers the items of baskets as a run does; those it does not know are left out."""
    if list(baskets.items) == list(items):
        return baskets
    numbers = map(Names(items).number, baskets.items)
    entries = np.array([-1 if n is None else n for n in numbers], np.int64)[baskets.indices]
    known = entries >= 0
    return sparse_rows(items, entry_rows(baskets)[known], entries[known], len(baskets))


def _known_test(test: Baskets, items: Sequence[str]) -> Baskets:
    """Numbers test baskets as a run does, and reports the items that it does not know."""
    number = Names(items).number
    names = [str(test.items[index]) for index in test.indices.tolist()]
    unknown = Counter(name for name in names if number(name) is None)
    test = _as_trained(test, items)
    report_unknown("items", unknown, len(at_least(test, 2)), "left out")
    return test


def hide(baskets: Any, seed: int, most: int) -> HeldOut:
    """Hides a random item in each basket of two items or more, in at most `most` of them."""
    large = np.flatnonzero(np.diff(baskets.indptr) > 1)
    several = baskets.take(large[_spread(len(large), most)])
    sizes = np.diff(several.indptr)
    drawn = (np.random.default_rng(seed).random(len(sizes)) * sizes).astype(np.int64)
    return HeldOut(several, several.indices[several.indptr[:-1] + drawn])


def hide_each(baskets: Baskets, most: int) -> tuple[HeldOut, np.ndarray]:
    """Hides each item of each basket in turn, or only `most` of the items, evenly spread.

    Returns:
        What to score, and weights that give each basket the same influence.
    """
    several = at_least(baskets, 2)
    chosen = _spread(len(several.indices), most)
    rows = entry_rows(several)[chosen]
    weights = 1 / np.diff(several.indptr)[rows]
    return HeldOut(several.take(rows), several.indices[chosen]), weights / weights.mean()


def _spread(count: int, most: int) -> np.ndarray:
    """Returns all indices below `count`, or `most` of them, evenly spread."""
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).astype(int)


def in_order(baskets: Any, name: str, items: Sequence[str]) -> Baskets:
    """Returns the baskets of a split with its items in rising order, each once.

    Raises:
        DataError: The arrays do not fit together, or the items are not those of training.
    """
    indptr, indices = np.asarray(baskets.indptr), np.asarray(baskets.indices)
    whole = all(array.dtype.kind in "iu" and array.ndim == 1 for array in (indptr, indices))
    reason = ""
    if not whole and indices.size:
        reason = "`indptr` and `indices` must be rows of whole numbers"
    elif not len(indptr) or indptr[0] or indptr[-1] != len(indices) or (np.diff(indptr) < 0).any():
        reason = f"`indptr` must rise from 0 to the number of indices, {len(indices)}"
    elif indices.size and not 0 <= indices.min() <= indices.max() < len(items):
        reason = f"`indices` must be from 0 to {len(items) - 1}, the last item"
    elif len(baskets.items) != len(items) or list(baskets.items) != list(items):
        reason = "its items are not those of the training split"
    elif len(set(items)) != len(items):
        reason = "two items have the same name"
    if reason:
        raise DataError(f"The baskets of {name}: {reason}.", "See deepzoo.Baskets.")
    rows = entry_rows(baskets)
    if ((np.diff(rows) > 0) | (np.diff(indices) > 0)).all():
        return baskets
    return sparse_rows(baskets.items, rows, indices, len(baskets))
