"""How networks see sums: as characters in a row, or as columns of digits under each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .arithmetic import DIGITS, SIGNS, Question

_BLANK = " "


class Encoding:
    """Base of both encodings: characters to tokens and back.

    Args:
        base: The base of the numbers.
        signs: The signs that occur in training.
        digits: The longest number in training.
        reverse: Whether the question is read from its end; the columns always are.

    Attributes:
        alphabet: What may stand in an answer, the blank first.
    """

    def __init__(self, base: int, signs: str, digits: int, reverse: bool = False) -> None:
        self.base, self.signs, self.digits, self.reverse = base, signs, digits, reverse
        self.alphabet = _BLANK + signs + DIGITS[:base]

    @property
    def blank(self) -> int:
        """The token that fills up what is shorter."""
        return 0

    def answers(self, answers: Sequence[str], digits: int) -> np.ndarray:
        """Encodes answers to questions of numbers with up to `digits` digits.

        Returns:
            int32 [n, digits + 1]: room for a carry or a sign.
        """
        return _tokens(answers, digits + 1, self.alphabet)

    def texts(self, tokens: np.ndarray) -> list[str]:
        """Turns tokens [n, width] back into answers."""
        rows = np.array(list(self.alphabet))[tokens]
        return ["".join(row).strip() for row in rows]


class Characters(Encoding):
    """A question as its characters, filled up with blanks, and then reversed or not."""

    def questions(self, questions: Sequence[Question], digits: int) -> np.ndarray:
        """Encodes questions, int32 [n, 2 * digits + 1]."""
        tokens = _tokens([str(one) for one in questions], 2 * digits + 1, self.alphabet)
        return tokens[:, ::-1] if self.reverse else tokens


class Columns(Encoding):
    """A sum as it is done on paper: digits of equal worth under each other, the least first.

    An answer is written in the same columns, so its first token is its last digit.
    """

    def questions(self, questions: Sequence[Question], digits: int) -> np.ndarray:
        """Encodes questions, int32 [n, digits + 1, 3].

        Each column holds the token of the first number's digit, of the second one's, and
        which of `+-` it is, 0 or 1.
        """
        first, second = (
            _tokens([one[place][::-1] for one in questions], digits + 1, self.alphabet)
            for place in (0, 2)
        )
        signs = np.array([SIGNS.index(one.sign) for one in questions], np.int32)
        return np.stack([first, second, np.broadcast_to(signs[:, None], first.shape)], axis=-1)

    def answers(self, answers: Sequence[str], digits: int) -> np.ndarray:
        """Encodes answers, the last digit first."""
        return super().answers([answer[::-1] for answer in answers], digits)

    def texts(self, tokens: np.ndarray) -> list[str]:
        """Turns columns back into answers."""
        return super().texts(tokens[:, ::-1])

    def digit_values(self, tokens: np.ndarray) -> np.ndarray:
        """Returns the worth of each digit; blanks and signs are worth nothing."""
        return np.maximum(tokens - len(self.alphabet) + self.base, 0)


ENCODINGS: dict[str, type[Encoding]] = {"characters": Characters, "columns": Columns}


def encoding_of(spec: Mapping[str, Any]) -> Any:
    """Returns the encoding that a network was built for."""
    known = {name: spec[name] for name in ("base", "signs", "digits", "reverse")}
    return ENCODINGS[spec["encoding"]](**known)


def _tokens(texts: Sequence[str], width: int, alphabet: str) -> np.ndarray:
    """Encodes texts of ASCII characters as rows of one width, int32 [n, width]."""
    place = np.zeros(128, np.int32)
    place[[ord(one) for one in alphabet]] = np.arange(len(alphabet))
    joined = "".join(text.ljust(width) for text in texts).encode("ascii")
    return place[np.frombuffer(joined, np.uint8).reshape(len(texts), width)]
