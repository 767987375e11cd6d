"""The dense layer and its usual activation, as in Deep Learning (Goodfellow et al., 2016)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Rectified linear unit: `max(0, x)` (equation 6.37)."""
    return np.maximum(x, 0)


class Dense:
    """Computes `activation(x W + b)` over the last axis (section 6.1).

    Args:
        kernel: W [inputs, units].
        bias: b [units], or None for a layer without.
        activation: Applied to the sum, such as `relu`; None leaves it as it is.
    """

    def __init__(
        self,
        kernel: np.ndarray,
        bias: np.ndarray | None = None,
        activation: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        self.kernel, self.bias, self.activation = kernel, bias, activation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Returns [..., units] for inputs [..., inputs]."""
        # One product of two matrices: of a stack, NumPy would multiply each matrix by itself.
        rows = x.reshape(-1, x.shape[-1]) @ self.kernel
        y = rows.reshape(*x.shape[:-1], rows.shape[-1])
        y = y if self.bias is None else y + self.bias
        return y if self.activation is None else self.activation(y)
