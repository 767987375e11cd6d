"""From scores per example to a number with an interval, and to paired differences.

A score is a weighted mean, `sum(w * v) / sum(w)`. Both sums vary from sample to
sample, so its variance comes from the linearised ratio: example i moves the
score by `w_i * (v_i - score) / sum(w)`.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from ..errors import DataError

if TYPE_CHECKING:
    import numpy as np


NORMAL_95 = 1.959963984540054


def summarise(scores: Scores, most: float = math.inf) -> tuple[float, float, float, int]:
    """Returns the score, the bounds of its 95 % interval, and the number of examples.

    Shares of yes-or-no examples (accuracy) get Wilson's interval (1927), which stays between
    0 and 1 and says something even when all examples agree. Where no value is below 0 the
    interval is not either. With one example there is no interval: the bounds are NaN.

    Args:
        scores: One value per example.
        most: The highest value there is. Where it is above 1, a 0 or a 1 is no yes or no.

    Example:
        >>> import numpy as np
        >>> from deepzoo import Scores
        >>> summarise(Scores(np.array([0.0, 1.0, 1.0, 0.0])))[0]
        0.5
    """
    import numpy as np

    value, influence = _linearised(scores)
    low, high = _interval(value, influence)
    if low < 0 and (np.asarray(scores.values) >= 0).all():
        low = 0.0
    share = most == 1 or math.isinf(most)
    if share and len(influence) > 1 and scores.weights is None and _is_binary(scores.values):
        low, high = _wilson(value, len(influence))
    return value, low, high, len(influence)


def compare(a: Scores, b: Scores) -> tuple[float, float, float]:
    """Returns how much higher `a` scores than `b`, with a 95 % interval, example by example.

    Raises:
        DataError: The two were not measured on equally many examples.
    """
    if len(a.values) != len(b.values):
        raise DataError(
            "Scores can be compared on the same examples only: "
            f"expected {len(a.values)}, received {len(b.values)}."
        )
    (first, influence), (second, other) = _linearised(a), _linearised(b)
    difference = first - second
    return difference, *_interval(difference, influence - other)


def _is_binary(values: np.ndarray) -> bool:
    import numpy as np

    return bool(np.isin(values, (0, 1)).all())


def _wilson(share: float, count: int) -> tuple[float, float]:
    spread = NORMAL_95**2 / count
    centre = (share + spread / 2) / (1 + spread)
    half = NORMAL_95 * ((share * (1 - share) + spread / 4) / count) ** 0.5 / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _linearised(scores: Scores) -> tuple[float, np.ndarray]:
    import numpy as np

    values = np.asarray(scores.values, np.float64)
    weights = np.ones_like(values)
    if scores.weights is not None:
        weights = np.asarray(scores.weights, np.float64)
    if values.ndim != 1 or weights.shape != values.shape:
        raise DataError(
            "Scores are one value and one weight per example: "
            f"received values {values.shape} and weights {weights.shape}."
        )
    total = weights.sum()
    if not total > 0:
        raise DataError("There is no example to score: the weights add up to 0.")
    value = float((weights * values).sum() / total)
    return value, weights * (values - value) / total


def _interval(value: float, influence: np.ndarray) -> tuple[float, float]:
    count = len(influence)
    if count < 2:
        return float("nan"), float("nan")
    half = NORMAL_95 * float((count / (count - 1) * (influence**2).sum()) ** 0.5)
    return value - half, value + half


@dataclasses.dataclass
class Scores:
    """One metric, per example, so that the core can give intervals and paired differences.

    The score is `sum(weights * values) / sum(weights)`: with bits per character of each
    document as values and its characters as weights it is total bits over all characters.
    """

    values: np.ndarray
    weights: np.ndarray | None = None
