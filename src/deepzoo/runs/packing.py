"""Packing: a run as one file to send to others, and back without trusting the file."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import CheckpointError, DataError, UnsafeFileError, UsageError
from ..readers.archives import read_members
from ..system import paths
from ..system.files import make_folder, replacing, write_bytes, write_json
from . import store
from .folder import RunFolder
from .formats import LOCAL, RECORD, WEIGHTS, checked_record

# What a run consists of: data and pictures, nothing that a computer executes.
SUFFIXES = frozenset({".json", ".safetensors", ".npz", ".txt", ".md", ".png", ".svg", ".pdf"})


def pack(run: RunFolder, target: str | Path | None = None, *, checkpoints: bool = False) -> Path:
    """Writes a run into one zip file.

    Args:
        run: A run with weights.
        target: The file to write; without it `<dataset>-<name>.zip` in the current folder.
        checkpoints: Include what `resume` needs, which is several times larger.

    Returns:
        The file.
    """
    if not (run.path / WEIGHTS).is_file():
        raise CheckpointError(
            f"Run {run.id} cannot be packed: it has no {WEIGHTS}; its status is {run.status}."
        )
    stem = run.id.replace("/", "-").replace("@", "-")
    target = Path(target) if target is not None else Path(f"{stem}.zip")
    if target.is_dir():
        target = target / f"{stem}.zip"
    # The machine it was trained on is private.
    record = {key: value for key, value in run.record.items() if key not in ("pid", "host")}
    packed = {"mode": "w", "compression": zipfile.ZIP_DEFLATED, "strict_timestamps": False}
    with replacing(target) as file, zipfile.ZipFile(file, **packed) as archive:
        archive.writestr(f"{stem}/{RECORD}", json.dumps({**record, "status": run.status}))
        for path in _contents(run.path, checkpoints):
            archive.write(path, f"{stem}/{path.relative_to(run.path).as_posix()}")
    return target


def _contents(folder: Path, checkpoints: bool) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if not checkpoints and "checkpoints" in folders and Path(parent) == folder:
            folders.remove("checkpoints")
        for name in sorted(names):
            path = Path(parent, name)
            regular = path.suffix in SUFFIXES and not path.is_symlink()
            own = path not in (folder / RECORD, folder / LOCAL)
            if regular and own and not name.startswith("."):
                yield path


def unpack(source: str | Path) -> RunFolder:
    """Adds a packed run to the runs folder; nothing in the file is executed.

    Args:
        source: A file that `pack` wrote, by whomever.

    Returns:
        The run. If its name is taken, it has a number at the end.

    Raises:
        UnsafeFileError: A member lies outside, is a link or a program, or the file is a bomb.
        CheckpointError: It is no packed run, or damaged.
    """
    source = Path(source)
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")
    try:
        return _extract(source, *_record(source))
    except DataError as error:
        size = source.stat().st_size
        raise CheckpointError(
            f"{error.message} Expected a packed run, received {size:,} bytes."
        ) from error


def _record(source: Path) -> tuple[PurePosixPath, dict[str, Any]]:
    """Returns the folder of the run in the archive and its record; looks at every member."""
    names, records = [], {}
    for name, content in _members(source):
        names.append(PurePosixPath(name))
        if names[-1].name == RECORD:
            records[names[-1]] = content
    path = min(records, key=lambda path: len(path.parts), default=None)
    if path is None:
        raise CheckpointError(f"{source} is not a packed run: it has no {RECORD}.")
    for name in names:
        if not name.is_relative_to(path.parent):
            raise UnsafeFileError(f"{source} is refused: member {str(name)!r} is beside the run.")
    try:
        record = json.loads(records[path])
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{source} is damaged: {RECORD} is not JSON.") from error
    record = checked_record(record, source / RECORD)
    name = str(record.get("run", "")).removesuffix("@shipped").rpartition("/")[2]
    store.check_name(str(record.get("dataset", "")), "dataset's folder")
    return path.parent, {**record, "run": store.check_name(name)}


def _members(source: Path) -> Iterator[tuple[str, bytes]]:
    """Yields the members of a packed run; one that is no part of a run refuses all."""

    def belongs(name: str) -> bool:
        path, offence = PurePosixPath(name), ""
        if ":" in name or not name.isprintable():
            offence = "has a name that some systems read otherwise"
        elif path.suffix not in SUFFIXES or any(part.startswith(".") for part in path.parts):
            offence = f"is not one of {' '.join(sorted(SUFFIXES))}"
        if offence:
            raise UnsafeFileError(f"{source} is refused: member {name!r} {offence}.")
        return True

    return read_members(source, belongs)


def _extract(source: Path, top: PurePosixPath, record: dict[str, Any]) -> RunFolder:
    import shutil

    dataset = record["dataset"]
    folder = store.claim(make_folder(paths.runs() / dataset), record["run"], "")
    try:
        for name, content in _members(source):
            path = PurePosixPath(name)
            # A path of the machine that packed it means nothing here, or something else.
            if path not in (top / RECORD, top / LOCAL):
                target = folder / path.relative_to(top)
                write_bytes(make_folder(target.parent) / target.name, content)
        status = "interrupted" if record.get("status") == "running" else record.get("status")
        record = {**record, "run": f"{dataset}/{folder.name}", "status": status}
        # Last, for it makes the folder a run.
        write_json(folder / RECORD, record)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return RunFolder.open(folder)
