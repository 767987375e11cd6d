"""Packing: a run as one file to send to others, and back without trusting the file."""

from __future__ import annotations

import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import CheckpointError, UnsafeFileError, UsageError
from ..system import paths
from ..system.files import make_folder, replacing, resource_error, write_json
from . import store
from .folder import RunFolder
from .formats import LOCAL, RECORD, WEIGHTS, checked_record

# What a run consists of: data and pictures, nothing that a computer executes.
SUFFIXES = frozenset({".json", ".safetensors", ".npz", ".txt", ".md", ".png", ".svg", ".pdf"})
MAX_MEMBERS = 10_000
MAX_BYTES = 4 * 10**9
MAX_RATIO = 100
FREE_BYTES = 64 * 10**6  # what even the smallest archive may hold
MAX_RECORD = 16 * 10**6
_BLOCK = 2**20


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
        with zipfile.ZipFile(source) as archive:
            members = _checked_members(archive, source)
            record = _record(archive, members, source)
            return _extract(archive, members, record, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        size = source.stat().st_size
        raise CheckpointError(
            f"{source} is not a packed run, or damaged: {size} bytes, {error}."
        ) from error
    except (zipfile.LargeZipFile, MemoryError) as error:
        raise UnsafeFileError(f"{source} holds more than can be read: {error}.") from error


def _checked_members(archive: zipfile.ZipFile, source: Path) -> dict[str, zipfile.ZipInfo]:
    """Returns the files by their path inside the run, once every member has been looked at."""
    infos = archive.infolist()
    allowed = min(MAX_BYTES, FREE_BYTES + MAX_RATIO * source.stat().st_size)
    declared = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or declared > allowed:
        raise UnsafeFileError(
            f"{source} is refused: {len(infos)} members of {declared} bytes, "
            f"expected at most {MAX_MEMBERS} of {allowed}."
        )
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        offence = _offence(info)
        if offence:
            raise UnsafeFileError(f"{source} is refused: member {info.filename!r} {offence}.")
        if not info.is_dir():
            members[info.filename] = info
    if len({name.casefold() for name in members}) < sum(not info.is_dir() for info in infos):
        raise UnsafeFileError(f"{source} is refused: two members have the same name.")
    return _without_top_folder(members)


def _offence(info: zipfile.ZipInfo) -> str:
    name, mode = info.filename, info.external_attr >> 16
    parts = name.rstrip("/").split("/")
    if "\\" in name or ":" in name or any(ord(character) < 32 for character in name):
        return "has a name that some systems read otherwise"
    if name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        return "lies outside its folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    if info.is_dir():
        return ""
    if PurePosixPath(name).suffix not in SUFFIXES or parts[-1].startswith("."):
        return f"is not one of {' '.join(sorted(SUFFIXES))}"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in an unusual way"
    return "is encrypted" if info.flag_bits & 1 else ""


def _without_top_folder(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    tops = {name.partition("/")[0] for name in members}
    if RECORD in members or len(tops) != 1:
        return members
    return {name.partition("/")[2]: info for name, info in members.items()}


def _record(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], source: Path
) -> dict[str, Any]:
    info = members.get(RECORD)
    if info is None:
        raise CheckpointError(f"{source} is not a packed run: it has no {RECORD}.")
    with archive.open(info) as file:
        text = file.read(MAX_RECORD + 1)
    try:
        record = json.loads(text) if len(text) <= MAX_RECORD else None
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{source} is damaged: {RECORD} is not JSON.") from error
    record = checked_record(record, source / RECORD)
    name = str(record.get("run", "")).removesuffix("@shipped").rpartition("/")[2]
    store.check_name(str(record.get("dataset", "")), "dataset's folder")
    return {**record, "run": store.check_name(name)}


def _extract(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    record: dict[str, Any],
    source: Path,
) -> RunFolder:
    import shutil

    dataset = record["dataset"]
    folder = store.claim(make_folder(paths.runs() / dataset), record["run"], "")
    left = min(MAX_BYTES, FREE_BYTES + MAX_RATIO * source.stat().st_size)
    try:
        for name, info in members.items():
            # A path of the machine that packed it means nothing here, or something else.
            if name not in (RECORD, LOCAL):
                left = _extract_one(archive, info, folder / name, left)
        status = "interrupted" if record.get("status") == "running" else record.get("status")
        record = {**record, "run": f"{dataset}/{folder.name}", "status": status}
        # Last, for it makes the folder a run.
        write_json(folder / RECORD, record)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return RunFolder.open(folder)


def _extract_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Writes one member and counts its bytes, whatever its header says."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise resource_error(error, target) from error
    with archive.open(info) as member, replacing(target, needed=info.file_size) as file:
        while block := member.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise UnsafeFileError(f"Member {info.filename!r} is larger than it says: a bomb.")
            file.write(block)
    return left
