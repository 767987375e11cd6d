"""The root command: the table of commands, the verbs of all tasks, and what plugins add."""

from __future__ import annotations

import functools
from typing import Annotated, Any

import typer

from .command import Entry, LazyGroup, description, new_app
from .console import console

TRAIN, USE, LOOK, KEEP = "Train", "Use a run", "Look up", "Files and machine"
COMMANDS = {
    "train": Entry("deepzoo.cli.commands.train:train", TRAIN),
    "resume": Entry("deepzoo.cli.commands.train:resume", TRAIN),
    "evaluate": Entry("deepzoo.cli.commands.evaluate:evaluate", USE),
    "datasets": Entry("deepzoo.cli.commands.listings:datasets", LOOK),
    "models": Entry("deepzoo.cli.commands.listings:models", LOOK),
    "tasks": Entry("deepzoo.cli.commands.listings:tasks", LOOK),
    "experiments": Entry("deepzoo.cli.commands.listings:experiments", LOOK),
    "info": Entry("deepzoo.cli.commands.info:info", LOOK),
    "runs": Entry("deepzoo.cli.commands.runs:RUNS", KEEP),
    "data": Entry("deepzoo.cli.commands.data:DATA", KEEP),
    "plugins": Entry("deepzoo.cli.commands.plugins:PLUGINS", KEEP),
    "doctor": Entry("deepzoo.cli.commands.doctor:doctor", KEEP),
}


class Root(LazyGroup):
    """The table above, the verbs of all tasks, and the commands that plugins add."""

    table = COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:
        """Names all commands."""
        return [name for rows in self.rows(ctx).values() for name, _ in rows]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Finds a command: ours, then a verb, then a plugin's."""
        if cmd_name in self.table:
            return super().get_command(ctx, cmd_name)
        from . import verbs

        verb = cmd_name.replace("-", "_")
        if verb in verbs.known():
            return verbs.VerbCommand(verb)
        return self.added.get(cmd_name)

    def rows(self, ctx: Any) -> dict[str, list[tuple[str, str]]]:
        """Lists names and summaries by section."""
        from . import verbs

        sections = super().rows(ctx)
        for verb in verbs.known():
            name = verb.replace("_", "-")
            if name not in self.table:  # our own commands win
                sections[USE].append((name, verbs.summary_of(verb)))
        added = self.added
        taken = {name for rows in sections.values() for name, _ in rows}
        for name, command in added.items():
            if name not in taken:
                line = command.get_short_help_str(60)
                sections.setdefault("From plugins", []).append((name, line))
        return sections

    @functools.cached_property
    def added(self) -> dict[str, Any]:
        """The commands that plugins add, by name."""
        return plugin_commands()


def plugin_commands() -> dict[str, Any]:
    """Calls the hook `register_commands` of every plugin, each with an app of its own."""
    from ..plugins.loader import load_plugins

    plugins, commands = load_plugins(), {}
    app = new_app(name="plugins")
    app.callback()(_nothing)
    for plugin, _ in plugins.call("register_commands", app=app):
        with plugins.guard(plugin, "building its commands"):
            for name, command in typer.main.get_command(app).commands.items():  # pyright: ignore[reportAttributeAccessIssue]
                commands.setdefault(name, command)
    return commands


def _nothing() -> None:
    """Groups the commands of plugins."""


def _root(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """A zoo of small neural networks to train, understand and use.

    Start with: deepzoo generate "Today I will"
    """
    if version:
        from .. import __version__

        if console.json:
            console.emit({"deepzoo": __version__})
        else:
            console.result(f"deepzoo {__version__}")
    elif ctx.invoked_subcommand is None and console.json:
        console.emit({"commands": ctx.command.list_commands(ctx)})  # pyright: ignore[reportAttributeAccessIssue]
    elif ctx.invoked_subcommand is None:
        console.result(ctx.get_help())


def make_root() -> Any:
    """Builds the root command; everything below it is built when used."""
    app = new_app(cls=Root, name="deepzoo", invoke_without_command=True, add_completion=True)
    app.callback(help=description(_root))(_root)
    return typer.main.get_command(app)
