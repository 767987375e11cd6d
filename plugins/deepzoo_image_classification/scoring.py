"""Scores of image classification: probabilities, and accuracy class by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepzoo import Scores, summarise
from deepzoo.recurrent import softmax

from .linear import scaled

BLOCK = 4_096  # images scaled at a time: a whole collection as float32 may not fit
TINY = 1e-12


def of_bytes(network: Any, pixels: np.ndarray) -> np.ndarray:
    """Returns the `probabilities` for images that are kept as bytes, scaled block by block."""
    starts = range(0, len(pixels), BLOCK)
    blocks = (scaled(pixels[start : start + BLOCK]) for start in starts)
    return np.concatenate([probabilities(network, block) for block in blocks])


def probabilities(network: Any, images: np.ndarray) -> np.ndarray:
    """Returns the probability of each class for each image, float [n, classes].

    Args:
        network: A network of this task, `run.network`. One of another plugin may end in logits or
            in probabilities: rows that add up to 1 are probabilities.
        images: float32 [n, height, width, channels] from 0 to 1.
    """
    if hasattr(network, "probabilities"):
        return network.probabilities(images)
    outputs = np.asarray(network.predict(images))
    normalised = (outputs >= 0).all() and np.allclose(outputs.sum(axis=-1), 1, atol=1e-3)
    return outputs if normalised else softmax(outputs)


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Returns the cross-entropy of each image in nats."""
    of_labels = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return -np.log(np.maximum(of_labels, TINY))


def by_class(matrix: np.ndarray, names: Sequence[str]) -> list[dict[str, Any]]:
    """Scores each class of a confusion matrix that has images, the worst first.

    Returns:
        For each its name (`class`), its number of `pictures`, the `accuracy` with its 95 %
        `interval` (None for a single image), and the class that it is most often `taken_for`
        (None without mistakes).
    """
    scores = []
    for index, row in enumerate(matrix):
        count, correct = int(row.sum()), int(row[index])
        if not count:
            continue
        mistakes = row.copy()
        mistakes[index] = 0
        hits = np.arange(count) < correct
        _, low, high, _ = summarise(Scores(hits.astype(float)))
        scores.append(
            {
                "class": names[index],
                "pictures": count,
                "accuracy": correct / count,
                "interval": None if count < 2 else [low, high],
                "taken_for": names[int(mistakes.argmax())] if mistakes.any() else None,
            }
        )
    return sorted(scores, key=lambda score: score["accuracy"])
