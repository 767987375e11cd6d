"""What the plots of image classification share: images, and grids of small ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError

from ..inference import image_of, test_split

if TYPE_CHECKING:
    from collections.abc import Sized

    from matplotlib.figure import Figure

    from deepzoo import Run

LINE = (0.72, 0.83, 0.93)  # pale blue: white lines would run into white maps
MOST_IMAGES = 8
_SMALLEST = 24  # pixels: smaller tiles are enlarged, so that the lines between them stay thin


def images_of(run: Run, named: tuple[Any, ...], default: int) -> list[np.ndarray]:
    """Returns the images that a plot shows: those that are named, or the first test images."""
    if len(named) > MOST_IMAGES:
        raise UsageError(
            f"This plot has room for {MOST_IMAGES} images, received {len(named)}: "
            f"{', '.join(map(str, named))}."
        )
    return [image_of(run, i) for i in named or range(min(default, len(test_split(run))))]


def count_of(images: Sized, what: str = "image") -> str:
    """Says how many images there are: `1 image`, `2 images`."""
    return f"{len(images):,} {what}{'s' * (len(images) != 1)}"


def show(
    figure: Figure, image: np.ndarray, x: float, y: float, width: float, height: float
) -> None:
    """Shows an image [height, width, 1 or 3], bytes or from 0 to 1, at a position in inches."""
    total = figure.get_size_inches()
    axes = figure.add_axes((x / total[0], y / total[1], width / total[0], height / total[1]))
    coloured = np.broadcast_to(image, (*image.shape[:2], 3))
    axes.imshow(coloured, interpolation="nearest", aspect="auto")
    axes.set_axis_off()


def shape_of_grid(count: int) -> tuple[int, int]:
    """Returns rows and columns: tens where they divide the count (5 x 10), else near a square.

    Examples:
        >>> shape_of_grid(50), shape_of_grid(60), shape_of_grid(32), shape_of_grid(64)
        ((5, 10), (6, 10), (4, 8), (8, 8))
    """
    for columns in (10, 8, 12, 16, 24, 32):
        if count % columns == 0 and count / columns <= columns:
            return count // columns, columns
    columns = min(count, math.ceil(math.sqrt(2 * count)))
    return math.ceil(count / columns), columns


def grid(tiles: np.ndarray) -> np.ndarray:
    """Lays out tiles [n, height, width, 1 or 3] from 0 to 1 in a grid with pale lines between."""
    factor = max(1, _SMALLEST // min(tiles.shape[1:3]))
    tiles = tiles.repeat(factor, axis=1).repeat(factor, axis=2)
    count, height, width, _ = tiles.shape
    rows, columns = shape_of_grid(count)
    line = max(1, round(min(height, width) / 12))
    mosaic = np.empty((rows * (height + line) - line, columns * (width + line) - line, 3))
    mosaic[:] = LINE
    for index, tile in enumerate(tiles):
        y, x = index // columns * (height + line), index % columns * (width + line)
        mosaic[y : y + height, x : x + width] = tile
    return mosaic
