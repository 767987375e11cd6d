"""Vocabulary: from sentences to tokens and back, fitted on the training split only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from .subwords import Splitter, learn_merges

PAD, START, END, UNKNOWN = range(4)
SPECIAL = 4
Level = Literal["characters", "words", "subwords"]

# A blank belongs to the word after it, so that the joined tokens are the text.
_WORDS = re.compile(r" ?\w+| ?[^\w\s]|\s")


class Vocabulary:
    """The tokens of one language, or of two together.

    Tokens 0 to 3 are padding, start, end and unknown; they have no text.

    Args:
        level: Whether a token is a character, a word or a subword.
        tokens: The text of all tokens from number 4 on.
        merges: The pairs of symbols to merge, for subwords.

    Examples:
        >>> vocabulary = Vocabulary.fit(["a cat", "a bat"], "characters")
        >>> vocabulary.tokens
        [' ', 'a', 'b', 'c', 't']
        >>> vocabulary.decode(vocabulary.encode("a cab"))
        'a cab'
    """

    def __init__(
        self, level: Level, tokens: Sequence[str], merges: Iterable[Sequence[str]] = ()
    ) -> None:
        self.level, self.tokens = level, list(tokens)
        self.merges = [(first, second) for first, second in merges]
        self.numbers = {token: SPECIAL + index for index, token in enumerate(self.tokens)}
        self.splitter = Splitter(self.merges)

    def __len__(self) -> int:
        """Returns the number of tokens, the four special ones included."""
        return SPECIAL + len(self.tokens)

    @classmethod
    def fit(cls, sentences: Iterable[str], level: Level, size: int = 4000) -> Vocabulary:
        """Fits the vocabulary of sentences.

        Args:
            sentences: The training sentences.
            level: Whether a token is a character, a word or a subword.
            size: Maximum number of words or subwords; all characters are kept, however many.
        """
        if level == "characters":
            return cls(level, sorted({letter for sentence in sentences for letter in sentence}))
        counts: Counter[str] = Counter()
        for sentence in sentences:
            counts.update(_WORDS.findall(f" {sentence}"))
        if level == "words":
            return cls(level, [word for word, _ in counts.most_common(size - SPECIAL)])
        letters = sorted({letter for word in counts for letter in word})
        merges = learn_merges(counts, max(0, size - SPECIAL - len(letters)))
        # Two merges may give the same subword: "a" + "bc" and "ab" + "c".
        return cls(level, list(dict.fromkeys([*letters, *map("".join, merges)])), merges)

    def split(self, sentence: str) -> list[str]:
        """Splits a sentence into the texts of its tokens."""
        if self.level == "characters":
            return list(sentence)
        words = _WORDS.findall(f" {sentence}")
        if self.level == "words":
            return words
        return [piece for word in words for piece in self.splitter.split(word)]

    def encode(self, sentence: str) -> list[int]:
        """Returns the tokens of a sentence, without start and end."""
        return [self.numbers.get(piece, UNKNOWN) for piece in self.split(sentence)]

    def decode(self, tokens: Iterable[int]) -> str:
        """Returns the sentence of tokens."""
        text = "".join(self.piece(token) for token in tokens)
        return text if self.level == "characters" else text.removeprefix(" ")

    def piece(self, token: int) -> str:
        """Returns the text of one token."""
        return self.tokens[token - SPECIAL] if token >= SPECIAL else ""

    def unknown(self, sentence: str) -> list[str]:
        """Lists the pieces of a sentence that are not in the vocabulary, each once, in order."""
        pieces = dict.fromkeys(self.split(sentence))
        return [piece.strip() or piece for piece in pieces if piece not in self.numbers]

    def as_json(self) -> dict[str, Any]:
        """Returns what `Vocabulary(**data)` needs."""
        merges = [list(pair) for pair in self.merges]
        return {"level": self.level, "tokens": self.tokens, "merges": merges}
