"""The options and plan of a training run, its clock, and the learning rate at each step."""

from __future__ import annotations

import dataclasses
import math
import time

from ..interfaces.model import Model


def learning_rate(peak: float, schedule: str, warmup: float, done: float) -> float:
    """Returns the learning rate at one moment of the training.

    Args:
        peak: The highest rate.
        schedule: `constant`, `linear` (to zero) or `cosine` (to 2 % of the peak;
            Loshchilov and Hutter, SGDR, 2017, equation 5).
        warmup: Fraction of the steps over which the rate rises linearly from zero.
        done: Fraction of the planned steps that are done, 0 to 1.

    Examples:
        >>> [round(learning_rate(1.0, "linear", 0.5, done), 2) for done in (0.25, 0.5, 1.0)]
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


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """How to train, beyond the settings of the model.

    Args:
        device: `auto`, `cpu`, `all` or `gpu:N`.
        precision: `float32`, or `mixed`.
        deterministic: Make equal runs bit-identical on a GPU too, at the cost of speed.
        patience: Stop after this many epochs without a better validation score; None never stops.
        max_minutes: Stop after this many minutes of training; compilation is not counted.
    """

    device: str = "auto"
    precision: str = "float32"
    deterministic: bool = False
    patience: int | None = None
    max_minutes: float | None = None


CHECKPOINT_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class TrainingPlan:
    """What a training was asked to do beyond its model's settings.

    Args:
        epochs: Passes over the training split in all, earlier ones included.
        seed: Decides weights, order and dropout.
        patience: Stop after this many epochs without a better validation score; None never stops.
        max_minutes: Budget of training time.
        checkpoint_seconds: Time between checkpoints inside an epoch.
    """

    epochs: int
    seed: int = 0
    patience: int | None = None
    max_minutes: float | None = None
    checkpoint_seconds: float = CHECKPOINT_SECONDS


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
        """Returns the fraction of the training that is done before step `step`, 0 to 1."""
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
