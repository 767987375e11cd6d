"""Passages of one length from the texts of several authors, equally many of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from deepzoo import LabelledText, Splits, Text
from deepzoo.errors import DataError
from deepzoo.readers import distinct

PARTS = ("train", "validation", "test")
_SHORTEST = 0.9  # of the length: else it would tell authors of short texts from others


def cut(text: str, length: int) -> list[str]:
    """Cuts a text into passages of whole words; shorter remainders are left out.

    Examples:
        >>> cut("a rose is a rose is a rose", 10)
        ['a rose is', 'a rose is']
    """
    # As many characters as fit, up to a blank or the end.
    pieces = re.findall(rf"(?<!\S)\S.{{0,{length - 1}}}(?!\S)", " ".join(text.split()))
    return [piece for piece in pieces if len(piece) >= _SHORTEST * length]


def split_authors(
    authors: Mapping[str, Splits[Text]], length: int, seed: int
) -> Splits[LabelledText]:
    """Makes passages of each author's splits, as many as the author with the fewest has.

    The splits stay as they are: documents, or parts of a long text. A passage that occurs twice
    is kept once.

    Args:
        authors: The splits of each author's texts, by name.
        length: The most characters of a passage.
        seed: Seed of the draw and of the order.

    Raises:
        DataError: An author has no passage to train on or to test with.
    """
    rows = [
        (part, label, passage)
        for part in reversed(PARTS)  # a copy stays in the test split
        for label, splits in enumerate(authors.values())
        for passage in _passages(getattr(splits, part).documents, length)
    ]
    rows = [rows[index] for index in distinct([passage for *_, passage in rows])]
    generator = np.random.default_rng(seed)
    made = {}
    for part in PARTS:
        of_author: list[list[str]] = [[] for _ in authors]
        for where, label, passage in rows:
            if where == part:
                of_author[label].append(passage)
        made[part] = _balanced(of_author, tuple(authors), part, generator)
    return Splits(**made, notes=(_note(made, length),))


def _passages(documents: Sequence[str], length: int) -> Iterable[str]:
    return (passage for document in documents for passage in cut(document, length))


def _balanced(
    of_author: list[list[str]], names: tuple[str, ...], part: str, generator: np.random.Generator
) -> LabelledText:
    """Draws the same number of passages of each author, in a mixed order."""
    fewest = min(map(len, of_author))
    if not fewest and part != "validation":
        name = names[[len(passages) for passages in of_author].index(0)]
        raise DataError(
            f"The {part} split of {name} has no passage of this length.",
            "Set a smaller length, or other authors: --set authors=tweets,shakespeare",
        )
    texts, labels = [], []
    for label, passages in enumerate(of_author):
        drawn = np.sort(generator.permutation(len(passages))[:fewest])
        texts += [passages[index] for index in drawn]
        labels += [label] * fewest
    whole = LabelledText(texts, np.array(labels, np.int64), names)
    return whole.take(generator.permutation(len(whole)))


def _note(made: Mapping[str, LabelledText], length: int) -> str:
    counts = [f"{len(part) // len(part.classes):,} for {name}" for name, part in made.items()]
    return f"Passages of at most {length:,} characters, of each author {', '.join(counts)}."
