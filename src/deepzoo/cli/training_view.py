"""How training progress is shown: a progress bar on a terminal, a line per epoch elsewhere."""

from __future__ import annotations

import sys
from typing import Any, Self

from ..system.files import bytes_in_words
from ..training.progress import (
    EpochEnded,
    Estimated,
    Fetched,
    Message,
    Planned,
    ProgressEvent,
    Sampled,
    Stepped,
)
from .console import clean, console, is_terminal

FEW_STEPS = 100
FEW_LINES = 4  # of a sample that are shown one by one
NO_SCORES = {"epoch", "seconds", "learning_rate", "steps"}


class TrainingView:
    """Draws the events that the trainer reports; use it as a context manager.

    Everything goes to standard error, so that standard output holds results alone.
    """

    def __init__(self) -> None:
        self._progress: Any = None
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def __call__(self, event: ProgressEvent) -> None:
        """Shows one event; kinds that it does not know are left out."""
        match event:
            case Planned():
                self._show_plan(event)
            case Fetched():
                self._show_fetched(event)
            case Estimated(minutes) if minutes > 0.1:
                self._line(f"expected: {duration(60 * minutes)}")
            case Message("warning", text):
                self._stop()
                console.warn(text)
            case Message(level, text):
                self._line(f"note: {text}" if level == "note" else text)
            case Stepped():
                self._show_step(event)
            case EpochEnded():
                self._show_epoch(event)
            case Sampled(step, sample):
                self._line(f"step {step:,}")
                self._show_lines(sample)

    def _show_fetched(self, event: Fetched) -> None:
        if console.quiet or not is_terminal(sys.stderr):
            return
        progress = self._progress or self._start(event.size)
        fields = {"where": "fetching", "scores": bytes_in_words(event.bytes)}
        progress.update(self._bar, completed=event.bytes, total=event.size, **fields)

    def _show_plan(self, event: Planned) -> None:
        parts = [
            _count(event.layers, "layer"),
            _count(event.parameters, "parameter"),
            _count(event.steps, "step"),
            _count(event.epochs, "epoch"),
        ]
        self._line("plan: " + ", ".join(part for part in parts if part))
        if 0 < event.steps < FEW_STEPS:
            self._line(
                f"note: Only {_count(event.steps, 'training step')}: "
                "raise --epochs or lower --batch-size."
            )

    def _show_step(self, event: Stepped) -> None:
        if console.quiet or not is_terminal(sys.stderr):
            return
        progress = self._progress or self._start(event.steps)
        speed, left = event.examples_per_second, event.seconds_left
        fields = {
            "where": f"epoch {event.epoch}/{event.epochs}",
            "scores": _scores({"loss": event.loss, **event.metrics}),
            "speed": f"{speed:,.0f}/s" if speed else "",
            "left": f"{duration(left)} left" if left and left >= 1 else "",
        }
        progress.update(self._bar, completed=event.step, **fields)

    def _show_epoch(self, event: EpochEnded) -> None:
        if is_terminal(sys.stderr):
            self._stop()
        row = event.row
        scores = {key: value for key, value in row.items() if key not in NO_SCORES}
        line = f"epoch {row['epoch']}/{event.epochs}  {_scores(scores)}"
        self._line(f"{line}  {duration(row['seconds'])}")
        if event.sample:
            self._show_lines(event.sample)

    def _show_lines(self, sample: str) -> None:
        """Shows the lines of a sample if they are few, else all in one."""
        lines = [line for line in sample.splitlines() if line.strip()]
        for line in lines if len(lines) <= FEW_LINES else [sample]:
            self._line("  " + _in_a_line(line))

    def _line(self, text: str) -> None:
        """Writes a line that stays, above the bar where there is one."""
        self._stop()
        console.note(text)

    def _start(self, total: int | None) -> Any:
        import rich.console
        import rich.progress

        column = rich.progress.TextColumn
        fields = [
            column("{task.fields[where]}", markup=False),
            rich.progress.BarColumn(bar_width=None),
            column("{task.fields[scores]}", markup=False),
            column("{task.fields[speed]}", markup=False),
            column("{task.fields[left]}", markup=False),
        ]
        screen = rich.console.Console(stderr=True, markup=False, highlight=False)
        self._progress = rich.progress.Progress(
            *fields, console=screen, transient=True, refresh_per_second=8, expand=True
        )
        self._bar = self._progress.add_task("", total=total, where="", scores="", speed="", left="")
        self._progress.start()
        return self._progress

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def duration(seconds: float) -> str:
    """Writes a time as people say it: `4 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(whole, 3600)
    return f"{hours} h {rest // 60} min"


def _in_a_line(sample: str) -> str:
    from rich.text import Text

    line = Text(" ".join(clean(sample).split()))
    line.truncate(76, overflow="ellipsis")
    return line.plain


def _count(number: Any, noun: str) -> str:
    if not number:
        return ""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _scores(scores: dict[str, Any]) -> str:
    parts = []
    for name, value in scores.items():
        if isinstance(value, bool) or value is None:
            continue
        shown = f"{value:.4g}" if isinstance(value, (int, float)) else str(value)
        parts.append(f"{name} {shown}")
    return "  ".join(parts)
