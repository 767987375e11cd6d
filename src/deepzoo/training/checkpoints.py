"""Checkpoints: everything needed to resume, written so that a crash loses none of them.

A checkpoint is a folder `ckpt-00000120/` with `arrays.safetensors`, `state.json` and a
`manifest.json` that holds size and SHA-256 of both. It is written beside its final
name, flushed to the disk, and renamed; a folder without a valid manifest does not count.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import CheckpointError, DivergedError, ResourceError
from ..networks.weights import load_arrays, to_bytes
from ..system.files import sync_folder, write_bytes, write_json

if TYPE_CHECKING:
    import numpy as np

KEPT = 2
FILES = ("arrays.safetensors", "state.json")


class Checkpoint(NamedTuple):
    """What a checkpoint holds: named arrays, and JSON data with the position."""

    arrays: dict[str, np.ndarray]
    state: dict[str, Any]


def save_checkpoint(
    folder: Path, name: str, arrays: Mapping[str, np.ndarray], state: Mapping[str, Any]
) -> Path:
    """Writes a checkpoint under `folder/name`, replacing one of the same name.

    Raises:
        DivergedError: An array holds NaN or infinity; nothing is written.
        ResourceError: The disk is full; earlier checkpoints stay as they are.
    """
    refuse_not_finite(arrays)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{name}.tmp-{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        write_bytes(temporary / FILES[0], to_bytes(arrays))
        write_json(temporary / FILES[1], dict(state))
        write_json(temporary / "manifest.json", {file: _stamp(temporary / file) for file in FILES})
        sync_folder(temporary)
        target = folder / name
        if target.exists():
            _move_aside(target)
        os.replace(temporary, target)
        sync_folder(folder)
    except OSError as error:
        raise ResourceError(
            f"Could not save a checkpoint in {folder}: {error.strerror or error}.",
            "Free some disk space; the run can then be resumed from its last checkpoint.",
        ) from error
    finally:
        for leftover in folder.glob(f"{name}.tmp-{os.getpid()}*"):
            shutil.rmtree(leftover, ignore_errors=True)
    return target


def refuse_not_finite(arrays: Mapping[str, np.ndarray]) -> None:
    """Raises `DivergedError` when a floating-point array holds NaN or infinity."""
    import numpy as np

    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise DivergedError(
                f"The array {name} is no longer finite (the last good checkpoint was kept).",
                "Lower the learning rate (--set learning_rate=...) or clip the gradients "
                "(--set clip_norm=1).",
            )


def step_name(step: int) -> str:
    """Names the checkpoint of a step, so that names sort by step."""
    return f"ckpt-{step:08d}"


def best_name(step: int) -> str:
    """Names the best weights so far; the last two stay, one for each checkpoint that stays."""
    return f"best-{step:08d}"


def checkpoint_names(folder: Path, start: str = "ckpt-") -> list[str]:
    """Lists the finished checkpoints of a folder, the newest first."""
    if not folder.is_dir():
        return []
    names = (entry.name for entry in folder.iterdir() if ".tmp-" not in entry.name)
    return sorted((name for name in names if name.startswith(start)), reverse=True)


def prune(folder: Path, kept: int = KEPT) -> None:
    """Removes all but the newest checkpoints, and what a crash left half-written."""
    for start in ("ckpt-", "best-"):
        for name in checkpoint_names(folder, start)[kept:]:
            _move_aside(folder / name)
    for leftover in folder.glob("*.tmp-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads one checkpoint and checks it against its manifest.

    Raises:
        CheckpointError: A file is missing, truncated or altered.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        for file in FILES:
            stamp, expected = _stamp(path / file), manifest[file]
            if stamp != expected:
                raise CheckpointError(
                    f"{path / file} is damaged: expected {expected['size']:,} bytes with sha256 "
                    f"{expected['sha256'][:12]}, found {stamp['size']:,} bytes with "
                    f"{stamp['sha256'][:12]}."
                )
        state = json.loads((path / FILES[1]).read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} is not a whole checkpoint: {error}.") from error
    return Checkpoint(load_arrays(path / FILES[0]), state)


def load_newest(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """Reads the newest checkpoint that is whole.

    Returns:
        The checkpoint, or None when there has never been one; and a warning for each
        damaged one that was passed over.

    Raises:
        CheckpointError: There are checkpoints and all of them are damaged.
    """
    warnings: list[str] = []
    names = checkpoint_names(folder)
    for name in names:
        try:
            checkpoint = load_checkpoint(folder / name)
        except CheckpointError as error:
            warnings.append(f"{error.message} Trying the one before.")
        else:
            return checkpoint, warnings
    if names:
        raise CheckpointError(f"No checkpoint in {folder} is whole. {warnings[-1]}")
    return None, warnings


def _move_aside(path: Path) -> None:
    """Renames a folder before it is removed: a half-removed one would look damaged."""
    os.replace(path, path.with_name(f"{path.name}.tmp-{os.getpid()}-old"))


def _stamp(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
