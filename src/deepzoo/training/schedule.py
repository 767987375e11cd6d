"""Learning-rate schedules: functions of the share of the training that is done."""

from __future__ import annotations

import math


def learning_rate(peak: float, schedule: str, warmup: float, done: float) -> float:
    """Returns the learning rate at one moment of the training.

    Args:
        peak: The highest rate.
        schedule: `constant`, `linear` (to zero) or `cosine` (to 2 % of the peak;
            Loshchilov and Hutter, SGDR, 2017, equation 5).
        warmup: Share of the steps over which the rate rises linearly from zero.
        done: Share of the planned steps that are done, 0 to 1.

    Example:
        >>> [round(learning_rate(1.0, "linear", 0.5, share), 2) for share in (0.25, 0.5, 1.0)]
        [0.5, 1.0, 0.0]
    """
    done = min(max(done, 0.0), 1.0)
    if done < warmup:
        return peak * done / warmup
    falling = (done - warmup) / (1 - warmup)
    if schedule == "linear":
        return peak * (1 - falling)
    if schedule == "cosine":
        return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * falling)))
    return peak
