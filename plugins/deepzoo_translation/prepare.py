"""From pairs of sentences to what networks of translation learn from and are scored on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Prepared, TextPairs, shared
from deepzoo.errors import DataError
from deepzoo.readers import report_unknown

from .packing import Tokens, pack_pairs, pad_pairs
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from deepzoo import Splits

logger = logging.getLogger("deepzoo")


class HeldOut(TextPairs):
    """Unseen pairs to score, and `seen`: as many pairs of the training split."""

    seen: TextPairs = shared()


def prepare(
    splits: Splits, model: Any, most: int, preprocessor: Mapping[str, Any] | None = None
) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Pairs of sentences.
        model: A model of this task. A model without a `level` reads sentences as they are.
        most: Maximum number of unseen sentences to score, and of training sentences.
        preprocessor: That of a run, whose vocabularies encode the pairs.
    """
    train: Any = splits.train
    for name in ("train", "validation", "test"):
        _check_texts(name, getattr(splits, name))
    held_out = _held_out(splits, most)
    if not hasattr(model, "level"):
        texts = [np.array(list(part), object) for part in (train.sources, train.targets)]
        text = ArraySpec((), "object")
        spec = Example(inputs=text, targets=text, outputs="values")
        return Prepared(Arrays(*texts), Arrays(texts[0][:0]), held_out, {}, spec)
    if preprocessor is not None:
        source, target = vocabularies_of(preprocessor)
        pieces = Counter(piece for text in held_out.sources for piece in source.unknown(text))
        pieces.update(piece for text in held_out.targets for piece in target.unknown(text))
        report_unknown(model.level, pieces, len(held_out), "read as unknown")
    else:
        source, target = _fit_vocabularies(train, model)
    kept, tokens = _encode(train, source, target, model.longest)
    if preprocessor is None:
        _report_left_out(len(kept), len(train), f"{model.longest} {model.level}")
    sizes: dict[str, Any] = {
        "source_vocabulary": len(source),
        "target_vocabulary": len(target),
        # Packed rows have room for sentences longer than any that was learned from.
        "source_length": model.longest if model.joint else max(map(len, tokens[0]), default=1),
        "target_length": 1 + max(map(len, tokens[1]), default=0),
    }
    texts, unseen = _encode(splits.validation, source, target, model.longest)
    sizes |= _characters_and_bits(texts, unseen[1], target)
    if model.joint:
        preprocessor = {"source": source.as_json()}
        parts = [pack_pairs(*pairs, model.longest + 1) for pairs in (tokens, unseen)]
    else:
        preprocessor = {"source": source.as_json(), "target": target.as_json()}
        lengths = sizes["source_length"], sizes["target_length"]
        # A validation sentence that is longer than all of training is cut off.
        parts = [pad_pairs(*pairs, *lengths) for pairs in (tokens, unseen)]
    return Prepared(parts[0], parts[1], held_out, preprocessor, _example(parts[0], sizes))


def _example(arrays: Arrays, sizes: Mapping[str, Any]) -> Example:
    """Describes rows of pairs; packed ones have numbers of pairs and positions beside tokens."""
    source, target = (part.shape[1:] for part in arrays.inputs)
    most = {"low": 0, "high": sizes["target_vocabulary"] - 1}
    return Example(
        inputs={"source": ArraySpec(source, "int32", 0), "target": ArraySpec(target, "int32", 0)},
        targets=ArraySpec(arrays.targets.shape[1:], "int32", **most),
        outputs="logits",
        **sizes,
    )


def vocabularies_of(preprocessor: Mapping[str, Any]) -> tuple[Vocabulary, Vocabulary]:
    """Returns the vocabularies of source and target, which may be the same."""
    source = Vocabulary(**preprocessor["source"])
    target = preprocessor.get("target")
    return source, source if target is None else Vocabulary(**target)


def _check_texts(split: str, pairs: Any) -> None:
    """Refuses pairs without a text; data given in Python come unchecked."""
    for side in ("sources", "targets"):
        for index, text in enumerate(getattr(pairs, side)):
            if not isinstance(text, str) or not text.strip():
                raise DataError(
                    f"Pair {index:,} of {split} has no text in {side}: expected a sentence, "
                    f"received {text!r:.60}.",
                    "Leave such pairs out.",
                )


def _held_out(splits: Splits, most: int) -> HeldOut:
    """Takes up to `most` test pairs and as many training pairs, both evenly spread."""
    most = min(most, len(splits.test))
    test, seen = (
        part.take(np.linspace(0, len(part) - 1, min(most, len(part))).astype(int))
        for part in (splits.test, splits.train)
    )
    seen = TextPairs(list(seen.sources), list(seen.targets))
    return HeldOut(list(test.sources), list(test.targets), seen)


def _fit_vocabularies(train: Any, model: Any) -> tuple[Vocabulary, Vocabulary]:
    size = model.vocabulary_size
    if model.joint:
        both = Vocabulary.fit([*train.sources, *train.targets], model.level, size)
        return both, both
    source = Vocabulary.fit(train.sources, model.level, size)
    return source, Vocabulary.fit(train.targets, model.level, size)


def _encode(
    pairs: Any, source: Vocabulary, target: Vocabulary, longest: int
) -> tuple[list[str], tuple[Tokens, Tokens]]:
    """Returns the targets of the pairs without a side that is too long, and both sides' tokens."""
    kept, sources, targets = [], [], []
    for text, translation in zip(pairs.sources, pairs.targets, strict=True):
        first, second = source.encode(text), target.encode(translation)
        if max(len(first), len(second)) <= longest:
            kept.append(translation)
            sources.append(first)
            targets.append(second)
    return kept, (sources, targets)


def _report_left_out(kept: int, count: int, longest: str) -> None:
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


def _characters_and_bits(
    texts: Sequence[str], tokens: Tokens, target: Vocabulary
) -> dict[str, float]:
    """Measures the characters of a token, and the bits per character of what has no token.

    The end of a sentence is a character and a token. A character that the vocabulary cannot
    express costs a byte.
    """
    characters = sum(len(text) + 1 for text in texts) or 1
    count = sum(len(row) + 1 for row in tokens) or 1
    unknown = sum(len(piece) for text in texts for piece in target.unknown(text))
    return {"characters_per_token": characters / count, "unknown_bits": 8 * unknown / characters}
