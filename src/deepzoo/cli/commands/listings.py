"""`datasets`, `models`, `tasks`, `experiments`: what there is."""

from __future__ import annotations

from typing import Any

from ...plugins import registry
from ...plugins.listings import list_datasets, list_experiments, list_models, list_tasks
from .. import options, outputs
from ..console import console


def datasets() -> None:
    """List the datasets."""
    _show("dataset", list_datasets(), ("name", "kind", "help"), "deepzoo train NAME")


def models(task: options.Task = None) -> None:
    """List the models."""
    rows = list_models()
    if task is not None:
        wanted = registry.task(task).name
        rows = [row for row in rows if row["task"] == wanted]
    _show("model", rows, ("name", "task", "help"), "deepzoo train DATASET --model NAME")


def tasks() -> None:
    """List the tasks, and commands to try with the trained runs that came with them."""
    rows = list_tasks()
    _show("task", rows, ("name", "kinds", "verbs", "help"), "deepzoo info NAME")
    examples = [[row["name"], example] for row in rows for example in row["examples"]]
    if examples and not console.json:
        console.result()
        console.table(["TASK", "TRY"], examples)


def experiments() -> None:
    """List the published experiments."""
    columns = ("name", "dataset", "model", "source")
    _show("experiment", list_experiments(), columns, "deepzoo info NAME")


def _show(category: str, rows: list[dict[str, Any]], columns: tuple[str, ...], use: str) -> None:
    """Shows rows as a table, or as a JSON array; names that clash are shown in full."""
    if console.json:
        console.emit(rows)
        return
    names = [row["name"] for row in rows]
    full = {(entry.name, entry.plugin): entry.qualified for entry in registry.entries(category)}
    cells = []
    for row in rows:
        name = row["name"]
        shown = full.get((name, row["plugin"]), name) if names.count(name) > 1 else name
        cells.append([outputs.text({**row, "name": shown}[column]) for column in columns])
    titles = {"help": "WHAT IT IS", "kinds": "READS"}
    console.table([titles.get(column, column.upper()) for column in columns], cells)
    note = f"Use one with: {use}" if rows else f"There is no {category}. See: deepzoo plugins"
    console.note(f"\n{note}")
