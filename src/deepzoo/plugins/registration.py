"""Calling the hooks that register classes, and checking what they return."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from ..errors import PluginError, UnknownNameError, did_you_mean
from ..interfaces.ask import input_of, positional
from ..interfaces.dataset import Dataset
from ..interfaces.experiment import Experiment
from ..interfaces.image_kinds import ImagePairs, Images
from ..interfaces.kinds import Baskets, Kind, LabelledText, Text, TextPairs
from ..interfaces.model import Model
from ..interfaces.recipe import Recipe
from ..interfaces.task import Task
from .loader import CHANGED, OWN, Plugin, Plugins, load_plugins

KINDS: tuple[type[Kind], ...] = (Images, ImagePairs, Text, LabelledText, TextPairs, Baskets)
BASES: dict[str, type[Any]] = {
    "kind": Kind,
    "dataset": Dataset,
    "task": Task,
    "model": Model,
    "experiment": Experiment,
}
NEEDED: dict[str, tuple[str, ...]] = {
    "kind": (),
    "dataset": ("kind",),
    "task": ("kinds", "default_model"),
    "model": ("task",),
    "experiment": ("dataset", "model"),
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclasses.dataclass(frozen=True)
class Registered:
    """A class and the plugin that registered it."""

    name: str
    cls: type[Any]
    plugin: str
    distribution: str
    version: str

    @property
    def qualified(self) -> str:
        """The unambiguous name: `distribution:name`."""
        return f"{self.distribution}:{self.name}"

    @property
    def owner(self) -> dict[str, str]:
        """Plugin, distribution and version, as runs store them."""
        return {key: getattr(self, key) for key in ("plugin", "distribution", "version")}


def collect(plugins: Plugins, category: str) -> list[tuple[Plugin | None, Registered]]:
    """Calls the hook of a category in each plugin and checks the classes it returns.

    A plugin that returns anything invalid is skipped with everything it registered. Names
    that two plugins offer are both kept, and reported.
    """
    table: list[tuple[Plugin | None, Registered]] = []
    if category == "kind":
        version = next((own.version for own in plugins.found if own.distribution == OWN), "")
        table = [(None, Registered(cls.name, cls, "core", OWN, version)) for cls in KINDS]
    for plugin, classes in plugins.call(f"register_{category}s"):
        with plugins.guard(plugin, f"its hook register_{category}s"):
            table += [(plugin, entry) for entry in _check(plugin, category, classes, table)]
    table = [row for row in table if row[0] is None or row[0].usable]
    _report_clashes(plugins, category, [entry for _, entry in table])
    return table


def _check(
    plugin: Plugin, category: str, classes: Any, table: list[tuple[Plugin | None, Registered]]
) -> list[Registered]:
    hook = f"register_{category}s"
    taken = {entry.qualified for _, entry in table}
    entries = []
    for cls in classes:
        check_class(category, cls)
        entry = Registered(cls.name, cls, plugin.name, plugin.distribution, plugin.version)
        if entry.qualified in taken:
            raise PluginError(f"{hook}: '{plugin.distribution}' offers '{cls.name}' twice")
        taken.add(entry.qualified)
        entries.append(entry)
    return entries


def check_class(category: str, cls: Any) -> None:
    """Checks that a class has what its category needs.

    Raises:
        PluginError: It does not; the message says what to write.
    """
    hook, base = f"register_{category}s", BASES[category]
    if not isinstance(cls, type) or not issubclass(cls, base):
        raise PluginError(
            f"{hook} must return subclasses of {base.__name__}; received: {cls!r:.80}"
        )
    recipe = issubclass(cls, Recipe)
    fields = [setting.name for setting in cls.settings()] if recipe else []
    for attribute in ("name", *NEEDED[category]):
        if attribute in fields:
            raise PluginError(
                f"{cls.__name__}.{attribute} is not a setting: "
                f"write `{attribute} = ...` without a type"
            )
        if not getattr(cls, attribute, None):
            raise PluginError(f"{cls.__name__} needs the class attribute `{attribute} = ...`")
    for verb, method in cls.verbs().items() if issubclass(cls, Task) else ():
        parameter = input_of(method)
        if parameter is not None and parameter.kind is parameter.VAR_POSITIONAL:
            raise PluginError(f"{cls.__name__}.{verb} takes *{parameter.name}: {CHANGED}")
        if len(positional(method)) > 1:
            raise PluginError(
                f"{cls.__name__}.{verb} takes one input; write `*,` before its options"
            )
    honoured = getattr(cls, "training_settings", None) or ()
    for name in set(honoured) - {setting.name for setting in Model.settings()}:
        raise PluginError(
            f"{cls.__name__}.training_settings names '{name}', which is no setting of training."
            f"{did_you_mean(name, [setting.name for setting in Model.settings()])}"
        )
    if not isinstance(cls.name, str) or not NAME.fullmatch(cls.name):
        raise PluginError(
            f"{cls.__name__}.name must be letters, digits, '.', '_' and '-', at most 64 of them; "
            f"received: {cls.name!r:.80}"
        )
    for attribute in ("kind", "kinds"):
        value = getattr(cls, attribute, ()) if attribute in NEEDED[category] else ()
        for kind in value if isinstance(value, tuple) else (value,):
            if not isinstance(kind, type) or not issubclass(kind, Kind):
                raise PluginError(
                    f"{cls.__name__}.{attribute} must name Kind classes; received: {kind!r:.80}"
                )


def _report_clashes(plugins: Plugins, category: str, entries: list[Registered]) -> None:
    owners: dict[str, list[str]] = {}
    for entry in entries:
        owners.setdefault(entry.name, []).append(entry.distribution)
    for name, distributions in owners.items():
        report_clash(plugins, category, name, distributions)


def report_clash(plugins: Plugins, category: str, name: str, distributions: Sequence[str]) -> None:
    """Adds a notice if several distributions offer a name."""
    if len(distributions) < 2:
        return
    names = " and ".join(f"{distribution}:{name}" for distribution in distributions)
    outcome = (
        f"'{name}' is the built-in one" if OWN in distributions else "write one of them in full"
    )
    notice = f"Several plugins offer a {category} named '{name}': {names}; {outcome}."
    if notice not in plugins.notices:
        plugins.notices.append(notice)


def unknown(
    category: str, name: str, distribution: str, everything: list[Registered]
) -> UnknownNameError | PluginError:
    """Returns the error for an unknown name."""
    plugins = load_plugins().found
    known = [entry.name for entry in everything]
    if distribution:
        plugins = [plugin for plugin in plugins if plugin.distribution == distribution]
        if not plugins:
            return PluginError(
                f"'{name}' names the plugin package '{distribution}', which is not installed.",
                f"Install it with: pip install {distribution}",
            )
        known = [entry.qualified for entry in everything if entry.distribution == distribution]
    broken = [plugin for plugin in plugins if plugin.error]
    close = did_you_mean(name, known)
    if broken and (distribution or not close):
        reasons = " ".join(f"{plugin} could not be loaded: {plugin.error}." for plugin in broken)
        return PluginError(f"No {category} is named '{name}'. {reasons}", "See: deepzoo plugins")
    return UnknownNameError(
        f"No {category} is named '{name}'.{close}", f"List them with: deepzoo {category}s"
    )
