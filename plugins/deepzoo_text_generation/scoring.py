"""Scores: bits per character of documents, and what generated texts are like.

A generated text is copied, made of real words, looping, varied: each measure returns one value
per text. The two that compare with the training documents read them once, chunk by chunk, so
that text of any size takes a few megabytes. Of very long training text they read the first
`MOST_READ` characters; what was copied from the rest is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.readers import iterate_chunks

from .prepare import whole_words
from .vocabulary import SEPARATOR

if TYPE_CHECKING:
    from deepzoo import Stepper

    from .prepare import HeldOut

SEGMENT = 2_000
WARM_UP = 250
BATCH = 256
BLOCK = 1_000

SPAN = 30
LOOP = 8
MOST_READ = 20_000_000
CHUNK = 2**16
_URL = re.compile(r"https?://\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def document_bits(stepper: Stepper, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Measures how well a network predicts documents, each read from its start.

    A document longer than 2,000 tokens is read in segments of that length, each after 250
    tokens of what precedes it, so that segments can be read side by side.

    Args:
        stepper: The network.
        documents: Tokens of each document, without separators.

    Returns:
        For each document the bits of its tokens and of its closing separator, float64 [n + 1].
    """
    rows = [np.concatenate([[SEPARATOR], document, [SEPARATOR]]) for document in documents]
    bits = [np.zeros(len(row) - 1) for row in rows]
    segments = [
        (index, first, max(0, first - WARM_UP), min(first + SEGMENT, len(row) - 1))
        for index, row in enumerate(rows)
        for first in range(0, len(row) - 1, SEGMENT)
    ]
    segments.sort(key=lambda segment: segment[3] - segment[2])
    for start in range(0, len(segments), BATCH):
        batch = segments[start : start + BATCH]
        read = _read_segments(stepper, [rows[index][a : b + 1] for index, _, a, b in batch])
        for (index, first, begin, end), costs in zip(batch, read, strict=True):
            bits[index][first:end] = costs[first - begin : end - begin]
    return bits


def _read_segments(stepper: Stepper, segments: Sequence[np.ndarray]) -> np.ndarray:
    """Reads segments side by side; returns the bits of each token after the first."""
    tokens = np.zeros((len(segments), max(map(len, segments))), np.int64)
    for row, segment in zip(tokens, segments, strict=True):
        row[: len(segment)] = segment
    bits = np.zeros((len(segments), tokens.shape[1] - 1))
    state: Any = stepper.start(len(segments))
    for step in range(bits.shape[1]):
        logits, state = stepper.step(tokens[:, step], state)
        bits[:, step] = _cross_entropy(logits, tokens[:, step + 1])
    return bits


def read(stepper: Stepper, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Reads tokens from the start of a document.

    Returns:
        The bits of each token, and the probabilities of the one that comes next.
    """
    from deepzoo.recurrent import softmax
    from deepzoo.sampling import ReadingProgress

    logits, state = stepper.step(np.array([SEPARATOR]), stepper.start(1))
    bits, reading = np.zeros(len(tokens)), ReadingProgress(len(tokens))
    for position, token in enumerate(np.asarray(tokens, np.int64)):
        reading.at(position)
        bits[position] = _cross_entropy(logits, token[None])[0]
        logits, state = stepper.step(token[None], state)
    return bits, softmax(logits[0])


def _cross_entropy(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Returns -log2 softmax(logits)[target] for each row."""
    largest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - largest).sum(axis=-1))
    chosen = np.take_along_axis(logits, targets[:, None], axis=-1)[:, 0]
    return (total + largest[:, 0] - chosen) / np.log(2)


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


def measurable(texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Tells by measure which texts are long enough for it: an empty one copies nothing."""
    return {
        "copied": np.array([len(text) >= SPAN for text in texts]),
        "loops": np.array([bool(text.strip()) for text in texts]),
        "distinct_3": np.array([len(text.split()) >= 3 for text in texts]),
    }


def copied_spans(texts: Sequence[str], training: Sequence[str], span: int = SPAN) -> np.ndarray:
    """Returns the fraction of each text's spans that occur word for word in the training text.

    A span that crosses from one document to the next does not count.

    Args:
        texts: Generated texts.
        training: Documents.
        span: Characters of a span; every character but the last ones begins one.

    Returns:
        float64 [len(texts)] from 0 to 1; 0 for a text shorter than a span.
    """
    spans = [_runs(text, span) for text in texts]
    wanted, seen = set().union(*spans), set()
    for piece in _pieces(training, overlap=span - 1) if wanted else ():
        seen |= wanted.intersection(_runs(piece, span))
    return np.array([_mean([part in seen for part in parts]) for parts in spans])


def real_words(texts: Sequence[str], training: Sequence[str], shortest: int = 3) -> np.ndarray:
    """Returns the fraction of each text's words that occur in the training text.

    A word is a run of letters and inner apostrophes; case is ignored. Names after @ and # are
    words, addresses of web pages are not. Only words of `shortest` letters or more count.

    Returns:
        float64 [len(texts)] from 0 to 1; 0 for a text without such words. To average over
        words, weight by `count_words`.
    """
    written = [_words(text, shortest) for text in texts]
    missing = {word for words in written for word in words}
    real: set[str] = set()
    for piece in _pieces(training):
        known = missing.intersection(_words(piece, shortest))
        real |= known
        missing -= known
    return np.array([_mean([word in real for word in words]) for words in written])


def count_words(texts: Sequence[str], shortest: int = 3) -> np.ndarray:
    """Returns how many words `real_words` judges in each text."""
    return np.array([len(_words(text, shortest)) for text in texts], np.int64)


def loops(texts: Sequence[str], length: int = LOOP) -> np.ndarray:
    """Returns 1 for each text that got stuck, else 0.

    A text loops when some `length` words in a row occur in it twice (the two may overlap,
    as in a word repeated nine times), or when a group of up to `length` characters repeats
    until it fills 3 times `length` characters, as in "hahahahahahahahahahahaha". A run of
    blanks counts as one. (An 8-gram of characters would not do: one in seven real tweets
    holds the same eight characters twice; by this rule, one in seven thousand counts as looping.)
    """
    repeats = [(size, -(-3 * length // size) - 1) for size in range(1, length + 1)]
    groups = (f"(.{{{size}}})\\{at}{{{more},}}" for at, (size, more) in enumerate(repeats, 1))
    stuck = re.compile("|".join(groups), re.DOTALL)
    looping = []
    for words in (tuple(text.split()) for text in texts):
        runs = _runs(words, length)
        looping.append(len(set(runs)) < len(runs) or bool(stuck.search(" ".join(words))))
    return np.array(looping, float)


def distinct_3(texts: Sequence[str]) -> np.ndarray:
    """Returns the fraction of each text's runs of three words that are distinct.

    Returns:
        float64 [len(texts)]; 1 for a text of fewer than three words.
    """
    runs = [_runs(tuple(text.split()), 3) for text in texts]
    return np.array([len(set(part)) / len(part) if part else 1.0 for part in runs])


def _pieces(training: Sequence[str], overlap: int = 0) -> Iterator[str]:
    """Yields the first `MOST_READ` characters of the documents, in pieces not cut inside words.

    A piece begins with the last `overlap` characters of the one before it in its document.
    """
    left = MOST_READ
    for index in range(len(training)):
        before = ""
        for piece in whole_words(iterate_chunks(training, index, CHUNK)):
            yield before + piece[:left]
            left -= len(piece)
            if left <= 0:
                return
            before = (before + piece)[-overlap:] if overlap else ""


def _words(text: str, shortest: int) -> list[str]:
    words = _WORD.findall(_URL.sub(" ", text).lower().replace("’", "'"))
    return [word for word in words if len(word) >= shortest]


def _runs(items: Any, length: int) -> list[Any]:
    return [items[at : at + length] for at in range(len(items) - length + 1)]


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
