"""Members of tar and zip files, read safely or not at all.

A single hostile member rules out the whole archive: a path outside the folder, a link, a device,
or more data than an honest archive of this size holds. Packed runs and gzipped text are held
to the same limits.
"""

from __future__ import annotations

import contextlib
import errno
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import DataError, UnsafeFileError
from ..system.files import reading, unreadable

MAX_MEMBERS = 500_000
MAX_BYTES = 8 * 2**30
FREE_BYTES, MAX_RATIO = 100 * 2**20, 300  # the larger of the two limits what is unpacked
_BLOCK = 2**20
_BAD = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)


def read_members(
    path: str | Path,
    wanted: Callable[[str], bool] | None = None,
    *,
    most_bytes: int | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yields name and content of the files of an archive, in the order of the archive.

    A hostile member raises an error when it is reached, wanted or not: read to the end
    before using anything.

    Args:
        path: A tar file (plain, gz, bz2 or xz) or a zip file.
        wanted: Chooses files by name; None takes all.
        most_bytes: How much all files together may unpack to; by default 300 times the
            size of the archive, at least 100 MiB and at most 8 GiB.

    Raises:
        DataError: The file is missing, damaged or not an archive.
        UnsafeFileError: A member is hostile.
    """
    path = Path(path)
    allowed = remaining = allowed_bytes(path) if most_bytes is None else most_bytes
    for name, open_member in _checked(path, allowed):
        if wanted and not wanted(name):
            continue
        with _named_errors(path), open_member() as stream:
            # The size in the header is not trusted: one byte more is read than allowed.
            data = stream.read(remaining + 1)
        remaining -= len(data)
        check_bytes(path, allowed - remaining, allowed)
        yield name, data


def read_member(path: str | Path, name: str) -> bytes:
    """Reads one file of an archive, and checks all others."""
    members = list(read_members(path, lambda candidate: candidate == name))
    if members:
        return members[0][1]
    raise DataError(f"{path} has no member {name!r}.", "Check that it is the right archive.")


def allowed_bytes(path: Path) -> int:
    """Returns how much an honest file of this size may unpack to."""
    with reading(path):
        size = path.stat().st_size
    return max(size, min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * size)))


def check_bytes(path: Path, unpacked: int, allowed: int) -> None:
    """Raises `UnsafeFileError` when `path` unpacks to more than is allowed."""
    if unpacked > allowed:
        raise UnsafeFileError(
            f"{path} unpacks to more than {allowed:,} bytes: {unpacked:,} or more "
            f"from {path.stat().st_size:,}; it is refused."
        )


def _checked(path: Path, allowed: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yields name and opener of each file, once the member has passed every check."""
    seen: dict[str, str] = {}
    total = 0
    for name, size, offence, open_member in _walk(path, allowed):
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
        check_bytes(path, total, allowed)
        if len(seen) > MAX_MEMBERS:
            raise UnsafeFileError(f"{path} has more than {MAX_MEMBERS:,} members; it is refused.")
        yield clean, open_member


def _offence(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name:
        return "has no valid name"
    if parts[0] == "" or (len(parts[0]) > 1 and parts[0][1] == ":"):
        return "has an absolute path"
    if ".." in parts:
        return "leads outside its folder"
    return "has a backslash in its name" if "\\" in name else ""


# A member: name, size (None for a folder), what is wrong with it, and its opener.
_Item = tuple[str, int | None, str, Callable[[], Any]]


def _walk(path: Path, allowed: int) -> Iterator[_Item]:
    with _named_errors(path):
        yield from _walk_zip(path) if zipfile.is_zipfile(path) else _walk_tar(path, allowed)


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except _BAD as error:
        raise DataError(
            f"{path} is damaged or not an archive: {error}.", "Download it again."
        ) from error
    except OSError as error:
        # gzip and bz2 report bad data without a number; a wrong offset seeks before the start
        if error.errno in (None, errno.EINVAL):
            raise DataError(f"{path} is damaged: {error}.", "Download it again.") from error
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
        if counted.tail.strip(b"\0"):  # tarfile takes a cut file for a complete one
            raise tarfile.ReadError("its end is missing")


@contextlib.contextmanager
def _decompressed(path: Path) -> Iterator[Any]:
    import bz2
    import gzip
    import lzma

    with path.open("rb") as stream:
        magic = stream.read(6)
    openers = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
    opener: Any = next((each for start, each in openers if magic.startswith(start)), open)
    try:
        with opener(path, "rb") as stream:
            yield stream
    except lzma.LZMAError as error:
        raise tarfile.ReadError(str(error)) from error


class _Counted:
    """A stream that refuses to give more bytes than an honest archive of this size holds."""

    def __init__(self, stream: Any, path: Path, allowed: int) -> None:
        self.stream, self.path = stream, path
        self.count, self.limit = 0, 2 * allowed + _BLOCK  # headers and padding come on top
        self.tail = b""

    def read(self, size: int = _BLOCK) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        self.tail = data[-tarfile.BLOCKSIZE :] or self.tail
        check_bytes(self.path, self.count, self.limit)
        return data
