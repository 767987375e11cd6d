"""Nearest neighbours by compression: two texts are near if they compress well together.

The parameter-free classifier of Jiang et al. (2023, "Low-Resource" Text Classification), with one
difference. Its published evaluation looked at two neighbours and took an answer as right where
either had the true class. Here the nearest neighbour alone decides; the published count is a score
of its own, `better_of_two`.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from deepzoo import NumpyNetwork

logger = logging.getLogger("deepzoo")

VOTES = np.array([2.0, 1.0])  # of the nearest text and of the next: the nearest decides
MANY = 100_000_000  # distances: about 20 minutes


class GzipKNNNetwork(NumpyNetwork):
    """Keeps the training texts, and compares each new text with all of them.

    The distance of texts x and y is the normalised compression distance
    `(C(x y) - min(C(x), C(y))) / max(C(x), C(y))`, where C is the compressed size. Compression is
    that of gzip without its header.

    Args:
        model: The recipe.
        spec: Number of `classes`.
    """

    def __init__(self, model: Any, spec: Mapping[str, Any]) -> None:
        self.classes = spec["classes"]
        self.weights = {
            "texts": np.zeros(0, np.uint8),
            "ends": np.zeros(0, np.int64),
            "sizes": np.zeros(0, np.int64),
            "labels": np.zeros(0, np.int64),
        }

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Keeps texts, object [n], and labels [n]."""
        texts = list(map(_bytes, inputs))
        self.weights = {
            "texts": np.frombuffer(b"".join(texts), np.uint8),
            "ends": np.cumsum(list(map(len, texts))),
            "sizes": np.array(list(map(compressed, texts))),
            "labels": targets,
        }

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class: smoothed votes of the two nearest texts."""
        labels = self.weights["labels"][self.nearest(inputs, len(VOTES))]
        votes = np.full((len(inputs), self.classes), 1 / self.classes)
        for rank in range(labels.shape[1]):
            votes[np.arange(len(inputs)), labels[:, rank]] += VOTES[rank]
        return votes / votes.sum(axis=1, keepdims=True)

    def better_of_two(self, probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Tells for which texts either of the two nearest texts has the true class."""
        no_vote = 1 / self.classes / (1 + VOTES.sum())
        return probabilities[np.arange(len(labels)), labels] > 1.5 * no_vote

    def nearest(self, inputs: np.ndarray, count: int) -> np.ndarray:
        """Returns the numbers of the nearest training texts, [n, count], the nearest first.

        Of equally near texts the first ones are taken.
        """
        ends = self.weights["ends"]
        if len(inputs) * len(ends) > MANY:
            logger.warning(
                f"{len(inputs):,} texts are compared with {len(ends):,} by compression, which "
                "takes long. Train on fewer: --limit 5000"
            )
        everything = self.weights["texts"].tobytes()
        starts = np.concatenate([[0], ends[:-1]])
        texts = [everything[a:b] for a, b in zip(starts, ends, strict=True)]
        sizes = self.weights["sizes"]

        def nearest_to(text: str) -> np.ndarray:
            encoded = _bytes(text)
            alone, first = compressed(encoded), encoded + b" "
            together = np.array([compressed(first + other) for other in texts])
            distances = (together - np.minimum(sizes, alone)) / np.maximum(sizes, alone)
            return np.argsort(distances, kind="stable")[:count]

        with ThreadPoolExecutor(os.cpu_count()) as threads:  # zlib leaves Python to the others
            return np.array(list(threads.map(nearest_to, inputs))).reshape(len(inputs), -1)


def compressed(text: bytes) -> int:
    """Returns the size of a text, compressed as gzip does.

    Examples:
        >>> compressed(b"to be or not to be") < compressed(b"the quick brown fox")
        True
    """
    return len(zlib.compress(text, 9))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
