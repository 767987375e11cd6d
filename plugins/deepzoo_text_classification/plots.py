"""Plots of text classification: what is confused, the most confident mistakes, telling words."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError
from deepzoo.figures import (
    BLUE,
    GREY,
    MARGIN,
    ORANGE,
    blank,
    clean,
    confusion_matrix,
    panels,
    shortened,
    write,
)

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Run

    from .inference import Predictions

MISTAKES, LINES, LETTERS = 10, 4, 108  # how many; of each text how many lines of how many letters
MOST_CLASSES, WORDS = 21, 12
LONGEST = 30  # letters of a name
READ = 5_000  # training texts whose words are looked at
LEAST = 0.01  # fraction of the texts of an average class that a telling word must be in
_LINE, _BLOCK = 0.165, 0.34  # inches: a line of a text, and what a mistake takes beside its text


def confusion(run: Run) -> Figure:
    """Draws which classes are taken for which, in per cent of the true class."""
    test = _test_split(run)
    return confusion_matrix(test.confusion, test.classes, run.id, _count(test))


def mistakes(run: Run) -> Figure:
    """Writes the test texts that the network misclassifies most confidently."""
    import numpy as np

    test = _test_split(run)
    wrong = np.flatnonzero(test.predicted != test.labels)
    if not len(wrong):
        raise DataError(f"{run.id} made no mistake on {len(test.labels):,} test texts.")
    confidence = test.probabilities.max(axis=1)
    shown: list[int] = wrong[np.argsort(-confidence[wrong], kind="stable")[:MISTAKES]].tolist()
    texts = [_lines(test.texts[index]) for index in shown]
    height = sum(_BLOCK + _LINE * len(lines) for lines in texts)
    facts = _count(test), f"{len(shown)} of {len(wrong):,} mistakes"
    read = "predicted class with its probability, true class"
    figure = blank(8.6, height, "Most confident mistakes", run.id, *facts, read)
    y = height
    for index, lines in zip(shown, texts, strict=True):
        predicted, true = (test.classes[int(of[index])] for of in (test.predicted, test.labels))
        name = f"{shortened(predicted, LONGEST)}, {confidence[index]:.0%}"
        write(figure, MARGIN, y - 0.12, name, color=ORANGE, weight="bold")
        write(figure, MARGIN + 3.2, y - 0.12, f"true: {shortened(true, LONGEST)}", color=GREY)
        for number, line in enumerate(lines, 1):
            write(figure, MARGIN, y - 0.12 - _LINE * number, line)
        y -= _BLOCK + _LINE * len(lines)
    return figure


def words(run: Run) -> Figure:
    """Draws the words that speak most for each class."""
    import numpy as np

    network, classes = run.network, run.preprocessor["classes"]
    if not hasattr(network, "weights_of"):
        raise UsageError(
            f"{run.id} ({run.model}) has no weights of words.",
            "Train a model that has: --model bag-of-ngrams",
        )
    train = run.workload().data.splits.train
    spelled, columns = _frequent_words(train.texts[:READ], len(classes))
    weights = network.weights_of(columns)
    weights = weights - (weights.sum(axis=1, keepdims=True) - weights) / (len(classes) - 1)
    shown = sorted(np.argsort(-np.bincount(train.labels, minlength=len(classes)))[:MOST_CLASSES])
    facts = f"{len(spelled):,} words of {min(len(train), READ):,} training texts"
    read = "weight for the class, less the mean of the others"
    figure, axes_of = panels(len(shown), 3.1, 3.0, "Telling words", run.id, facts, read)
    for axes, label in zip(axes_of, shown, strict=True):
        best = np.argsort(-weights[:, label], kind="stable")[:WORDS]
        rows = range(len(best))
        axes.barh(rows, weights[best, label], color=BLUE, height=0.7)
        axes.set_yticks(rows, [shortened(spelled[i], 18) for i in best], parse_math=False)
        axes.set_ylim(len(best) - 0.4, -0.6)
        axes.set_title(shortened(str(classes[label]), LONGEST), fontsize=10, parse_math=False)
        axes.tick_params(labelsize=8, length=0)
        clean(axes, grid="x")
    return figure


def _frequent_words(texts: Any, classes: int) -> tuple[list[str], np.ndarray]:
    """Returns the words that are in not too few texts, and their columns."""
    import numpy as np

    from .ngrams import NGrams

    reader, in_texts, columns_of = NGrams(words=1), Counter(), {}
    for text in texts:
        for starts, ends, columns in reader.spans(text):
            found = {
                text[a:b].lower(): int(column)
                for a, b, column in zip(starts, ends, columns, strict=True)
            }
            columns_of |= found
            in_texts.update(found.keys())
    spelled = [word for word in in_texts if word[0].isalnum()]  # no punctuation marks
    least = LEAST * len(texts) / classes
    kept = [word for word in spelled if in_texts[word] >= least]
    return kept, np.array([columns_of[word] for word in kept], np.int64)


def _lines(text: str) -> list[str]:
    """Cuts the beginning of a text into lines; letters of Chinese and Japanese take two places."""
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in text[:LETTERS])
    return textwrap.wrap(text, LETTERS // (1 + wide), max_lines=LINES, placeholder=" …")


def _test_split(run: Run) -> Predictions:
    from .inference import predict_test_split

    return predict_test_split(run)


def _count(test: Predictions) -> str:
    return f"{len(test.labels):,} test text{'s' * (len(test.labels) != 1)}"


PLOTS = {"confusion": confusion, "mistakes": mistakes, "words": words}
