"""`runs rm`, `runs pack`, `runs unpack`: the folders of runs as files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..console import console, is_terminal
from . import complete, options


def remove(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN", help="Runs as DATASET/NAME.", autocompletion=complete.run),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete runs."""
    from .. import store
    from ..errors import UnknownNameError, UsageError
    from ..plugins import did_you_mean

    listed = {run.id: run for run in store.list_runs()}
    for name in runs:
        if name not in listed:
            raise UnknownNameError(
                f"There is no run '{name}'.{did_you_mean(name, list(listed))}",
                "Runs are deleted by their full name; list them with: deepzoo runs",
            )
    if not yes:
        if not is_terminal(sys.stdin) or console.json:
            raise UsageError(f"Deleting {', '.join(runs)} needs your consent.", "Add --yes")
        typer.confirm(f"Delete {', '.join(runs)}?", abort=True, err=True)
    for name in dict.fromkeys(runs):
        store.remove(listed[name])
        console.note(f"removed {name}")
    if console.json:
        console.emit({"removed": list(dict.fromkeys(runs))})


def pack(
    run: options.Run,
    out: options.Out = None,
    checkpoints: Annotated[
        bool, typer.Option("--checkpoints", help="With what resume needs; much larger.")
    ] = False,
) -> None:
    """Write a run into one file, to give to others."""
    from .. import packing, resolve

    found = resolve.resolve(run)
    path = packing.pack(found, out, checkpoints=checkpoints)
    if console.json:
        console.emit({"run": found.id, "path": str(path), "size": path.stat().st_size})
    else:
        console.result(path)


def unpack(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What runs pack wrote.")],
) -> None:
    """Add a packed run to your runs; nothing in it is executed."""
    from .. import packing
    from .runs import row_of

    run = packing.unpack(file)
    if console.json:
        console.emit(row_of(run))
    else:
        console.result(run.id)
