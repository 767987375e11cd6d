"""From sentences to translations, by whatever network a run has."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deepzoo.errors import UsageError

from .prepare import vocabularies_of

if TYPE_CHECKING:
    from deepzoo import Run

logger = logging.getLogger("deepzoo")
_MOST_NAMED = 10


def translate(
    network: Any,
    preprocessor: Mapping[str, Any],
    sentences: Sequence[str],
    width: int | None = None,
) -> list[tuple[str, float | None]]:
    """Translates sentences.

    Args:
        network: A network with `translate(tokens, width)`, or one that predicts texts from texts.
        preprocessor: The vocabularies it was trained with.
        sentences: What to translate; none is empty.
        width: Beam width; 1 is greedy search, None the network's own width.

    Returns:
        The translations, each with its mean log-probability if the network has one.
    """
    if not hasattr(network, "translate"):
        return [(text, None) for text in network.predict(sentences)]
    source, target = vocabularies_of(dict(preprocessor))
    hypotheses = network.translate([source.encode(sentence) for sentence in sentences], width)
    return [(target.decode(tokens), score) for tokens, score in hypotheses]


def predict(run: Run, sentences: Sequence[str], width: int | None) -> list[dict[str, Any]]:
    """Translates what a user asks for, after warning of what the run does not know."""
    cleaned = [check_sentence(sentence, number) for number, sentence in enumerate(sentences, 1)]
    if "source" in run.preprocessor:
        _warn_of_unknown(run, cleaned)
    network = run.network_for(len(sentences))
    if width is not None and not hasattr(network, "translate"):
        logger.warning(f"The beam width has no effect: {run.model} does not search.")
    return [
        {"translation": text} | ({} if score is None else {"score": score})
        for text, score in translate(network, run.preprocessor, cleaned, width)
    ]


def check_sentence(sentence: str, number: int = 1) -> str:
    """Returns a sentence on one line, with single spaces.

    Raises:
        UsageError: It is empty.
    """
    if not sentence.strip():
        raise UsageError(f"Sentence {number} is empty, expected a text to translate.")
    return " ".join(sentence.split())


def _warn_of_unknown(run: Run, sentences: Sequence[str]) -> None:
    """Names pieces that are not in the vocabulary, and sentences that are too long."""
    source, _ = vocabularies_of(run.preprocessor)
    unknown = {text: pieces for text in sentences if (pieces := source.unknown(text))}
    if unknown:
        pieces = list(dict.fromkeys(itertools.chain.from_iterable(unknown.values())))
        named = ", ".join(map(repr, pieces[:_MOST_NAMED]))
        others = f" and {len(pieces) - _MOST_NAMED} more" if len(pieces) > _MOST_NAMED else ""
        kind = "words" if source.level == "words" else "characters"
        logger.warning(f"Unknown {kind} in {_first(unknown)}: {named}{others}.")
    most = run.spec["source_length"]
    lengths = {text: len(source.encode(text)) for text in sentences}
    long = [text for text, length in lengths.items() if length > most]
    if long:
        logger.warning(
            f"{_first(long)}: {max(lengths.values())} {source.level}; only the first {most} are "
            "translated."
        )


def _first(sentences: Collection[str]) -> str:
    """Names the first sentence and counts the others."""
    others = f" and {len(sentences) - 1} more" if len(sentences) > 1 else ""
    return f"{next(iter(sentences))[:40]!r}{others}"
