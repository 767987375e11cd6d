"""Confidence intervals: of a mean over examples, and of a paired difference.

A score is a weighted mean, `sum(w * v) / sum(w)`. Both sums vary from sample to
sample, so its variance comes from the linearised ratio (delta method): example i moves the
score by `w_i * (v_i - score) / sum(w)`. Examples of one group move it together: their sum is one
draw (Liang and Zeger, 1986).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..errors import DataError
from ..interfaces.scores import Scores

if TYPE_CHECKING:
    import numpy as np

NORMAL_95 = 1.959963984540054  # the 97.5 % quantile of the standard normal distribution


def summarise(scores: Scores, most: float = math.inf) -> tuple[float, float, float, int]:
    """Returns the score, the bounds of its 95 % confidence interval, and the number of examples.

    Proportions (such as accuracy) get Wilson's interval (1927), which stays between 0 and 1
    and has a width even if all examples agree. Where no value is negative, the bounds are
    not either. A single example or group has no interval: the bounds are NaN. A score that is
    undefined is NaN, too.

    Args:
        scores: The scores of the examples.
        most: The highest possible value. If above 1, values 0 and 1 are not a proportion.

    Examples:
        >>> import numpy as np
        >>> from deepzoo import Scores
        >>> summarise(Scores(np.array([0.0, 1.0, 1.0, 0.0])))[0]
        0.5
    """
    import numpy as np

    value, influence = _linearised(scores)
    count = len(influence)
    binary = np.isin(scores.values, (0, 1)).all() and scores.weights is scores.groups is None
    if binary and count > 1 and (most == 1 or math.isinf(most)):
        return value, *_wilson(value, count), count
    low, high = _interval(value, influence, scores.groups)
    if low < 0 and (np.asarray(scores.values) >= 0).all():
        low = 0.0
    return value, low, high, count


def compare(a: Scores, b: Scores) -> tuple[float, float, float]:
    """Returns how much higher `a` scores than `b`, with the 95 % interval of the difference.

    Raises:
        DataError: The two have different numbers of examples.
    """
    import numpy as np

    if len(a.values) != len(b.values):
        raise DataError(
            "Scores can be compared on the same examples only: "
            f"expected {len(a.values)}, received {len(b.values)}."
        )
    (first, influence), (second, other) = _linearised(a), _linearised(b)
    difference = first - second
    groups = [scores.groups for scores in (a, b) if scores.groups is not None]
    coarsest = min(groups, key=lambda numbers: len(np.unique(numbers)), default=None)
    return difference, *_interval(difference, influence - other, coarsest)


def _linearised(scores: Scores) -> tuple[float, np.ndarray]:
    """Returns the score, and by how much each example moves it."""
    import numpy as np

    values = np.asarray(scores.values, np.float64)
    weights = np.ones_like(values)
    if scores.weights is not None:
        weights = np.asarray(scores.weights, np.float64)
    groups = values if scores.groups is None else np.asarray(scores.groups)
    if values.ndim != 1 or not weights.shape == groups.shape == values.shape:
        raise DataError(
            "Scores are one value, one weight and one group per example: "
            f"received values {values.shape}, weights {weights.shape}, groups {groups.shape}."
        )
    total = weights.sum()
    if not total > 0:
        return math.nan, np.full(len(values), math.nan)
    value = float((weights * values).sum() / total)
    value = value if math.isfinite(value) else math.nan
    return value, weights * (values - value) / total


def _interval(
    value: float, influence: np.ndarray, groups: np.ndarray | None
) -> tuple[float, float]:
    import numpy as np

    if groups is not None:
        influence = np.bincount(np.unique(groups, return_inverse=True)[1], influence)
    count = len(influence)
    if count < 2:
        return float("nan"), float("nan")
    half = NORMAL_95 * float((count / (count - 1) * (influence**2).sum()) ** 0.5)
    return value - half, value + half


def _wilson(proportion: float, count: int) -> tuple[float, float]:
    spread = NORMAL_95**2 / count
    centre = (proportion + spread / 2) / (1 + spread)
    variance = (proportion * (1 - proportion) + spread / 4) / count
    half = NORMAL_95 * variance**0.5 / (1 + spread)
    # It holds the proportion itself, which rounding must not leave outside.
    return max(0.0, min(centre - half, proportion)), min(1.0, max(centre + half, proportion))
