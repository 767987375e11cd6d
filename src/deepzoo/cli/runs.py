"""`runs`: what was trained, and what can be done with the folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..console import console
from . import complete, facts, options
from .command import Entry, Group


def list_runs(
    ctx: typer.Context,
    dataset: Annotated[
        str | None,
        typer.Option(
            help="Only runs of this dataset.", metavar="D", autocompletion=complete.dataset
        ),
    ] = None,
) -> None:
    """List your runs, or use one with a command below."""
    if ctx.invoked_subcommand is not None:
        return
    from .. import store

    rows = [row_of(run) for run in store.list_runs(dataset)]
    if console.json:
        console.emit(rows)
        return
    cells = [
        [row["run"], row["task"], row["data"], row["status"], *_main_score(row)] for row in rows
    ]
    console.table(["RUN", "TASK", "DATA", "STATUS", "SCORE", ""], cells, (4,))
    if not rows:
        console.note("\nThere are no runs yet. Train one with: deepzoo train DATASET")


def row_of(run: Any) -> dict[str, Any]:
    """Returns the JSON object of a listing; damaged files never stop it."""
    from ..errors import CheckpointError

    try:
        metrics = run.metrics
    except CheckpointError:
        metrics = {}
    return {
        "run": run.id,
        "dataset": run.dataset,
        "model": run.model,
        "task": run.task,
        "status": run.status,
        "data": run.data,
        "metrics": metrics,
        "path": str(run.path),
    }


def _main_score(row: dict[str, Any]) -> tuple[str, str]:
    from .results import number

    for name, value in row["metrics"].items():
        return number(value), name
    return "", ""


def show(run: options.Run, task: options.Task = None) -> None:
    """Show everything about a run: settings, data, versions, scores, history."""
    from .. import api, resolve
    from . import results

    found = resolve.resolve(run, task=task)
    row = {**found.record, "run": found.id, "status": found.status, "path": str(found.path)}
    if console.json:
        console.emit({**row, **found.results, "history": found.history})
        return
    results.show(api.summary(found), found.record)
    problem = found.describe_error()
    if problem:
        console.result(f"\n{problem}")
    hidden = ("format", "run", "task", "data", "spec", "error", "preprocessor", "pid", "host")
    console.result()
    facts.show(row, leave_out=(*hidden, "plugins", "watch_test"))
    if found.history:
        console.heading("\nhistory")
        facts.table(found.history)


def plot(
    run: options.Run,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Which picture.", autocompletion=complete.plot),
    ] = "curves",
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="INPUT", help="What the picture is of.")
    ] = None,
    out: options.Out = None,
) -> None:
    """Draw the learning curves of a run, or one of its task's pictures."""
    from .. import resolve
    from . import pictures

    found = resolve.resolve(run, verb="plot")
    folder = Path() if found.shipped else found.path / "plots"
    path = pictures.save(
        found.plot(name, *(inputs or ())), Path(out) if out else folder / f"{name}.png"
    )
    if console.json:
        console.emit({"run": found.id, "plot": name, "path": str(path)})
    else:
        console.result(path)


RUNS = Group(
    list_runs,
    {
        "show": Entry("runs:show"),
        "compare": Entry("runs_compare:compare"),
        "plot": Entry("runs:plot"),
        "rm": Entry("runs_files:remove"),
        "pack": Entry("runs_files:pack"),
        "unpack": Entry("runs_files:unpack"),
    },
)
