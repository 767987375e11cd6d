"""Listings of datasets, models, tasks, experiments and plugins, as plain rows."""

from __future__ import annotations

from typing import Any

from . import registry
from .loader import load_plugins


def list_datasets() -> list[dict[str, Any]]:
    """Lists the datasets of all plugins."""
    return [
        _row(
            entry,
            kind=entry.cls.kind.name,
            tasks=registry.tasks_for(entry.cls.kind),
            license=entry.cls.license,
        )
        for entry in registry.datasets()
    ]


def list_models() -> list[dict[str, Any]]:
    """Lists the models of all plugins."""
    return [
        _row(entry, task=entry.cls.task, framework=entry.cls.framework)
        for entry in registry.models()
    ]


def list_tasks() -> list[dict[str, Any]]:
    """Lists the tasks of all plugins, with their verbs and commands to try."""
    return [
        _row(
            entry,
            kinds=[kind.name for kind in entry.cls.kinds],
            default_model=entry.cls.default_model,
            verbs=sorted(entry.cls.verbs()),
            examples=[shipped.example for _, shipped in registry.shipped_runs(entry.name)],
        )
        for entry in registry.tasks()
    ]


def list_experiments() -> list[dict[str, Any]]:
    """Lists the published experiments."""
    return [
        _row(
            entry,
            dataset=entry.cls.dataset,
            model=entry.cls.model,
            source=entry.cls.source,
            figures=len(entry.cls.figures),
            claims=len(entry.cls.claims),
        )
        for entry in registry.experiments()
    ]


def list_plugins() -> list[dict[str, Any]]:
    """Lists the plugins: their status, and for broken ones the reason."""
    return [
        {
            "name": plugin.name,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "hooks": list(plugin.hooks),
            "status": "works" if plugin.usable else "broken" if plugin.error else "switched off",
            "error": plugin.error or None,
            "seconds": plugin.seconds,
        }
        for plugin in load_plugins().found
    ]


def _row(entry: registry.Registered, **columns: Any) -> dict[str, Any]:
    help_line = (entry.cls.__doc__ or "").strip().partition("\n")[0]
    return {"name": entry.name, "help": help_line, "plugin": entry.plugin, **columns}
