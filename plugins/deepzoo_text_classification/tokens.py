"""Texts as rows of whole numbers: characters or words, by a vocabulary of the training split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from deepzoo import ArraySpec

PADDING, UNKNOWN = 0, 1
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT_PUBLISHED = re.compile(r"[^a-z0-9,. ']+")


class Tokens(NamedTuple):
    """A vocabulary and how texts are read with it; token 0 is padding, token 1 is unknown.

    Args:
        level: Whether tokens are `characters` or `words`.
        plain: Whether only letters a to z, digits, comma, full stop, apostrophe and blank are
            read, as published for paragraphs.
        length: Tokens of each row.
        keep: `start` cuts and pads texts at the end, `end` at the start.
        names: The tokens from number 2 on, the most frequent first.

    Examples:
        >>> tokens = Tokens("words", length=4).fit(["To be, or not to be"])
        >>> tokens.names
        ('be', 'to', 'not', 'or')
        >>> tokens.encode(["to see"])
        array([[3, 1, 0, 0]], dtype=int32)
    """

    level: Literal["characters", "words"]
    length: int
    plain: bool = False
    keep: Literal["start", "end"] = "start"
    names: Sequence[str] = ()

    @property
    def inputs(self) -> ArraySpec:
        """What networks get for a text."""
        return ArraySpec([self.length], "int32", 0, len(self.names) + 1)

    def fit(self, texts: Iterable[str], size: int = 0) -> Tokens:
        """Makes the vocabulary of texts.

        Args:
            texts: Those of the training split.
            size: Number of tokens to keep, padding and unknown included; 0 keeps all.
        """
        counts = Counter(token for text in texts for token in self.split(text))
        names = sorted(counts, key=lambda name: (-counts[name], name))
        return self._replace(names=tuple(names[: size - 2 if size else None]))

    def split(self, text: str) -> Sequence[str]:
        """Cuts a text into its tokens."""
        lower = text.lower()
        if self.plain:
            lower = _NOT_PUBLISHED.sub(" ", lower)
        return lower if self.level == "characters" else _WORD.findall(lower)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encodes texts, int32 [n, length]: cut where they are longer, padded where shorter."""
        numbers = {name: number for number, name in enumerate(self.names, 2)}
        rows = np.full((len(texts), self.length), PADDING, np.int32)
        for row, text in zip(rows, texts, strict=True):
            tokens = self.split(text)
            kept = tokens[: self.length] if self.keep == "start" else tokens[-self.length :]
            where = (
                slice(len(kept)) if self.keep == "start" else slice(self.length - len(kept), None)
            )
            row[where] = [numbers.get(token, UNKNOWN) for token in kept]
        return rows
