"""The networks of the recommender in NumPy: an answer needs no framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from deepzoo.errors import CheckpointError

MASK = -1e9  # added to the logits of items that are in the basket


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turns logits into probabilities, row by row; masked ones stay far below 0.

    Example:
        >>> softmax(np.array([[0.0, 0.0, MASK]]))
        array([[ 5.e-01,  5.e-01, -1.e+09]])
    """
    masked = logits < MASK / 2
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.where(masked, MASK, exponents / exponents.sum(axis=-1, keepdims=True))


def softsign(x: np.ndarray) -> np.ndarray:
    """Returns x / (1 + |x|)."""
    return x / (1 + np.abs(x))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Returns 1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))


class Twin:
    """Dense layers one after the other.

    Args:
        arrays: Matrices and biases by the keys of the trained network, in its order.
        activations: What follows each layer.
    """

    def __init__(
        self,
        arrays: Mapping[str, np.ndarray],
        activations: tuple[Callable[[np.ndarray], np.ndarray], ...],
    ) -> None:
        values = [np.asarray(arrays[key], np.float32) for key in sorted(arrays)]
        if len(values) != 2 * len(activations):
            raise CheckpointError(
                f"The weights are {len(values)} arrays, expected {2 * len(activations)}.",
                "Train the run again.",
            )
        self.layers = list(zip(values[::2], values[1::2], activations, strict=True))

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns what the Keras network predicts for baskets, float [n, items]."""
        x = np.asarray(rows, np.float32)
        for W, b, activation in self.layers:
            x = activation(x @ W + b)
        return x


class AutoencoderTwin(Twin):
    """The published autoencoder: how likely each item is in the whole basket."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__(arrays, ((softsign,) * 3 + (sigmoid,)) * 2)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns what `predict` does."""
        return self.predict(rows)


class MLPTwin(Twin):
    """The network that names the missing item."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__(arrays, (np.tanh, lambda x: x))

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns the logits [n, items]; of items that are in the basket, masked ones."""
        rows = np.asarray(rows, np.float32)
        norms = np.maximum(np.sqrt(rows.sum(axis=-1, keepdims=True)), 1)
        return super().predict(rows / norms) + MASK * rows

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns how likely each item is the missing one; rows sum to 1."""
        return softmax(self.predict(rows))
