"""Normalisation over the features of each vector."""

from __future__ import annotations

import numpy as np


class LayerNormalization:
    """Layer normalisation (Ba, Kiros and Hinton, 2016): mean 0 and variance 1 in each vector.

    Args:
        gamma: Scale of each feature, or None.
        beta: Shift of each feature, or None.
        epsilon: Added to the variance; Keras' default.
    """

    def __init__(
        self, gamma: np.ndarray | None, beta: np.ndarray | None, epsilon: float = 1e-3
    ) -> None:
        self.gamma = None if gamma is None else np.asarray(gamma, np.float32)
        self.beta = None if beta is None else np.asarray(beta, np.float32)
        self.epsilon = np.float32(epsilon)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Normalises the last axis."""
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        y = centred / np.sqrt(variance + self.epsilon)
        y = y if self.gamma is None else y * self.gamma
        return y if self.beta is None else y + self.beta
