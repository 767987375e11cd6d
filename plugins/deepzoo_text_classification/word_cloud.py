"""A word cloud: the frequent words of labelled texts, the larger the more frequent."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.figures import BLUE, COLOURS, INK, MARGIN, blank, shortened, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import LabelledText

WORDS, TEXTS = 120, 10_000
_WIDTH, _HEIGHT = 9.0, 5.5  # inches
_LARGEST, _SMALLEST = 46, 8  # points
# Three letters or more; no part of a contraction, and no address.
_WORD = r"(?<![\w'’])[^\W\d_]{3,}(?!['’\w]|://)"
_LETTERS = 20  # of a word


def word_cloud(part: LabelledText, source: str) -> Figure | None:
    """Draws the most frequent words, without English stop words.

    A word has the colour of the class in which it is most frequent, where there are few classes.

    Args:
        part: The texts; of many, the first are counted.
        source: The name of the dataset.

    Returns:
        A figure; None where there are no words.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    few = part.take(range(min(TEXTS, len(part))))
    counter = CountVectorizer(stop_words="english", max_features=WORDS, token_pattern=_WORD)
    try:
        counts: Any = counter.fit_transform(few.texts)
    except ValueError:  # no words
        return None
    names = [shortened(str(name), _LETTERS) for name in counter.get_feature_names_out()]
    totals = np.asarray(counts.sum(axis=0)).ravel()
    coloured = 1 < len(part.classes) <= len(COLOURS)
    classes = _most_frequent_in(counts, few) if coloured else np.zeros(len(names), int)
    figure = blank(
        _WIDTH + 2 * MARGIN,
        _HEIGHT + 0.1 + 0.4 * coloured,
        "Most frequent words",
        source,
        f"{len(few):,} training texts, without English stop words",
        *["the colour is the class that uses a word most"] * coloured,
    )
    order = np.argsort(-totals, kind="stable")
    sizes = np.maximum(_SMALLEST, _LARGEST * np.sqrt(totals[order] / totals.max()))
    words = [names[index] for index in order]
    base = MARGIN + 0.4 * coloured
    for word, size, index, corner in zip(words, sizes, order, place(words, sizes), strict=True):
        if corner is not None:
            colour = COLOURS[classes[index]] if coloured else BLUE
            write(figure, MARGIN + corner[0], base + corner[1], word, size=size, color=colour)
    if coloured:
        _legend(figure, part.classes)
    return figure


def _most_frequent_in(counts: Any, part: LabelledText) -> np.ndarray:
    """Returns for each word the class of whose words it is the largest share."""
    of_class = [
        np.asarray(counts[part.labels == label].sum(axis=0)).ravel()
        for label in range(len(part.classes))
    ]
    return np.argmax([row / max(1, row.sum()) for row in of_class], axis=0)


def _legend(figure: Figure, classes: Sequence[str]) -> None:
    step = min(2, _WIDTH / len(classes))
    for number, name in enumerate(classes):
        x = MARGIN + number * step
        write(figure, x, MARGIN, "\u25cf", color=COLOURS[number])
        write(figure, x + 0.18, MARGIN, shortened(name, round(step * 10)), color=INK)


def place(
    words: Sequence[str], sizes: Sequence[float] | np.ndarray
) -> Iterator[tuple[float, float] | None]:
    """Places words around the middle of the area, each where a spiral first finds room.

    Args:
        words: The words, the largest first.
        sizes: Their sizes in points.

    Yields:
        Where each word begins, in inches from the lower left corner of the area; None where there
        is no room.
    """
    from matplotlib.textpath import TextPath

    taken = np.empty((0, 4))
    for word, size in zip(words, sizes, strict=True):
        box = TextPath((0, 0), word, size=size).get_extents()
        left, low, right, high = np.array([box.x0, box.y0, box.x1, box.y1]) / 72
        for x, y in _spiral():
            corner = x - (left + right) / 2, y - (low + high) / 2
            x0, y0 = corner[0] + left - 0.04, corner[1] + low - 0.04
            x1, y1 = corner[0] + right + 0.04, corner[1] + high + 0.04
            if x0 < 0 or y0 < 0 or x1 > _WIDTH or y1 > _HEIGHT:
                continue
            apart = (
                (taken[:, 2] < x0) | (taken[:, 0] > x1) | (taken[:, 3] < y0) | (taken[:, 1] > y1)
            )
            if apart.all():
                taken = np.vstack([taken, [x0, y0, x1, y1]])
                yield corner
                break
        else:
            yield None


def _spiral() -> Iterator[tuple[float, float]]:
    """Yields points from the middle of the area outwards, as far as its corners."""
    for step in itertools.count():
        angle = 0.6 * math.sqrt(step)
        radius = 0.035 * angle
        if radius > 1:
            return
        yield (
            _WIDTH / 2 * (1 + radius * math.cos(angle * 4)),
            _HEIGHT / 2 * (1 + radius * math.sin(angle * 4)),
        )
