"""How scores are shown: with interval, number of examples, baselines, published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DeepzooError
from ..interfaces.task import Verb
from ..plugins import registry
from .console import console
from .training_view import duration


def show(row: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Shows scores with everything that is needed to judge them.

    Args:
        row: What `deepzoo train --json` or `evaluate --json` prints.
        record: What `run.json` holds.
    """
    console.heading(row.get("run", ""))
    console.result(f"  {', '.join(_facts(row, record))}")
    if not row.get("metrics") and not row.get("examples"):
        test = record.get("split_sizes", {}).get("test")
        why = "no score fits its network and settings" if test else "there is no test split"
        console.result(f"  not scored: {why}")
        return
    show_scores(row)
    if record.get("watch_test"):
        console.result("The test split was watched during training, as the publication did.")
    if row.get("published"):
        console.result()
        cells = [
            [
                figure["metric"],
                number(figure["value"], ".4g"),
                number(figure["ours"], ".4g"),
                ", ".join(filter(None, (figure.get("experiment"), figure.get("note")))),
            ]
            for figure in row["published"]
        ]
        console.table(["FIGURE", "PUBLISHED", "OURS", ""], cells, (1, 2))


def show_scores(row: Mapping[str, Any]) -> None:
    """Shows the scores of `row["metrics"]` with intervals, baselines and number of examples."""
    declared = metrics_of(str(row.get("task", "")))
    console.result()
    console.table(["METRIC", "VALUE", "95 % INTERVAL", ""], _rows(row, declared), (1,))
    if row.get("examples"):
        console.result(f"\n{row['examples']:,} test examples")
    for remark in row.get("notes") or ():
        console.result(remark)


def _facts(row: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    epochs, seconds = record.get("epochs"), record.get("seconds")
    facts = [str(row.get("task", "")), f"{row['data']} data" if row.get("data") else ""]
    if epochs:
        facts.append(f"{epochs} epoch{'' if epochs == 1 else 's'}")
    if record.get("parameters"):
        facts.append(f"{record['parameters']:,} parameters")
    if seconds:
        facts.append(duration(seconds))
    if record.get("stopped_by"):
        facts.append(f"stopped by {record['stopped_by']}")
    return [fact for fact in facts if fact]


def metrics_of(task: str) -> Mapping[str, Any]:
    """Returns what a task says about its metrics; nothing if its plugin is gone."""
    try:
        return registry.task(task).metrics
    except DeepzooError:
        return {}


def _rows(row: Mapping[str, Any], declared: Mapping[str, Any]) -> list[list[str]]:
    rows = []
    differences = row.get("baseline_differences") or {}
    for name, value in row["metrics"].items():
        style = declared[name].format if name in declared else ".3f"
        better = declared[name].better if name in declared else "lower"
        interval = (row.get("intervals") or {}).get(name)
        note = f"{better} is better" if name in declared else ""
        rows.append([name, number(value, style), between(interval, style), note])
        for baseline, scores in (row.get("baselines") or {}).items():
            if scores.get(name) is not None:
                difference = (differences.get(baseline) or {}).get(name)
                text = _difference(difference, style, better)
                rows.append([f"  {baseline}", number(scores[name], style), "", text])
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


def _difference(difference: Any, style: str, better: str) -> str:
    """Says by how much the run is better or worse than a baseline."""
    if not difference:
        return ""
    value, low, high = difference
    known = not any(bound is None or bound != bound for bound in (low, high))
    if value == 0 or (known and low * high <= 0):
        return "no clear difference"
    word = "better" if (value > 0) == (better == "higher") else "worse"
    # Of one example or group there is a difference, but no interval.
    span = between(sorted((abs(low), abs(high))), style) if known else "no interval"
    return f"run {word} by {number(abs(value), style)} ({span})"


def sample_warning(data: str) -> None:
    """Repeats, as the last line, that the data were a sample."""
    if data == "sample":
        console.warn(
            "these are sample data, made up by the plugin; give the real files with "
            "--data PATH or DEEPZOO_DATA."
        )


def next_command(run: Any) -> str:
    """Returns a command that uses the run."""
    try:
        verbs = type(run.recipe("task")).verbs()
    except DeepzooError:
        return ""
    for verb, method in verbs.items():
        if Verb.of(method).writes and Verb.of(method).run_optional:
            return f"deepzoo {verb} --run {run.id}"
    if not verbs:
        return f"deepzoo evaluate {run.id}"
    verb = "predict" if "predict" in verbs else next(iter(verbs)).replace("_", "-")
    return f"deepzoo {verb} {run.id} INPUT"
