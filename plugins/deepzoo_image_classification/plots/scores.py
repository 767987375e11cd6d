"""Plots of the test images: which classes are confused, how often, and how confidently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Scores, summarise
from deepzoo.errors import DataError
from deepzoo.figures import (
    BLUE,
    GREY,
    MARGIN,
    ORANGE,
    blank,
    clean,
    confusion_matrix,
    framed,
    percent,
    shortened,
    write,
)

from ..inference import Predictions, predict_test_split
from ..scoring import by_class
from .figures import count_of, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

MISTAKES, COLUMNS = 24, 8
WORST = 3
BINS = 10
LEAST_RANGE = 0.1  # of accuracies along an axis
LONGEST = 30  # letters of a name beside an axis
_SIDE, _ROW = 1.35, 1.85  # inches of a mistake, and from one row of them to the next


def confusion(run: Run) -> Figure:
    """Draws which classes are taken for which, in per cent of the true class."""
    test = predict_test_split(run)
    return confusion_matrix(test.confusion, test.classes, run.id, _count(test))


def classes(run: Run) -> Figure:
    """Draws the accuracy of each class with its 95 % interval, the worst class first."""
    test = predict_test_split(run)
    rows = by_class(test.confusion, test.classes)
    accuracy = (test.predicted == test.labels).mean()
    facts = [_count(test), f"dotted: all classes, {accuracy:.2%}"]
    facts += ["with 95 % intervals"] * any(row["interval"] for row in rows)
    figure, axes = framed(7, 0.6 + 0.3 * len(rows), "Accuracy of each class", run.id, *facts)
    for y, row in enumerate(rows):
        value = row["accuracy"]
        low, high = row["interval"] or (value, value)
        colour = ORANGE if y < WORST and value < 1 else BLUE
        axes.plot([low, high], [y, y], color=colour, lw=2)
        axes.plot(value, y, "o", color=colour)
        offset = {"xytext": (8, 0), "textcoords": "offset points"}
        axes.annotate(f"{value:.2%}", (high, y), va="center", size=8, **offset)
    names = [f"{shortened(row['class'], LONGEST)} ({row['pictures']:,})" for row in rows]
    axes.set_yticks(range(len(rows)), names, parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(accuracy, color=GREY, lw=1, ls=":", zorder=1)
    axes.set_xlim(*_range(rows))
    axes.xaxis.set_major_formatter(percent)
    clean(axes)
    return figure


def _range(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Returns the ends of an axis that holds all accuracies, their intervals and their labels."""
    bounds = [bound for row in rows for bound in (row["accuracy"], *(row["interval"] or ()))]
    low, high = min(bounds), max(bounds)
    if high - low < LEAST_RANGE:
        low, high = max(0.0, min(low, 1 - LEAST_RANGE)), min(1.0, max(high, LEAST_RANGE))
    margin = high - low
    return low - 0.04 * margin, high + 0.14 * margin


def mistakes(run: Run) -> Figure:
    """Draws the test images that the network misclassifies most confidently."""
    test = predict_test_split(run)
    wrong = np.flatnonzero(test.predicted != test.labels)
    if not len(wrong):
        raise DataError(f"{run.id} made no mistake on {len(test.labels):,} test images.")
    confidence = test.probabilities.max(axis=1)
    shown = wrong[np.argsort(-confidence[wrong], kind="stable")[:MISTAKES]]
    rows = -(-len(shown) // COLUMNS)
    step, height = _SIDE + 0.15, rows * _ROW
    width = 2 * MARGIN + COLUMNS * step - 0.15
    read = "predicted class with its probability, and true class"
    facts = _count(test), f"{len(shown)} of {len(wrong):,} mistakes: {read}"
    figure = blank(width, height, "Most confident mistakes", run.id, *facts)
    for position, index in enumerate(shown):
        x = MARGIN + position % COLUMNS * step
        y = height - position // COLUMNS * _ROW
        predicted, true = (test.classes[int(of[index])] for of in (test.predicted, test.labels))
        style = {"size": 8, "color": ORANGE, "weight": "bold"}
        write(figure, x, y - 0.12, f"{shortened(predicted, 15)}, {confidence[index]:.0%}", **style)
        write(figure, x, y - 0.26, f"true: {shortened(true, 17)}", size=8)
        show(figure, test.pixels[index], x, y - 0.33 - _SIDE, _SIDE, _SIDE)
    return figure


def calibration(run: Run) -> Figure:
    """Draws how often the network is right by the probability it gives its answer."""
    test = predict_test_split(run)
    confidence = test.probabilities.max(axis=1)
    correct = (test.predicted == test.labels).astype(float)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = [
        (float(confidence[bins == index].mean()), *summarise(Scores(correct[bins == index])))
        for index in sorted(set(bins.tolist()))
    ]
    error = sum(abs(mean - accuracy) * count for mean, accuracy, _, _, count in rows) / len(correct)
    facts = _count(test), f"expected calibration error {error:.3f}"
    figure, axes = framed(5.6, 5.4, "Calibration", run.id, *facts)
    axes.plot([0, 1], [0, 1], color=GREY, lw=1, ls=":")
    for mean, accuracy, low, high, count in rows:
        axes.plot([mean, mean], [low, high], color=BLUE, lw=1.5)
        axes.scatter(mean, accuracy, s=15 + 300 * count / len(correct), color=BLUE, zorder=3)
    axes.set_xlabel("probability of the predicted class (larger dots: more images)")
    axes.set_ylabel("accuracy, with 95 % intervals")
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    clean(axes)
    return figure


def _count(test: Predictions) -> str:
    return count_of(test.labels, "test image")
