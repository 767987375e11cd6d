"""Shell completion: names, read without any framework."""

from __future__ import annotations

from collections.abc import Callable

import typer


def _registered(category: str) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        try:
            from ..plugins import registry

            entries = registry.entries(category)
        except Exception:  # A shell has no place for errors.
            return []
        return [
            (entry.name, first_line(entry.cls))
            for entry in entries
            if entry.name.startswith(incomplete)
        ]

    return complete


dataset = _registered("dataset")
model = _registered("model")
task = _registered("task")


def run(incomplete: str) -> list[str]:
    """Completes what RUN may be: a dataset that has runs, a run, or a shipped run."""
    try:
        from ..plugins.registry import shipped_runs
        from ..runs import store
        from ..runs.shipped import SUFFIX

        names = [run.id for run in store.list_runs()]
        names += sorted({name.split("/")[0] for name in names})
        names += [shipped.name + SUFFIX for _, shipped in shipped_runs()]
    except Exception:
        return []
    return [name for name in names if name.startswith(incomplete)]


def name(incomplete: str) -> list[str]:
    """Completes anything that `info` explains."""
    offered = []
    for category in ("dataset", "model", "task", "experiment", "kind"):
        offered += [found for found, _ in _registered(category)(incomplete)]
    return sorted(set(offered))


def plot(ctx: typer.Context, incomplete: str) -> list[str]:
    """Completes the pictures that the run before it can draw."""
    try:
        from .. import api
        from ..plugins import registry

        run = api.load(ctx.params.get("run") or "")
        names = ["curves", *registry.task(run.task).plots]
    except Exception:
        return []
    return [name for name in names if name.startswith(incomplete)]


def first_line(cls: type) -> str:
    """Returns the first sentence of a class's own docstring."""
    text = " ".join((cls.__dict__.get("__doc__") or "").split("\n\n")[0].split())
    # A dataclass without a docstring is given its signature as one.
    if text.startswith(f"{cls.__name__}("):
        return ""
    return text.split(". ")[0].rstrip(".")
