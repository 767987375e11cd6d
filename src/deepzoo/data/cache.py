"""The cache of a dataset: what is there, whether it is right, and how to clear it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ..errors import UnsafeFileError
from ..interfaces.dataset import Dataset, File
from ..system.files import resource_error
from .locate import cache_folder, local_folder, reads_own_files


def paths(dataset: Dataset | type[Dataset]) -> dict[str, Path | None]:
    """Returns where each file of a dataset is now, without fetching it; None if nowhere."""
    if reads_own_files(dataset):
        return {}
    return {name: _present(dataset, file)[0] for name, file in dataset.files.items()}


def verify(dataset: Dataset | type[Dataset]) -> list[dict[str, Any]]:
    """Checks the local files of a dataset against the hashes that are known.

    Returns:
        One row per file: `name`, `path`, `status`, `size`, `sha256` and `expected`. The
        status is `ok`, `missing`, `damaged` (in the cache), `other` (the user's own file with
        another hash) or `unverified` (no hash is known).
    """
    rows = []
    for name, file in {} if reads_own_files(dataset) else dataset.files.items():
        path, relative, cached = _present(dataset, file)
        row: dict[str, Any] = {"name": name, "path": str(path) if path else None}
        row |= {"status": "missing", "size": 0, "sha256": "", "expected": file.sha256}
        if path is not None and path.is_file():
            row["size"] = path.stat().st_size
            from ..system.files import file_sha256

            row["sha256"] = file_sha256(path)
            row["expected"] = file.hashes.get(relative, file.sha256)
            row["status"] = _status(path, file, row, cached)
        elif path is not None:
            row["status"] = "unverified"
        rows.append(row)
    return rows


def remove(dataset: Dataset | type[Dataset]) -> list[Path]:
    """Deletes what was downloaded for a dataset; the user's own files are never touched.

    Returns:
        The files that were deleted.
    """
    folder = cache_folder(dataset)
    if folder.is_symlink():
        raise UnsafeFileError(
            f"{folder} is a link to another place; it is not deleted.", "Remove the link yourself."
        )
    if not folder.exists():
        return []
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name[0] != "."]
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise resource_error(error, folder) from error
    return files


def _present(dataset: Dataset | type[Dataset], file: File) -> tuple[Path | None, str, bool]:
    """Returns path, path below the dataset's folder, and whether it is in the cache."""
    local = local_folder(dataset)
    if local is not None:
        for relative in file.paths:
            if (local / relative).exists():
                return local / relative, relative, False
    from .download import target_of

    target = target_of(file, cache_folder(dataset))
    return (target if target.exists() else None), file.paths[0], True


def _status(path: Path, file: File, row: dict[str, Any], cached: bool) -> str:
    if cached:
        from .download import problem

        if problem(path, file):
            return "damaged"
        return "ok" if file.sha256 else "unverified"
    if not row["expected"]:
        return "unverified"
    return "ok" if row["sha256"] in {file.sha256, *file.hashes.values()} else "other"
