"""Files that are replaced atomically, and errors of the file system in plain words.

A reader sees the old file or the new one, never half of one, and a full disk or a
killed process leaves the old one as it was.
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

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
MORE_SPACE = "Free some space, or set DEEPZOO_HOME to a larger disk."
_TEMPORARY = ".tmp"


def write_json(path: Path, data: Any) -> None:
    """Replaces the contents of `path` with `data` as JSON; NaN and infinity become null."""
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
    """Opens a temporary file that replaces `path` when the block ends without an error.

    Args:
        path: The file to replace.
        needed: Bytes that will be written, for the message when the disk is full.

    Raises:
        ResourceError: The disk is full or the folder cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}{_TEMPORARY}")
    try:
        with writing(path, needed):
            with open(temporary, "xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
            sync_folder(path.parent)
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
    """Creates `folder` and its parents, readable by this user alone."""
    folder = Path(folder)
    with writing(folder):
        for parent in reversed([folder, *folder.parents]):
            if not parent.exists():
                # Another process may be creating the same parents.
                parent.mkdir(mode=0o700, exist_ok=True)
    return folder


def clean_temporaries(folder: Path) -> None:
    """Removes the temporary files of killed processes from `folder` and its subfolders.

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


@contextlib.contextmanager
def writing(path: Path, needed: int = 0) -> Iterator[None]:
    """Turns operating system errors in the block into errors that name `path`."""
    try:
        yield
    except OSError as error:
        raise resource_error(error, path, needed) from error


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns operating system errors in the block into errors that name `path`."""
    try:
        yield
    except OSError as error:
        raise unreadable(path, error) from error


def resource_error(error: OSError, path: Path, needed: int = 0) -> DeepzooError:
    """Turns an operating system error into one line that names the file and the cause."""
    if error.errno in FULL:
        return _no_space(path, needed)
    if error.errno in DENIED:
        return ResourceError(
            f"Not allowed to write {path}: {error.strerror}.",
            "Set DEEPZOO_HOME to a folder you can write to.",
        )
    return ResourceError(f"Cannot write {path}: {error.strerror or error}.")


def check_space(path: Path, needed: int) -> None:
    """Raises `ResourceError` when the disk of `path` has less than `needed` bytes free."""
    if needed > _free(path):
        raise _no_space(path, needed)


def _no_space(path: Path, needed: int) -> ResourceError:
    need = f"needs {bytes_in_words(needed)}, " if needed else ""
    free = bytes_in_words(_free(path))
    return ResourceError(f"No space to write {path}: {need}{free} free.", MORE_SPACE)


def _free(path: Path) -> int:
    import shutil  # not at the top: it takes longer than all else here

    path = Path(path).absolute()
    for folder in (path, *path.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free
    return 0


def bytes_in_words(count: float) -> str:
    """Returns a number of bytes as people read it, in powers of 1000.

    Examples:
        >>> bytes_in_words(102_400)
        '102.4 KB'
    """
    if count < 1000:
        return f"{count:.0f} bytes"
    for unit in ("KB", "MB"):
        count /= 1000
        if count < 999.95:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:,.1f} GB"


def plain_json(data: Any) -> Any:
    """Returns plain JSON data: NumPy numbers as Python numbers, NaN and infinity as None.

    Tuples and sets become lists; what JSON cannot represent becomes its `str`.
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
    """Returns the SHA-256 of a file in hexadecimal."""
    path = Path(path)
    with reading(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unreadable(path: Path, error: OSError) -> DataError | ResourceError:
    """Turns an error on reading `path` into one line that names the file and the cause."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"{path} does not exist.", "Check the path.")
    if isinstance(error, IsADirectoryError):
        return DataError(f"{path} is a folder, expected a file.", "Name a file in it.")
    return ResourceError(f"{path} cannot be read: {error.strerror or error}.")
