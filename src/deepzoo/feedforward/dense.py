"""The dense layer, and the rectified linear unit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Returns max(0, x), the rectified linear unit."""
    return np.maximum(x, 0)


class Dense:
    """An affine map of the last axis, followed by an activation: `activation(x W + b)`.

    Args:
        kernel: The matrix W [inputs, units].
        bias: The vector b [units], or None.
        activation: Applied to each output; None leaves them as they are.
    """

    def __init__(
        self,
        kernel: np.ndarray,
        bias: np.ndarray | None = None,
        activation: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        self.kernel, self.bias, self.activation = kernel, bias, activation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Maps [..., inputs] to [..., units]."""
        y = x @ self.kernel
        y = y if self.bias is None else y + self.bias
        return y if self.activation is None else self.activation(y)
