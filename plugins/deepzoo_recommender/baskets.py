"""Baskets as rows of zeros and ones, and networks' answers to many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepzoo import Baskets

BLOCK_BYTES = 2**25
"""What the zeros and ones of a block of baskets may take."""

_MASKED = -1e8  # what is below stands for an item that the network leaves out


def dense(baskets: Baskets) -> np.ndarray:
    """Returns the baskets as float32 [baskets, items], 1 where an item is in.

    Example:
        >>> dense(Baskets(["bread", "milk"], np.array([0, 1, 3]), np.array([1, 0, 1])))
        array([[0., 1.],
               [1., 1.]], dtype=float32)
    """
    rows = np.zeros((len(baskets), len(baskets.items)), np.float32)
    rows[entry_rows(baskets), baskets.indices] = 1
    return rows


def entry_rows(baskets: Baskets) -> np.ndarray:
    """Returns for each entry of `indices` the number of its basket."""
    return np.repeat(np.arange(len(baskets)), np.diff(baskets.indptr))


def blocks(count: int, items: int) -> list[slice]:
    """Cuts baskets into parts whose zeros and ones fit into memory easily."""
    size = max(1, BLOCK_BYTES // (4 * max(items, 1)))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def scores_of(network: Any, rows: np.ndarray) -> np.ndarray:
    """Asks a network for the scores of all items, [baskets, items].

    Networks of this task may have `scores(rows)`, on a scale that means something; of others
    what they predict is taken.
    """
    return np.asarray(getattr(network, "scores", network.predict)(rows))


def left_out(scores: np.ndarray) -> np.ndarray:
    """Returns which scores stand for items that a network leaves out, as those it was given."""
    return scores < _MASKED


def known_scores(network: Any, rows: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Fills in the scores of known items that a network leaves out.

    Each gets the score that the others in its basket give it.
    """
    places = np.argwhere(left_out(scores) & (rows > 0))
    filled = scores.copy()
    for part in blocks(len(places), rows.shape[1]):
        basket, item = places[part].T
        without = rows[basket].copy()
        without[np.arange(len(without)), item] = 0
        filled[basket, item] = scores_of(network, without)[np.arange(len(without)), item]
    return filled


def ranked(scores: np.ndarray, allowed: np.ndarray, count: int) -> list[np.ndarray]:
    """Returns for each basket the items with the highest scores, the best first.

    Args:
        scores: [baskets, items].
        allowed: Which items may be named, bool [baskets, items].
        count: The most items for a basket.
    """
    count = min(count, scores.shape[1])
    found = []
    for row in np.where(allowed, scores, -np.inf):
        # All items are never sorted, only those that may be among the best.
        least = -np.partition(-row, count - 1)[count - 1]
        best = np.flatnonzero((row >= least) & (row > -np.inf))
        # Of equal scores the item of the lower number comes first.
        found.append(best[np.argsort(-row[best], kind="stable")][:count])
    return found


def as_baskets(items: Sequence[str], rows: Sequence[Sequence[int]]) -> Baskets:
    """Makes sparse rows of lists of item numbers."""
    bounds = np.cumsum([0, *map(len, rows)])
    flat = [item for row in rows for item in row]
    return Baskets(items, bounds, np.array(flat, np.int32))
