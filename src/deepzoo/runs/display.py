"""How a run is shown: a line in a shell, a table in a notebook, a row, a summary."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ..errors import CheckpointError

if TYPE_CHECKING:
    from .folder import RunFolder

_CELL = "text-align:left;padding:2px 12px 2px 0"


def line(run: RunFolder) -> str:
    """Describes a run in one line."""
    parts = [repr(run.id), run.status]
    if run.data:
        parts.append(f"{run.data} data")
    parts += [f"{name} {text}" for name, text in list(_scores(run).items())[:2]]
    return f"<Run {', '.join(parts)}>"


def card(run: RunFolder) -> str:
    """Describes a run as an HTML table: what was trained on what, and how well it does."""
    record = run.record
    seconds, parameters = record.get("seconds"), record.get("parameters")
    facts = {
        "task": run.task,
        "model": run.model,
        "dataset": f"{run.dataset} ({run.data})" if run.data else run.dataset,
        "status": " ".join(filter(None, [run.status, run.describe_error()])),
        "epochs": record.get("epochs"),
        "parameters": f"{parameters:,}" if isinstance(parameters, int) else None,
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


def _scores(run: RunFolder) -> dict[str, str]:
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


def _baselines(run: RunFolder) -> list[tuple[str, str, str]]:
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


def row(run: RunFolder) -> dict[str, Any]:
    """Returns what listings show, as JSON data."""
    try:
        metrics = run.metrics
    except CheckpointError:
        metrics = {}  # a damaged file must not hide the other runs
    return {
        "run": run.id,
        "dataset": run.dataset,
        "distribution": run.distribution,
        "model": run.model,
        "task": run.task,
        "status": run.status,
        "data": run.data,
        "metrics": metrics,
        "path": str(run.path),
    }


def summary(run: RunFolder) -> dict[str, Any]:
    """Returns what `deepzoo train --json` prints about a finished run."""
    record, results = run.record, run.results
    return {
        "run": run.id,
        "dataset": run.dataset,
        "model": run.model,
        "task": run.task,
        "data": run.data,
        "epochs": record.get("epochs"),
        "steps": record.get("steps"),
        "seconds": record.get("seconds"),
        "stopped_by": record.get("stopped_by"),
        "metrics": run.metrics,
        "intervals": run.intervals,
        "examples": results.get("examples"),
        "baselines": run.baselines,
        "baseline_differences": results.get("baseline_differences", {}),
        "notes": results.get("notes", []),
        "published": results.get("published", []),
        "path": str(run.path),
    }
