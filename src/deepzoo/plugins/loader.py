"""Finding and loading plugins, each guarded against the failures of the others.

A plugin is any object with hook implementations, usually a package's `__init__`, named in
the entry-point group `deepzoo`. A plugin that cannot be loaded is skipped with one line
that names it; everything else keeps working.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from typing import Any

import pluggy

from ..errors import PluginError, did_you_mean
from . import hookspecs

GROUP = OWN = "deepzoo"
"""The entry-point group, and the distribution of the built-in plugins."""

API = 2
"""Version of the plugin interface; a module with `deepzoo_api = N` needs at least N."""

CHANGED = (
    "in plugin API 2 a verb takes one input and returns one answer, or all as a list with "
    "@verb(batched=True), and fit_arrays gets the arrays of a batch"
)


@dataclasses.dataclass(eq=False)
class Plugin:
    """An installed plugin.

    Args:
        name: Its entry-point name.
        distribution: Name of the package that pip installed.
        version: Version of the distribution.
        module: The object with the hooks; None if it could not be imported or is blocked.
        hooks: Names of the hooks it implements.
        seconds: Time spent on importing it and calling its hooks.
        error: Why it was skipped; empty if it works.
        blocked: Whether the environment variable `DEEPZOO_PLUGINS` excludes it.
    """

    name: str
    distribution: str
    version: str
    module: Any = None
    hooks: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str = ""
    blocked: bool = False

    @property
    def usable(self) -> bool:
        """Whether its hooks are called."""
        return not self.error and not self.blocked

    def __str__(self) -> str:
        return f"Plugin '{self.name}' ({self.distribution} {self.version})"


class Plugins:
    """All plugins of this process: the built-in ones first, then by distribution and name."""

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(GROUP)
        self.manager.add_hookspecs(hookspecs)
        self.found: list[Plugin] = []
        self.notices: list[str] = []
        self.tables: dict[str, list[Any]] = {}

    def register(self, module: Any, name: str, distribution: str, version: str) -> Plugin:
        """Adds a plugin that is not installed, as tests and notebooks do."""
        plugin = Plugin(name, distribution, version)
        self._add(plugin, lambda: module)
        return plugin

    def unregister(self, plugin: Plugin) -> None:
        """Removes a plugin again."""
        self.found.remove(plugin)
        self.tables.clear()
        if self.manager.is_registered(plugin.module):
            self.manager.unregister(plugin.module)

    def call(
        self, hook: str, among: Iterable[Plugin] | None = None, **arguments: Any
    ) -> Iterator[tuple[Plugin, Any]]:
        """Calls a hook of each plugin in turn; a plugin that raises is skipped from then on.

        Args:
            hook: Name of the hook.
            among: The plugins; by default all.
            **arguments: What the hook is given.

        Yields:
            Each plugin that implements the hook, and the value that its hook returned.
        """
        for plugin in list(self.found if among is None else among):
            if not plugin.usable or hook not in plugin.hooks:
                continue
            answer = None
            with self.guard(plugin, f"its hook {hook}"):
                implementations = getattr(self.manager.hook, hook).get_hookimpls()
                own = next(item for item in implementations if item.plugin is plugin.module)
                answer = own.function(*(arguments[name] for name in own.argnames))
                # A generator runs when it is read: inside the guard.
                answer = list(answer) if isinstance(answer, Iterator) else answer
                if hook != "register_commands" and not isinstance(answer, list | tuple | set):
                    raise PluginError(f"{hook} must return a list; received: {answer!r:.80}")
            if plugin.usable:
                yield plugin, answer

    @contextlib.contextmanager
    def guard(self, plugin: Plugin, what: str) -> Iterator[None]:
        """Turns any exception of a plugin's code into one line about that plugin."""
        started = time.perf_counter()
        try:
            with contextlib.redirect_stdout(sys.stderr):
                yield
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            # SystemExit too: a plugin must not be able to end the command.
            reason = str(error)
            if not isinstance(error, PluginError):
                text = " ".join([f"{type(error).__name__}:", *reason.split()])
                reason = f"{what} failed: {text.removesuffix(':')}"
            if "Cannot overwrite attribute __setattr__" in reason:
                reason += "; it is a dataclass already: remove the decorator @dataclass"
            plugin.error = reason
            self.notices.append(f"{plugin} was skipped: {reason.rstrip('.')}.")
            if self.manager.is_registered(plugin.module):
                self.manager.unregister(plugin.module)
            if os.environ.get("DEEPZOO_STRICT", "") not in ("", "0"):
                raise PluginError(f"{plugin} is broken: {reason}") from error
        finally:
            plugin.seconds += time.perf_counter() - started

    def _add(self, plugin: Plugin, load: Callable[[], Any]) -> None:
        self.found.append(plugin)
        self.tables.clear()
        with self.guard(plugin, "importing it"):
            plugin.module = load()
            if _api_of(plugin.module) < API:
                self.notices.append(f"{plugin} was written for plugin API 1: {CHANGED}.")
            plugin.hooks = _check_hooks(self.manager, plugin.module)
            for other in self.found[:-1]:
                if other.usable and other.module is plugin.module:
                    raise PluginError(f"its module is loaded already, as plugin '{other.name}'")
            try:  # pluggy needs unique names
                self.manager.register(plugin.module, f"{plugin.distribution}:{plugin.name}")
            except pluggy.PluginValidationError as error:
                raise PluginError(" ".join(str(error).splitlines()[1:])) from error

    def discover(self) -> None:
        """Loads the installed plugins, or only those that `DEEPZOO_PLUGINS` names."""
        value = os.environ.get("DEEPZOO_PLUGINS")
        allowed = {
            _normalised(name): name.strip() for name in (value or "").split(",") if name.strip()
        }
        matched: set[str] = set()
        for point, distribution, version in _entry_points():
            plugin = Plugin(point.name, distribution, version)
            aliases = (point.name, point.value, distribution, f"{distribution}:{point.name}")
            names = set(map(_normalised, aliases))
            if value is None or names & allowed.keys():
                matched |= names
                self._add(plugin, point.load)
            else:
                plugin.blocked = True
                self.found.append(plugin)
        for name in allowed.keys() - matched:
            self.notices.append(
                f"DEEPZOO_PLUGINS names '{allowed[name]}', but no such plugin is installed."
                f"{did_you_mean(name, [plugin.name for plugin in self.found])}"
            )


@functools.cache
def load_plugins() -> Plugins:
    """Loads the installed plugins, once per process."""
    plugins = Plugins()
    plugins.discover()
    return plugins


def reset() -> None:
    """Forgets all plugins and what they registered; the next call loads them again."""
    load_plugins.cache_clear()


def warnings() -> list[str]:
    """Returns the lines to print on standard error: skipped plugins and clashing names."""
    return list(load_plugins().notices)


def _api_of(module: Any) -> int:
    """Returns the version of the plugin interface that a module was written for."""
    needed = getattr(module, "deepzoo_api", API)
    if not isinstance(needed, int):
        raise PluginError(f"deepzoo_api must be a whole number; received: {needed!r}")
    if needed > API:
        raise PluginError(
            f"it needs plugin API {needed}, this deepzoo has {API}; "
            "upgrade with: pip install --upgrade deepzoo"
        )
    return needed


def _check_hooks(manager: pluggy.PluginManager, module: Any) -> tuple[str, ...]:
    """Refuses invalid hooks that pluggy would accept, or reject with a message of several lines."""
    hooks = []
    for name in dir(module):
        options = manager.parse_hookimpl_opts(module, name)
        if options is None:
            continue
        hook = options.get("specname") or name
        specification = getattr(hookspecs, hook, None)
        if not hook.startswith("register_") or specification is None:
            known = [name for name in vars(hookspecs) if name.startswith("register_")]
            raise PluginError(f"there is no hook '{hook}'.{did_you_mean(hook, known)}")
        if options.get("hookwrapper") or options.get("wrapper"):
            raise PluginError(f"hook '{hook}' is a wrapper; deepzoo calls plain hooks only")
        hooks.append(hook)
    if not hooks:
        raise PluginError("it implements no hook; mark its functions with @deepzoo.hookimpl")
    return tuple(sorted(hooks))


def _entry_points() -> list[tuple[metadata.EntryPoint, str, str]]:
    """Lists entry points with distribution and version, the built-in ones first.

    The order does not depend on the file system.
    """
    try:
        points = list(metadata.entry_points(group=GROUP))
    except Exception:  # A damaged entry_points.txt must not hide the others.
        points = []
        for distribution in metadata.distributions():
            with contextlib.suppress(Exception):
                points += distribution.entry_points.select(group=GROUP)
    rows = [(point, *_distribution_of(point)) for point in points]
    return sorted(rows, key=lambda row: (row[1] != OWN, _normalised(row[1]), row[0].name))


def _distribution_of(point: metadata.EntryPoint) -> tuple[str, str]:
    try:
        assert point.dist is not None
        return point.dist.name or "unknown", point.dist.version or "unknown"
    except Exception:
        return "unknown", "unknown"


def _normalised(name: str) -> str:
    """Returns a name as package indexes compare it: lower case, with hyphens."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
