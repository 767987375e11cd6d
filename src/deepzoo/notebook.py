"""How a run shows itself: one line in a shell, a small table in a notebook."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from .errors import CheckpointError

if TYPE_CHECKING:
    from .run import Run

_CELL = "text-align:left;padding:2px 12px 2px 0"


def line(run: Run) -> str:
    """Describes a run in one line."""
    parts = [repr(run.id), run.status]
    if run.data:
        parts.append(f"{run.data} data")
    parts += [f"{name} {text}" for name, text in list(_scores(run).items())[:2]]
    return f"<Run {', '.join(parts)}>"


def card(run: Run) -> str:
    """Describes a run as an HTML table: what was trained on what, and how well it does."""
    record = run.record
    seconds = record.get("seconds")
    facts = {
        "task": run.task,
        "model": run.model,
        "dataset": f"{run.dataset} ({run.data})" if run.data else run.dataset,
        "status": " ".join(filter(None, [run.status, run.describe_error()])),
        "epochs": record.get("epochs"),
        "parameters": _grouped(record.get("parameters")),
        "training": f"{seconds:,.0f} s" if isinstance(seconds, (int, float)) else None,
        "folder": run.path,
    }
    rows = [(name, str(value)) for name, value in facts.items() if value not in (None, "")]
    rows += list(_scores(run).items())
    rows += [(f"{metric}, {model}", text) for model, metric, text in _baselines(run)]
    cells = "".join(
        f'<tr><th style="{_CELL}">{html.escape(name)}</th>'
        f'<td style="{_CELL}">{html.escape(text)}</td></tr>'
        for name, text in rows
    )
    return f"<table><caption><b>{html.escape(run.id)}</b></caption>{cells}</table>"


def number(value: Any) -> str:
    """Writes a score in four significant digits, and anything else as it is."""
    return f"{value:.4g}" if isinstance(value, (int, float)) else str(value)


def _scores(run: Run) -> dict[str, str]:
    try:
        metrics, intervals = run.metrics, run.intervals
    except CheckpointError as error:
        return {"scores": error.message}
    written = {}
    for name, value in metrics.items():
        low, high = intervals.get(name) or (None, None)
        bounds = f" [{number(low)}, {number(high)}]" if low is not None else ""
        written[name.replace("_", " ")] = number(value) + bounds
    return written


def _baselines(run: Run) -> list[tuple[str, str, str]]:
    try:
        stored = run.baselines
    except CheckpointError:
        return []
    return [
        (model, metric.replace("_", " "), number(value))
        for model, scores in stored.items()
        for metric, value in scores.items()
        if metric in run.metrics
    ]


def _grouped(value: Any) -> str | None:
    return f"{value:,}" if isinstance(value, int) else None
