"""Scores of items, and where the hidden item ranks among those not in the basket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .baskets import blocks, dense
from .numpy_networks import MASK

if TYPE_CHECKING:
    from .prepare import HeldOut

TOP = 10


def scores_of(network: Any, rows: np.ndarray) -> np.ndarray:
    """Returns the scores of all items, [baskets, items].

    A network of this task may have `scores(rows)`, on a meaningful scale; for others, the
    predictions are the scores.
    """
    return np.asarray(getattr(network, "scores", network.predict)(rows))


def is_masked(scores: np.ndarray) -> np.ndarray:
    """Returns which scores a network masks, as those of the items in the basket."""
    return scores < MASK / 10


def scores_without(
    network: Any, rows: np.ndarray, baskets: np.ndarray, items: np.ndarray
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Scores `baskets` [n], rows of zeros and ones, each without one of its `items` [n].

    Yields:
        For each block: its slice of the n, the scores of all items, those of the removed items.
    """
    for part in blocks(len(baskets), rows.shape[1]):
        without, entries = rows[baskets[part]], np.arange(part.stop - part.start)
        without[entries, items[part]] = 0
        scores = scores_of(network, without)
        yield part, scores, scores[entries, items[part]]


def unmasked(network: Any, rows: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Replaces the masked scores of items in the basket by those without the item."""
    baskets, items = np.nonzero(is_masked(scores) & (rows > 0))
    filled = scores.copy()
    for part, _, own in scores_without(network, rows, baskets, items):
        filled[baskets[part], items[part]] = own
    return filled


def best_items(scores: np.ndarray, allowed: np.ndarray, count: int) -> list[np.ndarray]:
    """Returns the items with the highest scores of each basket, the best first.

    Args:
        scores: [baskets, items].
        allowed: Which items may be named, bool [baskets, items].
        count: Maximum number of items for a basket.
    """
    count = min(count, scores.shape[1])
    tops = []
    for row in np.where(allowed, scores, -np.inf):
        # A partition and not a sort of all items: there may be many.
        least = -np.partition(-row, count - 1)[count - 1]
        best = np.flatnonzero((row >= least) & (row > -np.inf))
        # Of equal scores the item of the lower number comes first.
        tops.append(best[np.argsort(-row[best], kind="stable")][:count])
    return tops


def ranks(network: Any, held_out: HeldOut) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Ranks the hidden item of each basket among all items that are not in the rest of it.

    Returns:
        The ranks from 1 on, for ties the middle rank; how many items were
        ranked; and the ten best items of each basket.
    """
    parts, counts, tops = [], [], []
    for part in blocks(len(held_out), len(held_out.baskets.items)):
        hidden = held_out.hidden[part]
        entries = np.arange(len(hidden))
        rows = dense(held_out.baskets.take(np.arange(len(held_out))[part]))
        rows[entries, hidden] = 0
        unseen = rows == 0
        scores = scores_of(network, rows)
        own = scores[entries, hidden][:, None]
        above = ((scores > own) & unseen).sum(axis=1)
        equal = ((scores == own) & unseen).sum(axis=1)
        parts.append(above + (equal + 1) / 2)
        counts.append(unseen.sum(axis=1))
        tops += best_items(scores, unseen, TOP)
    return np.concatenate(parts), np.concatenate(counts), tops


def hits(rank: np.ndarray, count: int) -> np.ndarray:
    """Returns which hidden items are among the first `count`, as 0 and 1."""
    return (rank <= count).astype(float)


def gain(rank: np.ndarray, count: int) -> np.ndarray:
    """Returns the normalised discounted cumulative gain: 1 / log2(rank + 1), or 0 beyond `count`.

    After Järvelin and Kekäläinen (2002); one item is relevant, so the best possible is 1.
    """
    return hits(rank, count) / np.log2(rank + 1)
