"""`plugins check`: the conformance kit as a command."""

from __future__ import annotations

from typing import Annotated

import typer

from ..cli.console import console


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A plugin, or a folder with one.")],
) -> None:
    """Run the conformance checks on a plugin."""
    from ..errors import PluginError
    from . import check_plugin

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
