"""How scores are shown: with interval, number of examples, baselines, published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..console import console
from .training_view import duration


def row_of(run: Any) -> dict[str, Any]:
    """Returns the JSON object of a training."""
    record = run.record
    return {
        "run": run.id,
        "dataset": run.dataset,
        "model": run.model,
        "task": run.task,
        "data": run.data,
        "epochs": record.get("epochs"),
        "steps": record.get("steps"),
        "seconds": record.get("seconds"),
        "metrics": run.metrics,
        "intervals": run.intervals,
        "baselines": run.baselines,
        "path": str(run.path),
    }


def show(row: Mapping[str, Any], run: Any = None) -> None:
    """Shows scores as a table that says everything needed to judge them."""
    results = run.results if run is not None else row
    record = run.record if run is not None else row
    facts = [row.get("task"), f"{row.get('data')} data" if row.get("data") else ""]
    epochs, parameters = record.get("epochs"), record.get("parameters")
    if epochs:
        facts.append(f"{epochs} epoch{'' if epochs == 1 else 's'}")
    if record.get("stopped_by"):
        facts.append(f"stopped by {record['stopped_by']}")
    if parameters:
        facts.append(f"{parameters:,} parameters")
    if row.get("seconds"):
        facts.append(duration(row["seconds"]))
    console.heading(row.get("run", ""))
    console.result("  " + ", ".join(str(fact) for fact in facts if fact))
    if not row.get("metrics"):
        console.result("  not scored: there is no test split")
    else:
        console.result()
        declared = metrics_of(str(row.get("task", "")))
        console.table(["METRIC", "VALUE", "95 % INTERVAL", ""], _rows(row, results, declared), (1,))
        if results.get("examples"):
            console.result(f"\n{results['examples']:,} test examples")
    if record.get("watch_test"):
        console.result("The test split was watched during training, as the publication did.")


def metrics_of(task: str) -> Mapping[str, Any]:
    """Returns what a task says about its metrics; nothing if its plugin is gone."""
    from .. import registry
    from ..errors import DeepzooError

    try:
        return registry.task(task).metrics
    except DeepzooError:
        return {}


def _rows(
    row: Mapping[str, Any], results: Mapping[str, Any], declared: Mapping[str, Any]
) -> list[list[str]]:
    rows = []
    differences = results.get("baseline_differences") or {}
    for name, value in row["metrics"].items():
        style = declared[name].format if name in declared else ".3f"
        better = f"{declared[name].better} is better" if name in declared else ""
        interval = (row.get("intervals") or {}).get(name)
        rows.append([name, number(value, style), between(interval, style), better])
        for baseline, scores in (row.get("baselines") or {}).items():
            if scores.get(name) is None:
                continue
            difference = (differences.get(baseline) or {}).get(name)
            note = _difference(difference, style)
            rows.append([f"  {baseline}", number(scores[name], style), "", note])
        for figure in results.get("published") or ():
            if figure.get("metric") == name:
                note = " ".join(
                    part for part in (figure.get("experiment"), figure.get("note")) if part
                )
                rows.append(["  published", number(figure.get("value"), style), "", note])
    return rows


def number(value: Any, style: str = ".3f") -> str:
    """Writes a score in the format of its metric."""
    if value is None:
        return "-"
    try:
        return format(value, style)
    except (TypeError, ValueError):
        return str(value)


def between(interval: Any, style: str = ".3f") -> str:
    """Writes an interval; empty where there is none."""
    if not interval or any(bound is None or bound != bound for bound in interval):
        return ""
    return f"{number(interval[0], style)} to {number(interval[1], style)}"


def _difference(difference: Any, style: str) -> str:
    """Says by how much the run lies above or below a baseline."""
    if not difference:
        return ""
    value, low, high = difference
    word = "above" if value > 0 else "below"
    bounds = sorted((abs(low), abs(high))) if low * high > 0 else None
    if bounds is None:
        return f"run {number(abs(value), style)} {word}: no clear difference"
    return f"run {number(abs(value), style)} {word} ({between(bounds, style)})"


def sample_warning(data: str) -> None:
    """Says once more, last, that nothing real was learned from."""
    if data == "sample":
        console.warned.clear()
        console.warn(
            "these are sample data, made up by the plugin; give the real files with "
            "--data PATH or DEEPZOO_DATA."
        )


def next_command(run: Any) -> str:
    """Returns a command that uses the run."""
    from ..errors import DeepzooError

    try:
        verbs = list(type(run.recipe("task")).verbs())
    except DeepzooError:
        return ""
    if "generate" in verbs:
        return f"deepzoo generate --run {run.id}"
    return f"deepzoo {verbs[0]} {run.id} INPUT" if verbs else f"deepzoo evaluate {run.id}"
