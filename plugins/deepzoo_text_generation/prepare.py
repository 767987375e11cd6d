"""From documents to what networks of text generation learn from and are scored on.

The training text is one long row of tokens; its windows are cut when they are needed.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Prepared, Windows
from deepzoo.errors import DataError
from deepzoo.readers import OnDiskText, iterate_chunks, report_unknown

from .vocabulary import SEPARATOR, Vocabulary

if TYPE_CHECKING:
    from deepzoo import Splits

IN_MEMORY = 64_000_000  # tokens; longer texts go to a file that is mapped


@dataclasses.dataclass
class HeldOut:
    """Held-out documents: their tokens, and the characters of each token."""

    tokens: list[np.ndarray]  # of each document, without separators
    characters: list[np.ndarray]  # of each token and the closing separator, float64 [n + 1]
    surcharge: np.ndarray  # bits of each document for what the vocabulary cannot express
    training: Sequence[str]  # documents to compare generated texts with

    def __len__(self) -> int:
        """Returns the number of documents."""
        return len(self.tokens)


def prepare(
    splits: Splits,
    model: Any,
    lower_case: bool,
    evaluate_characters: int,
    preprocessor: Mapping[str, Any] | None = None,
) -> Prepared:
    """Encodes splits for a model; the vocabulary is the training split's, or that of a run.

    Raises:
        DataError: The training text is shorter than one window.
    """
    in_windows = hasattr(model, "sequence_length")
    if preprocessor is not None:
        vocabulary = Vocabulary(**preprocessor)
    else:
        vocabulary = Vocabulary.fit(
            text_chunks(splits.train.documents),
            level=model.level,
            lower_case=lower_case,
            learn_end=in_windows and model.learn_end,
            size=getattr(model, "vocabulary_size", 10_000),
        )
    test, unknown = held_out_documents(splits, vocabulary, evaluate_characters)
    if preprocessor is not None:
        report_unknown(f"{model.level}s", unknown, len(test), "each costs extra bits")
    row = token_row(splits.train.documents, vocabulary)
    text = ArraySpec([None], str(row.dtype), 0, len(vocabulary) - 1)
    spec = Example(text, text, "logits", vocabulary=len(vocabulary), separator=SEPARATOR)
    if vocabulary.code_points and getattr(model, "orders", ()):
        spec["codes"] = vocabulary.codes
    if not in_windows:
        # All of the text is one window.
        train = Arrays(row[None, :-1], row[None, 1:])
        empty = Arrays(row[None, :0][:0])
        return Prepared(train, empty, test, vocabulary.as_json(), spec)
    length = model.sequence_length
    if len(row) - 2 <= length and preprocessor is None:
        raise DataError(
            f"The training text is too short: {len(row) - 2:,} {model.level}s, expected at "
            f"least {length + 1} (sequence length {length}).",
            "Use more text, or a shorter window: --set sequence_length=...",
        )
    spec["inputs"] = {**text, "shape": [model.context + length], "dtype": "int32"}
    spec["targets"] = {**text, "shape": [length] * model.every_step, "dtype": "int32"}
    options = {"step": model.stride, "every_step": model.every_step, "context": model.context}
    train = Windows(row, length, **options)
    if model.learn_end:
        starts = document_starts(row)
        spec["usual_length"] = float(np.median(np.diff(starts))) - 1
        train.parts = starts if model.order == "streams" else None
    documents = splits.validation.documents
    held_out = token_row(documents, vocabulary) if len(documents) else row[:0]
    validation = Windows(held_out, length, **options)
    spec["characters_per_token"] = 1.0
    if len(documents):
        characters = sum(len(chunk) for chunk in text_chunks(documents)) + len(documents)
        spec["characters_per_token"] = characters / (len(held_out) - 1)
    return Prepared(train, validation, test, vocabulary.as_json(), spec)


def held_out_documents(
    splits: Splits, vocabulary: Vocabulary, most: int
) -> tuple[HeldOut, Counter[str]]:
    """Encodes held-out documents up to `most` characters; counts what has no token."""
    held_out = HeldOut([], [], np.zeros(0), splits.train.documents)
    named: Counter[str] = Counter()
    documents, surcharge, left = splits.test.documents, [], most
    for index in range(len(documents)):
        if left <= 0:
            break
        on_disk = isinstance(documents, OnDiskText)
        text = documents.head(index, left) if on_disk else documents[index][:left]
        left -= len(text) + 1
        tokens, unknown = vocabulary.encode(text), vocabulary.unknown(text)
        if vocabulary.level == "word":
            sizes = np.array([*map(len, vocabulary.split(text)), 1], np.float64)
        else:
            sizes = np.ones(len(tokens) + 1)
            sizes[-1] += len(unknown)
        named.update(unknown)
        surcharge.append(vocabulary.surcharge(text))
        held_out.tokens.append(tokens)
        held_out.characters.append(sizes)
    held_out.surcharge = np.array(surcharge)
    return held_out, named


def document_starts(row: np.ndarray) -> np.ndarray:
    """Finds the separators of a row of tokens, int64."""
    starts = range(0, len(row), IN_MEMORY)
    return np.concatenate(
        [np.flatnonzero(row[at : at + IN_MEMORY] == SEPARATOR) + at for at in starts]
    )


def token_row(documents: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """Encodes documents to one row: a separator before each, and one at the end.

    Short texts become an array, long ones a memory map on a temporary file.
    """
    separator = np.array([SEPARATOR], vocabulary.dtype)

    def encoded() -> Iterator[np.ndarray]:
        for index in range(len(documents)):
            yield separator
            for chunk in whole_words(iterate_chunks(documents, index)):
                yield vocabulary.encode(chunk)
        yield separator

    pieces: list[Any] = []
    waiting = 0
    with tempfile.TemporaryFile() as file:
        for piece in encoded():
            pieces.append(piece)
            waiting += len(piece)
            if waiting > IN_MEMORY:
                file.writelines(pieces)
                pieces, waiting = [], 0
        if not file.tell():
            return np.concatenate(pieces)
        file.writelines(pieces)
        file.flush()
        return np.memmap(file, vocabulary.dtype, "r")


def text_chunks(documents: Sequence[str]) -> Iterator[str]:
    """Yields all documents in pieces of bounded size, not cut inside words."""
    for index in range(len(documents)):
        yield from whole_words(iterate_chunks(documents, index))


def count_characters(documents: Sequence[str], most: int) -> int:
    """Counts the characters of documents up to `most`, beyond which it does not read on."""
    count = 0
    for chunk in text_chunks(documents):
        count += len(chunk)
        if count >= most:
            break
    return count


def whole_words(chunks: Iterable[str]) -> Iterator[str]:
    """Moves the cuts between pieces of a text back to the last space or line end, if any."""
    held = ""
    for chunk in chunks:
        if held:
            end = max(held.rfind(" "), held.rfind("\n")) + 1 or len(held)
            yield held[:end]
            held = held[end:]
        held += chunk
    if held:
        yield held
