"""Registry: from the names that users type to the classes that plugins register.

A name is looked up bare (`tweets`) or with its distribution (`deepzoo-haiku:haiku`),
which always works. Where two plugins offer one name, a built-in keeps it; between
two strangers the bare name is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import PluginError, UnknownNameError, UsageError
from ..interfaces.dataset import Dataset
from ..interfaces.experiment import Experiment
from ..interfaces.kinds import Kind
from ..interfaces.model import Model
from ..interfaces.task import Task
from .entry_points import OWN
from .loader import Plugins, load_plugins
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


def experiment(name: str) -> type[Experiment]:
    """Finds an experiment by name."""
    return find("experiment", name).cls


def kind(name: str) -> type[Kind]:
    """Finds a kind by name."""
    return find("kind", name).cls


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


def kinds() -> list[Registered]:
    """Lists all kinds."""
    return entries("kind")


def entries(category: str) -> list[Registered]:
    """Lists what is registered in a category; its hook is called the first time."""
    plugins = load_plugins()
    if category not in plugins.tables:
        plugins.tables[category] = collect(plugins, category)
    # A plugin may have broken since, in another hook: then nothing of it remains.
    return [entry for plugin, entry in plugins.tables[category] if plugin is None or plugin.usable]


def load_all() -> Plugins:
    """Calls every registering hook, so that broken plugins show, and returns the plugins."""
    for category in BASES:
        entries(category)
    return load_plugins()


def registered(cls: type[Any]) -> Registered:
    """Returns the entry of a class: which plugin it came from, in which version."""
    category = next(name for name, base in BASES.items() if issubclass(cls, base))
    for entry in entries(category):
        if entry.cls is cls:
            return entry
    return Registered(cls.name, cls, "", "", "")


def find(category: str, name: str, near: str = "") -> Registered:
    """Finds an entry.

    Args:
        category: `dataset`, `model`, `task`, `experiment` or `kind`.
        name: Bare, or `distribution:name`.
        near: A distribution whose own entry wins over others of the same bare name.

    Raises:
        UnknownNameError: Nothing has this name.
        PluginError: Two strangers have it, or the plugin that had it cannot be loaded.
    """
    distribution, separator, bare = name.rpartition(":")
    everything = entries(category)
    found = [entry for entry in everything if entry.name == bare]
    if separator:
        found = [entry for entry in found if entry.distribution == distribution]
    for preferred in (near, OWN):
        own = [entry for entry in found if entry.distribution == preferred]
        found = own or found
    if len(found) == 1:
        return found[0]
    if found:
        names = " and ".join(entry.qualified for entry in found)
        raise PluginError(
            f"Several plugins offer a {category} named '{bare}': {names}.",
            f"Write the one you mean in full: {found[0].qualified}",
        )
    raise unknown(category, name, distribution if separator else "", everything)


def recorded(category: str, name: str, owner: Mapping[str, str]) -> type[Any]:
    """Finds the class that a run was made with, in the plugin that the run recorded.

    Raises:
        PluginError: The plugin is not installed any more, is broken or switched off.
    """
    distribution = owner.get("distribution", "")
    plugins = load_all()
    for entry in entries(category):
        if entry.name == name and entry.distribution == distribution:
            return entry.cls
    for plugin in plugins.found:
        if plugin.distribution == distribution:
            why = plugin.error or "it does not offer that name any more"
            why = "DEEPZOO_PLUGINS leaves it out" if plugin.blocked else why
            raise PluginError(f"The {category} '{name}' is not there. {plugin}: {why}.")
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

    The first of these that is given decides: the model, the task, the dataset's
    default model, its default task, the default task of its kind.

    Raises:
        UsageError: They disagree; nothing has been read or downloaded yet.
    """
    near = registered(dataset_cls).distribution
    if model_name:
        chosen = _task_of(find("model", model_name, near))
        if task_name and (asked := find("task", task_name, near).cls) is not chosen[0]:
            raise UsageError(
                f"Model '{chosen[1].name}' serves the task '{chosen[0].name}', "
                f"but the task asked for is '{asked.name}'.",
                f"Models of '{asked.name}': {', '.join(_models_of(asked)) or 'none'}",
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
        accepted = ", ".join(one.name for one in chosen[0].kinds)
        raise UsageError(
            f"Task '{chosen[0].name}' reads {accepted}, "
            f"but dataset '{dataset_cls.name}' holds {dataset_cls.kind.name}.",
            f"Tasks that read {dataset_cls.kind.name}: "
            f"{', '.join(tasks_for(dataset_cls.kind)) or 'none'}",
        )
    return chosen


def tasks_for(kind_cls: type[Kind]) -> list[str]:
    """Lists the names of the tasks that accept a kind."""
    return [entry.name for entry in tasks() if issubclass(kind_cls, entry.cls.kinds)]


def _models_of(task_cls: type[Task]) -> list[str]:
    return [entry.name for entry in models() if entry.cls.task == task_cls.name]


def _task_of(entry: Registered) -> tuple[type[Task], type[Model]]:
    try:
        return find("task", entry.cls.task, entry.distribution).cls, entry.cls
    except (UnknownNameError, PluginError) as error:
        raise PluginError(
            f"Model '{entry.qualified}' serves the task '{entry.cls.task}'. {error.message}",
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
    found = [entry for entry in tasks() if kind_cls in entry.cls.default_for]
    found = [entry for entry in found if entry.distribution == OWN] or found
    if len(found) == 1:
        return found[0]
    names = [entry.name for entry in found] or tasks_for(kind_cls)
    raise UsageError(
        f"Dataset '{dataset_cls.name}' holds {kind_cls.name}, "
        f"for which {'several tasks are' if found else 'no task is'} the default.",
        f"Choose with --task: {', '.join(names)}" if names else "See: deepzoo tasks",
    )
