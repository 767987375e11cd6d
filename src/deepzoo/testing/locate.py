"""Finding the plugins to check: installed, in a folder, or as a module."""

from __future__ import annotations

import contextlib
import importlib
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from ..errors import UnknownNameError, did_you_mean
from ..plugins.loader import GROUP, Plugin, load_plugins
from .findings import Findings
from .trial_runs import BORROWED


def plugins_of(findings: Findings, plugin: Any, stack: contextlib.ExitStack) -> list[Plugin]:
    """Finds the plugins of a name, a distribution, a folder or a module.

    Args:
        findings: Takes the faults of a folder.
        plugin: What was asked for.
        stack: Takes everything away again that had to be added.

    Raises:
        UnknownNameError: There is no such plugin.
    """
    found = load_plugins().found
    if isinstance(plugin, Plugin):
        return [plugin]
    if not isinstance(plugin, str | Path):
        same = [entry for entry in found if entry.module is plugin]
        return same or [_borrow(plugin, getattr(plugin, "__name__", "plugin"), stack)]
    same = [
        entry
        for entry in found
        if str(plugin) in (entry.name, entry.distribution, getattr(entry.module, "__name__", None))
    ]
    if not same and (Path(plugin) / "pyproject.toml").is_file():
        with findings.part():
            same = _from_folder(findings, Path(plugin), stack)
    elif not same:
        known = [entry.name for entry in found]
        raise UnknownNameError(
            f"No plugin is named '{plugin}'.{did_you_mean(str(plugin), known)}",
            "Install it first (pip install -e FOLDER), or name a folder with a pyproject.toml",
        )
    return same


def _borrow(module: Any, name: str, stack: contextlib.ExitStack) -> Plugin:
    """Registers a plugin until the check is over."""
    plugin = load_plugins().register(module, name, BORROWED, "0")
    stack.callback(load_plugins().unregister, plugin)
    return plugin


def _from_folder(findings: Findings, folder: Path, stack: contextlib.ExitStack) -> list[Plugin]:
    """Returns the plugins of a folder: the installed ones if they are the same."""
    file = folder / "pyproject.toml"
    with findings.attempt(f"Reading {file}"):
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
        points = dict(project.get("entry-points", {}).get(GROUP, {}))
    findings.require(
        points,
        f"{file} names no plugin: add a table [project.entry-points.deepzoo] "
        'with a line like haiku = "deepzoo_haiku".',
    )
    modules = [target.partition(":")[0] for target in points.values()]
    stack.enter_context(_importable(folder, {module.partition(".")[0] for module in modules}))
    plugins = []
    for name, target in points.items():
        with findings.part(), findings.attempt(f"Importing {target}"):
            module = EntryPoint(name, target, GROUP).load()
            where = sys.modules[target.partition(":")[0]].__file__ or ""
            findings.require(
                Path(where).resolve().is_relative_to(folder.resolve()),
                f"Another {target} is installed, {where}: uninstall it, or check it by its name.",
            )
            same = [entry for entry in load_plugins().found if entry.module is module]
            plugins += same or [_borrow(module, name, stack)]
    return plugins


@contextlib.contextmanager
def _importable(folder: Path, packages: set[str]) -> Iterator[None]:
    """Lets packages in a folder be imported, and forgets them; no compiled file is written."""
    path, compiled, loaded = list(sys.path), sys.dont_write_bytecode, set(sys.modules)
    sys.path[:0] = [str(each.resolve()) for each in (folder / "src", folder) if each.is_dir()]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, compiled
        for name in list(sys.modules):
            package = name.partition(".")[0]
            if package in packages and package not in loaded:
                del sys.modules[name]
