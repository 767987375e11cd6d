"""Plots of the test images: which classes are confused, how often, and how confidently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deepzoo import Scores, summarise
from deepzoo.errors import DataError

from .. import scoring
from ..inference import Predictions, predict_test_split
from .figures import (
    BLUE,
    GREY,
    MARGIN,
    ORANGE,
    RULE,
    TITLE,
    blank,
    clean,
    coloured,
    framed,
    refuse_more,
    show,
    write,
)
from .fonts import drawable, shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

MISTAKES, COLUMNS = 24, 8
WORST = 3
BINS = 10
LONGEST = 30  # letters of a name beside an axis
MOST_NUMBERS = 60  # classes up to which a confusion matrix has room for its numbers
_SIDE, _ROW = 1.35, 1.85  # inches of a mistake, and from one row of them to the next


def confusion(run: Run, *inputs: str) -> Figure:
    """Draws which classes are taken for which, in per cent of the true class."""
    test = _test(run, inputs)
    size = len(test.classes)
    counts = scoring.confusion(test.labels, test.predicted, size)
    rates = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    cell = max(0.28, min(0.52, 12 / size)) if size <= MOST_NUMBERS else 16 / size
    names = [drawable(shortened(name, LONGEST)) for name in test.classes]
    side = max(4.5, cell * size) + 1 + 0.08 * max(map(len, names))
    subtitle = f"{_of(run, test)}; in per cent of the true class"
    figure, axes = framed(side, side, "Confusion matrix", subtitle)
    # Square roots: off the diagonal a few per cent must be visible.
    axes.imshow(np.sqrt(rates), cmap="Blues", vmin=0, vmax=1)
    upright = max(map(len, names)) > 3
    axes.set_xticks(range(size), names, rotation=90 if upright else 0, parse_math=False)
    axes.set_yticks(range(size), names, parse_math=False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    for row, column in zip(*np.nonzero(counts), strict=True) if size <= MOST_NUMBERS else ():
        rate = rates[row, column]
        colour = "white" if rate > 0.3 else "black"
        style = {"color": colour, "size": min(8, 26 * cell), "ha": "center", "va": "center"}
        axes.text(column, row, _percent(rate), **style)
    return figure


def classes(run: Run, *inputs: str) -> Figure:
    """Draws the accuracy of each class with its 95 % interval, the worst class first."""
    test = _test(run, inputs)
    matrix = scoring.confusion(test.labels, test.predicted, len(test.classes))
    rows = scoring.by_class(matrix, test.classes)
    accuracy = matrix.trace() / matrix.sum()
    intervals = ", with 95 % intervals" if any(row["interval"] for row in rows) else ""
    subtitle = f"{_of(run, test)}{intervals}; dotted: all classes, {accuracy:.2%}"
    figure, axes = framed(7, 1.0 + 0.3 * len(rows), "Accuracy of each class", subtitle)
    for y, row in enumerate(rows):
        value = row["accuracy"]
        low, high = row["interval"] or (value, value)
        colour = ORANGE if y < WORST and value < 1 else BLUE
        axes.plot([low, high], [y, y], color=colour, lw=2)
        axes.plot(value, y, "o", color=colour)
        offset = {"xytext": (8, 0), "textcoords": "offset points"}
        axes.annotate(f"{value:.2%}", (high, y), va="center", size=8, **offset)
    names = [drawable(f"{shortened(row['class'], LONGEST)} ({row['pictures']:,})") for row in rows]
    axes.set_yticks(range(len(rows)), names, parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(accuracy, color=GREY, lw=1, ls=":", zorder=1)
    axes.margins(x=0.14)
    axes.xaxis.set_major_formatter(lambda share, _: _percent_label(share))
    clean(axes)
    return figure


def _percent_label(share: float) -> str:
    """Names a tick between 0 and 100 %, which may miss them by rounding; no other has a label."""
    return f"{100 * abs(share):.4g}%" if -1e-9 <= share <= 1 + 1e-9 else ""


def mistakes(run: Run, *inputs: str) -> Figure:
    """Draws the test images that the network misclassifies most confidently."""
    test = _test(run, inputs)
    wrong = np.flatnonzero(test.predicted != test.labels)
    if not len(wrong):
        raise DataError(f"{run.id} made no mistake on {len(test.labels):,} test images.")
    confidence = test.probabilities.max(axis=1)
    shown = wrong[np.argsort(-confidence[wrong], kind="stable")[:MISTAKES]]
    rows = -(-len(shown) // COLUMNS)
    step = _SIDE + 0.15
    height = TITLE + rows * _ROW + 0.1
    figure = blank(
        2 * MARGIN + COLUMNS * step - 0.15,
        height,
        "Most confident mistakes",
        f"{_of(run, test)}; {len(shown)} of {len(wrong):,} mistakes: "
        "predicted class with its probability, and true class",
    )
    for position, index in enumerate(shown):
        x = MARGIN + position % COLUMNS * step
        y = height - TITLE - position // COLUMNS * _ROW
        predicted, true = (test.classes[int(of[index])] for of in (test.predicted, test.labels))
        style = {"size": 8, "color": ORANGE, "weight": "bold"}
        write(figure, x, y - 0.12, f"{shortened(predicted, 15)}, {confidence[index]:.0%}", **style)
        write(figure, x, y - 0.26, f"true: {shortened(true, 17)}", size=8)
        show(figure, coloured(test.pixels[index]), x, y - 0.33 - _SIDE, _SIDE, _SIDE)
    return figure


def calibration(run: Run, *inputs: str) -> Figure:
    """Draws how often the network is right by the probability it gives its answer."""
    test = _test(run, inputs)
    confidence = test.probabilities.max(axis=1)
    correct = (test.predicted == test.labels).astype(float)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = [
        (float(confidence[bins == index].mean()), *summarise(Scores(correct[bins == index])))
        for index in sorted(set(bins.tolist()))
    ]
    error = sum(abs(mean - accuracy) * count for mean, accuracy, _, _, count in rows) / len(correct)
    subtitle = f"{_of(run, test)}; expected calibration error {error:.3f}"
    figure, axes = framed(5.6, 5.4, "Calibration", subtitle)
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


def _test(run: Run, inputs: tuple[str, ...]) -> Predictions:
    refuse_more(inputs, 0)
    return predict_test_split(run)


def _of(run: Run, test: Predictions) -> str:
    return f"{run.id}, {len(test.labels):,} test images"


def _percent(rate: float) -> str:
    return f"{rate:.0%}"[:-1] if rate >= 0.095 else f"{rate:.1%}"[:-1]
