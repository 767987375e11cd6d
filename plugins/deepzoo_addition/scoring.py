"""Scores of addition: right answers, right characters, and right answers by length."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from deepzoo import Scores

    from .prepare import SumArrays


@dataclasses.dataclass(frozen=True)
class LengthScore:
    """How many sums of one length are right.

    Args:
        digits: Digits of the longer number.
        count: How many sums.
        right: How many of them are right.
    """

    digits: int
    count: int
    right: int

    @property
    def share(self) -> float:
        """The share that is right."""
        return self.right / self.count


def right_characters(
    given: Sequence[str], right: Sequence[str], digits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compares answers.

    Args:
        given: What the network wrote.
        right: What is right.
        digits: Digits of the longer number, int [n]; an answer has room for one more.

    Returns:
        Whether each answer is right, and its share of right characters, float [n]; answers
        are filled up with blanks on the right, as the published accuracy counts them.
    """
    exact = np.array([one == other for one, other in zip(given, right, strict=True)], float)
    shares = [
        sum(a == b for a, b in zip(one.ljust(width), other.ljust(width), strict=False)) / width
        for one, other, width in zip(given, right, (digits + 1).tolist(), strict=True)
    ]
    return exact, np.array(shares)


def by_length(scores: Mapping[str, Scores], arrays: SumArrays) -> list[LengthScore]:
    """Counts right answers by the digits of the longer number."""
    parts = [
        scores[name].values for name in ("exact_match", "longer_exact_match") if name in scores
    ]
    exact = np.concatenate(parts)
    return [
        LengthScore(
            size, int((arrays.digits == size).sum()), round(exact[arrays.digits == size].sum())
        )
        for size in np.unique(arrays.digits).tolist()
    ]


def exact_match(targets: Any, outputs: Any) -> Any:
    """Returns for each token whether all tokens of its answer are the likeliest ones."""
    import keras

    ops: Any = keras.ops
    tokens = ops.cast(ops.argmax(outputs, axis=-1), "int32")
    right = ops.all(tokens == ops.cast(targets, "int32"), axis=-1, keepdims=True)
    return ops.cast(ops.broadcast_to(right, ops.shape(targets)), "float32")
