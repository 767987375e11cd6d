"""Downloads: a file into the cache, from the first mirror that serves the right bytes.

The final name appears only when the file is complete and its hash is right. Processes
that need the same file share one download.
"""

from __future__ import annotations

import logging
import os
import urllib.parse
from pathlib import Path, PurePosixPath

from ..errors import DownloadError, IntegrityError, UnsafeFileError, UsageError
from ..interfaces.dataset import File
from ..system.files import (
    bytes_in_words,
    check_space,
    file_sha256,
    make_folder,
    sync_folder,
    writing,
)
from ..system.locks import one_at_a_time
from ..system.processes import abandoned, temporary_beside
from .http import Progress, Transfer

_PART = ".part"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

logger = logging.getLogger("deepzoo")


def fetch(file: File, folder: str | Path, *, progress: Progress | None = None) -> Path:
    """Returns the local copy of a file, and downloads it first if there is none.

    Args:
        file: The mirrors, hash and size of the file.
        folder: The folder of the copy, which has the first of `file.paths`.
        progress: Called with the bytes received and the total (0 if unknown).

    Raises:
        DownloadError: No mirror served the file.
        IntegrityError: The downloaded or the cached file is another file.
        ResourceError: The disk is full, or the folder is not writable.
    """
    target = target_of(file, folder)
    if target.exists() and not problem(target, file):
        return target
    if not target.exists() and not file.mirrors:
        raise _failed(target, ["it has no public address"])
    make_folder(target.parent)
    with one_at_a_time(target):
        return _fetch_locked(file, target, progress)


def target_of(file: File, folder: str | Path) -> Path:
    """Returns the path of a file in the cache; it never lies outside `folder`."""
    relative = PurePosixPath(file.paths[0])
    if relative.is_absolute() or ".." in relative.parts or "\\" in file.paths[0]:
        raise UnsafeFileError(f"The path {file.paths[0]!r} leads outside the cache.")
    return Path(folder) / relative


def problem(path: Path, file: File) -> str:
    """Returns what is wrong with a local copy of a file; empty if nothing is."""
    size = path.stat().st_size
    received = file_sha256(path) if file.sha256 else ""
    if received and received == file.sha256:
        return ""
    expected_size = bytes_in_words(file.size) if file.size else "size unknown"
    if _is_html(path):
        return f"received an HTML page ({bytes_in_words(size)}, expected {expected_size})"
    if received:
        return (
            f"expected sha256 {file.sha256} ({expected_size}), "
            f"received {received} ({bytes_in_words(size)})"
        )
    if file.size and size != file.size:
        return f"expected {file.size:,} bytes, received {size:,}"
    return "" if size else "it is empty"


def _fetch_locked(file: File, target: Path, progress: Progress | None) -> Path:
    damaged = ""
    if target.exists():
        damaged = problem(target, file)  # another process may have finished meanwhile
        if not damaged:
            return target
        _set_aside(target, damaged)
    check_space(target.parent, file.size)
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
    wrong = ""
    for _ in range(2):  # a second try: a byte may have been damaged on the way
        Transfer(url, temporary, file.size, progress).run()
        wrong = problem(temporary, file)
        if not wrong:
            break
        temporary.unlink()
        if "HTML page" in wrong:
            break
    if wrong:
        raise IntegrityError(f"{url}: {wrong}.")
    with writing(target):
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, target)
        sync_folder(target.parent)
    return target


def _failed(
    target: Path, reasons: list[str], kind: type[DownloadError] = DownloadError
) -> DownloadError:
    why = " | ".join(reason.rstrip(".") for reason in reasons)
    return kind(
        f"{target.name} could not be downloaded: {why}.",
        f"Check the network, or save the file as {target}, or set DEEPZOO_DATA.",
    )


def _check_address(url: str, file: File) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in ("https", "file"):
        return
    if parts.scheme != "http":
        raise UsageError(f"{url}: expected an https, http or file address.")
    if not file.sha256 and parts.hostname not in _LOOPBACK:
        raise UsageError(f"{url}: plain http needs a sha256 to verify the file.")


def _set_aside(target: Path, wrong: str) -> None:
    aside = target.with_name(f"{target.name}.damaged")
    with writing(target):
        os.replace(target, aside)
    logger.warning("%s is damaged: %s. Moved to %s, downloading again.", target, wrong, aside.name)


def _adopt(target: Path, temporary: Path, keep: bool) -> None:
    """Continues the download of a killed process, and removes what cannot be continued."""
    parts = sorted(abandoned(target, _PART), key=lambda path: path.stat().st_size)
    if parts and keep:  # only a hash tells whether the two halves belong together
        os.replace(parts.pop(), temporary)
    for path in parts:
        path.unlink(missing_ok=True)


def _is_html(path: Path) -> bool:
    if path.suffix.lower() in (".htm", ".html") or ".html" in path.name:
        return False
    with path.open("rb") as stream:
        head = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))
