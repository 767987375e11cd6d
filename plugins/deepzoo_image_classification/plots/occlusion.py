"""Which parts of a picture decide: a square is moved over it, and the answer watched.

That needs no gradients, so it works for every network and backend (Zeiler and Fergus, 2014).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError

from ..describing import ring
from ..inference import chances, classes_of
from ..inspection import picture
from .figures import GREY, MARGIN, TITLE, blank, coloured, show, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

MOST_IMAGES = 8
PLACES = 40  # along each side at most: every pixel of small pictures
_SIDE, _GAP, _ROW = 2.2, 0.2, 2.7  # inches


def occlusion(run: Run, pixels: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Covers each part of a picture in turn with the mean colour of the picture's border.

    Args:
        run: A trained run.
        pixels: uint8 [height, width, channels].

    Returns:
        The likeliest class; the probabilities of all classes; and for each pixel [height,
        width] how much the likeliest one loses, on average, when it is covered.
    """
    height, width, _ = pixels.shape
    whole = chances(run, pixels[None])[0]
    best = int(whole.argmax())
    side = max(1, round(min(height, width) / 6))
    cover = pixels[ring((height, width))].mean(axis=0).round().astype(np.uint8)
    areas = [
        (slice(max(0, y), y + side), slice(max(0, x), x + side))
        for y in _places(height, side)
        for x in _places(width, side)
    ]
    covered = np.repeat(pixels[None], len(areas), axis=0)
    for one, area in zip(covered, areas, strict=True):
        one[area] = cover
    losses = whole[best] - chances(run, covered)[:, best]
    total, times = np.zeros((height, width)), np.zeros((height, width))
    for loss, area in zip(losses, areas, strict=True):
        total[area] += loss
        times[area] += 1
    return best, whole, total / np.maximum(times, 1)


def saliency(run: Run, *images: Any) -> Figure:
    """Draws images beside what speaks for the answer in them (red) and against it (blue).

    Args:
        run: A trained run.
        *images: Picture files, or numbers of test pictures; the first four if none is named.
    """
    if len(images) > MOST_IMAGES:
        raise UsageError(f"The picture has room for {MOST_IMAGES} images; received {len(images)}.")
    shown = [picture(run, one) for one in images or range(4)]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    step = 2 * _SIDE + 3 * _GAP
    figure = blank(
        max(2 * MARGIN + columns * step - 2 * _GAP, 6.4),
        TITLE + rows * _ROW + 0.1,
        "What the answer rests on",
        f"{run.id}; red: covering it makes the answer less likely, blue: more likely",
    )
    for place, pixels in enumerate(shown):
        x = MARGIN + place % columns * step
        y = figure.get_figheight() - TITLE - place // columns * _ROW
        _one(figure, run, pixels, x, y)
    return figure


def _places(length: int, side: int) -> list[int]:
    """Returns where squares begin: some stick out, so that the border is covered as often."""
    step = max(1, -(-(length + side) // PLACES))
    return list(range(1 - side, length, step))


def _one(figure: Figure, run: Run, pixels: np.ndarray, x: float, y: float) -> None:
    best, whole, losses = occlusion(run, pixels)
    height, width = pixels.shape[:2]
    scale = _SIDE / max(height, width)
    size = (width * scale, height * scale)
    low = y - 0.25 - size[1]
    write(figure, x, y - 0.15, classes_of(run)[best], size=10, weight="bold")
    points = 100 * max(0.0, float(losses.max()))
    said = f"{whole[best]:.1%} sure; covered, up to {points:.1f} points less"
    write(figure, x + 2 * _SIDE + _GAP, y - 0.15, said, size=8, color=GREY, ha="right")
    show(figure, coloured(pixels), x, low, *size)
    show(figure, _tinted(pixels, losses), x + _SIDE + _GAP, low, *size)


def _tinted(pixels: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Lays the losses as colours over a pale picture, the largest one in full red or blue."""
    from matplotlib import colormaps

    largest = float(np.abs(losses).max())
    share = losses / largest if largest else losses
    colours = colormaps["RdBu_r"]((share + 1) / 2)[..., :3]
    pale = 0.75 + 0.25 * pixels.mean(axis=-1, keepdims=True) / 255
    return colours * pale
