"""The runs folder: claim a name, list what is there, remove a run."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import (
    CheckpointError,
    ResourceError,
    UnknownNameError,
    UnsafeFileError,
    UsageError,
)
from ..system import paths, processes
from ..system.files import make_folder, resource_error, write_json
from .folder import RunFolder
from .formats import FORMAT, RECORD

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}


def check_name(name: str, what: str = "run") -> str:
    """Returns `name` if it can safely be a folder's name on every system.

    Raises:
        UsageError: It is too long, has other characters, or means something to a system.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise UsageError(
            f"{name!r} cannot name a {what}: expected 1 to 64 of the characters "
            "A-Z a-z 0-9 . _ -, a letter, digit or _ first, and no dot at the end."
        )
    if name.partition(".")[0].lower() in _DEVICES:
        raise UsageError(f"{name!r} cannot name a {what}: it is a device on some systems.")
    return name


def create(dataset: str, model: str, name: str | None = None) -> Path:
    """Makes the folder of a new run, with a first `run.json`; never takes one that exists.

    Args:
        dataset: Name of the dataset.
        model: Name of the model.
        name: Name of the run. Without one it is `<model>-<n>`; a taken one gets a number.

    Returns:
        The folder.
    """
    check_name(dataset, "dataset's folder")
    check_name(name if name is not None else f"{model}-1")
    folder = make_folder(paths.runs() / dataset)
    claimed = claim(folder, name, model)
    record = {
        "format": FORMAT,
        "run": f"{dataset}/{claimed.name}",
        "dataset": dataset,
        "model": model,
        "status": "running",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **processes.holder(),
    }
    write_json(claimed / RECORD, record)
    return claimed


def claim(folder: Path, name: str | None, stem: str) -> Path:
    """Makes an empty folder in `folder` that no other process has: `name`, or `<stem>-<n>`."""
    stem, number = (name, 1) if name else (stem, _last_number(folder, stem) + 1)
    while True:
        candidate = folder / (name if name and number == 1 else f"{stem}-{number}")
        try:
            candidate.mkdir(mode=0o700)
            return candidate
        except FileExistsError:
            number += 1
        except OSError as error:
            raise resource_error(error, candidate) from error


def _last_number(folder: Path, stem: str) -> int:
    numbered = re.compile(re.escape(stem) + r"-(\d{1,9})")
    matches = (numbered.fullmatch(entry.name) for entry in os.scandir(folder))
    return max((int(match[1]) for match in matches if match), default=0)


def list_runs(dataset: str | None = None, name: str | None = None) -> list[RunFolder]:
    """Lists the runs, oldest first; damaged ones have the status `corrupt`.

    Args:
        dataset: Only the runs of this dataset: its name, or `distribution:name`.
        name: Only the runs of this name.

    Raises:
        PluginError: Several plugins offer a dataset of this name.
        UsageError: Its runs are of several plugins, none of which is installed.
    """
    distribution, _, bare = (dataset or "").rpartition(":")
    listed = (_listed(folder, id) for folder, id in _candidates(bare or dataset, name))
    runs = [run for run in listed if run]
    if bare:
        owner = distribution or _owner(bare, {run.distribution for run in runs})
        runs = [run for run in runs if not owner or run.distribution in (owner, "")]
    return sorted(runs, key=lambda run: (str(run.record.get("created", "")), run.id))


def _owner(name: str, owners: set[str]) -> str:
    """Returns the distribution whose dataset a bare name means; empty if there is one alone."""
    from ..plugins import registry
    from ..plugins.loader import OWN

    if owners <= {OWN, ""}:
        return ""  # the built-in one: no plugin is asked, which takes time
    try:
        return registry.find("dataset", name).distribution
    except UnknownNameError:  # its plugin is not installed
        named = sorted(f"{owner}:{name}" for owner in owners - {""})
    if len(named) > 1:
        raise UsageError(
            f"There are runs of several datasets named '{name}': {' and '.join(named)}.",
            f"Write the full name of one of them, such as {named[0]}",
        )
    return ""


def list_ids() -> list[str]:
    """Lists the ids of the runs without reading them, for completion and close matches."""
    return sorted(id for path, id in _candidates() if os.path.exists(os.path.join(path, RECORD)))


def _candidates(dataset: str | None = None, name: str | None = None) -> Iterator[tuple[str, str]]:
    for folder in _folders(paths.runs()):
        if dataset is None or folder.name == dataset:
            for entry in _folders(Path(folder.path)):
                if name is None or entry.name == name:
                    yield entry.path, f"{folder.name}/{entry.name}"


def _folders(folder: Path) -> Iterator[os.DirEntry[str]]:
    # Links are not followed: a run is a folder of its own.
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                yield entry


def _listed(path: str, id: str) -> RunFolder | None:
    try:
        return RunFolder.open(path, id=id)
    except CheckpointError as error:
        if not os.path.lexists(os.path.join(path, RECORD)):
            return None  # Just being made, or not a run at all.
        return RunFolder(Path(path), _corrupt(id, error), id)


def _corrupt(id: str, error: CheckpointError) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": id,
        "dataset": id.partition("/")[0],
        "status": "corrupt",
        "error": {"type": type(error).__name__, "message": error.message},
    }


def remove(run: RunFolder) -> None:
    """Deletes the folder of a run that is not in use.

    Raises:
        UnsafeFileError: It is a link, lies outside the runs folder, or is no run.
        ResumeError: A process is training it.
    """
    import shutil

    path, root = run.path.absolute(), paths.runs()
    inside = path.parent.parent == root and path.resolve() == root.resolve() / Path(
        path.parent.name, path.name
    )
    if run.shipped or not inside or path.is_symlink() or not (path / RECORD).is_file():
        raise UnsafeFileError(
            f"{path} is not deleted: expected a folder with {RECORD} in {root}, and no link."
        )
    with run.locked():
        pass  # Let go again, for some systems rename no folder with an open file in it.
    doomed = path.with_name(f".removed-{secrets.token_hex(4)}")
    try:
        # Renamed first, so that nobody ever sees half a run.
        os.rename(path, doomed)
    except OSError as error:
        raise resource_error(error, path) from error
    shutil.rmtree(doomed, ignore_errors=True)
    if doomed.exists():
        raise ResourceError(f"Parts of {run.id} could not be deleted: {doomed}.")
