"""Several pairs in one row, so that little of a batch is padding and all batches have one shape.

Each token knows the number of its pair in the row and its place in the sentence; attention
looks at tokens of the same pair alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepzoo import Arrays

from .vocabulary import END, PAD, START

TOKEN, PAIR, PLACE = range(3)
_OPEN = 32  # rows that are filled side by side
_SEED = 0


class Packed(Arrays):
    """Rows of pairs: `inputs` are sources and targets so far, `targets` what comes next.

    Both inputs are int32 [rows, 3, length]: tokens, numbers of pairs (0 is padding), places.
    """

    def batch(self, indices: np.ndarray) -> tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray]:
        """Returns rows, with weight 0 where there is padding."""
        after = self.targets[indices]
        inputs = tuple(part[indices] for part in self.inputs)
        return inputs, after, (after != PAD).astype(np.float32)


def pack(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], length: int) -> Packed:
    """Puts pairs into rows of `length` tokens on either side, in an order of a fixed seed.

    Args:
        sources: Tokens of each sentence, at most `length`.
        targets: Tokens of its translation, fewer than `length`: the start is put before them.
        length: Tokens of a row.
    """
    rows = _rows(sources, targets, length)
    inputs = tuple(np.zeros((len(rows), 3, length), np.int32) for _ in range(2))
    after = np.full((len(rows), length), PAD, np.int32)
    for number, row in enumerate(rows):
        ends = [0, 0]
        for pair, index in enumerate(row, 1):
            texts = sources[index], [START, *targets[index]]
            begin = ends[1]
            for side, tokens in enumerate(texts):
                place = slice(ends[side], ends[side] + len(tokens))
                inputs[side][number, :, place] = tokens, [pair] * len(tokens), range(len(tokens))
                ends[side] += len(tokens)
            after[number, begin : ends[1]] = [*targets[index], END]
    return Packed(inputs, after)


def _rows(
    sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], length: int
) -> list[list[int]]:
    """Chooses the pairs of each row: the first of the open rows that has room for a pair."""
    closed: list[list[int]] = []
    opened: list[tuple[list[int], list[int]]] = []
    for index in np.random.default_rng(_SEED).permutation(len(sources)).tolist():
        sizes = len(sources[index]), len(targets[index]) + 1
        fitting = (one for one in opened if sizes[0] <= one[1][0] and sizes[1] <= one[1][1])
        row, room = found = next(fitting, ([], [length, length]))
        if not row:
            opened.append(found)
            if len(opened) > _OPEN:
                closed.append(opened.pop(0)[0])
        row.append(index)
        room[0] -= sizes[0]
        room[1] -= sizes[1]
    return [*closed, *(row for row, _ in opened)]
