"""Plugins: finds them, loads each behind a guard, and says what is wrong with the others.

A plugin is any object with hook implementations, usually a package's `__init__`,
named in the entry-point group `deepzoo`. One that cannot be loaded is skipped with
one line that names it; everything else goes on working.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pluggy

from ..errors import PluginError, did_you_mean
from . import hookspecs
from .entry_points import ALLOW_LIST, GROUP, allow_list, entry_points, load_order, plain

API = 1
"""Number of the plugin interface; a module that says `deepzoo_api = N` needs at least N."""

STRICT = "DEEPZOO_STRICT"


@dataclasses.dataclass(eq=False)
class Plugin:
    """One plugin that was found.

    Args:
        name: Its entry-point name.
        distribution: What pip installed it as.
        version: Version of the distribution.
        module: The object with the hooks; None if it could not be imported or is blocked.
        hooks: Names of the hooks it implements.
        seconds: How long importing it and calling its hooks took.
        error: Why it was skipped; empty if it works.
        blocked: Whether the environment variable `DEEPZOO_PLUGINS` leaves it out.
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
    """All plugins of this process, in order: our own first, then by distribution and name."""

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
        """Takes a plugin out again."""
        self.found.remove(plugin)
        self.tables.clear()
        if self.manager.is_registered(plugin.module):
            self.manager.unregister(plugin.module)

    def call(self, hook: str, **arguments: Any) -> Iterator[tuple[Plugin, Any]]:
        """Calls a hook of each plugin in turn; one that raises is skipped from then on.

        Yields:
            Each plugin that implements the hook, and what its implementation returned.
        """
        for plugin in list(self.found):
            if not plugin.usable or hook not in plugin.hooks:
                continue
            answer = None
            with self.guard(plugin, f"its hook {hook}"):
                caller = getattr(self.manager.hook, hook)
                found = next(one for one in caller.get_hookimpls() if one.plugin is plugin.module)
                answer = found.function(*(arguments[name] for name in found.argnames))
                # A generator runs when it is read: here, behind the guard.
                answer = list(answer) if isinstance(answer, Iterator) else answer
                if hook != "register_commands" and not isinstance(answer, list | tuple | set):
                    raise PluginError(f"{hook} must return a list; received: {answer!r:.80}")
            if plugin.usable:
                yield plugin, answer

    @contextlib.contextmanager
    def guard(self, plugin: Plugin, what: str) -> Iterator[None]:
        """Turns any failure of a plugin's code into one line about that plugin."""
        started = time.perf_counter()
        try:
            with contextlib.redirect_stdout(sys.stderr):
                yield
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            # SystemExit too: a plugin must not be able to end the command.
            known = isinstance(error, PluginError)
            reason = str(error) if known else f"{what} failed: {_line(error)}"
            self.disable(plugin, reason, error)
        finally:
            plugin.seconds += time.perf_counter() - started

    def disable(self, plugin: Plugin, reason: str, cause: BaseException | None = None) -> None:
        """Skips a plugin from now on, with everything it registered."""
        plugin.error = reason
        self.notices.append(f"{plugin} was skipped: {reason.rstrip('.')}.")
        if self.manager.is_registered(plugin.module):
            self.manager.unregister(plugin.module)
        if os.environ.get(STRICT, "") not in ("", "0"):
            raise PluginError(f"{plugin} is broken: {reason}") from cause

    def _add(self, plugin: Plugin, load: Callable[[], Any]) -> None:
        self.found.append(plugin)
        self.tables.clear()
        with self.guard(plugin, "importing it"):
            plugin.module = load()
            _check_api(plugin.module)
            plugin.hooks = _check_hooks(self.manager, plugin.module)
            for other in self.found[:-1]:
                if other.usable and other.module is plugin.module:
                    raise PluginError(f"its module is loaded already, as plugin '{other.name}'")
            try:  # Names are ours to show; pluggy wants unique ones.
                self.manager.register(plugin.module, f"{plugin.distribution}:{plugin.name}")
            except pluggy.PluginValidationError as error:
                raise PluginError(" ".join(str(error).splitlines()[1:])) from error

    def discover(self) -> None:
        """Reads the entry points and loads what the environment allows."""
        allowed = allow_list()
        matched: set[str] = set()
        for point, distribution, version in sorted(entry_points(), key=load_order):
            plugin = Plugin(point.name, distribution, version)
            names = {plain(name) for name in (point.name, point.value, distribution)}
            names.add(plain(f"{distribution}:{point.name}"))
            if allowed is None or names & allowed.keys():
                matched |= names
                self._add(plugin, point.load)
            else:
                plugin.blocked = True
                self.found.append(plugin)
        for name in (allowed or {}).keys() - matched:
            self.notices.append(
                f"{ALLOW_LIST} names '{(allowed or {})[name]}', but no such plugin is installed."
                f"{did_you_mean(name, [plugin.name for plugin in self.found])}"
            )


@functools.cache
def load_plugins() -> Plugins:
    """Loads the installed plugins, once per process."""
    plugins = Plugins()
    plugins.discover()
    return plugins


def reset() -> None:
    """Forgets all plugins and what they registered, so that the next call loads them anew."""
    load_plugins.cache_clear()


def warnings() -> list[str]:
    """Returns the lines to show on standard error: skipped plugins and clashing names."""
    return list(load_plugins().notices)


def _check_api(module: Any) -> None:
    needed = getattr(module, "deepzoo_api", API)
    if not isinstance(needed, int):
        raise PluginError(f"deepzoo_api must be a whole number; received: {needed!r}")
    if needed > API:
        raise PluginError(
            f"it needs plugin API {needed}, this deepzoo has {API}; "
            "upgrade with: pip install --upgrade deepzoo"
        )


def _check_hooks(manager: pluggy.PluginManager, module: Any) -> tuple[str, ...]:
    """Refuses what pluggy lets pass, or says only in several lines."""
    found = []
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
        found.append(hook)
    if not found:
        raise PluginError("it implements no hook; mark its functions with @deepzoo.hookimpl")
    return tuple(sorted(found))


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
