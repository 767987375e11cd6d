"""The local files of a dataset: finding, verifying and deleting them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ..errors import UnsafeFileError
from ..interfaces.dataset import Dataset
from ..system.files import file_sha256, writing
from .locate import cache_folder, present, reads_own_files


def paths(dataset: Dataset | type[Dataset]) -> dict[str, Path | None]:
    """Returns the path of each file of a dataset, without downloading; None if missing."""
    if reads_own_files(dataset):
        return {}
    return {name: present(dataset, file)[0] for name, file in dataset.files.items()}


def verify(dataset: Dataset | type[Dataset]) -> list[dict[str, Any]]:
    """Checks the local files of a dataset against the known hashes.

    Returns:
        One row per file: `name`, `path`, `status`, `size`, `sha256` and `expected`. The
        status is `ok`, `missing`, `damaged` (in the cache), `other` (a user's file with
        another hash) or `unverified` (no hash is known).
    """
    from .download import problem  # not at the top: HTTP would slow every listing

    rows = []
    for name, file in {} if reads_own_files(dataset) else dataset.files.items():
        path, relative, cached = present(dataset, file)
        row: dict[str, Any] = {"name": name, "path": str(path) if path else None}
        row |= {"status": "missing", "size": 0, "sha256": "", "expected": file.sha256}
        if path is not None:
            row["status"] = "unverified"
        if path is not None and path.is_file():
            row["size"] = path.stat().st_size
            row["sha256"] = file_sha256(path)
            row["expected"] = file.hashes.get(relative, file.sha256)
            if cached and problem(path, file):
                row["status"] = "damaged"
            elif row["expected"]:
                known = row["sha256"] in {file.sha256, *file.hashes.values()}
                row["status"] = "ok" if known else "other"
        rows.append(row)
    return rows


def remove(dataset: Dataset | type[Dataset]) -> list[Path]:
    """Deletes what was downloaded for a dataset; the user's own files are never touched.

    Returns:
        The deleted files.
    """
    folder = cache_folder(dataset)
    if folder.is_symlink():
        raise UnsafeFileError(
            f"{folder} is a link to another folder and is not deleted.", "Remove the link yourself."
        )
    if not folder.exists():
        return []
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name[0] != "."]
    with writing(folder):
        shutil.rmtree(folder)
    return files
