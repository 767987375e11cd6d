"""Ctrl-C and SIGTERM during training: finish the step, save, then stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ..errors import Interrupted

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class StopRequest:
    """Remembers that a signal asked the training to stop.

    Attributes:
        signal_number: The first signal received, 0 while there is none.
    """

    def __init__(self) -> None:
        self.signal_number = 0
        self._deferred = 0

    def __bool__(self) -> bool:
        return self.signal_number != 0

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Handles a signal: the first one asks politely, a second Ctrl-C stops at once."""
        if self.signal_number and number == signal.SIGINT and not self._deferred:
            raise KeyboardInterrupt
        self.signal_number = self.signal_number or number

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Keeps even a second Ctrl-C waiting, for the time of a save."""
        self._deferred += 1
        try:
            yield
        finally:
            self._deferred -= 1


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Turns signals into a `StopRequest` while the block runs.

    Outside the main thread Python can set no handlers; then the request stays empty.
    """
    request = StopRequest()
    with _handled_by(request.receive):
        yield request


@contextmanager
def interrupt_on_signals(hint: str) -> Iterator[None]:
    """Turns signals into `Interrupted` at once, for use before the first and after the last step.

    Args:
        hint: The command that resumes.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted("Stopped outside the training steps.", hint, number)

    with _handled_by(interrupt):
        yield


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
