"""Using a run: the classes of texts, and the words that decided."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import DataError

from .ngrams import WORD, NGrams
from .prepare import reader_of
from .scoring import probabilities

if TYPE_CHECKING:
    from deepzoo import Run


@dataclasses.dataclass
class Predictions:
    """The test texts of a run and what it predicts for them.

    Args:
        texts: The texts.
        labels: int64 [n], the true classes.
        probabilities: float [n, classes].
        classes: The names of the classes.
    """

    texts: Sequence[str]
    labels: np.ndarray
    probabilities: np.ndarray
    classes: Sequence[str]

    @property
    def predicted(self) -> np.ndarray:
        """The most probable class of each text."""
        return self.probabilities.argmax(axis=1)

    @functools.cached_property
    def confusion(self) -> np.ndarray:
        """How often each class (rows) was taken for each (columns)."""
        size = len(self.classes)
        pairs = self.labels * size + self.predicted
        return np.bincount(pairs, minlength=size**2).reshape(size, size)


def predict_test_split(run: Run) -> Predictions:
    """Classifies the test texts of the data that a run was trained on.

    Raises:
        DataError: There are none.
    """
    test = run.workload().data.splits.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test texts.")
    predicted = probabilities(run.network_for(len(test)), run.prepare_inputs(test.texts))
    return Predictions(test.texts, test.labels, predicted, run.preprocessor["classes"])


def predict(run: Run, texts: Sequence[str], top: int, words: int) -> list[dict[str, Any]]:
    """Classifies texts; see `TextClassification.predict`.

    Raises:
        DataError: A text is empty.
    """
    for number, text in enumerate(texts, 1):
        if not text.strip():
            raise DataError(f"Text {number} of {len(texts)} is empty.", "Give some words.")
    classes = run.preprocessor["classes"]
    network = run.network_for(len(texts))
    inputs, answers = run.prepare_inputs(texts), []
    for number, (text, row) in enumerate(zip(texts, probabilities(network, inputs), strict=True)):
        order = np.argsort(-row, kind="stable")
        listed = {classes[int(index)]: float(row[index]) for index in order[:top]}
        label = classes[int(order[0])]
        answer = {"label": label, "probability": listed[label], "probabilities": listed}
        decided = evidence(run, network, text, inputs[number], int(order[0])) if words else None
        if decided is not None:
            answer["words"] = dict(decided[:words])
        answers.append(answer)
    return answers


def evidence(
    run: Run, network: Any, text: str, row: Any, label: int
) -> list[tuple[str, float]] | None:
    """Returns the words of a text that speak for a class, the most telling first.

    What an n-gram adds to the logit of the class, less what it adds to the mean of the others, is
    shared equally by the characters that it spans; a word has the sum of its characters.

    Args:
        run: A trained run.
        network: Its network.
        text: The text.
        row: The text as the network gets it, sparse [1, 2**32].
        label: Number of the class.

    Returns:
        Words and their weights; None if the network has no weights of n-grams.
    """
    reader = reader_of(run.preprocessor)
    if not (hasattr(network, "evidence") and isinstance(reader, NGrams)):
        return None
    logits = network.evidence(row)
    others = (logits.sum(axis=1) - logits[:, label]) / max(logits.shape[1] - 1, 1)
    weights = logits[:, label] - others
    changes = np.zeros(len(text) + 1)
    for starts, ends, ngrams in reader.spans(text):
        each = weights[np.searchsorted(row.indices, ngrams.astype(np.int64))] / (ends - starts)
        np.add.at(changes, starts, each)
        np.add.at(changes, ends, -each)
    of_characters = np.cumsum(changes)
    totals: dict[str, float] = {}
    for word in WORD.finditer(text):
        total = float(of_characters[word.start() : word.end()].sum())
        totals[word[0]] = totals.get(word[0], 0.0) + total
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    return [(word, weight) for word, weight in ranked if weight > 0]
