"""The network that is a compressor: what a held-out document adds to the compressed text."""

from __future__ import annotations

import lzma
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from deepzoo.errors import CheckpointError

LIMIT = 48 * 2**20
_LARGE = 8 * 2**20
_BLOCKS = {False: 8, True: 2}
_MOST = 4 * 2**20


class XZNetwork:
    """Scores documents by how much longer the xz-compressed training text gets with them.

    Documents are added in eight blocks (two where the training text is large), and the cost
    of a block is shared by its characters, so values within a block differ by length alone.
    Of a longer training text the last 48 MB count, of a longer block the first 4 million
    characters. Characters are bytes where there are at most 256 different ones, else UTF-8.
    """

    def __init__(self, vocabulary: int, separator: int = 0) -> None:
        self.vocabulary = vocabulary
        self.separator = separator
        self.text = np.zeros(0, np.uint8)

    def fit_arrays(self, inputs: np.ndarray, targets: Any = None) -> None:
        """Keeps the end of the training text; compressing comes with the first document."""
        text = self._bytes(np.asarray(inputs[-LIMIT:]))[-LIMIT:]
        self.text = np.frombuffer(text, np.uint8)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the training text that was kept, as bytes."""
        return {"text": self.text}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over a stored training text."""
        if set(arrays) != {"text"} or arrays["text"].dtype != np.uint8:
            raise CheckpointError(
                "One array of bytes named text was expected, "
                f"received {', '.join(sorted(arrays)) or 'none'}."
            )
        self.text = np.array(arrays["text"])

    def bits(self, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns each symbol's share of the bits that the block of its document adds."""
        lengths = np.array([len(text) + 1 for text in documents])
        if not len(lengths):
            return []
        large = len(self.text) > _LARGE
        bounds = _blocks(lengths, _BLOCKS[large])
        blocks = [self._block(documents[a:b]) for a, b in pairwise(bounds)]
        known = self.text.tobytes()
        with ThreadPoolExecutor(1 if large else min(4, os.cpu_count() or 1)) as pool:
            texts = (known + self._bytes(block) for block in (blocks[0][:0], *blocks))
            alone, *longer = pool.map(_compressed_size, texts)
        rates = [
            8 * (size - alone) / len(block) for size, block in zip(longer, blocks, strict=True)
        ]
        shares = np.repeat(rates, np.diff(bounds))
        return [np.full(n, share) for n, share in zip(lengths, shares, strict=True)]

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the bits that each row of int [n, length] adds; xz predicts no tokens."""
        return np.array([bits.sum() for bits in self.bits(list(inputs))])

    def _block(self, documents: Sequence[np.ndarray]) -> np.ndarray:
        edge = np.array([self.separator], np.int32)
        return np.concatenate([part for text in documents for part in (text, edge)])[:_MOST]

    def _bytes(self, tokens: np.ndarray) -> bytes:
        if self.vocabulary <= 256:
            return tokens.astype(np.uint8).tobytes()
        text = tokens.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        return text.encode("utf-8", "surrogatepass")


def _blocks(lengths: np.ndarray, most: int) -> list[int]:
    """Bounds of at most `most` runs of documents with about as many characters each."""
    ends = np.cumsum(lengths)
    cuts = np.searchsorted(ends, ends[-1] * np.arange(1, most) / most) + 1
    return sorted({0, *np.minimum(cuts, len(lengths)).tolist(), len(lengths)})


def _compressed_size(text: bytes) -> int:
    coder = {
        "id": lzma.FILTER_LZMA2,
        "preset": 9,
        "dict_size": max(2**16, 1 << (len(text) - 1).bit_length()),
        "lc": 4,  # a letter depends on the letter before it; 4-byte alignment means nothing
        "pb": 0,
    }
    compressor = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=[coder])
    step = 2**20
    written = sum(
        len(compressor.compress(text[at : at + step])) for at in range(0, len(text), step)
    )
    return written + len(compressor.flush())
