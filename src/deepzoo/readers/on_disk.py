"""OnDiskText: documents that stay on disk, for text larger than memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from ..system import memory
from .encodings import BLOCK, TextFile, decode, open_text

MAPPED_FROM = 64 * 2**20


@dataclasses.dataclass(frozen=True)
class Span:
    """One document: the bytes from `start` to `end` of a file."""

    file: TextFile
    start: int
    end: int

    def cut(self, position: int, reach: int) -> int:
        """Finds a place at or after a byte position where the document may be cut.

        Args:
            position: A byte position of the file, within the span.
            reach: How many bytes further to look for a line end or a space.

        Returns:
            The position after the next line end; without one nearby, after the next
            space; without that, the next start of a character.
        """
        unit = len("\n".encode(self.file.codec))
        position = self._character_start(position, unit)
        with self.file.path.open("rb") as stream:
            stream.seek(position)
            window = stream.read(max(0, min(reach, self.end - position)))
        for mark in ("\n", "\r", " "):
            found = _find(window, mark.encode(self.file.codec), unit)
            if found >= 0:
                return position + found + unit
        return position

    def _character_start(self, position: int, unit: int) -> int:
        position += -(position - self.file.start) % unit
        with self.file.path.open("rb") as stream:
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
    found = window.find(mark)
    while found >= 0 and found % unit:
        found = window.find(mark, found + 1)
    return found


class OnDiskText(Sequence[str]):
    """A sequence of documents that are read from their files only when asked for.

    Reading one document decodes it alone; `iterate_chunks` decodes a long one piece
    by piece, so that a file of any size is handled in a few megabytes. (The files are
    read block by block rather than through `mmap`, whose pages count as memory used.)

    Example:
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
        """Opens files as one document each."""
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
        """Reads one whole document, or selects several without reading them."""
        if isinstance(index, slice):
            return OnDiskText(self.spans[index], self.notes)
        span = self.spans[index]
        if span.end - span.start > MAPPED_FROM:
            # Characters take 1 to 4 bytes, and the pieces are joined once.
            needed = 3 * (span.end - span.start)
            memory.require(needed, f"Reading {span.file.path} whole", "Use a part of the file.")
        return "".join(decode(span.file, span.start, span.end))

    def take_documents(self, indices: Iterable[int]) -> OnDiskText:
        """Selects documents without reading them."""
        return OnDiskText((self.spans[int(index)] for index in indices), self.notes)

    def iterate_chunks(self, index: int, characters: int = BLOCK) -> Iterator[str]:
        """Yields one document in pieces of about `characters` characters."""
        span = self.spans[index]
        return decode(span.file, span.start, span.end, block=max(1, characters))

    def head(self, index: int, characters: int) -> str:
        """Reads only the first characters of one document."""
        text = ""
        for chunk in self.iterate_chunks(index, characters):
            text += chunk
            if len(text) >= characters:
                break
        return text[:characters]

    def byte_size(self, index: int) -> int:
        """Returns the size of one document in bytes, without reading it."""
        return self.spans[index].end - self.spans[index].start


def iterate_chunks(documents: Sequence[str], index: int, characters: int = BLOCK) -> Iterator[str]:
    """Yields one document in pieces, whether the documents are a list or mapped.

    The pieces joined are the document. Use it to build a vocabulary or to encode.

    Args:
        documents: What `Text.documents` holds.
        index: Which document.
        characters: About how many characters a piece has.
    """
    if isinstance(documents, OnDiskText):
        yield from documents.iterate_chunks(index, characters)
        return
    text = documents[index]
    for start in range(0, len(text), characters):
        yield text[start : start + characters]
