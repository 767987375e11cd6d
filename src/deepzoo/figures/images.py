"""Small images side by side: rows of them, with a name beside each row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .layout import GREY, MARGIN, blank, write

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

SIDE = 0.72  # inches of an image
BETWEEN = 127  # grey between the images of a mosaic
_GAP = 0.06  # inches
_LABEL = 0.95  # inches for what stands beside a row


def image_rows(
    title: str, source: str, facts: Iterable[str], rows: Sequence[tuple[str, Any]]
) -> Figure:
    """Draws rows of images with a name beside each.

    Args:
        title: What is drawn.
        source: The run that it is drawn from, `run.id`.
        facts: See `blank`.
        rows: For each row its name and images [n, height, width(, channels)], as bytes or from
            0 to 1.
    """
    count = max(len(images) for _, images in rows)
    width = _LABEL + count * (SIDE + _GAP) + MARGIN
    height = len(rows) * (SIDE + _GAP) + MARGIN
    figure = blank(max(width, 6), height, title, source, *facts)
    for number, (name, images) in enumerate(rows):
        y = height - (number + 1) * (SIDE + _GAP)
        write(figure, MARGIN, y + SIDE / 2 - 0.04, name, color=GREY)
        for index, image in enumerate(images):
            show_image(figure, image, _LABEL + index * (SIDE + _GAP), y, SIDE, SIDE)
    return figure


def show_image(
    figure: Figure, image: np.ndarray, x: float, y: float, width: float, height: float
) -> None:
    """Shows an image, bytes or from 0 to 1, at a position in inches from the lower left corner."""
    total = figure.get_size_inches()
    axes = figure.add_axes((x / total[0], y / total[1], width / total[0], height / total[1]))
    most = 255 if image.dtype.kind == "u" else 1
    axes.imshow(image, cmap="gray", vmin=0, vmax=most, aspect="auto")
    axes.set_axis_off()


def mosaic(images: np.ndarray, columns: int) -> np.ndarray:
    """Lays out images in rows, with a grey line between them and grey where there is none.

    Args:
        images: uint8 [n, height, width(, channels)].
        columns: Images in a row.

    Returns:
        uint8 [height, width(, channels)].
    """
    import numpy as np

    count, height, width, *channels = images.shape
    rows = -(-count // columns)
    shape = rows * (height + 1) - 1, columns * (width + 1) - 1, *channels
    sheet = np.full(shape, BETWEEN, np.uint8)
    for index, image in enumerate(images):
        y, x = index // columns * (height + 1), index % columns * (width + 1)
        sheet[y : y + height, x : x + width] = image
    return sheet
