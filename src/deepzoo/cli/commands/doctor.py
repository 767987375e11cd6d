"""`doctor`: what works on this machine, which device is used, and why not the GPU."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from ...data.cache import paths
from ...errors import DeepzooError
from ...plugins import registry
from ...system.files import bytes_in_words
from ..console import console

LIBRARIES = ("keras", "tensorflow", "jax", "torch", "numpy", "scikit-learn", "matplotlib")
LOW_ON_DISK = 2 * 10**9


def doctor() -> None:
    """Show what works here, which device is used, and why."""
    rows = [row for check in CHECKS for row in _guarded(check)]
    wrong = [row for row in rows if row["status"] == "wrong"]
    if console.json:
        console.emit({"ok": not wrong, "checks": rows})
        return
    marks = {"fine": "ok", "note": "-", "wrong": "!!"}
    console.table(
        ["", "WHAT", "FOUND"],
        [[marks[row["status"]], row["name"], row["found"]] for row in rows],
    )
    for row in rows:
        if row["fix"]:
            console.note(f"\n{row['name']}: {row['fix']}")
    if not wrong:
        console.note("\nEverything that is needed works.")


def _row(name: str, found: Any, status: str = "fine", fix: str = "") -> dict[str, Any]:
    return {"name": name, "found": str(found), "status": status, "fix": fix}


def _guarded(check: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Runs a check; its failure is a finding, never the end of the examination."""
    name = check.__name__.strip("_")
    try:
        return check()
    except DeepzooError as error:
        return [_row(name, error.message, "wrong", error.hint)]
    except Exception as error:
        return [_row(name, f"{type(error).__name__}: {error}", "wrong")]


def _software() -> list[dict[str, Any]]:
    from ... import __version__

    rows = [
        _row("deepzoo", f"{__version__} in {Path(__file__).parents[2]}"),
        _row("python", f"{platform.python_version()} on {platform.platform(terse=True)}"),
    ]
    for name in LIBRARIES:
        try:
            rows.append(_row(name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            if name in ("keras", "numpy"):
                rows.append(_row(name, "missing", "wrong", "pip install --upgrade deepzoo"))
    return rows


def _machine() -> list[dict[str, Any]]:
    import psutil

    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [
        _row("processors", available),
        _row("memory", bytes_in_words(psutil.virtual_memory().total)),
    ]


def _folders() -> list[dict[str, Any]]:
    import shutil

    from ...system import paths

    rows = []
    for name, folder in (("runs", paths.runs()), ("cache", paths.cache())):
        existing = folder
        while not existing.exists():
            existing = existing.parent
        if not os.access(existing, os.W_OK):
            fix = "Set DEEPZOO_HOME to a folder that you may write to."
            rows.append(_row(name, f"{folder} is not writable", "wrong", fix))
            continue
        free = shutil.disk_usage(existing).free
        fix = "Less than 2 GB are free; set DEEPZOO_HOME to a larger disk."
        low = free < LOW_ON_DISK
        found = f"{folder} ({bytes_in_words(free)} free)"
        rows.append(_row(name, found, "note" if low else "fine", fix if low else ""))
    root = paths.data_root()
    if root is not None and not root.is_dir():
        rows.append(_row("DEEPZOO_DATA", f"{root} is no folder", "wrong", "Correct the variable."))
    else:
        rows.append(_row("DEEPZOO_DATA", root or "not set", "fine" if root else "note"))
    return rows


def _plugins() -> list[dict[str, Any]]:
    rows = []
    for plugin in registry.load_all().found:
        name = f"plugin {plugin.name}"
        if plugin.error:
            own = plugin.distribution == "deepzoo"
            action = "install --force-reinstall --no-deps" if own else "uninstall"
            fix = f"Repair or remove it: pip {action} {plugin.distribution}"
            rows.append(_row(name, plugin.error, "wrong", fix))
        elif plugin.blocked:
            rows.append(_row(name, "left out by DEEPZOO_PLUGINS", "note"))
        else:
            rows.append(_row(name, f"{plugin.distribution} {plugin.version}"))
    return rows


def _datasets() -> list[dict[str, Any]]:
    here, missing = [], []
    for entry in registry.datasets():
        found = paths(entry.cls)
        if found:
            (here if all(found.values()) else missing).append(entry.name)
    rows = [_row("data on this machine", ", ".join(here) or "none", "fine" if here else "note")]
    if missing:
        rows.append(_row("data to download", ", ".join(missing), "note"))
    return rows


def _device() -> list[dict[str, Any]]:
    from ...networks import devices

    device = devices.configure()
    rows = [
        _row("backend", f"{device.backend}, {device.threads} threads"),
        _row("device", f"{device.name} ({device.reason})"),
    ]
    if sys.platform == "linux" and device.name == "cpu" and Path("/proc/driver/nvidia").exists():
        fix = "There is an NVIDIA driver: pip install 'deepzoo[cuda]'"
        rows.append(_row("gpu", "not usable", "note", fix))
    return rows


CHECKS = (_software, _machine, _folders, _plugins, _datasets, _device)
