"""The root command: the table of commands, the verbs of all tasks, and what plugins add."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from ..errors import PluginError
from ..plugins.loader import OWN
from . import plugin_commands
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
        """Finds a command: ours, then a verb or a plugin's; `distribution:name` is always one."""
        if cmd_name in self.table:
            return super().get_command(ctx, cmd_name)
        distribution, _, name = cmd_name.rpartition(":")
        owners = self.offers.get(name, {})
        if distribution:
            return owners.get(distribution)
        command = meant(name, owners)
        if owners and command is None:
            names = [f"{owner}:{name}" for owner in owners]
            raise PluginError(
                f"Several plugins offer a command named '{name}': {' and '.join(names)}.",
                f"Write the full name of one of them: deepzoo {names[0]}",
            )
        return command

    def rows(self, ctx: Any) -> dict[str, list[tuple[str, str]]]:
        """Lists names and summaries by section; in full where a name means another command."""
        from .verbs import VerbCommand

        sections = super().rows(ctx)
        for name, owners in self.offers.items():
            for distribution, command in owners.items():
                is_verb = isinstance(command, VerbCommand)
                shown = name if meant(name, owners) is command else f"{distribution}:{name}"
                row = shown, str(command.help) if is_verb else command.get_short_help_str(60)
                rows = sections.setdefault(USE if is_verb else "From plugins", [])
                if row not in rows:  # a verb of two plugins is one command
                    rows.append(row)
        return sections

    @functools.cached_property
    def offers(self) -> dict[str, dict[str, Any]]:
        """What plugins offer: commands by name and distribution."""
        return offered()


def meant(name: str, owners: Mapping[str, Any]) -> Any:
    """Returns the command that a bare name means; None if that is one of ours, or several."""
    commands = [owners[OWN]] if OWN in owners else list(dict.fromkeys(owners.values()))
    return commands[0] if len(commands) == 1 and name not in COMMANDS else None


def offered() -> dict[str, dict[str, Any]]:
    """Returns the verbs of all tasks and the commands of all plugins, and reports clashes.

    Returns:
        Commands by their name and the distribution that offers them.
    """
    from ..plugins import registry
    from ..plugins.loader import load_plugins
    from ..plugins.registration import report_clash
    from . import verbs

    plugins, offers = load_plugins(), {}
    for verb, tasks in verbs.known().items():
        command = verbs.VerbCommand(verb)
        owners = {registry.registered(task).distribution: command for task in tasks}
        offers[verb.replace("_", "-")] = owners
    for plugin in list(plugins.found):
        app = new_app(name="plugins")
        app.callback()(_nothing)
        for _ in plugins.call("register_commands", [plugin], app=app):
            with plugins.guard(plugin, "building its commands"):
                for name, command in plugin_commands.build(app).items():
                    owners = offers.setdefault(name, {})
                    if plugin.distribution in owners:
                        raise PluginError(
                            f"register_commands: '{plugin.distribution}' offers '{name}' twice"
                        )
                    owners[plugin.distribution] = command
    for name, owners in offers.items():
        ours = [OWN] if name in COMMANDS else []
        if ours or len(set(owners.values())) > 1:
            report_clash(plugins, "command", name, [*ours, *owners])
    return offers


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

        console.answer({"deepzoo": __version__}, f"deepzoo {__version__}")
    elif ctx.invoked_subcommand is None and console.json:
        console.emit({"commands": ctx.command.list_commands(ctx)})  # pyright: ignore[reportAttributeAccessIssue]
    elif ctx.invoked_subcommand is None:
        console.result(ctx.get_help())


def make_root() -> Any:
    """Builds the root command; everything below it is built when used."""
    app = new_app(cls=Root, name="deepzoo", invoke_without_command=True, add_completion=True)
    app.callback(help=description(_root))(_root)
    return typer.main.get_command(app)
