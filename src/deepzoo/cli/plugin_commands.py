"""Commands that plugins add: with the options of every other command, and results shown alike."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import typer
from typer.core import TyperCommand

from . import outputs
from .command import Command, LazyGroup
from .console import console


class PluginCommand(Command):
    """A command of a plugin: what its function returns is its result.

    With `--json` the result is the one JSON value on standard output; of a function that
    returns nothing, what it printed.
    """

    def __init__(self, *args: Any, params: Any = None, **kwargs: Any) -> None:
        self.writes_json = any("--json" in param.opts for param in params or ())
        super().__init__(*args, params=params, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Calls the function and shows what it returns."""
        printed = io.StringIO()
        captured = console.json and not self.writes_json
        with contextlib.redirect_stdout(printed) if captured else contextlib.nullcontext():
            result = super().invoke(ctx)
        if captured:
            console.emit({"output": printed.getvalue()} if result is None else result)
        elif result is not None:
            show(result)


def show(result: Any) -> None:
    """Shows what a command returns: names and values, a table, lines, or a text."""
    if isinstance(result, dict):
        outputs.show(result)
    elif outputs.is_table(result):
        outputs.table(result)
    else:
        for item in result if isinstance(result, (list, tuple)) else [result]:
            console.result(outputs.text(item))


def build(app: typer.Typer) -> dict[str, Any]:
    """Builds the commands of a plugin's app, by name."""
    _adopt(app)
    return typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]


def _adopt(app: typer.Typer) -> None:
    """Makes the commands and groups of an app ours, unless they have classes of their own."""
    for command in app.registered_commands:
        if command.cls in (None, TyperCommand):
            command.cls = PluginCommand
    for group in app.registered_groups:
        if not isinstance(group.cls, type):
            group.cls = LazyGroup
        if group.typer_instance is not None:
            _adopt(group.typer_instance)
