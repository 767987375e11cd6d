"""Commands and groups: built only when they are called, with the options all of them have."""

from __future__ import annotations

import copy
import difflib
import functools
import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from . import coerce
from .console import console


class Entry(NamedTuple):
    """A command that is imported and built only when it is needed.

    Args:
        target: Where it is, as `module:name`: a function or a `Group`.
        section: Heading under which the help page lists it.
    """

    target: str
    section: str = "Commands"


class Group(NamedTuple):
    """A command with commands of its own; alone it calls `callback`."""

    callback: Callable[..., Any]
    commands: Mapping[str, Entry]


class _Common:
    """What commands and groups share: quick conversion and the common options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _add_common(self)

    def get_params(self, ctx: Any) -> Any:
        """Lists the parameters, `--help` among them, with our quick conversion."""
        params = super().get_params(ctx)  # pyright: ignore[reportAttributeAccessIssue]
        for param in params:
            coerce.install(param)
        return params

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes arguments and options of a help page, the common ones apart."""
        _write_options(self, ctx, formatter)


class Command(_Common, TyperCommand):
    """A command with quick conversion and the common options."""


class LazyGroup(_Common, TyperGroup):
    """A group that imports the module of a command when the command is used.

    Subclasses set `table`.
    """

    table: Mapping[str, Entry] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Names all commands, in the order of the table."""
        return [*self.table, *(name for name in super().list_commands(ctx))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Builds a command."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        return build(cmd_name, load(entry))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Finds a command, or suggests the closest name."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, args[1:]
        if name.startswith("-"):
            return super().resolve_command(ctx, args)
        close = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
        meant = f" Did you mean '{close[0]}'?" if close else ""
        ctx.fail(f"There is no command '{name}'.{meant}")

    def rows(self, ctx: Any) -> dict[str, list[tuple[str, str]]]:
        """Lists names and summaries by section, building nothing."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.table.items():
            sections.setdefault(entry.section, []).append((name, summary(load(entry))))
        for name in super().list_commands(ctx):
            line = self.commands[name].get_short_help_str(60)
            sections.setdefault("Commands", []).append((name, line))
        return sections

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes commands, then options."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the commands of a help page."""
        for section, rows in self.rows(ctx).items():
            with formatter.section(section):
                formatter.write_dl(rows)


TYPES = {"<int range>": "N", "<int>": "N", "<float range>": "X", "<float>": "X", "<str>": "TEXT"}
TYPES |= {"<list[str]>": "TEXT", "<list[int]>": "N", "<list[float]>": "X"}
COMMON = ("json", "quiet", "verbose", "debug", "help", "install_completion", "show_completion")


def _write_options(self: Any, ctx: Any, formatter: Any) -> None:
    """Writes parameters in plain words: `N` for `<int range>`, nothing for `<list[str]>`."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    for param in self.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            left, right = record
            section = "Options" if param.name not in COMMON else "Common options"
            if param.param_type_name == "argument":
                section, left = "Arguments", left.split(" <")[0]
                right = right.replace("  [required]", "")
            for kind, name in TYPES.items():
                left = left.replace(kind, name)
            sections.setdefault(section, []).append((left, right))
    for section, rows in sections.items():
        if rows:
            with formatter.section(section):
                formatter.write_dl(rows)


def load(entry: Entry) -> Any:
    """Imports what an entry names."""
    module, _, name = entry.target.partition(":")
    return getattr(importlib.import_module(module), name)


def build(name: str, target: Any) -> Any:
    """Builds a command from a function, or a group with its callback."""
    if isinstance(target, Group):
        kind = type("TableGroup", (LazyGroup,), {"table": target.commands})
        app = new_app(cls=kind, name=name, invoke_without_command=True)
        app.callback(help=description(target.callback))(target.callback)
    else:
        app = new_app(name=name)
        app.command(name, cls=Command, help=description(target))(target)
    built = typer.main.get_command(app)
    built.name = name
    return built


def new_app(**options: Any) -> typer.Typer:
    """Creates a Typer without Rich: plain help, and errors that `main` shows."""
    options.setdefault("add_completion", False)
    context = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=context,
        **options,
    )


def description(function: Any) -> str:
    """Returns what a docstring says before its `Args:`, with paragraphs kept."""
    text = inspect.getdoc(function) or ""
    for marker in ("\nArgs:", "\nReturns:", "\nRaises:", "\nExamples:", "\nYields:"):
        text = text.split(marker)[0]
    return text.strip()


def summary(target: Any) -> str:
    """Returns the first sentence of a command's description."""
    function = target.callback if isinstance(target, Group) else target
    first = " ".join(description(function).split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".").rstrip(":")


def _common(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON value on standard output.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only warnings and errors.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="More detail; TensorFlow's own messages.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Takes the options that every command has."""


@functools.cache
def _common_parameters() -> tuple[Any, ...]:
    app = new_app()
    app.command()(_common)
    return tuple(typer.main.get_command(app).params)


def _remember(ctx: Any, param: Any, value: Any) -> Any:
    if value and not ctx.resilient_parsing:
        setattr(console, param.name, True)
    return value


def _add_common(command: Any) -> None:
    """Adds the common options under names that are still free."""
    taken = {option for param in command.params for option in param.opts}
    for original in _common_parameters():
        param = copy.copy(original)
        param.opts = [option for option in original.opts if option not in taken]
        if f"--{param.name}" in param.opts:
            param.expose_value, param.is_eager, param.callback = False, True, _remember
            command.params.append(param)
