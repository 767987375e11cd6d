"""Decoding text in blocks: gzip, byte order marks, line ends, and errors that say where.

Every reader of text goes through `decode`, so that a file gives the same characters
whether it is gzipped or not, small or larger than memory.
"""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import DataError, UsageError
from ..system.files import reading
from .archives import allowed_bytes, check_bytes

BLOCK = 2**20
HEAD = 2**16
_MARKS = (  # longer marks first: UTF-32 starts like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GZIP = b"\x1f\x8b"
_NATIVE = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


@dataclasses.dataclass(frozen=True)
class TextFile:
    """A text file and its encoding.

    Args:
        path: Path of the file.
        codec: Name of the codec for the bytes after the byte order mark.
        start: Length of the byte order mark.
        size: Size of the file in bytes, unpacked.
        carriage_returns: Whether the file has CR or CRLF line ends.
    """

    path: Path
    codec: str
    start: int
    size: int
    carriage_returns: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what reading this file changes."""
        changes = []
        if self.start:
            changes.append(f"{self.path.name}: read as {self.codec} by its byte order mark.")
        if self.carriage_returns:
            changes.append(f"{self.path.name}: CR and CRLF line ends were read as LF.")
        return tuple(changes)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Opens a file for reading bytes, and unpacks it if it is gzipped.

    Raises:
        DataError: It is missing or damaged, or named `.gz` and not gzipped.
    """
    with reading(path), path.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP or path.name.lower().endswith(".gz")
        raw.seek(0)
        try:
            with gzip.open(raw) if packed and path.stat().st_size else raw as stream:
                yield stream
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{path} is not a complete gzip file: {error}.", "Download it again."
            ) from None


def open_text(path: str | Path, encoding: str = "utf-8") -> TextFile:
    """Determines the encoding of a file and refuses binary ones.

    Args:
        path: A file.
        encoding: Used where there is no byte order mark.

    Raises:
        DataError: The file is missing, empty or binary.
        UsageError: The encoding does not exist.
    """
    path = Path(path)
    codec, start = _codec(encoding), 0
    with opened(path) as stream:
        head = stream.read(HEAD)
    for mark, marked_codec in _MARKS:
        if head.startswith(mark):
            codec, start = marked_codec, len(mark)
            break
    if len(head) == start:
        raise DataError(f"{path} has no text: 0 characters.", "Give a file with text in it.")
    if not start:
        _refuse_binary(path, head, codec)
    return_mark, returns, size = "\r".encode(codec), False, start
    allowed = allowed_bytes(path)
    with opened(path) as stream:
        stream.seek(start)
        while block := stream.read(BLOCK):
            size += len(block)
            returns = returns or return_mark in block
            check_bytes(path, size, allowed)
    return TextFile(path, codec, start, size, returns)


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        "a".encode(codec.name)
    except (LookupError, UnicodeError, ValueError):
        raise UsageError(
            f"Unknown encoding {encoding!r}.", "Try utf-8, utf-16, cp1252 or latin-1."
        ) from None
    return _NATIVE.get(codec.name, codec.name)


def _refuse_binary(path: Path, head: bytes, codec: str) -> None:
    if "a".encode(codec) != b"a" or head.count(0) * 10 < len(head):
        return
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 > len(head) * 3 and min(even, odd) * 20 < len(head):
        guess = "utf-16-be" if even > odd else "utf-16-le"
        raise DataError(
            f"{path} looks like {guess.upper()} without a byte order mark, not {codec}.",
            f"Read it with: --set encoding={guess}",
        )
    raise _binary(path, f"{head.count(0):,} of its first {len(head):,} bytes are NUL")


def _binary(path: Path, reason: str) -> DataError:
    return DataError(f"{path} looks binary, not text: {reason}.", "Give a file of plain text.")


def decode(
    file: TextFile, start: int | None = None, end: int | None = None, block: int = BLOCK
) -> Iterator[str]:
    """Yields the text between two byte positions in pieces, with LF line ends.

    A character or a CRLF that spans two blocks stays whole.

    Args:
        file: The result of `open_text`.
        start: First byte; None starts after the byte order mark.
        end: One past the last byte; None reads to the end of the file.
        block: Bytes read at once; a piece has at most one character more.
    """
    position = file.start if start is None else start
    end = file.size if end is None else end
    decoder = codecs.getincrementaldecoder(file.codec)("strict")
    lines = io.IncrementalNewlineDecoder(decoder, translate=True)
    try:
        with opened(file.path) as stream:
            stream.seek(position)
            while position < end:
                data = stream.read(min(block, end - position))
                if not data:
                    raise DataError(f"{file.path} became shorter while it was read.", "Try again.")
                position += len(data)
                if text := lines.decode(data, final=position >= end):
                    yield text
    except UnicodeDecodeError as error:
        offset = position - len(error.object) + error.start
        raise _bad_bytes(file, offset, error) from None


def text_lines(file: TextFile) -> Iterator[str]:
    """Yields lines without their LF; no other character, such as U+2028, ends a line."""
    rest: list[str] = []
    for piece in decode(file):
        first, *others = piece.split("\n")
        rest.append(first)
        if others:
            yield "".join(rest)
            yield from others[:-1]
            rest = others[-1:]
    if last := "".join(rest):
        yield last


def _bad_bytes(file: TextFile, offset: int, error: UnicodeDecodeError) -> DataError:
    line = 1
    newline = "\n".encode(file.codec)
    with opened(file.path) as stream:
        remaining = offset
        while remaining > 0 and (data := stream.read(min(BLOCK, remaining))):
            line += data.count(newline)
            remaining -= len(data)
        stream.seek(max(0, offset - HEAD // 2))
        around = stream.read(HEAD)
    control = sum(around.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if len(newline) == 1 and (0 in around or control * 20 > len(around)):
        reason = f"byte 0x{error.object[error.start]:02x} at offset {offset:,} (line {line:,})"
        return _binary(file.path, f"{reason} is not {file.codec}, control bytes around it")
    return DataError(
        f"{file.path}: byte 0x{error.object[error.start]:02x} at offset {offset:,} "
        f"(line {line:,}) is not {file.codec}: {error.reason}.",
        "Name the encoding of the file, for example: --set encoding=cp1252",
    )
