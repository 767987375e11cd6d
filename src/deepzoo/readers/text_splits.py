"""Splits that are stated and stay: by document, by place in a long text, or seeded.

Near-duplicates (one tweet retweeted twice) never end up on two sides.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..interfaces.kinds import Splits, Text
from .on_disk import OnDiskText, Span

if TYPE_CHECKING:
    pass

FEW_DOCUMENTS = 10
_LONG = 2**20
_URL = re.compile(r"(?:https?://|www\.)\S+")
_RETWEET = re.compile(r"^(?:\s*(?:rt\s+@\w+:?|@\w+:))+")
_QUOTES = re.compile("[\"“”„«»]|^['‘’`]+|['‘’`]+$")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Reduces a text to what makes it the same text as another.

    Drops case, surplus white space, addresses of web pages, a leading "RT @name:",
    quotation marks and HTML escapes.

    Example:
        >>> normalise('RT @someone: "Great  Day!" https://t.co/abc')
        'great day!'
    """
    text = html.unescape(text).casefold()
    text = _QUOTES.sub("", _URL.sub("", text).strip())
    text = _RETWEET.sub("", text)
    return _SPACE.sub(" ", text).strip()


def distinct(documents: Sequence[str]) -> list[int]:
    """Finds the documents that are neither empty nor near-duplicates of an earlier one.

    Returns:
        Their indices, in order; of several alike the first.
    """
    seen: set[bytes] = set()
    kept = []
    for index in range(len(documents)):
        key = _key(documents, index)
        if key is not None and key not in seen:
            seen.add(key)
            kept.append(index)
    return kept


def _key(documents: Sequence[str], index: int) -> bytes | None:
    if isinstance(documents, OnDiskText) and documents.byte_size(index) > _LONG:
        # Long documents stay on disk: they count as alike when they begin alike.
        text = documents.head(index, _LONG)
    else:
        text = documents[index]
    if not text.strip():
        return None
    # A text of nothing but an address is itself, not the same as all others like it.
    same = normalise(text) or text.strip()
    return hashlib.blake2b(same.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def split_documents(
    documents: Sequence[str], *, every: int = 20, notes: Iterable[str] = ()
) -> Splits[Text]:
    """Splits many documents: every 20th to validation, the one ten later to test.

    Empty documents and near-duplicates are dropped first, and counted in the notes.

    Args:
        documents: A list or `OnDiskText`; its `notes` are kept.
        every: Distance between two documents of validation.
        notes: More notes to keep, such as those of `read_csv`.

    Raises:
        DataError: Fewer than three distinct documents.
    """
    kept = distinct(documents)
    if len(kept) < 3:
        raise DataError(
            f"{len(kept)} distinct documents of {len(documents)}, at least 3 are needed to split.",
            "Give more documents, or one long text.",
        )
    period = max(3, min(every, len(kept)))
    parts = {"validation": kept[::period], "test": kept[period // 2 :: period]}
    held_out = {*parts["validation"], *parts["test"]}
    parts["train"] = [index for index in kept if index not in held_out]
    dropped = len(documents) - len(kept)
    said = [*getattr(documents, "notes", ()), *notes]
    if dropped:
        said.append(
            f"{dropped:,} of {len(documents):,} documents were dropped: near-duplicates or empty."
        )
    texts = {name: Text(_select(documents, indices)) for name, indices in parts.items()}
    return Splits(**texts, notes=tuple(said))


def _select(documents: Sequence[str], indices: Sequence[int]) -> Sequence[str]:
    if isinstance(documents, OnDiskText):
        return documents.take_documents(indices)
    return [documents[index] for index in indices]


def split_long_text(text: str | Sequence[str], *, notes: Iterable[str] = ()) -> Splits[Text]:
    """Cuts a long text at line ends: eight tenths to train, a ninth to validation, a tenth to test.

    Args:
        text: The text; or one or a few of them, each of which is cut.
        notes: Notes to keep.

    Returns:
        Splits whose parts, joined, are the whole text. Parts without text are left out.
    """
    documents = [text] if isinstance(text, str) else text
    said = (*getattr(documents, "notes", ()), *notes)
    parts: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    pieces = (
        map(_cut_span, documents.spans)
        if isinstance(documents, OnDiskText)
        else map(_cut_text, documents)
    )
    for three in pieces:
        for part, piece in zip(parts, three, strict=True):
            if piece is not None:
                part.append(piece)
    wrap = OnDiskText if isinstance(documents, OnDiskText) else list
    train, validation, test = (Text(wrap(part)) for part in parts)
    return Splits(train, validation, test, said)


def _cut_text(text: str) -> list[str | None]:
    bounds = [0]
    for tenths in (8, 9):
        position = max(bounds[-1], len(text) * tenths // 10)
        for mark in ("\n", " "):
            found = text.find(mark, position, position + _reach(len(text)))
            if found >= 0:
                position = found + 1
                break
        bounds.append(position)
    bounds.append(len(text))
    return [text[a:b] or None for a, b in pairwise(bounds)]


def _reach(size: int) -> int:
    """Tells how far a cut may move to meet a line end: little in a short text."""
    return min(_LONG, size // 20 + 1)


def _cut_span(span: Span) -> list[Span | None]:
    size = span.end - span.start
    first = span.cut(span.start + size * 8 // 10, _reach(size))
    second = span.cut(max(first, span.start + size * 9 // 10), _reach(size))
    bounds = [span.start, first, second, span.end]
    return [Span(span.file, a, b) if b > a else None for a, b in pairwise(bounds)]
