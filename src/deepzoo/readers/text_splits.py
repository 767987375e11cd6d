"""Fixed splits of running text: by document, or by position in a long text.

Near-duplicates (such as retweets) never end up in two splits.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from ..errors import DataError
from ..interfaces.content_splits import normalise, split_by_content
from ..interfaces.kinds import LONG, Splits, Text
from .on_disk import OnDiskText, Span

FEW_DOCUMENTS = 10


def distinct(documents: Sequence[str]) -> list[int]:
    """Finds the documents that are neither empty nor near-duplicates of an earlier one.

    Returns:
        Their indices in order; of near-duplicates the first.
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
    text = Text(documents).beginning(index)
    if not text.strip():
        return None
    # Nothing is left of a text that is only an address: then the address itself counts.
    normalised = normalise(text) or text.strip()
    return hashlib.blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def note_copies(splits: Splits[Text]) -> Splits[Text]:
    """Tells of documents that are held out in vain: the network may have memorised them."""
    known = {_key(splits.train.documents, index) for index in range(len(splits.train))}
    notes = list(splits.notes)
    for name in ("validation", "test"):
        documents = getattr(splits, name).documents
        copies = sum(_key(documents, index) in known for index in range(len(documents)))
        if copies:
            notes.append(
                f"{copies:,} of {len(documents):,} {name} documents are in the training split too."
            )
    return dataclasses.replace(splits, notes=tuple(notes))


def split_documents(
    documents: Sequence[str], *, every: int = 20, seed: int = 0, notes: Iterable[str] = ()
) -> Splits[Text]:
    """Splits many documents: every 20th to validation, the one ten later to test.

    Empty documents and near-duplicates are dropped first, and counted in the notes.

    Args:
        documents: A list or `OnDiskText`; its `notes` are kept.
        every: Puts one in this many documents into validation, and one into test; 0 splits
            by a hash of each document instead, as `split_by_content`.
        seed: Seed of that hash.
        notes: Further notes to keep, such as those of `read_csv`.

    Raises:
        DataError: There are fewer than three distinct documents, and `every` is not 0.
    """
    whole = Text(documents).take(distinct(documents))
    if every and len(whole) < 3:
        raise DataError(
            f"{len(whole)} distinct documents of {len(documents)}, expected at least 3 to split.",
            "Give more documents, or one long text.",
        )
    notes = [*getattr(documents, "notes", ()), *notes]
    if dropped := len(documents) - len(whole):
        notes.append(
            f"{dropped:,} of {len(documents):,} documents were dropped: near-duplicates or empty."
        )
    if every:
        period, indices = max(3, min(every, len(whole))), range(len(whole))
        validation, test = indices[::period], indices[period // 2 :: period]
        parts = [sorted({*indices} - {*validation, *test}), validation, test]
    else:
        parts = [sorted(part.tolist()) for part in split_by_content(whole.identities(), seed)]
    return Splits(*map(whole.take, parts), notes=tuple(notes))


def split_long_text(text: str | Sequence[str], *, notes: Iterable[str] = ()) -> Splits[Text]:
    """Cuts a long text at line ends: 80 % for training, 10 % for validation, 10 % for test.

    Args:
        text: The text, or a few texts, each of which is cut.
        notes: Notes to keep.

    Returns:
        Splits whose joined parts are the whole text. Empty parts are left out.
    """
    documents = [text] if isinstance(text, str) else text
    if isinstance(documents, OnDiskText):
        kind, pieces = OnDiskText, map(_cut_span, documents.spans)
    else:
        kind, pieces = list, map(_cut_text, documents)
    parts: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for three in pieces:
        for part, piece in zip(parts, three, strict=True):
            if piece is not None:
                part.append(piece)
    train, validation, test = (Text(kind(part)) for part in parts)
    what = (
        "The document is" if len(documents) == 1 else f"The {len(documents):,} documents are each"
    )
    cut = f"{what} cut: 80 % for training, the next 10 % for validation, the last 10 % for test."
    return Splits(train, validation, test, (*getattr(documents, "notes", ()), *notes, cut))


def _cut_text(text: str) -> list[str | None]:
    bounds = [0]
    for tenths in (8, 9):
        position = max(bounds[-1], len(text) * tenths // 10)
        for mark in ("\n", " "):
            end = text.find(mark, position, position + _reach(len(text)))
            if end >= 0:
                position = end + 1
                break
        bounds.append(position)
    bounds.append(len(text))
    return [text[a:b] or None for a, b in pairwise(bounds)]


def _reach(size: int) -> int:
    """Returns how far a cut may move to reach a line end: little in a short text."""
    return min(LONG, size // 20 + 1)


def _cut_span(span: Span) -> list[Span | None]:
    size = span.end - span.start
    first = span.cut(span.start + size * 8 // 10, _reach(size))
    second = span.cut(max(first, span.start + size * 9 // 10), _reach(size))
    bounds = [span.start, first, second, span.end]
    return [Span(span.file, a, b) if b > a else None for a, b in pairwise(bounds)]
