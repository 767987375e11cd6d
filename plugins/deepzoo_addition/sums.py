"""Drawing sums: which numbers, and which split gets them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Splits, TextPairs

from .arithmetic import SIGNS, Question, write

if TYPE_CHECKING:
    from .datasets import Sums

FEW = 4  # of so few pairs per pair that is wanted all are listed: drawing would take long
_BLOCK = 8_192
Pair = tuple[int, int, str]


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
        drawn = (
            pair for pair in _pairs(dataset, dataset.digits, generator) if _key(pair) not in kept
        )
        train = list(itertools.islice(drawn, dataset.examples))
        notes.append("Training sums are drawn with replacement: some come more than once.")
    test = [*pairs[:tests], *_longer(dataset)]
    parts = (_texts(part, dataset.base) for part in (train, pairs[tests:held_out], test))
    return Splits(*parts, notes=tuple(notes))


def _longer(dataset: Sums) -> list[Pair]:
    """Draws pairs of which at least one number has more digits than any to learn from."""
    found = []
    for extra in range(1, dataset.longer + 1):
        generator = np.random.default_rng([dataset.data_seed, extra])
        found += _distinct(
            dataset, dataset.digits + extra, dataset.longer_examples, generator, True
        )
    return found


def _distinct(
    dataset: Sums, digits: int, wanted: int, generator: np.random.Generator, full: bool = False
) -> list[Pair]:
    """Draws pairs, of which no two are the same or mirrored, until that is all or enough.

    Args:
        dataset: The settings.
        digits: Of a number at most.
        wanted: How many pairs.
        generator: Draws them.
        full: Whether one number of each pair must have all its digits.
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
    # Short numbers are drawn early, for there are few of them: each split is to have some.
    found = list(seen.values())
    return [found[place] for place in generator.permutation(len(found)).tolist()]


def _all(dataset: Sums, values: range, least: int, generator: np.random.Generator) -> list[Pair]:
    """Lists all pairs of which one number is not below `least`, in a random order."""
    pairs = itertools.combinations_with_replacement(values, 2)
    listed = np.array([pair for pair in pairs if pair[1] >= least], np.int64).reshape(-1, 2)
    listed = generator.permuted(generator.permutation(listed), axis=1)
    signs = _signs(dataset)
    which = generator.integers(len(signs), size=len(listed)).tolist()
    return [(a, b, signs[one]) for (a, b), one in zip(listed.tolist(), which, strict=True)]


def _pairs(dataset: Sums, digits: int, generator: np.random.Generator) -> Iterator[Pair]:
    """Draws pairs of numbers of up to `digits` digits without end."""
    signs = _signs(dataset)
    while True:
        first, second = (_numbers(dataset, digits, generator) for _ in range(2))
        which = generator.integers(len(signs), size=_BLOCK).tolist()
        yield from zip(first, second, (signs[one] for one in which), strict=True)


def _numbers(dataset: Sums, digits: int, generator: np.random.Generator) -> list[int]:
    """Draws a block of numbers: any value alike, or first a length and then the digits."""
    bounds: Any = dataset.base**digits  # 16**15 at most, which an int64 holds
    if dataset.draw == "lengths":
        bounds = dataset.base ** generator.integers(1, digits + 1, _BLOCK)
    return generator.integers(0, bounds, _BLOCK).tolist()


def _key(pair: Pair) -> tuple[int, int]:
    """Returns what a pair shares with its mirror image, whatever is done with the numbers."""
    return min(pair[:2]), max(pair[:2])


def _signs(dataset: Sums) -> str:
    return {"plus": SIGNS[0], "minus": SIGNS[1], "both": SIGNS}[dataset.operation]


def _texts(pairs: Sequence[Pair], base: int) -> TextPairs:
    questions = [Question(write(a, base), sign, write(b, base)) for a, b, sign in pairs]
    return TextPairs([str(one) for one in questions], [one.answer(base) for one in questions])
