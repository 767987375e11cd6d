"""Timing by alternating repeats: other work on the machine slows every side equally."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def alternate(sides: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Runs every side once unmeasured, then all in turn; returns the seconds of each repeat."""
    for run in sides.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repeats):
        for name, run in sides.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def median_ratio(numerator: list[float], denominator: list[float]) -> float:
    """Returns the median of the ratios of paired repeats."""
    return statistics.median(a / b for a, b in zip(numerator, denominator, strict=True))
