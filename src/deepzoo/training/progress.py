"""Progress events: what a training tells whoever watches it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..errors import DivergedError

if TYPE_CHECKING:
    from .trainer import Trainer

SECONDS_BETWEEN_EVENTS = 0.1
STEPS_TO_MEASURE = 3


class Progress:
    """Turns batches and epochs into events, a few per second at most.

    Args:
        report: Takes the events.
        trainer: The training that is watched.
    """

    def __init__(self, report: Callable[[dict[str, Any]], None], trainer: Trainer) -> None:
        self.report = report
        self.trainer = trainer
        self.last_loss = 0.0
        self._reported_at = 0.0
        self._announced = False

    def step(self, epoch: int, batch: int, loss: float, logs: dict[str, Any]) -> None:
        """Reports a batch, if the last report is old enough."""
        self.last_loss = loss
        clock, order = self.trainer.clock, self.trainer.order
        speed = clock.seconds / clock.timed_steps if clock.timed_steps else 0.0
        if clock.timed_steps >= STEPS_TO_MEASURE and not self._announced:
            self._announced = True
            minutes = clock.seconds_left(self.trainer.step, speed) / 60
            self.report({"kind": "estimate", "minutes": minutes, "seconds_per_step": speed})
        now = time.monotonic()
        if now - self._reported_at < SECONDS_BETWEEN_EVENTS and batch + 1 < order.steps:
            return
        self._reported_at = now
        self.report(
            {
                "kind": "step",
                "epoch": epoch + 1,
                "epochs": self.trainer.plan.epochs,
                "step": batch + 1,
                "steps": order.steps,
                "loss": loss,
                "metrics": {name: float(value) for name, value in logs.items() if name != "loss"},
                "examples_per_second": order.batch_size / speed if speed else None,
                "eta": clock.seconds_left(self.trainer.step, speed) if speed else None,
            }
        )

    def epoch(self, row: dict[str, Any], sample: str | None) -> None:
        """Reports a finished epoch with its history row."""
        self.report({"kind": "epoch", "epochs": self.trainer.plan.epochs, "sample": sample, **row})

    def sample(self, done: int) -> None:
        """Keeps and reports what the network produces after `done` steps in all."""
        trainer = self.trainer
        try:
            text = trainer.task.progress_sample(
                trainer.network, trainer.prepared, trainer.plan.seed
            )
        except DivergedError:
            return  # the loss of the next step says so, too, and what to do about it
        if text is not None:
            trainer.run.save_sample(done, text, "step")
            self.report({"kind": "sample", "step": done, "sample": text})

    def warn(self, text: str) -> None:
        """Reports something that the user should know."""
        self.report({"kind": "warning", "text": text})


def tell(callbacks: Iterable[Any], moment: str, *arguments: Any) -> None:
    """Calls the method `moment` of every callback that has it; Keras' own have them all."""
    for callback in callbacks:
        method = getattr(callback, moment, None)
        if method is not None:
            method(*arguments)
