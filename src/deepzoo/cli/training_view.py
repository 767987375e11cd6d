"""What a training shows while it runs: a bar on a terminal, a line per epoch elsewhere."""

from __future__ import annotations

import sys
from typing import Any, Self

from ..console import clean, console, is_terminal, shorten

FEW_STEPS = 100
FEW_LINES = 4  # of a sample that are shown one by one


class TrainingView:
    """Draws the events that the trainer reports; use it as a context manager.

    Everything goes to standard error, so that standard output holds results alone.
    """

    def __init__(self) -> None:
        self._progress: Any = None
        self._bar: Any = None
        self._epochs = 0
        self._steps = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def __call__(self, event: dict[str, Any]) -> None:
        """Shows one event; kinds that it does not know are left out."""
        show = getattr(self, f"_show_{event.get('kind')}", None)
        if show is not None:
            show(event)

    def _show_fetch(self, event: dict[str, Any]) -> None:
        if console.quiet or not is_terminal(sys.stderr):
            return
        progress = self._progress or self._start(event["size"])
        megabytes = f"{event['bytes'] / 1e6:.1f} MB"
        fields = {"where": "fetching", "scores": megabytes}
        progress.update(self._bar, completed=event["bytes"], total=event["size"], **fields)

    def _show_plan(self, event: dict[str, Any]) -> None:
        self._epochs = int(event.get("epochs") or 0)
        self._steps = int(event.get("steps") or 0)
        parts = [
            _count(event.get("layers"), "layer"),
            _count(event.get("parameters"), "parameter"),
            _count(self._steps, "step"),
            _count(self._epochs, "epoch"),
        ]
        minutes = event.get("minutes")
        if minutes is not None:
            parts.append(f"about {duration(60 * minutes)}")
        self._line("plan: " + ", ".join(part for part in parts if part))
        if 0 < self._steps < FEW_STEPS:
            self._line(
                f"note: {_count(self._steps, 'step')} in all: a network learns little in so few. "
                "More --epochs or a smaller --batch-size are more steps."
            )

    def _show_estimate(self, event: dict[str, Any]) -> None:
        """The time that is left can only be told once some steps have been timed."""
        if event["minutes"] > 0.1:
            self._line(f"expected: {duration(60 * event['minutes'])}")

    def _show_phase(self, event: dict[str, Any]) -> None:
        self._line(str(event.get("text", "")))

    def _show_warning(self, event: dict[str, Any]) -> None:
        self._stop()
        console.warn(event.get("text", ""))

    def _show_note(self, event: dict[str, Any]) -> None:
        self._line(f"note: {event.get('text', '')}")

    def _show_step(self, event: dict[str, Any]) -> None:
        if console.quiet or not is_terminal(sys.stderr):
            return
        progress = self._progress or self._start(event.get("steps") or self._steps or None)
        fields = {
            "where": f"epoch {event.get('epoch', 0)}/{event.get('epochs') or self._epochs}",
            "scores": _scores({"loss": event.get("loss"), **(event.get("metrics") or {})}),
            "speed": _speed(event.get("examples_per_second")),
            "left": _left(event.get("eta")),
        }
        progress.update(self._bar, completed=event.get("step", 0), **fields)

    def _show_epoch(self, event: dict[str, Any]) -> None:
        if is_terminal(sys.stderr):
            self._stop()
        number = event.get("epoch", 0)
        of = f"/{self._epochs}" if self._epochs else ""
        left_out = {
            "kind",
            "epoch",
            "epochs",
            "seconds",
            "learning_rate",
            "step",
            "steps",
            "sample",
        }
        scores = {key: value for key, value in event.items() if key not in left_out}
        line = f"epoch {number}{of}  {_scores(scores)}"
        if event.get("seconds") is not None:
            line += f"  {duration(event['seconds'])}"
        self._line(line)
        if event.get("sample"):
            self._show_lines(event["sample"])

    def _show_sample(self, event: dict[str, Any]) -> None:
        self._line(f"step {event['step']:,}")
        self._show_lines(event["sample"])

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
    return shorten(" ".join(clean(sample).split()), 76)


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


def _speed(examples_per_second: float | None) -> str:
    return f"{examples_per_second:,.0f}/s" if examples_per_second else ""


def _left(seconds: float | None) -> str:
    return f"{duration(seconds)} left" if seconds and seconds >= 1 else ""
