"""Moving bytes from one address into one file: resumed when cut, never trusted.

`deepzoo.data.download` decides what to fetch and whether the result is right; here is only HTTP.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import shutil
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any, BinaryIO

from ..errors import DownloadError, ResourceError
from ..system.files import resource_error

Progress = Callable[[int, int], None]

TRIES = 5
TIMEOUT_SECONDS = 20.0
LONGEST_PAUSE_SECONDS = 10.0
_BLOCK = 2**18
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class Cut(Exception):
    """The connection ended early; what has arrived can be continued."""


@dataclasses.dataclass
class Transfer:
    """One file on its way.

    Args:
        url: An https, http or file address.
        target: The temporary file that grows; what it holds already is continued.
        size: Expected size in bytes, 0 if unknown.
        progress: Called with the bytes that have arrived and the bytes in all (0: unknown).
    """

    url: str
    target: Path
    size: int = 0
    progress: Progress | None = None
    validator: str = ""

    def run(self) -> None:
        """Fetches until the file is whole, in at most `TRIES` tries.

        Raises:
            DownloadError: This address does not give the file.
            ResourceError: The disk is full or not writable.
        """
        reason: Exception | None = None
        for attempt in range(TRIES):
            try:
                return self._receive()
            except Cut as error:
                reason = error
                if attempt + 1 < TRIES:
                    sleep(min(0.5 * 2**attempt, LONGEST_PAUSE_SECONDS))
        raise DownloadError(f"{self.url}: {reason}, {TRIES} tries.")

    def _receive(self) -> None:
        have = self.target.stat().st_size if self.target.exists() else 0
        with contextlib.closing(self._open(have)) as response:
            length = _length(response)
            start = have if _partial(response) else 0
            if start and not _continues(response, start):
                self.target.unlink(missing_ok=True)
                raise Cut("the server continued the file at another place")
            total = start + length if length else self.size
            check_space(self.target, (total or self.size) - start)
            self.validator = _validator(response)
            arrived = self._copy(response, start, total)
        too_long = self.size and arrived > self.size  # the caller sees that it is not our file
        if arrived < total and not too_long:
            raise Cut(f"connection cut after {arrived:,} of {total:,} bytes")

    def _open(self, have: int) -> Any:
        headers = {"User-Agent": "deepzoo", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self.validator:
                headers["If-Range"] = self.validator
        request = urllib.request.Request(self.url, headers=headers)
        opener = urllib.request.build_opener(_NoDowngrade)
        try:
            return opener.open(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:
                self.target.unlink(missing_ok=True)
                raise Cut("the server refused to continue the file") from error
            reason = f"HTTP {error.code} {error.reason}"
            if error.code in _TRY_AGAIN:
                raise Cut(reason) from error
            raise DownloadError(f"{self.url}: {reason}.") from error
        except urllib.error.URLError as error:
            raise self._not_reached(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise Cut(str(error) or type(error).__name__) from error

    def _not_reached(self, reason: Any) -> Exception:
        if isinstance(reason, (ConnectionResetError, BrokenPipeError)):
            return Cut(str(reason))
        # No name, no route, nobody listening, or silence: trying again at once is no use.
        if isinstance(reason, socket.gaierror):
            reason = "no network, or no such host"
        elif isinstance(reason, OSError) and reason.strerror:
            reason = reason.strerror
        return DownloadError(f"{self.url}: {reason}.")

    def _copy(self, response: Any, start: int, total: int) -> int:
        arrived = start
        with _opened(self.target, "r+b" if start else "wb") as stream:
            stream.seek(start)
            while True:
                try:
                    block = response.read1(_BLOCK)
                except (OSError, http.client.HTTPException) as error:
                    raise Cut(f"connection cut after {arrived:,} bytes") from error
                if not block:
                    return arrived
                _write(stream, block, self.target, total)
                arrived += len(block)
                if self.progress:
                    self.progress(arrived, total)
                if self.size and arrived > self.size:
                    return arrived


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from https to anything else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str):
        old, new = (urllib.parse.urlsplit(url).scheme for url in (req.full_url, newurl))
        if new not in ("http", "https") or (old == "https" and new != "https"):
            raise DownloadError(f"{req.full_url} leads to {newurl}, which is refused: not https.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_space(path: Path, needed: int) -> None:
    """Raises `ResourceError` when the disk of `path` has less than `needed` bytes free."""
    free = shutil.disk_usage(path.parent).free
    if needed > free:
        raise ResourceError(
            f"No space to write {path.parent}: needs {needed / 2**20:,.1f} MiB, "
            f"{free / 2**20:,.1f} MiB free.",
            "Free some space, or set DEEPZOO_HOME to a larger disk.",
        )


def _length(response: Any) -> int:
    text = response.headers.get("Content-Length") or ""
    return int(text) if text.isdigit() else 0


def _partial(response: Any) -> bool:
    return getattr(response, "status", None) == 206


def _continues(response: Any, have: int) -> bool:
    return (response.headers.get("Content-Range") or "").startswith(f"bytes {have}-")


def _validator(response: Any) -> str:
    tag = response.headers.get("ETag") or ""
    if tag and not tag.startswith("W/"):  # a weak tag may name other bytes
        return tag
    return response.headers.get("Last-Modified") or ""


def _opened(path: Path, mode: str) -> Any:
    try:
        return path.open(mode)
    except OSError as error:
        raise resource_error(error, path) from error


def _write(stream: BinaryIO, block: bytes, path: Path, total: int) -> None:
    try:
        stream.write(block)
        stream.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            stream.close()
        raise resource_error(error, path, total) from error
