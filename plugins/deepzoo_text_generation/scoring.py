"""Bits per symbol of documents under a network that emits one token at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .vocabulary import SEPARATOR

if TYPE_CHECKING:
    from deepzoo import Stepper

SEGMENT = 2_000
WARM_UP = 250
BATCH = 256


def stepper_bits(stepper: Stepper, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
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
    found = [np.zeros(len(row) - 1) for row in rows]
    segments = [
        (index, first, max(0, first - WARM_UP), min(first + SEGMENT, len(row) - 1))
        for index, row in enumerate(rows)
        for first in range(0, len(row) - 1, SEGMENT)
    ]
    segments.sort(key=lambda segment: segment[3] - segment[2])
    for start in range(0, len(segments), BATCH):
        _score(stepper, rows, segments[start : start + BATCH], found)
    return found


def read(stepper: Stepper, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Reads tokens from the start of a document.

    Returns:
        The bits of each token, and the probabilities of the one that comes next.
    """
    state: Any = stepper.start(1)
    logits, state = stepper.step(np.array([SEPARATOR]), state)
    bits = np.zeros(len(tokens))
    for place, token in enumerate(tokens):
        bits[place] = _surprise(logits, np.array([int(token)]))[0]
        logits, state = stepper.step(np.array([int(token)]), state)
    chances = np.exp(logits[0] - logits[0].max())
    return bits, chances / chances.sum()


def _score(
    stepper: Stepper,
    rows: Sequence[np.ndarray],
    segments: Sequence[tuple[int, int, int, int]],
    found: list[np.ndarray],
) -> None:
    """Reads segments (document, first scored, first read, end) side by side."""
    longest = max(end - begin for _, _, begin, end in segments)
    tokens = np.zeros((len(segments), longest + 1), np.int64)
    for place, (index, _, begin, end) in enumerate(segments):
        tokens[place, : end - begin + 1] = rows[index][begin : end + 1]
    bits = np.zeros((len(segments), longest))
    state: Any = stepper.start(len(segments))
    for step in range(longest):
        logits, state = stepper.step(tokens[:, step], state)
        bits[:, step] = _surprise(logits, tokens[:, step + 1])
    for place, (index, first, begin, end) in enumerate(segments):
        found[index][first:end] = bits[place, first - begin : end - begin]


def _surprise(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Returns -log2 softmax(logits)[target] for each row."""
    largest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - largest).sum(axis=-1))
    chosen = np.take_along_axis(logits, targets[:, None], axis=-1)[:, 0]
    return (total + largest[:, 0] - chosen) / np.log(2)
