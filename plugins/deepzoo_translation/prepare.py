"""From pairs of sentences to what networks of translation learn from and are scored on."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, Prepared
from deepzoo.errors import DataError

from .packing import pack
from .vocabulary import END, PAD, START, Vocabulary

if TYPE_CHECKING:
    from deepzoo import Splits

logger = logging.getLogger("deepzoo")
Coded = tuple[list[list[int]], list[list[int]]]


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """Sentences to score: unseen ones, and as many of the training split.

    Args:
        sources: The sentences to translate.
        references: Their translations.
        seen_sources: Training sentences, as many or all there are.
        seen_references: Their translations.
    """

    sources: Sequence[str]
    references: Sequence[str]
    seen_sources: Sequence[str]
    seen_references: Sequence[str]

    def __len__(self) -> int:
        """Returns the number of unseen sentences."""
        return len(self.sources)


class Padded(Arrays):
    """Pairs side by side, filled up with padding, which counts for nothing.

    Args:
        sources: Tokens, int32 [N, source length].
        targets: Tokens between start and end, int32 [N, target length + 1].
    """

    def __init__(self, sources: np.ndarray, targets: np.ndarray) -> None:
        super().__init__(sources, targets)

    def batch(self, indices: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
        """Returns sources and targets so far, what comes next, and the weights of that."""
        rows = self.targets[indices]
        after = rows[:, 1:]
        return (self.inputs[indices], rows[:, :-1]), after, (after != PAD).astype(np.float32)


def prepare(splits: Splits, model: Any, most: int) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Pairs of sentences.
        model: A model of this task. One without a `level` reads sentences as they are.
        most: The most sentences to score, of those unseen and of those learned each.
    """
    train: Any = splits.train
    for name in ("train", "validation", "test"):
        _check(name, getattr(splits, name))
    held_out = _held_out(splits, most)
    if not hasattr(model, "level"):
        texts = [np.array(list(part), object) for part in (train.sources, train.targets)]
        return Prepared(Arrays(*texts), Arrays(texts[0][:0]), held_out, {}, {})
    source, target = _vocabularies(train, model)
    coded, kept = _encoded(train, source, target, model.longest)
    _tell_left_out(len(kept), len(train), f"{model.longest} {model.level}")
    spec = {
        "source_vocabulary": len(source),
        "target_vocabulary": len(target),
        # Packed rows have room for sentences longer than any that was learned from.
        "source_length": model.longest if model.joint else max(map(len, coded[0])),
        "target_length": 1 + max(map(len, coded[1])),
    }
    checked, kept = _encoded(splits.validation, source, target, model.longest)
    spec |= _sizes([splits.validation.targets[index] for index in kept], checked[1], target)
    make = _packed if model.joint else _padded
    parts = [make(one, spec, model.longest) for one in (coded, checked)]
    preprocessor = {"source": source.as_json()}
    if not model.joint:
        preprocessor["target"] = target.as_json()
    return Prepared(parts[0], parts[1], held_out, preprocessor, spec)


def _tell_left_out(kept: int, count: int, longest: str) -> None:
    """Warns of training pairs that are too long; refuses when all of them are."""
    if not kept:
        raise DataError(
            f"All {count:,} training pairs have more than {longest}.",
            "Allow longer ones: --set longest=...",
        )
    if kept < count:
        logger.warning(
            f"{count - kept:,} of {count:,} training pairs were left out: they have more than "
            f"{longest} (--set longest=...)."
        )


def vocabularies_of(preprocessor: dict[str, Any]) -> tuple[Vocabulary, Vocabulary]:
    """Returns the vocabularies of source and target, which may be one and the same."""
    source = Vocabulary(**preprocessor["source"])
    target = preprocessor.get("target")
    return source, source if target is None else Vocabulary(**target)


def padded(rows: Sequence[Sequence[int]], length: int) -> np.ndarray:
    """Lays out rows of tokens with padding behind them, int32 [rows, length]."""
    table = np.full((len(rows), length), PAD, np.int32)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _vocabularies(train: Any, model: Any) -> tuple[Vocabulary, Vocabulary]:
    size = getattr(model, "vocabulary_size", 0)
    if model.joint:
        both = Vocabulary.fit([*train.sources, *train.targets], model.level, size)
        return both, both
    source, target = (
        Vocabulary.fit(side, model.level, size) for side in (train.sources, train.targets)
    )
    return source, target


def _encoded(
    pairs: Any, source: Vocabulary, target: Vocabulary, longest: int
) -> tuple[Coded, list[int]]:
    """Encodes pairs but those with a side that is too long; says which ones."""
    coded: Coded = ([], [])
    kept = []
    for index, (first, second) in enumerate(zip(pairs.sources, pairs.targets, strict=True)):
        row = source.encode(first), target.encode(second)
        if max(map(len, row)) <= longest:
            kept.append(index)
            coded[0].append(row[0])
            coded[1].append(row[1])
    return coded, kept


def _sizes(
    texts: Sequence[str], coded: Sequence[Sequence[int]], target: Vocabulary
) -> dict[str, float]:
    """Measures the characters of a token, and the bits per character of what has no token.

    The end of a sentence is a character and a token. A character that the vocabulary cannot
    express costs a byte.
    """
    characters = sum(len(text) + 1 for text in texts) or 1
    tokens = sum(len(row) + 1 for row in coded) or 1
    unknown = sum(len(piece) for text in texts for piece in target.unknown(text))
    return {"characters_per_token": characters / tokens, "unknown_bits": 8 * unknown / characters}


def _check(name: str, pairs: Any) -> None:
    """Refuses what is no text, or none at all; data given in Python come unchecked."""
    for side in ("sources", "targets"):
        for index, text in enumerate(getattr(pairs, side)):
            if not isinstance(text, str) or not text.strip():
                raise DataError(
                    f"Pair {index:,} of {name} has no text in {side}: expected a sentence, "
                    f"received {text!r:.60}.",
                    "Leave such pairs out.",
                )


def _padded(coded: Coded, spec: dict[str, Any], longest: int) -> Padded:
    # In validation a sentence may be longer than any in training; what is beyond is not scored.
    sources = [row[: spec["source_length"]] for row in coded[0]]
    targets = [[START, *row, END][: spec["target_length"] + 1] for row in coded[1]]
    return Padded(
        padded(sources, spec["source_length"]), padded(targets, spec["target_length"] + 1)
    )


def _packed(coded: Coded, spec: dict[str, Any], longest: int) -> Arrays:
    return pack(coded[0], coded[1], longest + 1)


def _held_out(splits: Splits, most: int) -> HeldOut:
    test: Any = splits.test
    train: Any = splits.train
    unseen = np.arange(min(len(test), most))
    if len(test) > most:
        unseen = np.linspace(0, len(test) - 1, most).astype(int)
    seen = np.linspace(0, len(train) - 1, min(len(unseen), len(train))).astype(int)
    parts = test.take(unseen), train.take(seen)
    return HeldOut(*(list(side) for part in parts for side in (part.sources, part.targets)))
