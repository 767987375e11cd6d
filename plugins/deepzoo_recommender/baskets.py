"""Baskets as sparse rows, as rows of zeros and ones, and as counts of items in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deepzoo import Baskets

BLOCK_BYTES = 2**25
"""Memory for the zeros and ones of a block of baskets."""
FEW_ITEMS = 4096
"""Up to so many items the counts of all pairs are one small table."""

_PAIRS = 2**16  # the least of a part; many more do not fit in the cache
_BLOCK = 2**24  # counts in memory at once


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


def dense(baskets: Baskets) -> np.ndarray:
    """Returns the baskets as float32 [baskets, items], 1 where an item is in.

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


def cooccurrences(baskets: Baskets) -> Iterator[tuple[int, np.ndarray]]:
    """Counts in how many baskets two items are both; an item with itself, in how many it is.

    Args:
        baskets: Sparse rows, the items of each in rising order.

    Yields:
        The number of the first item of a block, and the counts of the block's items with all
        items, [block, items].
    """
    if len(baskets.items) <= FEW_ITEMS:
        yield 0, _all_pairs(baskets)
        return
    from scipy import sparse

    shape = (len(baskets), len(baskets.items))
    ones = np.ones(len(baskets.indices), np.int32)
    columns = sparse.csc_matrix((ones, (entry_rows(baskets), baskets.indices)), shape)
    rows = columns.tocsr()
    size = max(1, _BLOCK // shape[1])
    for start in range(0, shape[1], size):
        yield start, (columns[:, start : start + size].T @ rows).toarray()


def _all_pairs(baskets: Baskets) -> np.ndarray:
    """Counts all pairs in one table, part by part."""
    count = len(baskets.items)
    sizes = np.diff(baskets.indptr).astype(np.int64)
    pairs = np.cumsum(sizes * (sizes + 1) // 2)
    half = np.zeros(count * count, np.int64)
    most = max(_PAIRS, len(half))  # each part goes over the whole table once
    start = 0
    while start < len(sizes):
        before = pairs[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(pairs, before + most, side="right")))
        first, last = baskets.indptr[start], baskets.indptr[stop]
        bounds = (baskets.indptr[start : stop + 1] - first).astype(np.int32)
        codes = _pair_codes(baskets.indices[first:last].astype(np.int32), bounds, count)
        half += np.bincount(codes, minlength=len(half))
        start = stop
    table = half.reshape(count, count)
    return table + np.triu(table, 1).T


def _pair_codes(indices: np.ndarray, bounds: np.ndarray, count: int) -> np.ndarray:
    """Returns `first * count + second` of all pairs, an item with itself included, int32."""
    own = np.arange(len(indices), dtype=np.int32)
    behind = np.repeat(bounds[1:], np.diff(bounds)) - own
    ends = np.cumsum(behind, dtype=np.int32)
    seconds = np.arange(behind.sum(), dtype=np.int32) + np.repeat(own - (ends - behind), behind)
    return np.repeat(indices * np.int32(count), behind) + indices[seconds]
