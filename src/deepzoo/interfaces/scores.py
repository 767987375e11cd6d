"""Scores: what a task measures on each example, and the meaning of each metric."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Self

from ..errors import PluginError

if TYPE_CHECKING:
    import numpy as np


@dataclasses.dataclass(frozen=True)
class Metric:
    """The meaning and the range of a score.

    Args:
        better: Whether `lower` or `higher` values are better.
        help: What the metric measures.
        format: Format specification of the printed value.
        most: The highest possible value, such as 1 for a proportion; intervals end there.
        least: The lowest possible value. Intervals of values that are never negative end at 0.
        of: What there is a value of, if not of each test example: `generated texts`.
    """

    better: Literal["lower", "higher"]
    help: str
    format: str = ".3f"
    most: float = math.inf
    least: float = -math.inf
    of: str = ""


@dataclasses.dataclass
class Scores:
    """A metric's value for each example, from which the core computes mean and interval.

    The score is `sum(weights * values) / sum(weights)`: with the bits per character of each
    document as values and its characters as weights it is all bits over all characters. A score
    that is not a number, or whose weights add up to 0, is undefined: it is left out, which a note
    says. For a score that is no mean, see `of_sums`.

    Args:
        values: One value per example.
        weights: One weight per example; None weighs all examples equally.
        groups: One number or name per example; examples of a group depend on each other, as
            overlapping windows do. The interval is then that of drawing whole groups.
    """

    values: np.ndarray
    weights: np.ndarray | None = None
    groups: np.ndarray | None = None

    @classmethod
    def of_sums(
        cls, function: Callable[[Any], Any], statistics: Any, groups: np.ndarray | None = None
    ) -> Self:
        """Returns a score of sums over all examples, such as RMSE, F1, BLEU or perplexity.

        The influence of an example is measured by leaving it out (the jackknife: Efron, 1982).
        The values are the jackknife's pseudo-values, shifted so that their mean is the score; the
        interval of the mean is its interval.

        Args:
            function: From sums [..., k] to scores [...]; what it divides by 0 is undefined.
            statistics: What each example adds to the sums, [n, k].
            groups: As in `Scores`.

        Raises:
            PluginError: The shapes are not these.

        Examples:
            >>> import numpy as np
            >>> errors = np.array([3.0, 4.0, 0.0, 0.0])
            >>> statistics = np.stack([errors**2, np.ones(4)], axis=1)
            >>> rmse = Scores.of_sums(lambda s: np.sqrt(s[..., 0] / s[..., 1]), statistics)
            >>> float(rmse.values.mean())
            2.5
        """
        import numpy as np

        statistics = np.asarray(statistics, np.float64)
        if statistics.ndim != 2:
            raise PluginError(
                "Scores.of_sums takes statistics [n, k], a row for each example; "
                f"received: {list(statistics.shape)}."
            )

        def scores_of(sums: np.ndarray) -> np.ndarray:
            with np.errstate(divide="ignore", invalid="ignore"):
                scores = np.asarray(function(sums))
            if scores.shape != sums.shape[:-1]:
                raise PluginError(
                    "The function of Scores.of_sums must return one score for each row of sums: "
                    f"expected {list(sums.shape[:-1])}, received {list(scores.shape)}.",
                    "Name a sum by its last axis, as sums[..., 0].",
                )
            return scores

        sums, count = statistics.sum(axis=0), len(statistics)
        whole = scores_of(sums[None])[0]
        if count < 2 or not np.isfinite(whole):
            return cls(np.full(count, whole if np.isfinite(whole) else np.nan), None, groups)
        without = scores_of(sums - statistics)
        if not np.isfinite(without).all():
            # It hangs on one example: a value without an interval, as that of a single group.
            return cls(np.full(count, whole), None, np.zeros(count, np.int64))
        # Weights say that the values are no yes and no, even where all of them are 0 or 1.
        return cls(whole + (count - 1) * (without.mean() - without), np.ones(count), groups)
