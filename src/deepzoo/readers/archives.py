"""Archives: members of tar and zip files, read safely or not at all.

One hostile member refuses the whole archive: a path that leads elsewhere, a link, a
device, a bomb. Nothing is unpacked in place: a folder appears when all of it is good.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ..errors import DataError, UnsafeFileError
from ..system.files import make_folder, resource_error, sync_folder, unreadable
from ..system.locks import only_one
from ..system.processes import abandoned, temporary_beside

MOST_MEMBERS = 500_000
MOST_BYTES = 8 * 2**30
_BLOCK = 2**20
_PARTIAL = ".extracting"
_BAD = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)


class Member(NamedTuple):
    """A regular file in an archive."""

    name: str
    size: int


def members(path: str | Path, *, most_bytes: int | None = None) -> list[Member]:
    """Lists the files of an archive after checking every member.

    Args:
        path: A tar file (plain, gz, bz2 or xz) or a zip file.
        most_bytes: What all files together may have, unpacked; by default 300 times the
            size of the archive, at least 100 MiB and at most 8 GiB.

    Raises:
        DataError: The file is missing, damaged or no archive.
        UnsafeFileError: A member leads elsewhere, is a link or a device, or unpacks to too much.
    """
    path = Path(path)
    return [member for member, _ in _checked(path, _allowed(path, most_bytes))]


def read_members(
    path: str | Path,
    wanted: Callable[[str], bool] | None = None,
    *,
    most_bytes: int | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yields name and content of the files of an archive, in its order.

    A hostile member raises when it is met, also one that is not wanted: read to the end
    before using anything.

    Args:
        path: The archive.
        wanted: Chooses files by name; None takes all.
        most_bytes: As in `members`.
    """
    path = Path(path)
    allowed = left = _allowed(path, most_bytes)
    for member, opened in _checked(path, allowed):
        if wanted and not wanted(member.name):
            continue
        with _damage(path), opened() as stream:
            # The header's size is not believed: one byte more is asked for than allowed.
            data = stream.read(left + 1)
        left -= len(data)
        _check_size(path, allowed - left, allowed)
        yield member.name, data


def read_member(path: str | Path, name: str) -> bytes:
    """Reads one file of an archive, and checks all others."""
    for _, data in list(read_members(path, lambda candidate: candidate == name)):
        return data
    raise DataError(f"{path} has no member {name!r}.", "Check that it is the right archive.")


def extract(path: str | Path, folder: str | Path, *, most_bytes: int | None = None) -> Path:
    """Unpacks an archive into a folder that appears only when everything is in it.

    A folder that is there is complete, and is left as it is.
    """
    path, folder = Path(path), Path(folder)
    if folder.is_dir():
        return folder
    make_folder(folder.parent)
    with only_one(folder):
        for left in abandoned(folder, _PARTIAL):
            shutil.rmtree(left, ignore_errors=True)
        if not folder.is_dir():
            _extract_locked(path, folder, most_bytes)
    return folder


def _extract_locked(path: Path, folder: Path, most_bytes: int | None) -> None:
    temporary = temporary_beside(folder, _PARTIAL)
    try:
        temporary.mkdir(mode=0o700)
        for name, data in read_members(path, most_bytes=most_bytes):
            target = temporary / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        os.rename(temporary, folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise resource_error(error, folder) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _checked(path: Path, allowed: int) -> Iterator[tuple[Member, Callable[[], Any]]]:
    seen: dict[str, str] = {}
    total = 0
    for name, size, offence, opened in _walk(path, allowed):
        clean = name.rstrip("/")
        key = str(PurePosixPath(clean)).casefold()
        offence = offence or _offence(clean)
        if key in seen and size is not None:
            offence = offence or f"has the same name as {seen[key]!r}"
        if offence:
            raise UnsafeFileError(f"{path}: member {name!r} {offence}; the archive is refused.")
        if size is None:
            continue
        seen[key] = clean
        total += size
        _check_size(path, total, allowed)
        if len(seen) > MOST_MEMBERS:
            raise UnsafeFileError(f"{path} has more than {MOST_MEMBERS:,} members; it is refused.")
        yield Member(clean, size), opened


def _allowed(path: Path, most_bytes: int | None) -> int:
    if most_bytes is not None:
        return most_bytes
    try:
        return min(MOST_BYTES, max(100 * 2**20, 300 * path.stat().st_size))
    except OSError as error:
        raise unreadable(path, error) from error


def _check_size(path: Path, total: int, allowed: int) -> None:
    if total > allowed:
        raise UnsafeFileError(
            f"{path} ({path.stat().st_size:,} bytes) unpacks to {total:,} bytes or more, "
            f"{allowed:,} are allowed; it is refused."
        )


def _offence(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name:
        return "has no proper name"
    if parts[0] == "" or (len(parts[0]) > 1 and parts[0][1] == ":"):
        return "has an absolute path"
    if ".." in parts:
        return "leads outside its folder"
    return "has a backslash in its name" if "\\" in name else ""


# One item of an archive: name, size (None for a folder), what is wrong, how to open it.
_Item = tuple[str, int | None, str, Callable[[], Any]]


def _walk(path: Path, allowed: int) -> Iterator[_Item]:
    with _damage(path):
        yield from _walk_zip(path) if zipfile.is_zipfile(path) else _walk_tar(path, allowed)


@contextlib.contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except _BAD as error:
        raise DataError(f"{path} is damaged or no archive: {error}.", "Fetch it again.") from error
    except OSError as error:
        # gzip and bz2 report bad data without a number; a false offset leads before the start
        if error.errno in (None, errno.EINVAL):
            raise DataError(f"{path} is damaged: {error}.", "Fetch it again.") from error
        raise unreadable(path, error) from error


def _walk_zip(path: Path) -> Iterator[_Item]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            mode = stat.S_IFMT(info.external_attr >> 16)
            special = mode not in (0, stat.S_IFREG, stat.S_IFDIR)
            offence = "is a link or a device" if special else ""
            size = None if info.is_dir() else info.file_size
            yield info.orig_filename, size, offence, lambda info=info: archive.open(info)


def _walk_tar(path: Path, allowed: int) -> Iterator[_Item]:
    with _decompressed(path) as raw:
        counted = _Counted(raw, path, allowed)
        with tarfile.open(fileobj=counted, mode="r|") as archive:  # pyright: ignore[reportCallIssue, reportArgumentType]
            for info in archive:
                regular = info.isreg() and not info.issparse()
                offence = "" if regular or info.isdir() else "is a link, a device or sparse"
                size = None if info.isdir() else info.size
                yield info.name, size, offence, lambda info=info: archive.extractfile(info)
        if counted.tail.strip(b"\0"):  # tarfile takes the end of the file for the end
            raise tarfile.ReadError("its end is missing")


@contextlib.contextmanager
def _decompressed(path: Path) -> Iterator[Any]:
    import bz2
    import gzip
    import lzma

    with path.open("rb") as stream:
        magic = stream.read(6)
    openers = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
    opener: Any = next((one for start, one in openers if magic.startswith(start)), open)
    try:
        with opener(path, "rb") as stream:
            yield stream
    except lzma.LZMAError as error:
        raise tarfile.ReadError(str(error)) from error


class _Counted:
    """Reads on, and stops when more comes out than any honest archive of this size holds."""

    def __init__(self, stream: Any, path: Path, allowed: int) -> None:
        self.stream, self.path = stream, path
        self.count, self.limit = 0, 2 * allowed + _BLOCK  # headers and padding come on top
        self.tail = b""

    def read(self, size: int = _BLOCK) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        self.tail = data[-tarfile.BLOCKSIZE :] or self.tail
        _check_size(self.path, self.count, self.limit)
        return data
