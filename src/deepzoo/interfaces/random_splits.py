"""Seeded draws: three splits, or so many examples of each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def split_random(
    count: int, seed: int, labels: Sequence[Any] | np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws train, validation and test (80, 10 and 10 in a hundred) from a seed.

    Args:
        count: Number of examples.
        seed: A setting of the dataset, not the seed of the run.
        labels: When given, each class is split by itself.

    Returns:
        Sorted indices of the three parts.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    if labels is None:
        groups = [np.arange(count)]
    else:
        values = np.asarray(labels)
        groups = [np.flatnonzero(values == value) for value in np.unique(values)]
    parts: tuple[list[np.ndarray], ...] = ([], [], [])
    for group in groups:
        order = generator.permutation(group)
        tenth = round(len(group) / 10)
        pieces = np.split(order, [len(order) - 2 * tenth, len(order) - tenth])
        for part, piece in zip(parts, pieces, strict=True):
            part.append(piece)
    return tuple(np.sort(np.concatenate(part)) for part in parts)  # pyright: ignore[reportReturnType]


def stratified(labels: Sequence[Any] | np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draws `count` examples so that each class keeps its share.

    Args:
        labels: The class of every example.
        count: How many are drawn; all when there are not more.
        seed: A setting of the dataset, not the seed of the run.

    Returns:
        Sorted indices of those drawn.
    """
    import numpy as np

    values = np.asarray(labels)
    if count >= len(values):
        return np.arange(len(values))
    _, places, sizes = np.unique(values, return_inverse=True, return_counts=True)
    shares = sizes * (count / len(values))
    quota = np.floor(shares).astype(np.int64)
    # What rounding down left over goes to the classes that lost most by it.
    order = np.argsort(quota - shares, kind="stable")
    quota[order[: count - quota.sum()]] += 1
    generator = np.random.default_rng(seed)
    drawn = [
        generator.permutation(np.flatnonzero(places == place))[:size]
        for place, size in enumerate(quota)
    ]
    return np.sort(np.concatenate(drawn))
