"""HTTP: transfers one address into one file, and continues when the connection is cut.

`deepzoo.data.download` decides what to fetch and whether the result is right.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any, BinaryIO

from ..errors import DownloadError
from ..system.files import check_space, writing

Progress = Callable[[int, int], None]

TRIES = 5
TIMEOUT_SECONDS = 20.0
MAX_PAUSE_SECONDS = 10.0
_BLOCK = 2**18
_TEMPORARY_STATUS = (408, 425, 429, 500, 502, 503, 504)


class Cut(Exception):
    """The connection ended early; the transfer can be continued."""


@dataclasses.dataclass
class Transfer:
    """The transfer of one file.

    Args:
        url: An https, http or file address.
        target: The temporary file; a part that is there already is continued.
        size: Expected size in bytes, 0 if unknown.
        progress: Called with the bytes received and the total (0 if unknown).
        validator: The version of the file on the server, from its last answer.
    """

    url: str
    target: Path
    size: int = 0
    progress: Progress | None = None
    validator: str = ""

    def run(self) -> None:
        """Downloads until the file is complete, in at most `TRIES` tries.

        Raises:
            DownloadError: The address does not serve the file.
            ResourceError: The disk is full or not writable.
        """
        reason: Exception | None = None
        for attempt in range(TRIES):
            try:
                return self._receive()
            except Cut as error:
                reason = error
                if attempt + 1 < TRIES:
                    sleep(min(0.5 * 2**attempt, MAX_PAUSE_SECONDS))
        raise DownloadError(f"{self.url}: {reason}, {TRIES} tries.")

    def _receive(self) -> None:
        have = self.target.stat().st_size if self.target.exists() else 0
        with contextlib.closing(self._open(have)) as response:
            header = response.headers.get
            length = header("Content-Length") or ""
            length = int(length) if length.isdigit() else 0
            start = have if getattr(response, "status", None) == 206 else 0
            if start and not (header("Content-Range") or "").startswith(f"bytes {start}-"):
                self.target.unlink(missing_ok=True)
                raise Cut("the server continued the file at another position")
            total = start + length if length else self.size
            check_space(self.target.parent, (total or self.size) - start)
            tag = header("ETag") or ""
            weak = tag.startswith("W/")  # a weak tag may name other bytes
            self.validator = (header("Last-Modified") or "") if weak or not tag else tag
            arrived = self._copy(response, start, total)
        too_long = self.size and arrived > self.size  # then it is another file, says the caller
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
            if error.code in _TEMPORARY_STATUS:
                raise Cut(reason) from error
            raise DownloadError(f"{self.url}: {reason}.") from error
        except urllib.error.URLError as error:
            raise self._not_reached(error.reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise Cut(str(error) or type(error).__name__) from error

    def _not_reached(self, reason: Any) -> Exception:
        if isinstance(reason, (ConnectionResetError, BrokenPipeError)):
            return Cut(str(reason))
        # No such name, no route, no server or a timeout: trying again at once is useless.
        if isinstance(reason, socket.gaierror):
            reason = "no network, or no such host"
        elif isinstance(reason, OSError) and reason.strerror:
            reason = reason.strerror
        return DownloadError(f"{self.url}: {reason}.")

    def _copy(self, response: Any, start: int, total: int) -> int:
        arrived = start
        with writing(self.target):
            stream = self.target.open("r+b" if start else "wb")
        with stream:
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


def _write(stream: BinaryIO, block: bytes, path: Path, total: int) -> None:
    with writing(path, total):
        try:
            stream.write(block)
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                stream.close()
            raise
