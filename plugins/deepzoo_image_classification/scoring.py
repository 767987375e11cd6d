"""Scores of image classification: probabilities, and accuracy class by class."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import DataError

from .networks import scaled

if TYPE_CHECKING:
    from deepzoo import Run

BLOCK = 4_096  # pictures scaled at a time: a whole collection as float32 may not fit
TINY = 1e-12
WORST = 3


@dataclasses.dataclass(frozen=True)
class ClassScore:
    """How well one class is recognised.

    Args:
        name: The class.
        count: Its pictures.
        correct: How many of them were recognised.
        taken_for: The class that it is most often taken for, or None without mistakes.
    """

    name: str
    count: int
    correct: int
    taken_for: str | None = None

    @property
    def accuracy(self) -> float:
        """Share of its pictures that were recognised."""
        return self.correct / self.count


def probabilities(network: Any, pixels: np.ndarray) -> np.ndarray:
    """Returns the probability of each class for each picture.

    Args:
        network: A network of this task, `run.network`. One of another plugin may end in logits or
            in probabilities: rows that add up to 1 are probabilities.
        pixels: Bytes, or float32 from 0 to 1: [n, height, width, channels].

    Returns:
        float [n, classes].
    """
    parts = [
        _chances(network, scaled(part) if part.dtype == np.uint8 else part)
        for part in (pixels[start : start + BLOCK] for start in range(0, len(pixels), BLOCK))
    ]
    if not parts:
        raise DataError("There is no picture to classify: received 0.")
    return np.concatenate(parts)


def _chances(network: Any, pictures: np.ndarray) -> np.ndarray:
    if hasattr(network, "probabilities"):
        return network.probabilities(pictures)
    outputs = np.asarray(network.predict(pictures))
    if (outputs >= 0).all() and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3):
        return outputs
    chances = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)


def surprise(chances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Returns the cross-entropy of each picture in nats."""
    return -np.log(np.maximum(chances[np.arange(len(labels)), labels].astype(np.float64), TINY))


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts how often each class (rows) was taken for each (columns)."""
    counts = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes)


def by_class(matrix: np.ndarray, names: Sequence[str]) -> list[ClassScore]:
    """Scores each class that has pictures, the worst first."""
    scores = []
    for index, row in enumerate(matrix):
        if not row.sum():
            continue
        others = row.copy()
        others[index] = 0
        mistaken = names[int(others.argmax())] if others.any() else None
        scores.append(ClassScore(names[index], int(row.sum()), int(row[index]), mistaken))
    return sorted(scores, key=lambda score: score.accuracy)


def worst(labels: np.ndarray, correct: np.ndarray, names: Sequence[str]) -> list[ClassScore]:
    """Returns the three classes that are recognised worst, the worst first."""
    hits = np.bincount(labels, weights=correct, minlength=len(names))
    counts = np.bincount(labels, minlength=len(names))
    scores = [
        ClassScore(name, int(count), round(float(hit)))
        for name, count, hit in zip(names, counts, hits, strict=True)
        if count
    ]
    return sorted(scores, key=lambda score: score.accuracy)[:WORST]


def matrix_of(run: Run) -> tuple[np.ndarray, list[str]]:
    """Returns the confusion matrix of a run on its test split, and the names of the classes."""
    workload = run.workload()
    test = workload.prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test split.")
    predicted = probabilities(run.network, test.inputs).argmax(axis=1)
    names = list(run.preprocessor["classes"])
    return confusion(test.targets, predicted, len(names)), names
