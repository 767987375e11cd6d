"""From sentences to translations, by whatever network a run has."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from deepzoo.errors import UsageError

from .models import WIDEST
from .prepare import vocabularies_of

if TYPE_CHECKING:
    from deepzoo import Run

logger = logging.getLogger("deepzoo")
_MOST_NAMED = 10


class Translated(NamedTuple):
    """A translation, and its mean log-probability if the network has one."""

    text: str
    score: float | None = None


def translate(
    network: Any,
    preprocessor: Mapping[str, Any],
    sentences: Sequence[str],
    width: int | None = None,
) -> list[Translated]:
    """Translates sentences.

    Args:
        network: One that has `translate(tokens, width)`, or `translate_texts(sentences)`.
        preprocessor: The vocabularies it was trained with.
        sentences: What to translate; none is empty.
        width: Beginnings to keep for each; 1 is greedy search, None the network's own number.
    """
    if hasattr(network, "translate_texts"):
        return [Translated(text) for text in network.translate_texts(sentences)]
    source, target = vocabularies_of(dict(preprocessor))
    found = network.translate([source.encode(sentence) for sentence in sentences], width)
    return [Translated(target.decode(one.tokens), one.score) for one in found]


def predict(run: Run, sentences: Sequence[str], width: int | None) -> Any:
    """Translates what a user asks for, after telling what the run does not know.

    Returns:
        One dictionary for one sentence, else a list of them.
    """
    if not sentences:
        raise UsageError("There is nothing to translate: expected at least one sentence.")
    if width is not None and not 1 <= width <= WIDEST:
        raise UsageError(f"beam is {width}, expected 1 to {WIDEST}.")
    cleaned = [check_sentence(sentence, number) for number, sentence in enumerate(sentences, 1)]
    if "source" in run.preprocessor:
        _warn(run, cleaned)
    found = [
        {"translation": one.text} | ({} if one.score is None else {"score": one.score})
        for one in translate(run.network, run.preprocessor, cleaned, width)
    ]
    return found[0] if len(sentences) == 1 else found


def check_sentence(sentence: str, number: int = 1) -> str:
    """Returns a sentence as it is read: in one line, blanks made single.

    Raises:
        UsageError: There is nothing in it.
    """
    if not isinstance(sentence, str):
        raise UsageError(f"Sentence {number} is no text: received {type(sentence).__name__}.")
    if not sentence.strip():
        raise UsageError(f"Sentence {number} is empty, expected a text to translate.")
    return " ".join(sentence.split())


def _warn(run: Run, sentences: Sequence[str]) -> None:
    """Names what a run has never seen, and what it will not read."""
    source, _ = vocabularies_of(run.preprocessor)
    strange = {one: pieces for one in sentences if (pieces := source.unknown(one))}
    if strange:
        pieces = list(dict.fromkeys(piece for found in strange.values() for piece in found))
        named = ", ".join(map(repr, pieces[:_MOST_NAMED]))
        others = f" and {len(pieces) - _MOST_NAMED} more" if len(pieces) > _MOST_NAMED else ""
        kind = "words" if source.level == "words" else "characters"
        logger.warning(f"Unknown {kind} in {_named(list(strange))}: {named}{others}.")
    most = run.spec["source_length"]
    lengths = {one: len(source.encode(one)) for one in sentences}
    long = [one for one, length in lengths.items() if length > most]
    if long:
        logger.warning(
            f"{_named(long)}: {max(lengths.values())} {source.level}, at most {most} are read; "
            "what is beyond is not translated."
        )


def _named(sentences: Sequence[str]) -> str:
    """Names the first of some sentences and counts the others."""
    others = f" and {len(sentences) - 1} more" if len(sentences) > 1 else ""
    return f"{sentences[0][:40]!r}{others}"
