"""Shipped runs: trained ones that came inside a plugin, checked against the hashes in its code."""

from __future__ import annotations

import importlib
import importlib.resources
from pathlib import Path

from ..errors import CheckpointError
from ..interfaces.task import Task
from ..plugins.loader import OWN
from ..system.files import file_sha256
from .folder import RunFolder

SUFFIX = "@shipped"


def shipped_runs(task: str | None = None) -> list[tuple[str, type[Task]]]:
    """Lists the names of the shipped runs, each with the task that has it.

    Args:
        task: Only those of this task.
    """
    from ..plugins import registry

    classes = [entry.cls for entry in registry.tasks() if task in (None, entry.name)]
    return [(name, cls) for cls in classes for name in cls.shipped]


def owners_of(name: str, distribution: str = "", task: str | None = None) -> list[type[Task]]:
    """Lists the tasks that ship a run of this name; of a bare name the built-in one, if it does.

    Args:
        name: Name of the run.
        distribution: Only those of this distribution.
        task: Only those of this task.
    """
    owners = [cls for shipped, cls in shipped_runs(task) if shipped == name]
    chosen = [cls for cls in owners if _distribution(cls) == (distribution or OWN)]
    return chosen if distribution else chosen or owners


def open_shipped(name: str, task: type[Task]) -> RunFolder:
    """Opens a shipped run after checking every one of its files.

    Raises:
        CheckpointError: A file is missing or is not the one that was shipped.
    """
    shipped = task.shipped[name]
    folder = package_folder(task) / shipped.folder
    for file, expected in shipped.sha256.items():
        path = folder / file
        received = file_sha256(path) if path.is_file() else "no file"
        if received != expected:
            raise CheckpointError(
                f"The installation is damaged: {path} should have the hash {expected[:12]}, "
                f"received {received[:12]}.",
                "Reinstall: pip install --force-reinstall --no-deps "
                + _distribution(task).replace("_", "-"),
            )
    id = name if task in owners_of(name) else f"{_distribution(task)}:{name}"
    run = RunFolder.open(folder, id=id + SUFFIX, shipped=True)
    _follow(run, _distribution(task))
    return run


def _follow(run: RunFolder, distribution: str) -> None:
    """Looks recipes up where the plugin is now: it may have a distribution of its own."""
    origins = run.record.get("plugins", {})
    before = (origins.get("task") or {}).get("distribution")
    run.record["plugins"] = {
        owner: {**origin, "distribution": distribution}
        if origin.get("distribution") == before
        else origin
        for owner, origin in origins.items()
    }


def package_folder(task: type[Task]) -> Path:
    """Returns the folder of the top-level package or module that a task is part of."""
    module = importlib.import_module(task.__module__.partition(".")[0])
    if hasattr(module, "__path__"):
        return Path(str(importlib.resources.files(module)))
    return Path(str(module.__file__)).parent


def _distribution(task: type[Task]) -> str:
    from ..plugins import registry

    return registry.registered(task).distribution or task.__module__.partition(".")[0]
