"""What convolutional networks are made of: convolution, batch normalisation, pooling.

Images are [n, height, width, channels]. Equations are those of Goodfellow, Bengio and Courville,
Deep Learning (2016), chapter 9.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Padding = Literal["same", "valid"]


class BatchNormalization:
    """Normalises channels by the statistics of the training: `gamma (x - mean) / deviation + beta`.

    After training these are constants, so that it is `scale * x + shift` (Ioffe and Szegedy,
    2015, algorithm 2, line 11).

    Args:
        gamma: Scale [channels], learned.
        beta: Shift [channels], learned.
        mean: Moving mean [channels] of the training.
        variance: Moving variance [channels] of the training.
        epsilon: Added to the variance.
    """

    def __init__(
        self,
        gamma: np.ndarray,
        beta: np.ndarray,
        mean: np.ndarray,
        variance: np.ndarray,
        epsilon: float = 1e-3,
    ) -> None:
        self.scale = gamma / np.sqrt(variance + np.float32(epsilon))
        self.shift = beta - mean * self.scale

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Normalises the last axis."""
        return x * self.scale + self.shift


class Convolution:
    """Slides a kernel over images, one pixel at a time (equation 9.6 and a bias).

    `y[i, j, f] = b[f] + sum over m, n, c of x[i + m, j + n, c] K[m, n, c, f]`: the window of each
    pixel becomes a row of a matrix, and one product with the kernel does the sums.

    Args:
        kernel: K [height, width, channels, filters].
        bias: b [filters], or None for a layer without.
        padding: `same` puts zeros around the images, so that the outputs have their size;
            `valid` keeps the kernel inside.
    """

    def __init__(
        self, kernel: np.ndarray, bias: np.ndarray | None = None, padding: Padding = "same"
    ) -> None:
        self.kernel, self.bias = kernel, bias
        self.padding: Padding = padding

    def normalised(self, norm: BatchNormalization) -> Convolution:
        """Returns one convolution for this one and the normalisation after it."""
        bias = norm.shift if self.bias is None else norm(self.bias)
        return Convolution(self.kernel * norm.scale, bias, self.padding)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Returns [n, rows, columns, filters] for images [n, height, width, channels]."""
        height, width, _, filters = self.kernel.shape
        if self.padding == "same":
            x = np.pad(x, ((0, 0), _around(height - 1), _around(width - 1), (0, 0)))
        windows = sliding_window_view(x, (height, width), axis=(1, 2))  # pyright: ignore[reportCallIssue, reportArgumentType]
        windows = np.moveaxis(windows, 3, -1)  # [n, rows, columns, height, width, channels]
        matrix = self.kernel.reshape(-1, filters)
        y = (windows.reshape(-1, len(matrix)) @ matrix).reshape(*windows.shape[:3], filters)
        return y if self.bias is None else y + self.bias


def max_pooling(x: np.ndarray, size: int = 2, padding: Padding = "valid") -> np.ndarray:
    """Takes the greatest value of each square of `size` pixels (section 9.3).

    Args:
        x: Images [n, height, width, channels].
        size: Side of the squares, which lie side by side.
        padding: What becomes of pixels that fill no square: `valid` leaves them out, `same`
            takes the greatest of those that are there.
    """
    if padding == "same":
        rows, columns = (_around(-side % size) for side in x.shape[1:3])
        x = np.pad(x, ((0, 0), rows, columns, (0, 0)), constant_values=-np.inf)
    height, width = (side // size * size for side in x.shape[1:3])
    x = x[:, :height, :width]
    # The pixels at one position in all squares are one image; of all of them the maximum.
    parts = [x[:, i::size, j::size] for i in range(size) for j in range(size)]
    return np.maximum.reduce(parts)


def global_average_pooling(x: np.ndarray) -> np.ndarray:
    """Averages each channel over all pixels (Lin et al., Network in Network, 2014)."""
    return x.mean(axis=(1, 2))


def _around(missing: int) -> tuple[int, int]:
    """Splits pixels of padding between both ends; of an odd number the end gets one more."""
    return missing // 2, missing - missing // 2
