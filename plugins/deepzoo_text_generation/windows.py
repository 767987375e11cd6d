"""Windows over one long row of tokens, cut when they are needed and never copied before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from deepzoo import Arrays
from deepzoo.readers import iterate_chunks

from .vocabulary import SEPARATOR, Vocabulary

IN_MEMORY = 64_000_000  # tokens; longer texts go to a file that is mapped


class Windows(Arrays):
    """Examples of next-token prediction: a window, and the same window one token on.

    Args:
        tokens: All tokens in a row, uint8 or uint16 [N], array or memory map.
        length: Tokens in a window.
        step: Tokens between the starts of two windows.
        context: Tokens before the window that the network sees but does not predict.
        every_step: Whether every position has a target, or the last one alone.
        documents: Where documents start, int [n], if they may change places from epoch to
            epoch; the last one is the separator that ends the row.

    Example:
        >>> windows = Windows(np.array([0, 1, 2, 3, 4, 5, 6], np.uint8), length=3, step=3)
        >>> inputs, targets, _ = windows.batch(np.array([0, 1]))
        >>> inputs.tolist(), targets.tolist()
        ([[0, 1, 2], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    """

    def __init__(
        self,
        tokens: np.ndarray,
        length: int,
        step: int,
        context: int = 0,
        every_step: bool = True,
        documents: np.ndarray | None = None,
    ) -> None:
        super().__init__(tokens)
        self.documents = documents
        self.length, self.step = length, step
        self.context, self.every_step = context, every_step

    def __len__(self) -> int:
        """Returns the number of whole windows with a token after them."""
        return max(0, (len(self.inputs) - 1 - self.length) // self.step + 1)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Cuts the windows at `indices`: inputs int32 [n, context + length], targets int32."""
        starts = np.asarray(indices, np.int64)[:, None] * self.step
        places = starts + np.arange(-self.context, self.length + 1)
        row = np.where(places < 0, SEPARATOR, self._tokens(np.maximum(places, 0))).astype(np.int32)
        targets = row[:, self.context + 1 :] if self.every_step else row[:, -1]
        return row[:, :-1], targets, None

    def shuffled(self, generator: np.random.Generator) -> Windows:
        """Returns as many windows over the documents in a new order."""
        if self.documents is None or len(self.documents) < 3:
            return self
        order = np.append(generator.permutation(len(self.documents) - 1), len(self.documents) - 1)
        return ShuffledWindows(self, order)

    def _tokens(self, places: np.ndarray) -> np.ndarray:
        return self.inputs[places]


class ShuffledWindows(Windows):
    """Windows over the documents of others in another order; the tokens stay where they are.

    Args:
        windows: The others.
        order: A permutation of their documents.
    """

    def __init__(self, windows: Windows, order: np.ndarray) -> None:
        super().__init__(
            windows.inputs, windows.length, windows.step, windows.context, windows.every_step
        )
        starts = np.asarray(windows.documents)
        ends = np.cumsum(np.diff(starts, append=len(self.inputs))[order])
        self.ends, self.moved = ends, starts[order] - np.append(0, ends[:-1])

    def _tokens(self, places: np.ndarray) -> np.ndarray:
        return self.inputs[places + self.moved[np.searchsorted(self.ends, places, "right")]]


def document_starts(row: np.ndarray) -> np.ndarray:
    """Finds the separators of a row of tokens, int64."""
    pieces = range(0, len(row), IN_MEMORY)
    found = [np.flatnonzero(row[at : at + IN_MEMORY] == SEPARATOR) + at for at in pieces]
    return np.concatenate(found)


def token_row(documents: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """Encodes documents to one row: a separator before each, and one at the end.

    Short texts become an array, long ones a memory map on a temporary file.
    """
    total = waiting = 0
    with tempfile.TemporaryFile() as file:
        pieces: list[np.ndarray] = []
        for piece in _pieces(documents, vocabulary):
            total += len(piece)
            waiting += len(piece)
            pieces.append(piece)
            if waiting > IN_MEMORY:
                file.write(np.concatenate(pieces).tobytes())
                pieces, waiting = [], 0
        if not file.tell():
            return np.concatenate(pieces)
        file.write(np.concatenate(pieces).tobytes() if pieces else b"")
        file.flush()
        return np.memmap(file, vocabulary.dtype, "r", shape=(total,))


def text_chunks(documents: Sequence[str]) -> Iterator[str]:
    """Yields all documents in pieces of bounded size, not cut inside words."""
    for index in range(len(documents)):
        yield from whole_words(iterate_chunks(documents, index))


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


def _pieces(documents: Sequence[str], vocabulary: Vocabulary) -> Iterator[np.ndarray]:
    separator = np.array([SEPARATOR], vocabulary.dtype)
    for index in range(len(documents)):
        yield separator
        for chunk in whole_words(iterate_chunks(documents, index)):
            yield vocabulary.encode(chunk)
    yield separator
