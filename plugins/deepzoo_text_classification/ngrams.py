"""N-grams of words and of characters, each hashed to a number of 32 bits.

Nothing is looked up in a vocabulary: texts become sparse rows over all 2**32 numbers, and each
network keeps those columns that it has seen in training (the hashing trick: Weinberger et al.,
2009, Feature Hashing for Large Scale Multitask Learning).
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from deepzoo import ArraySpec

COLUMNS = 2**32
AT_ONCE = 2_000  # texts hashed together: enough to be fast, few enough for memory
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_WORDS, _CHARACTERS = np.uint64(1), np.uint64(2)  # so that "a" as a word is not "a" as a character


class NGrams(NamedTuple):
    """How texts are cut into n-grams.

    Args:
        words: Length of the longest run of words; punctuation marks count as words.
        characters: Length of the longest run of characters, 2 the shortest; 0 takes none.

    Examples:
        >>> rows = NGrams(words=2).encode(["To be or not to be"])
        >>> rows.shape, int(rows.sum()), rows.nnz  # "to", "be" and "to be" are there twice
        ((1, 4294967296), 11, 8)
    """

    words: int = 2
    characters: int = 0

    @property
    def inputs(self) -> ArraySpec:
        """What networks get for a text."""
        return ArraySpec([COLUMNS], low=0)

    def encode(self, texts: Sequence[str]) -> Any:
        """Counts the n-grams of texts, a sparse matrix float32 [n, 2**32]."""
        from scipy.sparse import csr_matrix, vstack

        parts = []
        for start in range(0, len(texts), AT_ONCE):
            block = texts[start : start + AT_ONCE]
            found = [(rows, columns) for rows, _, _, columns in self._hashed(block)]
            rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
            keys, counts = np.unique(
                rows.astype(np.uint64) << np.uint64(32) | columns, return_counts=True
            )
            bounds = np.searchsorted(keys >> np.uint64(32), np.arange(len(block) + 1))
            entries = counts.astype(np.float32), (keys & np.uint64(COLUMNS - 1)).astype(np.int64)
            parts.append(csr_matrix((*entries, bounds), shape=(len(block), COLUMNS)))
        return vstack(parts, format="csr") if parts else csr_matrix((0, COLUMNS), dtype=np.float32)

    def spans(self, text: str) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yields the n-grams of a text where they are: first and last character, and column.

        Yields:
            For each sort and length of n-grams three arrays [n].
        """
        words = list(WORD.finditer(text))
        starts = np.array([word.start() for word in words], np.int64)
        ends = np.array([word.end() for word in words], np.int64)
        _, where = _characters(text)
        for sort, (_, first, length, columns) in zip(
            self._sorts(), self._hashed([text]), strict=True
        ):
            if sort is _WORDS:
                yield starts[first], ends[first + length - 1], columns
            else:
                yield where[first], where[first + length - 1] + 1, columns

    def _sorts(self) -> list[np.uint64]:
        return [_WORDS] * self.words + [_CHARACTERS] * max(0, self.characters - 1)

    def _hashed(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[np.ndarray, np.ndarray, int, np.ndarray]]:
        """Yields for each sort and length: text, position and length of n-grams, and column."""
        words = [
            np.array([_word(token) for token in WORD.findall(text)], np.uint64) for text in texts
        ]
        yield from _runs(words, range(1, self.words + 1), _WORDS)
        if self.characters > 1:
            codes = [_characters(text)[0] for text in texts]
            yield from _runs(codes, range(2, self.characters + 1), _CHARACTERS)


@functools.lru_cache(maxsize=2**20)
def _word(token: str) -> int:
    """Hashes a word; the same in every process, as Python's own hash is not."""
    return zlib.crc32(token.lower().encode("utf-8", "surrogatepass"))


def _characters(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the lower-case code points of a text, and where they are in it.

    A run of blanks is one blank, and there is one before and after the text.
    """
    lower = text.lower()
    if len(lower) != len(text):  # one letter has become two, such as the Turkish capital İ
        lower = "".join(letter.lower()[0] for letter in text)
    codes = np.frombuffer(f" {lower} ".encode("utf-32-le", "surrogatepass"), np.uint32)
    blank = (codes <= 32) | (codes == 0xA0) | (codes == 0x3000)
    kept = np.flatnonzero(~blank | np.append(True, ~blank[:-1]))
    codes = np.where(blank, 32, codes)[kept].astype(np.uint64)
    return codes, np.clip(kept - 1, 0, max(len(text) - 1, 0))


def _runs(
    sequences: Sequence[np.ndarray], lengths: range, sort: np.uint64
) -> Iterator[tuple[np.ndarray, np.ndarray, int, np.ndarray]]:
    """Hashes the runs of each length in sequences of numbers."""
    sizes = np.array([len(sequence) for sequence in sequences], np.int64)
    text = np.repeat(np.arange(len(sequences)), sizes)
    position = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    left = sizes[text] - position  # numbers from here to the end of the sequence
    with np.errstate(over="ignore"):
        stream = _mixed(np.concatenate([*sequences, np.zeros(0, np.uint64)]) * _GOLDEN + sort)
        hashed = stream
        for length in range(1, lengths.stop):
            if length > 1:
                hashed = _mixed(hashed[:-1] * _GOLDEN + stream[length - 1 :])
            if length in lengths:
                inside = left[: len(hashed)] >= length
                columns = hashed[inside] >> np.uint64(32)
                yield text[: len(hashed)][inside], position[: len(hashed)][inside], length, columns


def _mixed(values: np.ndarray) -> np.ndarray:
    """Mixes the bits of numbers, by the function of SplitMix64 (Steele, Lea and Flood, 2014)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))
