"""Registry: finds the classes that plugins register by the names that users type.

A name is bare (`tweets`) or has its distribution (`deepzoo-haiku:haiku`), which is never
ambiguous. If several plugins offer a name, the bare name is the built-in one; between
other plugins it is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ..errors import DeepzooError, PluginError, UnknownNameError, UsageError
from ..interfaces.dataset import Dataset
from ..interfaces.kinds import Kind
from ..interfaces.model import Model
from ..interfaces.shipped import Shipped
from ..interfaces.task import Task
from .loader import OWN, Plugin, Plugins, load_plugins
from .registration import BASES, Registered, collect, unknown


def dataset(name: str) -> type[Dataset]:
    """Finds a dataset by name."""
    return find("dataset", name).cls


def model(name: str) -> type[Model]:
    """Finds a model by name."""
    return find("model", name).cls


def task(name: str) -> type[Task]:
    """Finds a task by name."""
    return find("task", name).cls


def datasets() -> list[Registered]:
    """Lists all datasets."""
    return entries("dataset")


def models() -> list[Registered]:
    """Lists all models."""
    return entries("model")


def tasks() -> list[Registered]:
    """Lists all tasks."""
    return entries("task")


def experiments() -> list[Registered]:
    """Lists all experiments."""
    return entries("experiment")


def entries(category: str) -> list[Registered]:
    """Lists what is registered in a category; calls its hook the first time."""
    plugins = load_plugins()
    if category not in plugins.tables:
        plugins.tables[category] = collect(plugins, category)
    # A plugin may have failed in another hook meanwhile: then nothing of it remains.
    return [entry for plugin, entry in plugins.tables[category] if plugin is None or plugin.usable]


def shipped_runs(task: str | None = None) -> list[tuple[Plugin, Shipped]]:
    """Lists the runs that came with plugins, each with its plugin.

    Args:
        task: Only those of this task.
    """
    plugins = load_plugins()
    if "run" not in plugins.tables:
        plugins.tables["run"] = []
        for plugin, runs in plugins.call("register_runs"):
            with plugins.guard(plugin, "its hook register_runs"):
                for shipped in runs:
                    if not isinstance(shipped, Shipped):
                        raise PluginError(
                            f"register_runs must return deepzoo.Shipped; received: {shipped!r:.80}"
                        )
                plugins.tables["run"] += [(plugin, shipped) for shipped in runs]
    return [
        (plugin, shipped)
        for plugin, shipped in plugins.tables["run"]
        if plugin.usable and task in (None, shipped.task)
    ]


def load_all() -> Plugins:
    """Calls the hooks of all categories, so that broken plugins are known, and returns all."""
    for category in BASES:
        entries(category)
    shipped_runs()
    return load_plugins()


def registered(cls: type[Any]) -> Registered:
    """Returns the entry of a class, with its plugin and version."""
    category = next(name for name, base in BASES.items() if issubclass(cls, base))
    for entry in entries(category):
        if entry.cls is cls:
            return entry
    return Registered(cls.name, cls, "", "", "")


def spelled(cls: type[Any]) -> str:
    """Returns how users write a class: its bare name, unless this means another plugin's."""
    entry = registered(cls)
    category = next(name for name, base in BASES.items() if issubclass(cls, base))
    meant = meaning(category, entry.name)
    return entry.name if meant is cls or not entry.distribution else entry.qualified


def meaning(category: str, name: str, near: str = "") -> type[Any] | None:
    """Returns the class that a name means, or None where it means none or several."""
    try:
        return find(category, name, near).cls
    except (UnknownNameError, PluginError):
        return None


def find(category: str, name: str, near: str = "") -> Registered:
    """Finds an entry.

    Args:
        category: `dataset`, `model`, `task`, `experiment` or `kind`.
        name: Bare, or `distribution:name`.
        near: A distribution that is preferred if several plugins offer the bare name.

    Raises:
        UnknownNameError: Nothing has this name.
        PluginError: The name is ambiguous, or the plugin that offers it cannot be loaded.
    """
    distribution, separator, bare = name.rpartition(":")
    everything = entries(category)
    matches = [entry for entry in everything if entry.name == bare]
    if separator:
        matches = [entry for entry in matches if entry.distribution == distribution]
    for preferred in (near, OWN):
        matches = [entry for entry in matches if entry.distribution == preferred] or matches
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = " and ".join(entry.qualified for entry in matches)
        raise PluginError(
            f"Several plugins offer a {category} named '{bare}': {names}.",
            f"Write the full name of one of them, such as {matches[0].qualified}",
        )
    raise unknown(category, name, distribution if separator else "", everything)


def recorded(category: str, name: str, owner: Mapping[str, str]) -> type[Any]:
    """Finds the class that a run was made with, in the plugin that the run names.

    Raises:
        PluginError: The plugin is no longer installed, is broken or is excluded.
    """
    distribution = owner.get("distribution", "")
    plugins = load_all()
    for entry in entries(category):
        if entry.name == name and entry.distribution == distribution:
            return entry.cls
    for plugin in plugins.found:
        if plugin.distribution == distribution:
            why = plugin.error or "it no longer offers that name"
            why = "DEEPZOO_PLUGINS excludes it" if plugin.blocked else why
            raise PluginError(f"The {category} '{name}' is not available. {plugin}: {why}.")
    version = owner.get("version", "")
    raise PluginError(
        f"The {category} '{name}' of this run comes from plugin '{owner.get('plugin', '')}' "
        f"({distribution} {version}), which is not installed.",
        f"Install it with: pip install '{distribution}=={version}'",
    )


def default_task(
    dataset_cls: type[Dataset], task_name: str | None = None, model_name: str | None = None
) -> tuple[type[Task], type[Model]]:
    """Chooses the task and the model for a dataset.

    The first of these that is given decides: the model, the task, the dataset's default
    model, its default task, the default task of its kind.

    Raises:
        UsageError: They contradict each other.
    """
    near = registered(dataset_cls).distribution
    if model_name:
        chosen = _task_of(find("model", model_name, near))
        if task_name and (asked := find("task", task_name, near).cls) is not chosen[0]:
            others = [entry.name for entry in models() if entry.cls.task == asked.name]
            raise UsageError(
                f"Model '{chosen[1].name}' belongs to the task '{chosen[0].name}', "
                f"expected the task '{asked.name}'.",
                f"Models of '{asked.name}': {', '.join(others) or 'none'}",
            )
    elif task_name:
        chosen = _with_model(find("task", task_name, near), dataset_cls, near)
    elif dataset_cls.default_model:
        chosen = _task_of(find("model", dataset_cls.default_model, near))
    elif dataset_cls.default_task:
        chosen = _with_model(find("task", dataset_cls.default_task, near), dataset_cls, near)
    else:
        chosen = _with_model(_default_of(dataset_cls), dataset_cls, near)
    if not issubclass(dataset_cls.kind, chosen[0].kinds):
        accepted = ", ".join(kind.name for kind in chosen[0].kinds)
        raise UsageError(
            f"Task '{chosen[0].name}' accepts {accepted}, "
            f"but dataset '{dataset_cls.name}' has the kind {dataset_cls.kind.name}.",
            f"Tasks that accept {dataset_cls.kind.name}: "
            f"{', '.join(tasks_for(dataset_cls.kind)) or 'none'}",
        )
    return chosen


def tasks_for(kind_cls: type[Kind]) -> list[str]:
    """Lists the names of the tasks that accept a kind."""
    return [entry.name for entry in tasks() if issubclass(kind_cls, entry.cls.kinds)]


def datasets_for(task_cls: type[Task]) -> list[Registered]:
    """Lists the datasets that a task reads, first those whose default task it is."""

    def is_default(entry: Registered) -> bool:
        with contextlib.suppress(DeepzooError):
            return default_task(entry.cls)[0] is task_cls
        return False

    rows = [entry for entry in datasets() if issubclass(entry.cls.kind, task_cls.kinds)]
    return sorted(rows, key=is_default, reverse=True)


def _task_of(entry: Registered) -> tuple[type[Task], type[Model]]:
    try:
        return find("task", entry.cls.task, entry.distribution).cls, entry.cls
    except (UnknownNameError, PluginError) as error:
        raise PluginError(
            f"Model '{entry.qualified}' belongs to the task '{entry.cls.task}'. {error.message}",
            "See: deepzoo plugins",
        ) from error


def _with_model(
    entry: Registered, dataset_cls: type[Dataset], near: str
) -> tuple[type[Task], type[Model]]:
    if dataset_cls.default_model:
        task_cls, model_cls = _task_of(find("model", dataset_cls.default_model, near))
        if task_cls is entry.cls:
            return task_cls, model_cls
    return entry.cls, find("model", entry.cls.default_model, entry.distribution).cls


def _default_of(dataset_cls: type[Dataset]) -> Registered:
    """Finds the task that is the default of a dataset's kind."""
    kind_cls = dataset_cls.kind
    defaults = [entry for entry in tasks() if kind_cls in entry.cls.default_for]
    defaults = [entry for entry in defaults if entry.distribution == OWN] or defaults
    if len(defaults) == 1:
        return defaults[0]
    names = [entry.name for entry in defaults] or tasks_for(kind_cls)
    raise UsageError(
        f"Dataset '{dataset_cls.name}' has the kind {kind_cls.name}, "
        f"for which {'several tasks are' if defaults else 'no task is'} the default.",
        f"Choose with --task: {', '.join(names)}" if names else "See: deepzoo tasks",
    )
