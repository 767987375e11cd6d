"""From documents to what networks of text generation learn from and are scored on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import iterate_chunks

from .vocabulary import Vocabulary
from .windows import Windows, document_starts, text_chunks, token_row

if TYPE_CHECKING:
    from deepzoo import Splits

BLOCK = 1_000
BITS_OF_ANY_CHARACTER = float(np.log2(0x110000))


@dataclasses.dataclass
class HeldOut:
    """Held-out documents: tokens, and what stands behind each token.

    Args:
        tokens: One int array per document, without separators.
        characters: Characters of each token and of the closing separator, float64 [n + 1].
        surcharge: Bits of each document for what the vocabulary cannot express.
        training: The training documents, for comparing what is generated.
    """

    tokens: list[np.ndarray]
    characters: list[np.ndarray]
    surcharge: np.ndarray
    training: Sequence[str]

    def __len__(self) -> int:
        """Returns the number of documents."""
        return len(self.tokens)


def prepare(splits: Splits, model: Any, *, lower_case: bool, evaluate_characters: int) -> Prepared:
    """Encodes splits for a model; the vocabulary is the training split's.

    Raises:
        DataError: The training text is shorter than one window.
    """
    in_windows = hasattr(model, "sequence_length")
    vocabulary = Vocabulary.fit(
        text_chunks(splits.train.documents),
        level=model.level,
        lower_case=lower_case,
        learn_end=in_windows and model.learn_end,
        size=getattr(model, "vocabulary_size", 0),
    )
    test = held_out_documents(splits, vocabulary, evaluate_characters)
    row = token_row(splits.train.documents, vocabulary)
    spec: dict[str, Any] = {"vocabulary": len(vocabulary), "separator": 0}
    if not in_windows:
        nothing = Arrays(row[:0])
        return Prepared(Arrays(row), nothing, test, vocabulary.as_json(), spec)
    train = _windows(row, model)
    if len(row) - 2 <= model.sequence_length:
        raise DataError(
            f"The training text is too short: {len(row) - 2:,} {model.level}s, expected at "
            f"least {model.sequence_length + 1} (sequence length {model.sequence_length}).",
            "Give more text, or a shorter window: --set sequence_length=...",
        )
    if model.learn_end:
        starts = document_starts(row)
        spec["usual_length"] = float(np.median(np.diff(starts))) - 1
        train.documents = starts if model.order == "streams" else None
    held_out = token_row(splits.validation.documents, vocabulary)
    validation = _windows(held_out if len(splits.validation) else row[:0], model)
    spec["characters_per_token"] = _characters_per_token(splits, held_out)
    return Prepared(train, validation, test, vocabulary.as_json(), spec)


def _windows(row: np.ndarray, model: Any) -> Windows:
    return Windows(row, model.sequence_length, model.stride, model.context, model.every_step)


def _characters_per_token(splits: Splits, held_out: np.ndarray) -> float:
    documents = splits.validation.documents
    if not len(documents):
        return 1.0
    count = sum(len(chunk) for chunk in text_chunks(documents)) + len(documents)
    return count / (len(held_out) - 1)


def held_out_documents(splits: Splits, vocabulary: Vocabulary, most: int) -> HeldOut:
    """Encodes held-out documents up to `most` characters."""
    found = HeldOut([], [], np.zeros(0), splits.train.documents)
    documents, surcharge, left = splits.test.documents, [], most
    for index in range(len(documents)):
        if left <= 0:
            break
        text = "".join(_head(documents, index, left))
        left -= len(text) + 1
        tokens = vocabulary.encode(text)
        unknown = vocabulary.unknown(text)
        if vocabulary.level == "word":
            sizes = np.array([*map(len, vocabulary.split(text)), 1], np.float64)
            surcharge.append(unknown * np.log2(256))
        else:
            sizes = np.ones(len(tokens) + 1)
            sizes[-1] += unknown
            surcharge.append(unknown * BITS_OF_ANY_CHARACTER)
        found.tokens.append(tokens)
        found.characters.append(sizes)
    found.surcharge = np.array(surcharge)
    return found


def _head(documents: Sequence[str], index: int, most: int) -> list[str]:
    pieces, left = [], most
    for chunk in iterate_chunks(documents, index):
        pieces.append(chunk[:left])
        left -= len(chunk)
        if left <= 0:
            break
    return pieces


def bits_per_character(
    bits: Sequence[np.ndarray], documents: HeldOut
) -> tuple[np.ndarray, np.ndarray]:
    """Adds up bits by document, and by blocks of 1,000 symbols in long ones.

    Returns:
        Bits per character, and characters, of each document or block.
    """
    values, weights = [], []
    for cost, size, extra in zip(bits, documents.characters, documents.surcharge, strict=True):
        starts = np.arange(0, max(1, len(cost) - BLOCK // 2), BLOCK)
        total, characters = np.add.reduceat(cost, starts), np.add.reduceat(size, starts)
        total[-1] += extra
        values.append(total / characters)
        weights.append(characters)
    return np.concatenate(values), np.concatenate(weights)
