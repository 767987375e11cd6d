"""`runs`: what was trained, and what can be done with the folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ... import api
from ...errors import UnknownNameError, UsageError, did_you_mean
from ...runs import display
from ...runs.shipped import SUFFIX
from .. import complete, options, outputs, results
from ..command import Entry, Group
from ..console import console, is_terminal


def list_runs(
    ctx: typer.Context,
    dataset: Annotated[
        str | None,
        typer.Option(
            help="Only runs of this dataset.", metavar="D", autocompletion=complete.dataset
        ),
    ] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="The runs that came with plugins, instead of yours.")
    ] = False,
) -> None:
    """List your runs, or use one with a command below."""
    if ctx.invoked_subcommand is not None:
        return
    rows = api.list_runs(dataset, shipped=shipped)
    if console.json:
        console.emit(rows)
        return
    cells = [
        [_owned(row, rows), row["task"], row["data"], row["status"], *_main_score(row)]
        for row in rows
    ]
    console.table(["RUN", "TASK", "DATA", "STATUS", "SCORE", ""], cells, (4,))
    if not rows and not shipped:
        console.note("\nThere are no runs yet. Train one with: deepzoo train DATASET")
        console.note("Those that came with plugins: deepzoo runs --shipped")


def _owned(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """Returns a run's id, with the distribution where several have a dataset of this name."""
    namesakes = {other["distribution"] for other in rows if other["dataset"] == row["dataset"]}
    several = len(namesakes - {""}) > 1 and row["distribution"]
    return f"{row['distribution']}:{row['run']}" if several else row["run"]


def _main_score(row: dict[str, Any]) -> tuple[str, str]:
    from ..results import number

    for name, value in row["metrics"].items():
        return number(value), name
    return "", ""


def show(run: options.Run, task: options.Task = None) -> None:
    """Show everything about a run: settings, data, versions, scores, history."""
    opened = api.load(run, task=task)
    row = {**opened.record, "run": opened.id, "status": opened.status, "path": str(opened.path)}
    if console.json:
        stored = {"evaluations": opened.evaluations, "history": opened.history}
        console.emit({**row, **opened.results, **stored})
        return
    results.show(display.summary(opened), opened.record)
    for name, scores in opened.evaluations.items():
        console.heading(f"\nother data: {name}")
        results.show_scores({"task": opened.task, **scores})
    problem = opened.describe_error()
    if problem:
        console.result(f"\n{problem}")
    hidden = ("format", "run", "task", "data", "spec", "error", "preprocessor", "pid", "host")
    console.result()
    outputs.show(row, leave_out=(*hidden, "plugins", "watch_test"))
    if opened.history:
        console.heading("\nhistory")
        outputs.table(opened.history)


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
    data: options.MovedData = None,
) -> None:
    """Draw the learning curves of a run, or one of its task's pictures."""
    from ... import figures

    opened = api.load(run, verb="plot")
    folder = Path() if opened.shipped else opened.path / "plots"
    path = figures.save(
        opened.plot(name, *(inputs or ()), data=data), Path(out) if out else folder / f"{name}.png"
    )
    console.answer({"run": opened.id, "plot": name, "path": str(path)}, path)


def remove(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN", help="Runs as DATASET/NAME.", autocompletion=complete.run),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete runs."""
    from ...runs import store

    listed = {run.id: run for run in store.list_runs()}
    listed |= {f"{run.distribution}:{run.id}": run for run in listed.values()}
    for name in runs:
        if name.endswith(SUFFIX):
            raise UsageError(f"{name} came with a plugin and cannot be deleted.")
        if name not in listed:
            raise UnknownNameError(
                f"There is no run '{name}'.{did_you_mean(name, list(listed))}",
                "Runs are deleted by their full name; list them with: deepzoo runs",
            )
    if not yes:
        if not is_terminal(sys.stdin) or console.json:
            raise UsageError(f"Deleting {', '.join(runs)} needs your consent.", "Add --yes")
        typer.confirm(f"Delete {', '.join(runs)}?", abort=True, err=True)
    doomed = {listed[name].id: listed[name] for name in runs}
    for id, run in doomed.items():
        store.remove(run)
        console.note(f"removed {id}")
    if console.json:
        console.emit({"removed": list(doomed)})


def pack(
    run: options.Run,
    out: options.Out = None,
    checkpoints: Annotated[
        bool, typer.Option("--checkpoints", help="With what resume needs; much larger.")
    ] = False,
) -> None:
    """Write a run into one file, to give to others."""
    from ...runs import packing

    opened = api.load(run)
    path = packing.pack(opened, out, checkpoints=checkpoints)
    console.answer({"run": opened.id, "path": str(path), "size": path.stat().st_size}, path)


def unpack(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What runs pack wrote.")],
) -> None:
    """Add a packed run to your runs; nothing in it is executed."""
    from ...runs import packing

    run = packing.unpack(file)
    console.answer(display.row(run), run.id)


RUNS = Group(
    list_runs,
    {
        "show": Entry("deepzoo.cli.commands.runs:show"),
        "compare": Entry("deepzoo.cli.commands.runs_compare:compare"),
        "plot": Entry("deepzoo.cli.commands.runs:plot"),
        "rm": Entry("deepzoo.cli.commands.runs:remove"),
        "ship": Entry("deepzoo.cli.commands.runs_ship:ship"),
        "pack": Entry("deepzoo.cli.commands.runs:pack"),
        "unpack": Entry("deepzoo.cli.commands.runs:unpack"),
    },
)
