"""Convolution and pooling of images, float [n, height, width, channels]."""

from __future__ import annotations

from typing import Literal

import numpy as np


class Convolution:
    """Convolution in two dimensions, with a stride of 1 (equation 9.6, without the flip).

    Args:
        kernel: The filters [height, width, channels, filters].
        bias: Added to each map [filters], or None.
        padding: `same` surrounds the image by zeros, so that it keeps its size; `valid` does not.
    """

    def __init__(
        self,
        kernel: np.ndarray,
        bias: np.ndarray | None = None,
        padding: Literal["same", "valid"] = "same",
    ) -> None:
        self.kernel, self.bias = kernel, bias
        self.padding: Literal["same", "valid"] = padding

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Maps images [n, height, width, channels] to maps [n, height, width, filters]."""
        height, width = self.kernel.shape[:2]
        if self.padding == "same":
            sides = [((size - 1) // 2, size // 2) for size in (height, width)]
            x = np.pad(x, [(0, 0), *sides, (0, 0)])
        # Each window [channels, height, width] becomes a row, so that one product does it all.
        windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(1, 2))
        y = np.tensordot(windows, self.kernel, axes=((3, 4, 5), (2, 0, 1)))
        return y if self.bias is None else y + self.bias


def max_pooling(x: np.ndarray, padding: Literal["same", "valid"] = "valid") -> np.ndarray:
    """Takes the largest value of each square of 2 by 2 pixels.

    Args:
        x: Images or maps [n, height, width, channels].
        padding: What becomes of an odd last row or column: `valid` drops it, `same` keeps it.
    """
    if padding == "same":
        sides = [(0, size % 2) for size in x.shape[1:3]]
        x = np.pad(x, [(0, 0), *sides, (0, 0)], constant_values=-np.inf)
    n, height, width, channels = x.shape
    x = x[:, : height // 2 * 2, : width // 2 * 2]
    return x.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def global_average_pooling(x: np.ndarray) -> np.ndarray:
    """Returns the mean of each map, [n, channels]."""
    return x.mean(axis=(1, 2))
