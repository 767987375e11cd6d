"""Shipped runs: trained ones that came with a plugin, checked against the hashes in its code."""

from __future__ import annotations

from ..errors import CheckpointError
from ..interfaces.shipped import Shipped
from ..plugins.loader import OWN, Plugin
from ..plugins.registry import shipped_runs
from ..system.files import file_sha256
from .folder import RunFolder

SUFFIX = "@shipped"


def find_shipped(
    name: str, distribution: str = "", task: str | None = None
) -> list[tuple[Plugin, Shipped]]:
    """Lists the shipped runs of this name; of a bare name the built-in one, if there is one.

    Args:
        name: Name of the run, mostly that of its dataset.
        distribution: Only those of this distribution.
        task: Only those of this task.
    """
    named = [row for row in shipped_runs(task) if row[1].name == name]
    chosen = [row for row in named if row[0].distribution == (distribution or OWN)]
    return chosen if distribution else chosen or named


def open_shipped(plugin: Plugin, shipped: Shipped) -> RunFolder:
    """Opens a shipped run after checking every one of its files.

    Raises:
        CheckpointError: A file is missing or is not the one that was shipped.
    """
    for file, expected in shipped.sha256.items():
        path = shipped.folder / file
        received = file_sha256(path) if path.is_file() else "no file"
        if received != expected:
            raise CheckpointError(
                f"The installation is damaged: {path} should have the hash {expected[:12]}, "
                f"received {received[:12]}.",
                f"Reinstall: pip install --force-reinstall --no-deps {plugin.distribution}",
            )
    bare = (plugin, shipped) in find_shipped(shipped.name)
    id = shipped.name if bare else f"{plugin.distribution}:{shipped.name}"
    run = RunFolder.open(shipped.folder, id=id + SUFFIX, shipped=True)
    # Recipes of this plugin are looked up where it is now: it may have got another distribution.
    run.record["plugins"] = {
        owner: {**origin, "distribution": plugin.distribution}
        if origin.get("plugin") == plugin.name
        else origin
        for owner, origin in run.record.get("plugins", {}).items()
    }
    return run
