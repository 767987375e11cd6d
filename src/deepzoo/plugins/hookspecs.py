"""The hooks of deepzoo: everything that a plugin can register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import typer

    from .. import Dataset, Experiment, Kind, Model, Run, Shipped, Task

hookspec = pluggy.HookspecMarker("deepzoo")
hookimpl = pluggy.HookimplMarker("deepzoo")


@hookspec
def register_tasks() -> Iterable[type[Task]]:  # pyright: ignore[reportReturnType]
    """Return Task classes; called once, on the first lookup of a name."""


@hookspec
def register_datasets() -> Iterable[type[Dataset]]:  # pyright: ignore[reportReturnType]
    """Return Dataset classes; called once, on the first lookup of a name."""


@hookspec
def register_models() -> Iterable[type[Model]]:  # pyright: ignore[reportReturnType]
    """Return Model classes; called once, on the first lookup of a name."""


@hookspec
def register_kinds() -> Iterable[type[Kind]]:  # pyright: ignore[reportReturnType]
    """Return Kind classes for data that no built-in kind can represent."""


@hookspec
def register_experiments() -> Iterable[type[Experiment]]:  # pyright: ignore[reportReturnType]
    """Return Experiment classes: published systems with their figures."""


@hookspec
def register_runs() -> Iterable[Shipped]:  # pyright: ignore[reportReturnType]
    """Return the trained runs that come with the plugin, as `deepzoo runs ship` writes them."""


@hookspec
def register_callbacks(run: Run) -> Iterable[Any]:  # pyright: ignore[reportReturnType]
    """Return Keras callbacks for one training; called once per training command."""


@hookspec
def register_commands(app: typer.Typer) -> None:
    """Add commands to the command line; called when it is built."""
