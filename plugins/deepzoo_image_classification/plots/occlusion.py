"""Which parts of an image decide: a square is moved over it, and the probability watched.

That needs no gradients, so it works for every network and backend (Zeiler and Fergus, 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.figures import GREY, MARGIN, blank, shortened, write

from ..files.adapt import border_mask
from ..scoring import probabilities
from .figures import count_of, images_of, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

POSITIONS = 40  # along each side at most: every pixel of small images
_SIDE, _GAP, _ROW = 2.2, 0.2, 2.7  # inches


def occlusion(run: Run, image: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Covers each part of an image in turn with the mean colour of the image's border.

    Returns:
        The most probable class; the probabilities of all classes; and for each pixel [height,
        width] how much probability that class loses, on average, when it is covered.
    """
    height, width, _ = image.shape
    side = max(1, round(min(height, width) / 6))
    colour = image[border_mask((height, width))].mean(axis=0)
    areas = [
        (slice(max(0, y), y + side), slice(max(0, x), x + side))
        for y in _positions(height, side)
        for x in _positions(width, side)
    ]
    covered = np.repeat(image[None], len(areas) + 1, axis=0)  # the first one is left whole
    for copy, area in zip(covered[1:], areas, strict=True):
        copy[area] = colour
    whole, *others = probabilities(run.network_for(len(covered)), covered)
    best = int(whole.argmax())
    losses = whole[best] - np.stack(others)[:, best]
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
    shown = images_of(run, images, 4)
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    step = 2 * _SIDE + 3 * _GAP
    width = max(2 * MARGIN + columns * step - 2 * _GAP, 6.4)
    facts = count_of(shown), "covering red makes the answer less probable, covering blue more"
    figure = blank(width, rows * _ROW, "Saliency", run.id, *facts)
    for index, image in enumerate(shown):
        x = MARGIN + index % columns * step
        y = (rows - index // columns) * _ROW
        _show_saliency(figure, run, image, x, y)
    return figure


def _positions(length: int, side: int) -> list[int]:
    """Returns where squares begin: some stick out, so that the border is covered as often."""
    step = max(1, -(-(length + side) // POSITIONS))
    return list(range(1 - side, length, step))


def _show_saliency(figure: Figure, run: Run, image: np.ndarray, x: float, y: float) -> None:
    best, whole, losses = occlusion(run, image)
    height, width = losses.shape
    scale = _SIDE / max(height, width)
    size = (width * scale, height * scale)
    bottom = y - 0.25 - size[1]
    name = shortened(run.preprocessor["classes"][best], 20)
    write(figure, x, y - 0.15, name, size=10, weight="bold")
    points = 100 * max(0.0, float(losses.max()))
    caption = f"probability {whole[best]:.1%}; covered: up to {points:.1f} points less"
    write(figure, x + 2 * _SIDE + _GAP, y - 0.15, caption, size=8, color=GREY, ha="right")
    show(figure, image, x, bottom, *size)
    show(figure, _tinted(image, losses), x + _SIDE + _GAP, bottom, *size)


def _tinted(image: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Lays the losses as colours over a pale image, the largest one in full red or blue."""
    from matplotlib import colormaps

    largest = float(np.abs(losses).max())
    relative = losses / largest if largest else losses
    colours = colormaps["RdBu_r"]((relative + 1) / 2)[..., :3]
    return colours * (0.75 + 0.25 * image.mean(axis=-1, keepdims=True))
