"""Counting how often items are in baskets, alone and together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deepzoo import Baskets

from .rows import entry_rows

FEW_ITEMS = 4096
"""Up to so many items the counts of all pairs are one small table."""

_PAIRS = 2**16  # that are looked at together at least; many more do not fit in the cache
_BLOCK = 2**24  # counts that are held together


def occurrences(baskets: Baskets) -> np.ndarray:
    """Returns in how many baskets each item is, int64 [items]."""
    return np.bincount(baskets.indices, minlength=len(baskets.items))


def together(baskets: Baskets) -> Iterator[tuple[int, np.ndarray]]:
    """Counts in how many baskets each two items are both; an item with itself, in how many it is.

    Args:
        baskets: Sparse rows, the items of each in rising order.

    Yields:
        The number of the first item of a block, and the counts of the block's items with all
        items, [block, items].
    """
    if len(baskets.items) <= FEW_ITEMS:
        yield 0, _all_pairs(baskets)
        return
    yield from _in_blocks(baskets)


def _all_pairs(baskets: Baskets) -> np.ndarray:
    """Counts all pairs in one table, in parts."""
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
        codes = _codes(baskets.indices[first:last].astype(np.int32), bounds, count)
        half += np.bincount(codes, minlength=len(half))
        start = stop
    table = half.reshape(count, count)
    return table + np.triu(table, 1).T


def _codes(indices: np.ndarray, bounds: np.ndarray, count: int) -> np.ndarray:
    """Returns `first * count + second` of all pairs, an item with itself included, int32."""
    own = np.arange(len(indices), dtype=np.int32)
    behind = np.repeat(bounds[1:], np.diff(bounds)) - own
    ends = np.cumsum(behind, dtype=np.int32)
    places = np.arange(behind.sum(), dtype=np.int32) + np.repeat(own - (ends - behind), behind)
    return np.repeat(indices * np.int32(count), behind) + indices[places]


def _in_blocks(baskets: Baskets) -> Iterator[tuple[int, np.ndarray]]:
    """Counts a block of items after the other, by products of sparse matrices."""
    from scipy import sparse

    shape = (len(baskets), len(baskets.items))
    ones = np.ones(len(baskets.indices), np.int32)
    table = sparse.csc_matrix((ones, (entry_rows(baskets), baskets.indices)), shape)
    rows = table.tocsr()
    size = max(1, _BLOCK // shape[1])
    for start in range(0, shape[1], size):
        yield start, (table[:, start : start + size].T @ rows).toarray()
