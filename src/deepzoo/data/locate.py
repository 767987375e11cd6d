"""Finding the files of a dataset: given by the user, in DEEPZOO_DATA, cached or downloaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError, UsageError
from ..interfaces.dataset import Dataset, File
from ..system import paths
from ..system.files import file_sha256, reading

if TYPE_CHECKING:
    from .download import Progress

OWN = "data"


@dataclasses.dataclass(frozen=True)
class LocalFile:
    """A local file (or folder) of a dataset.

    Args:
        name: Its name in `Dataset.files`.
        path: Its path.
        relative: The path that is stored with a run: never an absolute one.
        sha256: Its hash; empty for a folder.
        size: Its size in bytes; for a folder, the size of all files in it.
        published: Whether published figures were measured on exactly this file.
    """

    name: str
    path: Path
    relative: str
    sha256: str
    size: int
    published: bool

    def record(self) -> dict[str, Any]:
        """Returns what `run.json` stores about it."""
        return {
            "name": self.name,
            "path": self.relative,
            "sha256": self.sha256,
            "size": self.size,
        }


def reads_own_files(dataset: Dataset | type[Dataset]) -> bool:
    """Returns whether a dataset reads the user's own data, like the ones named after a kind."""
    declared = dataset.files.get(OWN)
    return dataset.name == dataset.kind.name or (declared is not None and not declared.mirrors)


def locate(
    dataset: Dataset, path: str | Path | None = None, progress: Progress | None = None
) -> list[LocalFile]:
    """Finds every file that a dataset reads, and downloads the missing ones.

    Args:
        dataset: The dataset.
        path: The user's file or folder (`--data`); if given, no other files are used.
        progress: Called while a file is downloaded.

    Raises:
        DataError: `path` does not have the files.
        DownloadError: A file is missing and cannot be downloaded.
        UsageError: The dataset needs a path, or cannot use one.
    """
    if reads_own_files(dataset):
        if path is None:
            raise UsageError(
                f"Dataset {dataset.name} is your own data and needs a file or folder.",
                f"Name it: deepzoo train {dataset.name} --data PATH",
            )
        path = _existing(path)
        return [_describe(OWN, path, path.name)]
    if not dataset.files:
        if path is not None:
            raise UsageError(
                f"Dataset {dataset.name} is generated and reads no files.", "Leave out --data."
            )
        return []
    if path is not None:
        return list(_given(dataset, path))
    files = []
    for name, file in dataset.files.items():
        local, relative, cached = present(dataset, file)
        if cached or local is None:
            from .download import fetch

            local = fetch(file, cache_folder(dataset), progress=progress)
        files.append(_describe(name, local, relative, file))
    return files


def present(dataset: Dataset | type[Dataset], file: File) -> tuple[Path | None, str, bool]:
    """Finds a file of a dataset under DEEPZOO_DATA or in the cache, without downloading it.

    Returns:
        Its path (None if it is missing), its path below the dataset's folder, and whether
        that folder is in the cache.
    """
    root = paths.data_root()
    if root is not None and not root.is_dir():
        raise UsageError(f"DEEPZOO_DATA is {root}, which is not a folder.", "Correct or unset it.")
    folder = root / (dataset.folder or dataset.name) if root else None
    if folder and (relative := _first_present(folder, file)):
        return folder / relative, relative, False
    # Not at the top: HTTP and TLS would slow every command that only lists names.
    from .download import target_of

    target = target_of(file, cache_folder(dataset))
    return (target if target.exists() else None), file.paths[0], True


def cache_folder(dataset: Dataset | type[Dataset]) -> Path:
    """Returns the folder of a dataset's downloads."""
    return paths.cache() / "data" / dataset.name


def _given(dataset: Dataset, path: str | Path) -> Iterator[LocalFile]:
    path = _existing(path)
    for name, file in dataset.files.items():
        if path.is_file() and (len(dataset.files) == 1 or path.name in file.paths):
            yield _describe(name, path, path.name, file)
            continue
        relative = _first_present(path, file) if path.is_dir() else ""
        if not relative:
            expected = " or ".join(file.paths)
            raise DataError(
                f"{path} does not contain {expected}, which dataset {dataset.name} reads.",
                "Give the folder that contains it, or leave out --data.",
            )
        yield _describe(name, path / relative, relative, file)


def named_path(path: str | Path) -> Path:
    """Returns a path that the user named; an empty one, which would be this folder, is refused."""
    if not str(path).strip():
        raise UsageError("--data is empty; expected a file or folder.", "For this folder: --data .")
    return Path(path)


def _existing(path: str | Path) -> Path:
    path = named_path(path).expanduser()
    with reading(path):
        path.stat()
    if not path.is_file() and not path.is_dir():
        raise DataError(
            f"{path} is a pipe or a device; data are read several times, expected a file.",
            "Store the data in a file first, and name that file.",
        )
    return path


def _first_present(folder: Path, file: File) -> str:
    return next((name for name in file.paths if (folder / name).exists()), "")


def _describe(name: str, path: Path, relative: str, file: File | None = None) -> LocalFile:
    if path.is_dir():
        size = sum(child.stat().st_size for child in path.rglob("*") if child.is_file())
        return LocalFile(name, path, relative, "", size, published=False)
    received = file_sha256(path)
    published = bool(file and file.published and received in {file.sha256, *file.hashes.values()})
    return LocalFile(name, path, relative, received, path.stat().st_size, published)
