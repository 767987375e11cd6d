"""Where the files of a dataset are: named by the user, in DEEPZOO_DATA, cached, or fetched."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError, UsageError
from ..interfaces.dataset import Dataset, File
from ..system import paths

if TYPE_CHECKING:
    from .http import Progress

OWN = "data"


@dataclasses.dataclass(frozen=True)
class Found:
    """One local file (or folder) of a dataset.

    Args:
        name: Its name in `Dataset.files`.
        path: Where it is.
        relative: The path that is stored with a run: never an absolute one.
        sha256: Its hash; empty for a folder.
        size: Its size in bytes; of a folder, that of all files in it.
        published: Whether it is the very file the published figures were measured on.
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
    """Whether a dataset is the user's own data: named like its kind, or without known files."""
    declared = dataset.files.get(OWN)
    return dataset.name == dataset.kind.name or (declared is not None and not declared.mirrors)


def locate(
    dataset: Dataset, path: str | Path | None = None, progress: Progress | None = None
) -> list[Found]:
    """Finds every file that a dataset reads, and fetches what is missing.

    Args:
        dataset: Whose files.
        path: `--data`: the user's file or folder; nothing else is looked at then.
        progress: Called while a file is fetched.

    Raises:
        DataError: `path` does not hold the files.
        DownloadError: A file is nowhere and cannot be fetched.
        UsageError: The dataset needs a path, or cannot use one.
    """
    if reads_own_files(dataset):
        return [_own(dataset, path)]
    if not dataset.files:
        if path is not None:
            raise UsageError(
                f"Dataset {dataset.name} is generated and reads no files.", "Leave out --data."
            )
        return []
    if path is not None:
        return list(_given(dataset, Path(path)))
    local = local_folder(dataset)
    found = []
    for name, file in dataset.files.items():
        relative = _first_present(local, file) if local else ""
        if local and relative:
            found.append(_describe(name, local / relative, relative, file))
        else:
            # Not at the top: HTTP and TLS would slow every command that only lists names.
            from .download import fetch

            fetched = fetch(file, cache_folder(dataset), progress=progress)
            found.append(_describe(name, fetched, file.paths[0], file))
    return found


def local_folder(dataset: Dataset | type[Dataset]) -> Path | None:
    """Returns the dataset's folder under DEEPZOO_DATA, if there is one."""
    root = paths.data_root()
    if root is None:
        return None
    if not root.is_dir():
        raise UsageError(f"DEEPZOO_DATA is {root}, which is not a folder.", "Correct or unset it.")
    folder = root / (dataset.folder or dataset.name)
    return folder if folder.is_dir() else None


def cache_folder(dataset: Dataset | type[Dataset]) -> Path:
    """Returns the folder of a dataset's downloads."""
    return paths.cache() / "data" / dataset.name


def _own(dataset: Dataset, path: str | Path | None) -> Found:
    if path is None:
        raise UsageError(
            f"Dataset {dataset.name} is your own data and needs a file or folder.",
            f"Name it: deepzoo train {dataset.name} --data PATH",
        )
    path = _existing(path)
    if path.is_dir():
        return Found(OWN, path, path.name, "", _folder_size(path), published=False)
    from ..system.files import file_sha256

    return Found(OWN, path, path.name, file_sha256(path), path.stat().st_size, published=False)


def _given(dataset: Dataset, path: Path) -> Iterator[Found]:
    path = _existing(path)
    for name, file in dataset.files.items():
        if path.is_file() and (len(dataset.files) == 1 or path.name in file.paths):
            yield _describe(name, path, path.name, file)
            continue
        relative = _first_present(path, file) if path.is_dir() else ""
        if not relative:
            expected = " or ".join(file.paths)
            raise DataError(
                f"{path} does not hold {expected}, which dataset {dataset.name} reads.",
                "Name the folder that holds it, or leave out --data.",
            )
        yield _describe(name, path / relative, relative, file)


def _existing(path: str | Path) -> Path:
    path = Path(path).expanduser()
    try:
        path.stat()
    except OSError as error:
        from ..system.files import unreadable

        raise unreadable(path, error) from error
    return path


def _first_present(folder: Path, file: File) -> str:
    return next((name for name in file.paths if (folder / name).exists()), "")


def _describe(name: str, path: Path, relative: str, file: File) -> Found:
    if path.is_dir():
        return Found(name, path, relative, "", _folder_size(path), published=False)
    from ..system.files import file_sha256

    received = file_sha256(path)
    known = received in {file.sha256, *file.hashes.values()}
    return Found(name, path, relative, received, path.stat().st_size, known and file.published)


def _folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
