"""Training time: seconds after compilation, planned steps, what is left."""

from __future__ import annotations

import time

from ..model import Model
from .schedule import learning_rate


class TrainingClock:
    """Measures training time and says how far the training is.

    Compilation is not training: the first batch of each process does not count.

    Args:
        steps: Planned steps in all.
        max_seconds: Time budget, or None.
        seconds: Training seconds of earlier processes, when a run is resumed.
    """

    def __init__(self, steps: int, max_seconds: float | None, seconds: float = 0.0) -> None:
        self.steps = steps
        self.max_seconds = max_seconds
        self.seconds = seconds
        self.timed_steps = 0
        self._began = 0.0
        self._compiled = False

    def batch_begin(self) -> None:
        """Starts the time of a batch."""
        self._began = time.perf_counter()

    def batch_end(self) -> None:
        """Counts the batch, unless it was the one that compiled."""
        if self._compiled:
            self.seconds += time.perf_counter() - self._began
            self.timed_steps += 1
        self._compiled = True

    def done(self, step: int) -> float:
        """Returns the share of the training that is done before step `step`, 0 to 1."""
        by_steps = step / max(self.steps, 1)
        by_time = self.seconds / self.max_seconds if self.max_seconds else 0.0
        return min(1.0, max(by_steps, by_time))

    def out_of_time(self) -> bool:
        """Says whether the time budget is used up."""
        return self.max_seconds is not None and self.seconds >= self.max_seconds

    def seconds_left(self, step: int, speed: float) -> float:
        """Estimates what is left from the measured seconds per step."""
        left = (self.steps - step) * speed
        return min(left, self.max_seconds - self.seconds) if self.max_seconds else left

    def rate(self, model: Model, step: int) -> float:
        """Returns the learning rate of step `step`."""
        return learning_rate(model.learning_rate, model.schedule, model.warmup, self.done(step + 1))
