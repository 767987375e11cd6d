"""Sums as text: reading, computing and drawing them."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deepzoo import Splits, TextPairs

if TYPE_CHECKING:
    from .datasets import Sums

DIGITS = "0123456789abcdef"
SIGNS = "+-"
FEW = 4  # if there are at most so many pairs per wanted pair, all are listed: it is faster
_BLOCK = 8_192
_QUESTION = re.compile(r"\s*([0-9a-f]+)\s*([+-])\s*([0-9a-f]+)\s*", re.IGNORECASE)
Pair = tuple[int, int, str]


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
        """Parses a question such as `57+68`; returns None if the text is not one.

        Full-width digits and signs and the typographic minus are read as their ASCII equivalents.

        Examples:
            >>> Question.read("57 + 68")
            Question(first='57', sign='+', second='68')
        """
        plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
        match = _QUESTION.fullmatch(plain)
        return match and cls(match[1].lower(), match[2], match[3].lower())

    def __str__(self) -> str:
        return "".join(self)

    @property
    def digits(self) -> int:
        """The number of digits of the longer number."""
        return max(len(self.first), len(self.second))

    def answer(self, base: int) -> str:
        """Computes the answer.

        Examples:
            >>> Question("ff", "+", "1").answer(16), Question("3", "-", "10").answer(10)
            ('100', '-7')
        """
        first, second = int(self.first, base), int(self.second, base)
        return write(first + second if self.sign == "+" else first - second, base)


def write(number: int, base: int) -> str:
    """Writes a whole number in a base from 2 to 16.

    Examples:
        >>> write(125, 10), write(125, 2), write(-255, 16)
        ('125', '1111101', '-ff')
    """
    return np.base_repr(number, base).lower()


def draw(dataset: Sums) -> Splits[TextPairs]:
    """Draws the three splits of a dataset's settings."""
    generator = np.random.default_rng(dataset.data_seed)
    tests, validations = dataset.test_examples, dataset.validation_examples
    wanted, notes = tests + validations + dataset.examples, []
    pairs = _distinct(dataset, dataset.digits, wanted, generator)
    if len(pairs) < wanted:
        notes.append(f"There are only {len(pairs):,} different pairs of such numbers.")
        tests, validations = (
            min(count, max(1, len(pairs) // 10)) for count in (tests, validations)
        )
    held_out = tests + validations
    train = pairs[held_out:]
    if not dataset.distinct:
        kept = {_key(pair) for pair in pairs[:held_out]}
        drawn = _pairs(dataset, dataset.digits, generator)
        drawn = (pair for pair in drawn if _key(pair) not in kept)
        train = list(itertools.islice(drawn, dataset.examples))
        notes.append("Training sums are drawn with replacement: some are repeated.")
    test = pairs[:tests]
    for extra in range(1, dataset.longer + 1):
        digits, rng = dataset.digits + extra, np.random.default_rng([dataset.data_seed, extra])
        test += _distinct(dataset, digits, dataset.longer_examples, rng, full=True)
    parts = (_texts(part, dataset.base) for part in (train, pairs[tests:held_out], test))
    return Splits(*parts, notes=tuple(notes))


def _distinct(
    dataset: Sums, digits: int, wanted: int, generator: np.random.Generator, full: bool = False
) -> list[Pair]:
    """Draws at most `wanted` pairs of numbers of up to `digits` digits, none twice or mirrored.

    With `full`, at least one number of each pair has exactly `digits` digits.
    """
    values = dataset.base**digits
    least = dataset.base ** (digits - 1) if full else 0
    if values * (values + 1) // 2 <= FEW * wanted:
        return _all(dataset, range(values), least, generator)[:wanted]
    seen: dict[tuple[int, int], Pair] = {}
    for pair in _pairs(dataset, digits, generator):
        if max(pair[:2]) >= least:
            seen.setdefault(_key(pair), pair)
        if len(seen) == wanted:
            break
    # Short numbers are drawn early, for there are few of them: each split needs some.
    pairs = list(seen.values())
    return [pairs[index] for index in generator.permutation(len(pairs)).tolist()]


def _all(dataset: Sums, values: range, least: int, generator: np.random.Generator) -> list[Pair]:
    """Lists all pairs of which one number is not below `least`, in a random order."""
    pairs = itertools.combinations_with_replacement(values, 2)
    listed = np.array([pair for pair in pairs if pair[1] >= least], np.int64).reshape(-1, 2)
    listed = generator.permuted(generator.permutation(listed), axis=1)
    signs = dataset.signs
    chosen = generator.integers(len(signs), size=len(listed)).tolist()
    return [(a, b, signs[sign]) for (a, b), sign in zip(listed.tolist(), chosen, strict=True)]


def _pairs(dataset: Sums, digits: int, generator: np.random.Generator) -> Iterator[Pair]:
    """Draws pairs of numbers of up to `digits` digits without end."""
    while True:
        first, second = (_numbers(dataset, digits, generator) for _ in range(2))
        chosen = generator.integers(len(dataset.signs), size=_BLOCK).tolist()
        yield from zip(first, second, (dataset.signs[sign] for sign in chosen), strict=True)


def _numbers(dataset: Sums, digits: int, generator: np.random.Generator) -> list[int]:
    """Draws a block of numbers: uniformly, or first a length and then the digits."""
    bounds: Any = dataset.base**digits  # 16**15 at most, which an int64 holds
    if dataset.draw == "lengths":
        bounds = dataset.base ** generator.integers(1, digits + 1, _BLOCK)
    return generator.integers(0, bounds, _BLOCK).tolist()


def _key(pair: Pair) -> tuple[int, int]:
    """Returns a key that a pair shares with its mirror image, whatever the sign."""
    return min(pair[:2]), max(pair[:2])


def _texts(pairs: Sequence[Pair], base: int) -> TextPairs:
    questions = [Question(write(a, base), sign, write(b, base)) for a, b, sign in pairs]
    answers = [question.answer(base) for question in questions]
    return TextPairs([str(question) for question in questions], answers)
