"""Scores of text classification: probabilities, cross-entropy and F1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepzoo import Scores, summarise
from deepzoo.recurrent import softmax

BLOCK = 4_096  # texts at a time
TINY = 1e-12


def probabilities(network: Any, inputs: Any) -> np.ndarray:
    """Returns the probability of each class for encoded texts, float [n, classes].

    Rows of outputs that add up to 1 are probabilities already; others are logits.
    """
    starts = range(0, max(inputs.shape[0], 1), BLOCK)
    outputs = np.concatenate(
        [np.asarray(network.predict(inputs[at : at + BLOCK])) for at in starts]
    )
    normalised = (outputs >= 0).all() and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3)
    return outputs if normalised else softmax(outputs)


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Returns the cross-entropy of each text in nats."""
    of_labels = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return -np.log(np.maximum(of_labels, TINY))


def macro_f1(predicted: np.ndarray, labels: np.ndarray, classes: int) -> Scores:
    """Scores the mean over the classes of F1 = 2 TP / (2 TP + FP + FN).

    Classes that are neither in the labels nor among the predictions do not count.
    """
    rows = np.eye(classes)
    seen = np.union1d(predicted, labels)
    right = rows[labels] * (predicted == labels)[:, None]
    statistics = np.concatenate([right[:, seen], (rows[predicted] + rows[labels])[:, seen]], axis=1)

    def mean(sums: np.ndarray) -> np.ndarray:
        hits, all_of_them = np.split(sums, 2, axis=-1)
        # Without its only text a class has no F1; it counts as 0 then.
        return (2 * hits / np.maximum(all_of_them, 1)).mean(axis=-1)

    return Scores.of_sums(mean, statistics)


def by_class(matrix: np.ndarray, names: Sequence[str]) -> list[dict[str, Any]]:
    """Scores each class of a confusion matrix that has texts, that of the lowest F1 first.

    Returns:
        For each its name (`class`), its number of `texts`, `precision` (None where nothing was
        taken for the class), `recall` with its 95 % `interval` (None for a single text), `f1`,
        and the class that it is most often `taken_for` (None without mistakes).
    """
    scores = []
    for index in np.flatnonzero(matrix.sum(axis=1)).tolist():
        right, count = int(matrix[index, index]), int(matrix[index].sum())
        predicted = int(matrix[:, index].sum())
        mistakes = matrix[index].copy()
        mistakes[index] = 0
        _, low, high, _ = summarise(Scores((np.arange(count) < right).astype(float)))
        scores.append(
            {
                "class": names[index],
                "texts": count,
                "precision": right / predicted if predicted else None,
                "recall": right / count,
                "interval": None if count < 2 else [low, high],
                "f1": 2 * right / (count + predicted),
                "taken_for": names[int(mistakes.argmax())] if mistakes.any() else None,
            }
        )
    return sorted(scores, key=lambda score: score["f1"])
