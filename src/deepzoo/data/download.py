"""Downloads: from the first mirror that gives the right bytes into the cache, once.

The final name appears only when the file is whole and its hash is right. Two
processes that want one file share one download.
"""

from __future__ import annotations

import logging
import os
import urllib.parse
from pathlib import Path, PurePosixPath

from ..errors import DownloadError, IntegrityError, UnsafeFileError, UsageError
from ..interfaces.dataset import File
from ..system.files import file_sha256, make_folder, resource_error, sync_folder
from ..system.locks import only_one
from ..system.processes import abandoned, temporary_beside
from .http import Progress, Transfer, check_space

_PART = ".part"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

logger = logging.getLogger("deepzoo")


def fetch(file: File, folder: str | Path, *, progress: Progress | None = None) -> Path:
    """Returns the local copy of a file, and downloads it first if there is none.

    Args:
        file: What to fetch: mirrors, hash, size.
        folder: Where it is kept, under the first of `file.paths`.
        progress: Called with the bytes that have arrived and the bytes in all (0: unknown).

    Raises:
        DownloadError: No mirror gave the file.
        IntegrityError: What came, or what is in the cache, is another file.
        ResourceError: The disk is full, or the folder cannot be written.
    """
    target = target_of(file, folder)
    if target.exists() and not problem(target, file):
        return target
    if not target.exists() and not file.mirrors:
        raise _failed(target, ["it has no public address"])
    make_folder(target.parent)
    with only_one(target):
        return _fetch_locked(file, target, progress)


def target_of(file: File, folder: str | Path) -> Path:
    """Returns the place of a file in the cache; it never lies outside `folder`."""
    relative = PurePosixPath(file.paths[0])
    if relative.is_absolute() or ".." in relative.parts or "\\" in file.paths[0]:
        raise UnsafeFileError(f"The path {file.paths[0]!r} leads outside the cache.")
    return Path(folder) / relative


def problem(path: Path, file: File) -> str:
    """Says what is wrong with a local copy of a file; empty if nothing is."""
    size = path.stat().st_size
    received = file_sha256(path) if file.sha256 else ""
    if received and received == file.sha256:
        return ""
    if _is_html(path):
        return f"received an HTML page ({_bytes(size)}, expected {_bytes(file.size)})"
    if received:
        return (
            f"expected sha256 {file.sha256} ({_bytes(file.size)}), "
            f"received {received} ({_bytes(size)})"
        )
    if file.size and size != file.size:
        return f"expected {file.size:,} bytes, received {size:,}"
    return "" if size else "it is empty"


def _fetch_locked(file: File, target: Path, progress: Progress | None) -> Path:
    damaged = ""
    if target.exists():
        damaged = problem(target, file)  # another process may have just finished
        if not damaged:
            return target
        _set_aside(target, damaged)
    check_space(target, file.size)
    temporary = temporary_beside(target, _PART)
    reasons, integrity = [], bool(damaged)
    try:
        _adopt(target, temporary, keep=bool(file.sha256))
        for url in file.mirrors:
            try:
                return _from_mirror(url, file, target, temporary, progress)
            except IntegrityError as error:
                integrity = True
                reasons.append(error.message)
            except DownloadError as error:
                reasons.append(error.message)
            temporary.unlink(missing_ok=True)
    finally:
        temporary.unlink(missing_ok=True)
    if damaged:
        reasons.insert(0, f"the copy in the cache was damaged ({damaged})")
    raise _failed(target, reasons, IntegrityError if integrity else DownloadError)


def _from_mirror(
    url: str, file: File, target: Path, temporary: Path, progress: Progress | None
) -> Path:
    _check_address(url, file)
    for last in (False, True):  # a wrong byte may have happened on the way: once more
        Transfer(url, temporary, file.size, progress).run()
        wrong = problem(temporary, file)
        if not wrong:
            _finish(temporary, target)
            return target
        temporary.unlink()
        if last or "HTML page" in wrong:
            break
    raise IntegrityError(f"{url}: {wrong}.")


def _finish(temporary: Path, target: Path) -> None:
    try:
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise resource_error(error, target) from error


def _failed(
    target: Path, reasons: list[str], kind: type[DownloadError] = DownloadError
) -> DownloadError:
    why = " | ".join(reason.rstrip(".") for reason in reasons)
    return kind(
        f"{target.name} could not be fetched: {why}.",
        f"Check the network, or place the file at {target}, or set DEEPZOO_DATA.",
    )


def _check_address(url: str, file: File) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in ("https", "file"):
        return
    if parts.scheme != "http":
        raise UsageError(f"{url}: expected an https, http or file address.")
    if not file.sha256 and parts.hostname not in _LOOPBACK:
        raise UsageError(f"{url}: plain http needs a sha256 to check the file by.")


def _set_aside(target: Path, wrong: str) -> None:
    aside = target.with_name(f"{target.name}.damaged")
    try:
        os.replace(target, aside)
    except OSError as error:
        raise resource_error(error, target) from error
    logger.warning("%s is damaged: %s. Moved to %s, fetching again.", target, wrong, aside.name)


def _adopt(target: Path, temporary: Path, keep: bool) -> None:
    """Continues what a killed process left, and removes what cannot be continued."""
    left = sorted(abandoned(target, _PART), key=lambda path: path.stat().st_size)
    if left and keep:  # only a hash tells whether the two halves belong together
        os.replace(left.pop(), temporary)
    for path in left:
        path.unlink(missing_ok=True)


def _is_html(path: Path) -> bool:
    if path.suffix.lower() in (".htm", ".html") or ".html" in path.name:
        return False
    with path.open("rb") as stream:
        head = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def _bytes(size: int) -> str:
    if size < 2**10:
        return f"{size} bytes" if size else "size unknown"
    return f"{size / 2**10:,.1f} KiB" if size < 2**20 else f"{size / 2**20:,.1f} MiB"
