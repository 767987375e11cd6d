"""Scores of the recommender: where the hidden item stands among those not in the basket."""

from __future__ import annotations

from typing import Any

import numpy as np

from .prepare import HeldOut
from .rows import blocks, dense, ranked, scores_of

TOP = 10


def ranks(network: Any, held_out: HeldOut) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Ranks the hidden item of each basket among all items that are not in the rest of it.

    Args:
        network: Any network of this task.
        held_out: Baskets and what is hidden.

    Returns:
        The ranks from 1 on, of items with equal scores the middle one; how many items there
        were to rank; and the ten best items of each basket.
    """
    found, counts, tops = [], [], []
    for part in blocks(len(held_out), len(held_out.baskets.items)):
        hidden = held_out.hidden[part]
        places = np.arange(len(hidden))
        rows = dense(held_out.baskets.take(np.arange(len(held_out))[part]))
        rows[places, hidden] = 0
        unseen = rows == 0
        scores = scores_of(network, rows)
        own = scores[places, hidden][:, None]
        above = ((scores > own) & unseen).sum(axis=1)
        equal = ((scores == own) & unseen).sum(axis=1)
        found.append(above + (equal + 1) / 2)
        counts.append(unseen.sum(axis=1))
        tops += ranked(scores, unseen, TOP)
    return np.concatenate(found), np.concatenate(counts), tops


def hits(rank: np.ndarray, count: int) -> np.ndarray:
    """Returns which hidden items are among the first `count`, as 0 and 1."""
    return (rank <= count).astype(float)


def gain(rank: np.ndarray, count: int) -> np.ndarray:
    """Returns the normalised discounted cumulative gain: 1 / log2(rank + 1), or 0 beyond `count`.

    After Järvelin and Kekäläinen (2002); one item is relevant, so the best there is is 1.
    """
    return hits(rank, count) / np.log2(rank + 1)


def covered(tops: list[np.ndarray], items: int) -> np.ndarray:
    """Returns for each item whether it is in any of the lists, as 0 and 1.

    Here the items are the examples: of how many there would be in other baskets, baskets that
    name one item each twice say little.
    """
    return (np.bincount(np.concatenate(tops), minlength=items) > 0).astype(float)
