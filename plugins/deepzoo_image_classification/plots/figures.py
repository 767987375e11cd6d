"""What the plots of image classification share: frames, titles, grids of small images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError

from .fonts import drawable, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE = "#0072B2", "#D55E00"  # told apart by everyone (Okabe and Ito)
INK, GREY, RULE = "#222222", "#666666", "#dddddd"
LINE = (0.72, 0.83, 0.93)  # pale blue: white lines would run into white maps
MARGIN, TITLE = 0.25, 0.75  # inches
MOST_IMAGES = 8
_LETTERS = 14  # of a subtitle in an inch
_SMALLEST = 24  # pixels: smaller tiles are enlarged, so that the lines between them stay thin


def refuse_more(inputs: tuple[Any, ...], most: int = MOST_IMAGES) -> None:
    """Refuses more inputs than a plot has room for."""
    if len(inputs) > most:
        room = f"has room for {most} images" if most else "takes no INPUT"
        raise UsageError(
            f"This plot {room}, received {len(inputs)}: {', '.join(map(str, inputs))}."
        )


def blank(width: float, height: float, title: str, subtitle: str) -> Figure:
    """Makes an empty figure of a size in inches, with a title and a subtitle."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="white")
    most = round((width - 2 * MARGIN) * _LETTERS)
    write(figure, MARGIN, height - MARGIN - 0.12, title, size=13, weight="bold")
    write(figure, MARGIN, height - MARGIN - 0.35, shortened(subtitle, most), size=9, color=GREY)
    return figure


def framed(width: float, height: float, title: str, subtitle: str) -> tuple[Figure, Axes]:
    """Makes a figure with one pair of axes below the title, which has the size given."""
    figure = blank(width, height + TITLE, title, subtitle)
    figure.set_layout_engine("constrained", rect=(0.01, 0.01, 0.98, height / (height + TITLE)))
    return figure, figure.subplots()


def clean(axes: Axes) -> None:
    """Removes what a chart does not need, and adds thin lines to read values by."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.grid(color=RULE, lw=0.6)
    axes.set_axisbelow(True)


def write(figure: Figure, x: float, y: float, text: str, **options: Any) -> None:
    """Writes one line at a position in inches from the lower left corner."""
    width, height = figure.get_size_inches()
    style = {"va": "baseline", "color": INK, "size": 9, **options}
    figure.text(x / width, y / height, drawable(text), parse_math=False, **style)


def show(
    figure: Figure, image: np.ndarray, x: float, y: float, width: float, height: float
) -> None:
    """Shows an image [height, width, 3] from 0 to 1 at a position in inches."""
    total = figure.get_size_inches()
    axes = figure.add_axes((x / total[0], y / total[1], width / total[0], height / total[1]))
    axes.imshow(image, interpolation="nearest", aspect="auto")
    axes.set_axis_off()


def coloured(pixels: np.ndarray) -> np.ndarray:
    """Turns uint8 [height, width, 1 or 3] into colours [height, width, 3] from 0 to 1."""
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3)) / 255


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
    """Lays out tiles [n, height, width, 3] from 0 to 1 in a grid with pale lines between."""
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
