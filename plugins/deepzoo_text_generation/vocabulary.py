"""Vocabulary: from text to tokens and back, fitted on the training split alone."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

SEPARATOR = 0
UNKNOWN = "\ufffd"
BITS_OF_ANY_CHARACTER = float(np.log2(0x110000))
BITS_IN_WORDS = 8.0  # of a character of a word whose token is UNKNOWN
_WORDS = re.compile(r"\s|\w+|[^\w\s]")


class Vocabulary:
    r"""The tokens of a text model: single characters, or words and what separates them.

    Token 0 separates documents. It is the line break, unless the end of a document is
    learned as a token of its own; then it is the empty string.

    Args:
        tokens: All tokens; the first is the separator. At the level of words the second one
            stands for every unknown word.
        level: `character` or `word`.
        lower_case: Whether text is converted to lower case first.
        code_points: Whether n-grams are hashed by the code points of their characters, as
            opposed to the numbers of their tokens, as runs of version 0.1 do.

    Examples:
        >>> vocabulary = Vocabulary(["\n", "a", "b"])
        >>> vocabulary.encode("abba").tolist()
        [1, 2, 2, 1]
        >>> vocabulary.decode([2, 1])
        'ba'
    """

    def __init__(
        self,
        tokens: Sequence[str],
        level: str = "character",
        lower_case: bool = False,
        code_points: bool = False,
    ) -> None:
        self.tokens, self.level, self.lower_case = list(tokens), level, lower_case
        self.code_points = code_points
        self.numbers = {token: number for number, token in enumerate(self.tokens)}
        self.dtype = np.min_scalar_type(max(len(self.tokens) - 1, 0))
        self._table: np.ndarray | None = None

    def __len__(self) -> int:
        """Returns the number of tokens, the separator included."""
        return len(self.tokens)

    @classmethod
    def fit(
        cls,
        chunks: Iterable[str],
        *,
        level: str = "character",
        lower_case: bool = False,
        learn_end: bool = False,
        size: int = 10_000,
    ) -> Vocabulary:
        """Fits the vocabulary of a text.

        Args:
            chunks: The training text in pieces; words must not be cut between them.
            level: `character` or `word`.
            lower_case: Converts the text to lower case first.
            learn_end: Gives the end of a document a token of its own.
            size: Maximum number of words to keep; characters are all kept.
        """
        separator = "" if learn_end else "\n"
        lowered = (chunk.lower() if lower_case else chunk for chunk in chunks)
        if level == "character":
            characters = set[str]().union(*lowered) - {separator}
            return cls([separator, *sorted(characters)], level, lower_case, True)
        counts: Counter[str] = Counter()
        for chunk in lowered:
            counts.update(_WORDS.findall(chunk))
        counts.pop(separator, None)
        frequent = [word for word, _ in counts.most_common(size)]
        return cls([separator, UNKNOWN, *frequent], level, lower_case, True)

    @property
    def codes(self) -> list[int]:
        """What each token counts as in the hash of an n-gram; the separator is 0.

        Code points of characters and check sums of words are the same in every vocabulary, so
        that n-grams keep their rows when a training starts from another run.
        """
        codes = [ord(token) if len(token) == 1 else _checksum(token) for token in self.tokens]
        return [0, *codes[1:]]

    def encode(self, text: str) -> np.ndarray:
        """Returns the tokens of a text; unknown characters are left out, unknown words are 1."""
        if self.level == "word":
            return np.array([self.numbers.get(word, 1) for word in self.split(text)], self.dtype)
        text = text.lower() if self.lower_case else text
        codes = self._lookup()[_code_points(text)]
        return codes[codes >= 0].astype(self.dtype)

    def unknown(self, text: str) -> list[str]:
        """Lists the pieces of a text that the vocabulary cannot express, as often as they occur."""
        return [piece for piece in self.split(text) if piece not in self.numbers]

    def surcharge(self, text: str) -> float:
        """Returns the bits that unknown characters of a text cost, beside those of its tokens."""
        bits = BITS_IN_WORDS if self.level == "word" else BITS_OF_ANY_CHARACTER
        return bits * sum(map(len, self.unknown(text)))

    def split(self, text: str) -> list[str]:
        """Cuts a text into the pieces that its tokens stand for."""
        text = text.lower() if self.lower_case else text
        return _WORDS.findall(text) if self.level == "word" else list(text)

    def decode(self, tokens: Iterable[int]) -> str:
        """Returns the text of tokens."""
        return "".join(self.tokens[int(token)] for token in tokens)

    def fit_prompt(self, prompt: str) -> tuple[str, str]:
        """Replaces characters that the vocabulary lacks by the most similar ones, or drops them.

        Returns:
            The prompt as the network will read it, and a line that names the changes
            (empty if there are none).
        """
        prompt = prompt.lower() if self.lower_case else prompt
        unknown = dict.fromkeys(self.unknown(prompt))
        if self.level == "word":
            return prompt, f"Unknown words: {', '.join(sorted(unknown))}." if unknown else ""
        nearest = {character: self._nearest(character) for character in unknown}
        kept = "".join(nearest.get(character, character) for character in prompt)
        changes = ", ".join(
            f"{character!r} -> {replacement!r}" if replacement else f"{character!r} dropped"
            for character, replacement in nearest.items()
        )
        return kept, f"Not in the vocabulary: {changes}." if changes else ""

    def as_json(self) -> dict[str, Any]:
        """Returns what `Vocabulary(**data)` needs."""
        data = {"tokens": self.tokens, "level": self.level, "lower_case": self.lower_case}
        return {**data, "code_points": True} if self.code_points else data

    def _nearest(self, character: str) -> str:
        letters = unicodedata.normalize("NFKD", character)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        for candidate in (plain, character.lower(), character.upper()):
            if candidate and all(letter in self.numbers for letter in candidate):
                return candidate
        return " " if character.isspace() and " " in self.numbers else ""

    def _lookup(self) -> np.ndarray:
        if self._table is None:
            self._table = np.full(0x110000, -1, np.int32)
            for token, number in self.numbers.items():
                if len(token) == 1:
                    self._table[ord(token)] = number
        return self._table


def _checksum(word: str) -> int:
    """Hashes a word to a number as large as a code point."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % 0x110000


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
