"""Small files that are replaced whole or not at all: JSON, text, bytes.

A reader sees the old file or the new one, never half of one, and a full disk
or a killed process leaves the old one as it was.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import CheckpointError, DataError, DeepzooError, ResourceError

_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_TEMPORARY = ".tmp"


def write_json(path: Path, data: Any) -> None:
    """Replaces `path` by `data` as JSON; numbers that are not finite become null."""
    text = json.dumps(plain_json(data), ensure_ascii=False, allow_nan=False, indent=1)
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Replaces `path` by `text` in UTF-8 with line feeds."""
    write_bytes(path, text.encode("utf-8", "surrogatepass"))


def write_bytes(path: Path, data: bytes) -> None:
    """Replaces `path` by `data`."""
    with replacing(path, needed=len(data)) as file:
        file.write(data)


@contextlib.contextmanager
def replacing(path: Path, needed: int = 0) -> Iterator[BinaryIO]:
    """Opens a temporary file beside `path` that takes its place when the block ends well.

    Args:
        path: The file to replace.
        needed: Bytes that will be written, for the message when the disk is full.

    Raises:
        ResourceError: The disk is full or the folder cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}{_TEMPORARY}")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise resource_error(error, path, needed) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes renames in `folder` survive a power loss, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> Path:
    """Creates `folder` and its parents, new ones for this user alone."""
    folder = Path(folder)
    try:
        for parent in reversed([folder, *folder.parents]):
            if not parent.exists():
                # Another process may be creating the same parents.
                parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise resource_error(error, folder) from error
    return folder


def clean_temporaries(folder: Path) -> None:
    """Removes what killed writers left in `folder` and in the folders in it.

    Call it only while holding the folder's lock.
    """
    for leftover in [*folder.glob(f".*{_TEMPORARY}"), *folder.glob(f"*/.*{_TEMPORARY}")]:
        if leftover.is_file() or leftover.is_symlink():
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)


def read_json(path: str | Path) -> Any:
    """Reads a JSON file that deepzoo wrote.

    Raises:
        CheckpointError: It is missing, unreadable or not JSON.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            data = file.read()
    except OSError as error:
        raise CheckpointError(f"Cannot read {path}: {error.strerror or error}.") from error
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged: {len(data)} bytes, not valid JSON.") from error


def resource_error(error: OSError, path: Path, needed: int = 0) -> DeepzooError:
    """Turns an operating system error into one line that names the file and the cause."""
    if error.errno in _FULL:
        need = f"needs {_size(needed)}, " if needed else ""
        return ResourceError(
            f"No space to write {path}: {need}{_size(_free(path))} free.",
            "Free some space, or set DEEPZOO_HOME to a larger disk.",
        )
    if error.errno in _DENIED:
        return ResourceError(
            f"Not allowed to write {path}: {error.strerror}.",
            "Set DEEPZOO_HOME to a folder you can write.",
        )
    return ResourceError(f"Cannot write {path}: {error.strerror or error}.")


def _free(path: Path) -> int:
    import shutil

    for folder in Path(path).absolute().parents:
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free
    return 0


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def plain_json(data: Any) -> Any:
    """Returns plain JSON data: NumPy numbers as Python's, NaN and infinity as None.

    Tuples and sets become lists; whatever JSON does not know is written as text.
    """
    if isinstance(data, dict):
        return {str(key): plain_json(value) for key, value in data.items()}
    if isinstance(data, (list, tuple, set, frozenset)):
        return [plain_json(value) for value in data]
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if data is None or isinstance(data, (str, int, bool)):
        return data
    return plain_json(data.tolist()) if hasattr(data, "tolist") else str(data)


def file_sha256(path: str | Path) -> str:
    """Hashes a file; SHA-256 in hexadecimal."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> DataError | ResourceError:
    """Turns an error of the file system into one of ours."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"{path} does not exist.", "Check the path.")
    if isinstance(error, IsADirectoryError):
        return DataError(f"{path} is a folder, expected a file.", "Name a file in it.")
    return ResourceError(f"{path} cannot be read: {error.strerror or error}.", "")
