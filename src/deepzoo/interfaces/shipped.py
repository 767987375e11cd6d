"""Shipped: a trained run that comes with a plugin."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Shipped:
    """A trained run that comes with a plugin; `deepzoo runs ship` writes it.

    Args:
        folder: Its folder, whose name is that of the run.
        task: Name of its task.
        example: A command for users to try.
        sha256: Hash of each of its files, by file name.
    """

    folder: Path
    task: str
    example: str
    sha256: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name by which the run is found, mostly that of its dataset."""
        return self.folder.name
