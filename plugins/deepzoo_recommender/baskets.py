"""Baskets as sparse rows, as rows of zeros and ones, and as counts of items in pairs."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deepzoo import Baskets

BLOCK_BYTES = 2**25
"""Memory for the zeros and ones of a block of baskets."""
_COUNTS = 2**24  # in memory at once


def sparse_rows(items: Sequence[str], baskets: Any, numbers: np.ndarray, count: int) -> Baskets:
    """Makes sparse rows in which the items of a basket are in rising order, each once.

    Args:
        items: The names of all items.
        baskets: The basket of each entry, from 0 on.
        numbers: The item of each entry.
        count: Number of baskets, empty ones included.
    """
    keys = np.asarray(baskets).astype(np.int64)
    keys *= len(items)
    keys += numbers
    keys.sort()  # in place; `unique` would hash, which takes ten times as long
    keys = keys[np.diff(keys, prepend=-1) > 0]
    rows, indices = np.divmod(keys, max(1, len(items)))
    indptr = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=indptr[1:])
    return Baskets(items, indptr, indices.astype(np.int32))


def spelled(name: str) -> str:
    """Returns a name without surplus blanks, a letter and its accent as one character."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


class Names:
    """Finds items by name, in any capitals.

    Args:
        items: The names of all items.

    Examples:
        >>> names = Names(["bread", "milk"])
        >>> names.number("Milk"), names.number("tea")
        (1, None)
    """

    def __init__(self, items: Sequence[str]) -> None:
        self.numbers = {name: number for number, name in enumerate(items)}
        folded = [name.casefold() for name in items]
        counts = Counter(folded)  # runs of 0.1 have items that differ in capitals alone
        self.folded = {name: number for number, name in enumerate(folded) if counts[name] == 1}

    def number(self, name: str) -> int | None:
        """Returns the number of an item; None if it is unknown."""
        return self.numbers.get(name, self.folded.get(name.casefold()))


def merge_capitals(baskets: Baskets, notes: tuple[str, ...]) -> tuple[Baskets, tuple[str, ...]]:
    """Makes one item of those whose names differ in capitals alone, and adds a note on it.

    Of several spellings the one with most small letters is kept, whatever order they come in.
    """
    kept: dict[str, str] = {}
    for name in baskets.items:
        kept[name.casefold()] = max(name, kept.get(name.casefold(), ""))
    other = next((name for name in baskets.items if name != kept[name.casefold()]), None)
    if other is None:
        return baskets, notes
    items = sorted(kept.values())
    numbers = {name: number for number, name in enumerate(items)}
    of_item = np.array([numbers[kept[name.casefold()]] for name in baskets.items], np.int32)
    merged = sparse_rows(items, entry_rows(baskets), of_item[baskets.indices], len(baskets))
    note = (
        f"{len(baskets.items) - len(items):,} names differ from others in capitals alone and were "
        f"read as the same items: {other!r} as {kept[other.casefold()]!r}, for example."
    )
    return merged, (*notes, note)


def dense(baskets: Baskets) -> np.ndarray:
    """Returns the baskets as float32 [baskets, items], 1 where a basket has the item.

    Examples:
        >>> dense(Baskets(["bread", "milk"], np.array([0, 1, 3]), np.array([1, 0, 1])))
        array([[0., 1.],
               [1., 1.]], dtype=float32)
    """
    rows = np.zeros((len(baskets), len(baskets.items)), np.float32)
    rows[entry_rows(baskets), baskets.indices] = 1
    return rows


def entry_rows(baskets: Baskets) -> np.ndarray:
    """Returns the number of the basket of each entry of `indices`."""
    return np.repeat(np.arange(len(baskets)), np.diff(baskets.indptr))


def at_least(baskets: Baskets, size: int) -> Baskets:
    """Returns the baskets of `size` items or more."""
    return baskets.take(np.flatnonzero(np.diff(baskets.indptr) >= size))


def blocks(count: int, items: int) -> list[slice]:
    """Cuts baskets into blocks whose zeros and ones take at most `BLOCK_BYTES`."""
    size = max(1, BLOCK_BYTES // (4 * max(items, 1)))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def occurrences(baskets: Baskets) -> np.ndarray:
    """Returns in how many baskets each item is, int64 [items]."""
    return np.bincount(baskets.indices, minlength=len(baskets.items))


def sparse_matrix(baskets: Baskets) -> Any:
    """Returns the baskets as a sparse matrix of ones, float32 [baskets, items]."""
    from scipy import sparse

    ones = np.ones(len(baskets.indices), np.float32)
    shape = (len(baskets), len(baskets.items))
    return sparse.csr_matrix((ones, baskets.indices, baskets.indptr), shape)


def cooccurrences(baskets: Any) -> Iterator[tuple[int, np.ndarray]]:
    """Counts the baskets that two items share; on the diagonal, those that one item is in.

    The baskets are a sparse matrix of ones [baskets, items]. Yields the number of the first item
    of a block, and the counts of the block's items with all items, [block, items].
    """
    rows = baskets.astype(np.int32)
    columns, items = rows.tocsc(), rows.shape[1]
    size = max(1, _COUNTS // max(1, items))
    for start in range(0, items, size):
        yield start, (columns[:, start : start + size].T @ rows).toarray()
