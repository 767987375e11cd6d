"""Entry points: which plugins are installed, and which the environment allows."""

from __future__ import annotations

import contextlib
import os
import re
from importlib import metadata

GROUP = OWN = "deepzoo"
ALLOW_LIST = "DEEPZOO_PLUGINS"


def entry_points() -> list[tuple[metadata.EntryPoint, str, str]]:
    """Lists the entry points of all distributions, with distribution and version."""
    try:
        points = list(metadata.entry_points(group=GROUP))
    except Exception:  # One damaged entry_points.txt must not hide everyone else's.
        points = []
        for distribution in metadata.distributions():
            with contextlib.suppress(Exception):
                points += distribution.entry_points.select(group=GROUP)
    return [(point, *_origin(point)) for point in points]


def _origin(point: metadata.EntryPoint) -> tuple[str, str]:
    try:
        assert point.dist is not None
        return point.dist.name or "unknown", point.dist.version or "unknown"
    except Exception:
        return "unknown", "unknown"


def load_order(found: tuple[metadata.EntryPoint, str, str]) -> tuple[bool, str, str]:
    """Sorts our own plugins first, then by distribution and name, whatever the file system says."""
    point, distribution, _ = found
    return distribution != OWN, plain(distribution), point.name


def allow_list() -> dict[str, str] | None:
    """Reads the names that `DEEPZOO_PLUGINS` allows, plain and as written; None allows all."""
    value = os.environ.get(ALLOW_LIST)
    if value is None:
        return None
    return {plain(name): name.strip() for name in value.split(",") if name.strip()}


def plain(name: str) -> str:
    """Returns a name as package indexes compare them: lower case, with hyphens."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
