"""Sums as text: reading them, working them out, and finding the base they are written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from deepzoo.errors import DataError, UsageError

DIGITS = "0123456789abcdef"
SIGNS = "+-"
LARGEST_BASE = len(DIGITS)
MOST_DIGITS = 1_000
_QUESTION = re.compile(r"\s*([0-9a-f]+)\s*([+-])\s*([0-9a-f]+)\s*", re.IGNORECASE)


class Question(NamedTuple):
    """A sum or a difference of two numbers that are not negative.

    Args:
        first: The digits of the first number, as written.
        sign: `+` or `-`.
        second: The digits of the second number.
    """

    first: str
    sign: str
    second: str

    @classmethod
    def read(cls, text: str) -> Question | None:
        """Reads a question such as `57+68`; None if it is none.

        Signs and digits of other widths, and the minus of typography, are those of ASCII.

        Example:
            >>> Question.read("57 + 68")
            Question(first='57', sign='+', second='68')
        """
        plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
        found = _QUESTION.fullmatch(plain)
        return found and cls(found[1].lower(), found[2], found[3].lower())

    def __str__(self) -> str:
        return "".join(self)

    @property
    def digits(self) -> int:
        """The number of digits of the longer number."""
        return max(len(self.first), len(self.second))

    def answer(self, base: int) -> str:
        """Works it out.

        Example:
            >>> Question("ff", "+", "1").answer(16), Question("3", "-", "10").answer(10)
            ('100', '-7')
        """
        first, second = int(self.first, base), int(self.second, base)
        return write(first + second if self.sign == "+" else first - second, base)


def write(number: int, base: int) -> str:
    """Writes a whole number in a base from 2 to 16.

    Example:
        >>> write(125, 10), write(125, 2), write(-255, 16)
        ('125', '1111101', '-ff')
    """
    if number < 0:
        return "-" + write(-number, base)
    places = ""
    while number >= base:
        number, place = divmod(number, base)
        places = DIGITS[place] + places
    return DIGITS[number] + places


def read_all(sources: Sequence[str]) -> list[Question]:
    """Reads the questions of a dataset.

    Raises:
        DataError: One of them is no sum.
    """
    questions = [Question.read(source) for source in sources]
    for number, question in enumerate(questions):
        if question is None:
            raise DataError(
                f"Example {number:,} is no sum: expected two numbers with + or - between them, "
                f"such as 57+68; received {sources[number]!r:.60}."
            )
    return questions  # pyright: ignore[reportReturnType]


def base_of(questions: Sequence[Question], answers: Sequence[str]) -> int:
    """Finds the smallest base in which every answer is right.

    Raises:
        DataError: There is none, so these are no sums.
    """
    largest = max(DIGITS.index(digit) for one in questions for digit in one.first + one.second)
    wrong = 0
    for base in range(max(2, largest + 1), LARGEST_BASE + 1):
        wrongs = (
            number
            for number, (question, answer) in enumerate(zip(questions, answers, strict=True))
            if question.answer(base) != answer.strip().lower()
        )
        found = next(wrongs, None)
        if found is None:
            return base
        wrong = max(wrong, found)
    raise DataError(
        f"Example {wrong:,} is not right in any base from 2 to {LARGEST_BASE}: "
        f"{questions[wrong]} = {answers[wrong]!r:.40}."
    )


def ask(text: str, base: int, signs: str) -> Question:
    """Reads a question that somebody asks of a network.

    Raises:
        UsageError: It is no sum, or not one that the network has learned to read.
    """
    question = Question.read(text)
    if question is None:
        raise UsageError(
            f"Cannot read {text!r:.60} as a sum: expected two numbers with "
            f"{' or '.join(signs)} between them.",
            f'For example, blanks only in quotes: "{"12" if base > 4 else "10"}{signs[0]}11"',
        )
    question = Question(*(part.lstrip("0") or "0" for part in question))
    if question.digits > MOST_DIGITS:
        raise UsageError(
            f"A number has {question.digits:,} digits, at most {MOST_DIGITS:,} are answered."
        )
    unknown = sorted(set(question.first + question.second) - set(DIGITS[:base]))
    if unknown:
        raise UsageError(
            f"This network counts in base {base}, with the digits 0 to {DIGITS[base - 1]}; "
            f"received {', '.join(unknown)} in {text!r:.60}."
        )
    if question.sign not in signs:
        raise UsageError(
            f"This network has learned {' and '.join(signs)} alone; received {text!r:.60}.",
            "Train one on both: deepzoo train addition --set operation=both",
        )
    return question
