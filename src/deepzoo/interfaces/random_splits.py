"""Random splits and stratified subsets, which depend on a seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def split_random(
    count: int, seed: int, labels: Sequence[Any] | np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Splits examples at random: 80 % for training, 10 % for validation, 10 % for test.

    Args:
        count: Number of examples.
        seed: A setting of the dataset, not the seed of the run.
        labels: The class of every example, to split each class separately.

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
    """Draws a subset in which each class keeps its proportion.

    Args:
        labels: The class of every example.
        count: Number of examples to draw; all of them if there are fewer.
        seed: A setting of the dataset, not the seed of the run.

    Returns:
        Sorted indices of the subset.
    """
    import numpy as np

    values = np.asarray(labels)
    if count >= len(values):
        return np.arange(len(values))
    _, classes, sizes = np.unique(values, return_inverse=True, return_counts=True)
    exact = sizes * (count / len(values))
    quota = np.floor(exact).astype(np.int64)
    # The examples lost by rounding down go to the classes that lost most.
    order = np.argsort(quota - exact, kind="stable")
    quota[order[: count - quota.sum()]] += 1
    generator = np.random.default_rng(seed)
    drawn = [
        generator.permutation(np.flatnonzero(classes == label))[:size]
        for label, size in enumerate(quota)
    ]
    return np.sort(np.concatenate(drawn))
