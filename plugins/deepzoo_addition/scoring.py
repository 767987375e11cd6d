"""Scores of addition: right answers, right characters, and right answers by length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from deepzoo import Scores

    from .prepare import SumArrays


def right_characters(
    given: Sequence[str], right: Sequence[str], digits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compares the given answers with the right ones.

    Returns:
        1 for each right answer, else 0, and its fraction of right characters, float [n]; answers
        are padded with blanks on the right, as for the published accuracy, to one character more
        than the longer number has digits.
    """
    exact, characters = [], []
    for answer, truth, width in zip(given, right, (digits + 1).tolist(), strict=True):
        pairs = zip(answer.ljust(width), truth.ljust(width), strict=False)
        exact.append(float(answer == truth))
        characters.append(sum(a == b for a, b in pairs) / width)
    return np.array(exact), np.array(characters)


def by_length(scores: Mapping[str, Scores], arrays: SumArrays) -> dict[int, np.ndarray]:
    """Returns which sums are right, as 0 and 1, by the digits of the longer number."""
    names = [name for name in ("exact_match", "longer_exact_match") if name in scores]
    exact = np.concatenate([scores[name].values for name in names])
    return {size: exact[arrays.digits == size] for size in np.unique(arrays.digits).tolist()}


def exact_match(targets: Any, outputs: Any) -> Any:
    """Returns 1 for each token of an answer that is predicted without a mistake, else 0."""
    import keras

    ops: Any = keras.ops
    tokens = ops.cast(ops.argmax(outputs, axis=-1), "int32")
    right = ops.all(tokens == ops.cast(targets, "int32"), axis=-1, keepdims=True)
    return ops.cast(ops.broadcast_to(right, ops.shape(targets)), "float32")
