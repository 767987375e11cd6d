"""From tokens to arrays: one pair in each row, or several pairs packed into one row.

Packed rows waste little on padding, and all batches have one shape. Each token knows the number
of its pair in the row and its position in the sentence; attention stays within a pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepzoo import Arrays

from .vocabulary import END, PAD, START

TOKEN, PAIR, POSITION = range(3)
_OPEN = 32  # rows that are filled side by side
_SEED = 0

Tokens = Sequence[Sequence[int]]
"""The tokens of sentences."""


def padded(rows: Tokens, length: int) -> np.ndarray:
    """Lays out rows of tokens with padding after them, int32 [rows, length]."""
    table = np.full((len(rows), length), PAD, np.int32)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table


def pad_pairs(sources: Tokens, targets: Tokens, source_length: int, target_length: int) -> Arrays:
    """Makes rows of one pair each; what is beyond the lengths is cut off.

    Returns:
        `inputs` are sources and target prefixes, `targets` the next tokens; `weights` are 0 at
        padding.
    """
    inputs = padded([row[:source_length] for row in sources], source_length)
    rows = [[START, *row, END][: target_length + 1] for row in targets]
    table = padded(rows, target_length + 1)
    return _with_weights((inputs, table[:, :-1]), table[:, 1:])


def pack_pairs(sources: Tokens, targets: Tokens, length: int) -> Arrays:
    """Packs pairs into rows of `length` tokens on either side, in an order drawn from a fixed seed.

    Args:
        sources: Tokens of each sentence, at most `length`.
        targets: Tokens of its translation, fewer than `length`: the start is put before them.
        length: Tokens of a row.

    Returns:
        As `pad_pairs` does, but both inputs are int32 [rows, 3, length]: tokens, numbers of
        pairs (0 is padding), positions.
    """
    rows = _assign_rows(sources, targets, length)
    inputs = tuple(np.zeros((len(rows), 3, length), np.int32) for _ in range(2))
    next_tokens = np.full((len(rows), length), PAD, np.int32)
    for number, row in enumerate(rows):
        ends = [0, 0]
        for pair, index in enumerate(row, 1):
            start = ends[1]
            for side, tokens in enumerate((sources[index], [START, *targets[index]])):
                span = slice(ends[side], ends[side] + len(tokens))
                inputs[side][number, :, span] = tokens, [pair] * len(tokens), range(len(tokens))
                ends[side] += len(tokens)
            next_tokens[number, start : ends[1]] = [*targets[index], END]
    return _with_weights(inputs, next_tokens)


def _with_weights(inputs: tuple[np.ndarray, ...], next_tokens: np.ndarray) -> Arrays:
    return Arrays(inputs, next_tokens, (next_tokens != PAD).astype(np.float32))


def _assign_rows(sources: Tokens, targets: Tokens, length: int) -> list[list[int]]:
    """Returns the pairs of each row: a pair goes to the first open row with room for it."""
    closed: list[list[int]] = []
    opened: list[tuple[list[int], list[int]]] = []
    for index in np.random.default_rng(_SEED).permutation(len(sources)).tolist():
        sizes = len(sources[index]), len(targets[index]) + 1
        fitting = (rest for rest in opened if sizes[0] <= rest[1][0] and sizes[1] <= rest[1][1])
        row, room = candidate = next(fitting, ([], [length, length]))
        if not row:
            opened.append(candidate)
            if len(opened) > _OPEN:
                closed.append(opened.pop(0)[0])
        row.append(index)
        room[0] -= sizes[0]
        room[1] -= sizes[1]
    return [*closed, *(row for row, _ in opened)]
