"""`plugins`: what is installed, what it adds, and what is wrong with it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..console import console
from .command import Entry, Group


def list_plugins(
    ctx: typer.Context,
    times: Annotated[
        bool, typer.Option("--times", help="Show how long each takes to load.")
    ] = False,
) -> None:
    """List the plugins with their hooks, or check one."""
    if ctx.invoked_subcommand is not None:
        return
    from .. import registry

    rows = [row_of(plugin) for plugin in registry.load_all().found]
    if console.json:
        console.emit(rows)
        return
    if times:
        rows.sort(key=lambda row: -row["seconds"])
        cells = [[row["name"], row["distribution"], f"{row['seconds']:.3f} s"] for row in rows]
        console.table(["NAME", "DISTRIBUTION", "TIME"], cells, (2,))
        return
    cells = [
        [row["name"], f"{row['distribution']} {row['version']}", row["status"], _adds(row)]
        for row in rows
    ]
    console.table(["NAME", "DISTRIBUTION", "STATUS", "ADDS"], cells)


def row_of(plugin: Any) -> dict[str, Any]:
    """Returns the JSON object of a listing."""
    status = "broken" if plugin.error else "switched off" if plugin.blocked else "works"
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "hooks": list(plugin.hooks),
        "status": status,
        "error": plugin.error,
        "seconds": plugin.seconds,
    }


def _adds(row: dict[str, Any]) -> str:
    return row["error"] or ", ".join(hook.removeprefix("register_") for hook in row["hooks"])


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A plugin, or a folder with one.")],
) -> None:
    """Run the conformance checks on a plugin."""
    from ..errors import PluginError
    from ..testing import check_plugin

    as_json = console.json
    try:
        checked = check_plugin(name)
    except AssertionError as error:
        raise PluginError(f"{name} does not conform: {error}") from error
    if as_json:
        console.emit({"plugin": name, "checked": checked})
        return
    for sentence in checked:
        console.result(sentence)
    console.note(f"\n{name} conforms.")


PLUGINS = Group(list_plugins, {"check": Entry("plugins:check")})
