"""Downloads: a file into the cache, from the first mirror that serves the right bytes.

Pooch transfers; what is right, which addresses are asked and what is said is decided here.
A file gets its final name only when it is complete and its hash matches. Processes
that need the same file share one download.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import urllib.parse
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..errors import DownloadError, IntegrityError, UnsafeFileError, UsageError
from ..interfaces.dataset import File
from ..system.files import bytes_in_words, check_space, file_sha256, make_folder, writing
from ..system.locks import one_at_a_time
from ..system.processes import abandoned, temporary_beside

if TYPE_CHECKING:
    import requests

Progress = Callable[[int, int], None]

TRIES = 3
TIMEOUT_SECONDS = 20.0
_PART = ".part"
_BLOCK = 2**14
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TEMPORARY_STATUS = (408, 425, 429, 500, 502, 503, 504)

logger = logging.getLogger("deepzoo")


def fetch(file: File, folder: str | Path, *, progress: Progress | None = None) -> Path:
    """Returns the local copy of a file, and downloads it first if there is none.

    Args:
        file: The mirrors, hash and size of the file.
        folder: The dataset's cache folder; the copy is at the first of `file.paths` in it.
        progress: Called with the bytes received and the total (0 if unknown).

    Raises:
        DownloadError: No mirror served the file.
        IntegrityError: The downloaded or cached file does not match its hash or size.
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
    import shutil  # not at the top: it takes longer than all else here

    damaged = ""
    if target.exists():
        damaged = problem(target, file)  # another process may have finished meanwhile
        if not damaged:
            return target
        _set_aside(target, damaged)
    check_space(target.parent, file.size)
    part = temporary_beside(target, _PART)
    reasons = [f"the copy in the cache was damaged ({damaged})"] if damaged else []
    integrity = bool(damaged)
    try:
        for leftover in abandoned(target, _PART):
            shutil.rmtree(leftover, ignore_errors=True)
        for url in file.mirrors:
            _check_address(url, file)
            try:
                with writing(target, file.size):
                    _transfer(url, file, part / target.name, progress)
                    os.replace(part / target.name, target)
                return target
            except DownloadError as error:
                integrity = integrity or isinstance(error, IntegrityError)
                reasons.append(f"{url}: {error.message}")
    finally:
        shutil.rmtree(part, ignore_errors=True)
    raise _failed(target, reasons, IntegrityError if integrity else DownloadError)


def _transfer(url: str, file: File, local: Path, progress: Progress | None) -> None:
    """Downloads one address, in at most `TRIES` tries; raises a `DownloadError`."""
    import pooch
    import requests

    source = pooch.create(
        local.parent,
        base_url="",
        registry={local.name: None},  # `problem` checks the hash, of downloads and of copies
        urls={local.name: url},
        retry_if_failed=TRIES - 1,
    )
    downloader: Any = _Downloader(file, progress)
    log = pooch.get_logger()
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        source.fetch(local.name, downloader=downloader)
    except requests.RequestException as error:
        raise DownloadError(f"{_reason(error)}, {TRIES} tries.") from error
    except FileNotFoundError as error:
        raise DownloadError(f"{error.strerror}.") from error
    except ValueError as error:
        raise IntegrityError(f"{error}.") from error
    finally:
        log.setLevel(level)


@dataclasses.dataclass
class _Downloader:
    """Downloads for pooch, which tries again after a cut connection or a `ValueError`.

    It is the progress bar of the transfer as well.
    """

    file: File
    progress: Progress | None
    total = received = 0

    def __call__(self, url: str, output: str, source: Any) -> None:
        import shutil
        from urllib.request import url2pathname

        import requests
        from pooch import HTTPDownloader

        bar: Any = self
        self.reset()
        if url.startswith("file:"):
            shutil.copyfile(url2pathname(urllib.parse.urlsplit(url).path), output)
        else:
            download = HTTPDownloader(
                progressbar=bar,
                chunk_size=_BLOCK,
                timeout=TIMEOUT_SECONDS,
                headers={"User-Agent": "deepzoo", "Accept-Encoding": "identity"},
                hooks={"response": _check_answer},
            )
            try:
                download(url, output, source)
            except requests.ConnectionError as error:
                if hasattr(error.args[0], "reason"):  # not reached: trying again is useless
                    raise DownloadError(f"{_reason(error)}.") from error
                raise
        if wrong := problem(Path(output), self.file):
            raise (IntegrityError if "HTML page" in wrong else ValueError)(wrong)

    def update(self, count: int) -> None:
        """Counts received bytes; pooch counts whole blocks, the last one included."""
        self.received += count
        if 0 < self.file.size < max(self.total, self.received - _BLOCK):
            raise IntegrityError(f"received more than {self.file.size:,} bytes.")
        if self.progress and count:
            self.progress(min(self.received, self.total or self.received), self.total)

    def reset(self) -> None:
        """Starts to count anew."""
        self.received = 0

    def close(self) -> None:
        """Ends the counting."""


def _check_answer(response: Any, **options: Any) -> None:
    """Refuses redirects from https to anything else, and what trying again will not change."""
    if response.is_redirect:
        target = urllib.parse.urljoin(response.url, response.headers["Location"])
        old, new = (urllib.parse.urlsplit(url).scheme for url in (response.url, target))
        if new not in ("http", "https") or (old == "https" and new != "https"):
            raise DownloadError(f"it leads to {target}, which is refused: not https.")
    elif not response.ok and response.status_code not in _TEMPORARY_STATUS:
        raise DownloadError(f"HTTP {response.status_code} {response.reason}.")


def _reason(error: requests.RequestException) -> str:
    """Returns why a request failed, without the classes and objects of urllib3."""
    if error.response is not None:
        return f"HTTP {error.response.status_code} {error.response.reason}"
    cause = str(getattr(error.args[0], "reason", error)) if error.args else ""
    if "Failed to resolve" in cause:
        return "no network, or no such host"
    return cause.rpartition(": ")[2] or type(error).__name__


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


def _is_html(path: Path) -> bool:
    if path.suffix.lower() in (".htm", ".html") or ".html" in path.name:
        return False
    with path.open("rb") as stream:
        head = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))
