"""`datasets`, `models`, `tasks`, `experiments`: what there is."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..console import console
from . import complete


def datasets() -> None:
    """List the datasets."""
    from .. import registry

    rows = []
    for entry in registry.datasets():
        cls = entry.cls
        rows.append(
            {
                **_start(entry),
                "kind": cls.kind.name,
                "model": _default_model(cls),
                "license": cls.license,
                "homepage": cls.homepage,
            }
        )
    _show(rows, ("name", "kind", "model", "summary"), "deepzoo train NAME")


def models(
    task: Annotated[
        str | None,
        typer.Option(help="Only those of this task.", metavar="TASK", autocompletion=complete.task),
    ] = None,
) -> None:
    """List the models."""
    from .. import registry

    wanted = registry.task(task).name if task else None
    rows = []
    for entry in registry.models():
        cls = entry.cls
        if wanted in (None, cls.task):
            rows.append({**_start(entry), "task": cls.task, "framework": cls.framework})
    _show(rows, ("name", "task", "summary"), "deepzoo train DATASET --model NAME")


def tasks() -> None:
    """List the tasks."""
    from .. import registry

    rows = []
    for entry in registry.tasks():
        cls = entry.cls
        rows.append(
            {
                **_start(entry),
                "kinds": [kind.name for kind in cls.kinds],
                "model": cls.default_model,
                "baselines": list(cls.baselines),
                "metrics": list(cls.metrics),
                "verbs": list(cls.verbs()),
                "shipped": list(cls.shipped),
            }
        )
    _show(rows, ("name", "kinds", "verbs", "summary"), "deepzoo info NAME")


def experiments() -> None:
    """List the published experiments."""
    from .. import registry

    rows = []
    for entry in registry.experiments():
        cls = entry.cls
        rows.append(
            {**_start(entry), "dataset": cls.dataset, "model": cls.model, "source": cls.source}
        )
    _show(rows, ("name", "dataset", "model", "source"), "deepzoo info NAME")


def _default_model(dataset_cls: Any) -> str:
    from .. import registry
    from ..errors import DeepzooError

    try:
        return registry.default_task(dataset_cls)[1].name
    except DeepzooError:
        return ""


def _start(entry: Any) -> dict[str, Any]:
    return {
        "name": entry.name,
        "summary": complete.first_line(entry.cls),
        "plugin": entry.plugin,
        "distribution": entry.distribution,
        "version": entry.version,
        "qualified": entry.qualified,
    }


def _show(rows: list[dict[str, Any]], columns: tuple[str, ...], hint: str) -> None:
    """Shows rows as a table, or as a JSON array; names that clash are shown in full."""
    names = [row["name"] for row in rows]
    if console.json:
        console.emit(rows)
        return
    cells = []
    for row in rows:
        shown = dict(row)
        if names.count(row["name"]) > 1:
            shown["name"] = row["qualified"]
        cells.append([_text(shown[column]) for column in columns])
    if not rows:
        console.note("Nothing is registered. See: deepzoo plugins")
        return
    console.table([column.upper() for column in columns], cells)
    console.note(f"\nUse one with: {hint}")


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
