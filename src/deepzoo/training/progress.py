"""Progress events: what a training reports while it runs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import DivergedError
from ..plugins.calls import calling

if TYPE_CHECKING:
    from .trainer import Trainer

SECONDS_BETWEEN_EVENTS = 0.1
STEPS_TO_MEASURE = 3


@dataclasses.dataclass(frozen=True)
class ProgressEvent:
    """Base of the events that a training reports to `on_event`."""


@dataclasses.dataclass(frozen=True)
class Fetched(ProgressEvent):
    """More of a file has arrived; `size` is None if the server does not send it."""

    bytes: int
    size: int | None


@dataclasses.dataclass(frozen=True)
class Planned(ProgressEvent):
    """What will be trained, before the first step."""

    layers: int
    parameters: int | None
    steps: int
    epochs: int


@dataclasses.dataclass(frozen=True)
class Estimated(ProgressEvent):
    """How long it will take, once a few steps have been timed."""

    minutes: float


@dataclasses.dataclass(frozen=True)
class Message(ProgressEvent):
    """Something the user should know: a phase that begins, a note, or a warning."""

    level: Literal["phase", "note", "warning"]
    text: str


@dataclasses.dataclass(frozen=True)
class Stepped(ProgressEvent):
    """A training step was done; reported a few times per second at most."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    metrics: dict[str, float]
    examples_per_second: float | None
    seconds_left: float | None


@dataclasses.dataclass(frozen=True)
class EpochEnded(ProgressEvent):
    """An epoch was validated: its row of the history, and what the network produced."""

    epochs: int
    row: dict[str, Any]
    sample: str | None


@dataclasses.dataclass(frozen=True)
class Sampled(ProgressEvent):
    """What the network produced within an epoch, after `step` steps in total."""

    step: int
    sample: str


Report = Callable[[ProgressEvent], None]


class Progress:
    """Turns batches and epochs into events, a few per second at most.

    Args:
        report: Takes the events.
        trainer: The training that is watched.
    """

    def __init__(self, report: Report, trainer: Trainer) -> None:
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
            self.report(Estimated(clock.seconds_left(self.trainer.step, speed) / 60))
        now = time.monotonic()
        if now - self._reported_at < SECONDS_BETWEEN_EVENTS and batch + 1 < order.steps:
            return
        self._reported_at = now
        event = Stepped(
            epoch=epoch + 1,
            epochs=self.trainer.plan.epochs,
            step=batch + 1,
            steps=order.steps,
            loss=loss,
            metrics={name: float(value) for name, value in logs.items() if name != "loss"},
            examples_per_second=order.batch_size / speed if speed else None,
            seconds_left=clock.seconds_left(self.trainer.step, speed) if speed else None,
        )
        self.report(event)

    def sample(self, done: int) -> None:
        """Stores and reports what the network produces after `done` steps in all."""
        trainer = self.trainer
        try:
            text = trainer.task.progress_sample(
                trainer.network, trainer.prepared, trainer.plan.seed
            )
        except DivergedError:
            return  # the loss of the next step says so, too, and what to do about it
        if text is not None:
            trainer.run.save_sample(done, text, "step")
            self.report(Sampled(done, text))


class Callback(NamedTuple):
    """A callback, and the words for the plugin that it comes from."""

    callback: Any
    plugin: str


def tell(callbacks: Iterable[Callback], moment: str, *arguments: Any) -> None:
    """Calls the method `moment` of every callback that has it; Keras' own have them all."""
    for callback, plugin in callbacks:
        method = getattr(callback, moment, None)
        if method is not None:
            with calling(plugin, f"{type(callback).__name__}.{moment}"):
                method(*arguments)
