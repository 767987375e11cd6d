"""Which parts of an image decide: a square is moved over it, and the probability watched.

That needs no gradients, so it works for every network and backend (Zeiler and Fergus, 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.figures import GREY, MARGIN, blank, shortened, write

from ..files.adapt import border_mask
from ..inference import image_of, test_split
from ..scoring import probabilities
from .figures import coloured, refuse_more, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

POSITIONS = 40  # along each side at most: every pixel of small images
_SIDE, _GAP, _ROW = 2.2, 0.2, 2.7  # inches


def occlusion(run: Run, pixels: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Covers each part of an image in turn with the mean colour of the image's border.

    Args:
        run: A trained run.
        pixels: uint8 [height, width, channels].

    Returns:
        The most probable class; the probabilities of all classes; and for each pixel [height,
        width] how much probability that class loses, on average, when it is covered.
    """
    height, width, _ = pixels.shape
    whole = probabilities(run.network, pixels[None])[0]
    best = int(whole.argmax())
    side = max(1, round(min(height, width) / 6))
    colour = pixels[border_mask((height, width))].mean(axis=0).round().astype(np.uint8)
    areas = [
        (slice(max(0, y), y + side), slice(max(0, x), x + side))
        for y in _positions(height, side)
        for x in _positions(width, side)
    ]
    covered = np.repeat(pixels[None], len(areas), axis=0)
    for image, area in zip(covered, areas, strict=True):
        image[area] = colour
    losses = whole[best] - probabilities(run.network, covered)[:, best]
    total, times = np.zeros((height, width)), np.zeros((height, width))
    for loss, area in zip(losses, areas, strict=True):
        total[area] += loss
        times[area] += 1
    return best, whole, total / np.maximum(times, 1)


def saliency(run: Run, *images: Any) -> Figure:
    """Draws images beside what speaks for the answer in them (red) and against it (blue).

    Args:
        run: A trained run.
        *images: Image files, or numbers of test images; the first four if none is named.
    """
    refuse_more(images)
    shown = [image_of(run, image) for image in images or range(min(4, len(test_split(run))))]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    step = 2 * _SIDE + 3 * _GAP
    figure = blank(
        max(2 * MARGIN + columns * step - 2 * _GAP, 6.4),
        rows * _ROW,
        "Saliency",
        run.id,
        f"{len(shown)} image{'s' * (len(shown) != 1)}",
        "covering red makes the answer less probable, covering blue more",
    )
    for index, pixels in enumerate(shown):
        x = MARGIN + index % columns * step
        y = (rows - index // columns) * _ROW
        _show_saliency(figure, run, pixels, x, y)
    return figure


def _positions(length: int, side: int) -> list[int]:
    """Returns where squares begin: some stick out, so that the border is covered as often."""
    step = max(1, -(-(length + side) // POSITIONS))
    return list(range(1 - side, length, step))


def _show_saliency(figure: Figure, run: Run, pixels: np.ndarray, x: float, y: float) -> None:
    best, whole, losses = occlusion(run, pixels)
    height, width = pixels.shape[:2]
    scale = _SIDE / max(height, width)
    size = (width * scale, height * scale)
    bottom = y - 0.25 - size[1]
    name = shortened(run.preprocessor["classes"][best], 20)
    write(figure, x, y - 0.15, name, size=10, weight="bold")
    points = 100 * max(0.0, float(losses.max()))
    caption = f"probability {whole[best]:.1%}; covered: up to {points:.1f} points less"
    write(figure, x + 2 * _SIDE + _GAP, y - 0.15, caption, size=8, color=GREY, ha="right")
    show(figure, coloured(pixels), x, bottom, *size)
    show(figure, _tinted(pixels, losses), x + _SIDE + _GAP, bottom, *size)


def _tinted(pixels: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Lays the losses as colours over a pale image, the largest one in full red or blue."""
    from matplotlib import colormaps

    largest = float(np.abs(losses).max())
    relative = losses / largest if largest else losses
    colours = colormaps["RdBu_r"]((relative + 1) / 2)[..., :3]
    pale = 0.75 + 0.25 * pixels.mean(axis=-1, keepdims=True) / 255
    return colours * pale
