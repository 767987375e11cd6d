"""Documents that stay on disk, for text larger than memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from ..system import memory
from .encodings import BLOCK, TextFile, decode, open_text, opened

ON_DISK_FROM = 64 * 2**20


@dataclasses.dataclass(frozen=True)
class Span:
    """One document: the bytes from `start` to `end` of a file."""

    file: TextFile
    start: int
    end: int

    def cut(self, position: int, reach: int) -> int:
        """Finds a position at or after `position` where the document may be cut.

        Args:
            position: A byte position of the file, within the span.
            reach: How many bytes to search for a line end or a space.

        Returns:
            The position after the next line end; without one in reach, after the next
            space; without that, the start of the next character.
        """
        unit = len("\n".encode(self.file.codec))
        position = self._character_start(position, unit)
        with opened(self.file.path) as stream:
            stream.seek(position)
            window = stream.read(max(0, min(reach, self.end - position)))
        for mark in ("\n", "\r", " "):
            offset = _find(window, mark.encode(self.file.codec), unit)
            if offset >= 0:
                return position + offset + unit
        return position

    def _character_start(self, position: int, unit: int) -> int:
        position += -(position - self.file.start) % unit
        with opened(self.file.path) as stream:
            stream.seek(position)
            head = stream.read(4)
        if self.file.codec == "utf-8":
            while head and head[0] & 0xC0 == 0x80:
                position, head = position + 1, head[1:]
        elif unit == 2 and len(head) >= 2:
            high = head[1] if self.file.codec.endswith("le") else head[0]
            position += 2 * (0xDC <= high <= 0xDF)
        return min(position, self.end)


def _find(window: bytes, mark: bytes, unit: int) -> int:
    offset = window.find(mark)
    while offset >= 0 and offset % unit:
        offset = window.find(mark, offset + 1)
    return offset


class OnDiskText(Sequence[str]):
    """A sequence of documents that are read from their files on access.

    Indexing decodes a whole document; `iterate_chunks` decodes a long one piece by piece,
    so that a file of any size needs only a few megabytes. (Files are read block by block
    rather than through `mmap`, whose pages count as used memory.)

    Examples:
        >>> documents = OnDiskText.open(["corpus.txt"])  # doctest: +SKIP
        >>> characters = set()
        >>> for chunk in documents.iterate_chunks(0):  # doctest: +SKIP
        ...     characters.update(chunk)
    """

    def __init__(self, spans: Iterable[Span], notes: Iterable[str] = ()) -> None:
        self.spans = list(spans)
        self.notes = tuple(notes)

    @classmethod
    def open(cls, paths: Iterable[str | Path], encoding: str = "utf-8") -> OnDiskText:
        """Opens files, each as one document."""
        files = [open_text(path, encoding) for path in paths]
        notes = [note for file in files for note in file.notes]
        return cls((Span(file, file.start, file.size) for file in files), notes)

    def __len__(self) -> int:
        """Returns the number of documents."""
        return len(self.spans)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> OnDiskText: ...
    def __getitem__(self, index: int | slice) -> str | OnDiskText:
        """Reads a whole document, or selects several without reading them."""
        if isinstance(index, slice):
            return OnDiskText(self.spans[index], self.notes)
        span = self.spans[index]
        if span.end - span.start > ON_DISK_FROM:
            # Characters take 1 to 4 bytes, and the pieces are joined once.
            needed = 3 * (span.end - span.start)
            memory.require(needed, f"Reading all of {span.file.path}", "Use a part of the file.")
        return "".join(decode(span.file, span.start, span.end))

    def take_documents(self, indices: Iterable[int]) -> OnDiskText:
        """Selects documents without reading them."""
        return OnDiskText((self.spans[int(index)] for index in indices), self.notes)

    def iterate_chunks(self, index: int, characters: int = BLOCK) -> Iterator[str]:
        """Yields a document in pieces of about `characters` characters."""
        span = self.spans[index]
        return decode(span.file, span.start, span.end, block=max(1, characters))

    def head(self, index: int, characters: int) -> str:
        """Reads only the first characters of a document."""
        text = ""
        for chunk in self.iterate_chunks(index, characters):
            text += chunk
            if len(text) >= characters:
                break
        return text[:characters]

    def byte_size(self, index: int) -> int:
        """Returns the size of a document in bytes, without reading it."""
        return self.spans[index].end - self.spans[index].start


def iterate_chunks(documents: Sequence[str], index: int, characters: int = BLOCK) -> Iterator[str]:
    """Yields a document in pieces, whether the documents are in memory or on disk.

    Use it to build a vocabulary or to encode; the joined pieces are the document.

    Args:
        documents: The `documents` of a `Text`.
        index: Index of the document.
        characters: Approximate number of characters of a piece.
    """
    if isinstance(documents, OnDiskText):
        yield from documents.iterate_chunks(index, characters)
        return
    text = documents[index]
    for start in range(0, len(text), characters):
        yield text[start : start + characters]
