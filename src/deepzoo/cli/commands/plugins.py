"""`plugins`: what is installed, what it adds, and what is wrong with it."""

from __future__ import annotations

from typing import Annotated

import typer

from ...errors import UsageError
from ...plugins import listings, registry
from ..command import Entry, Group
from ..console import console


def list_plugins(
    ctx: typer.Context,
    times: Annotated[
        bool, typer.Option("--times", help="Show how long each takes to load.")
    ] = False,
) -> None:
    """List the plugins with their hooks, or check one."""
    if ctx.invoked_subcommand is not None:
        return
    from ..root import offered

    registry.load_all()
    offered()  # reports the commands of one name
    rows = listings.list_plugins()
    if console.json:
        console.emit(rows)
        return
    if times:
        rows.sort(key=lambda row: -row["seconds"])
        cells = [[row["name"], row["distribution"], f"{row['seconds']:.3f} s"] for row in rows]
        console.table(["NAME", "DISTRIBUTION", "TIME"], cells, (2,))
        return
    cells = [
        [
            row["name"],
            f"{row['distribution']} {row['version']}",
            row["status"],
            row["error"] or ", ".join(hook.removeprefix("register_") for hook in row["hooks"]),
        ]
        for row in rows
    ]
    console.table(["NAME", "DISTRIBUTION", "STATUS", "ADDS"], cells)


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as haiku.")],
    dataset: Annotated[
        str | None, typer.Option("--dataset", metavar="KIND", help="A dataset of this kind.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="TASK", help="A model for this task.")
    ] = None,
    task: Annotated[bool, typer.Option("--task", help="A task with data and models.")] = False,
) -> None:
    """Write the project of a new plugin, which works as it stands."""
    from ...plugins.scaffold import new_plugin

    asked = {"dataset": dataset, "model": model, "task": task or None}
    chosen = [(what, of) for what, of in asked.items() if of is not None]
    if len(chosen) != 1:
        raise UsageError(
            "Expected one of --dataset KIND, --model TASK and --task.",
            f"deepzoo plugins new {name} --dataset text",
        )
    what, of = chosen[0]
    project = new_plugin(name, what, str(of))
    if console.json:
        console.emit({"path": str(project), "files": sorted(p.name for p in project.iterdir())})
        return
    console.result(project)
    console.note(f"\nInstall it: pip install -e {project}\nThen read {project / 'README.md'}.")


PLUGINS = Group(
    list_plugins,
    {
        "check": Entry("deepzoo.testing.command:check"),
        "new": Entry("deepzoo.cli.commands.plugins:new"),
    },
)
