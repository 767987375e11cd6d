"""Pictures of what is inside a network: its feature maps and its first filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError

from ..inference import chances, classes_of
from ..inspection import first_filters, maps_of, picture
from .figures import GREY, MARGIN, TITLE, blank, coloured, grid, show, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

MOST_IMAGES = 8
MOST_FILTERS = 256
_SIDE, _PANEL, _GAP, _LABEL, _TOP = 2.0, 4.6, 0.3, 0.34, 0.95  # inches

Panel = tuple[str, np.ndarray]


def feature_maps(run: Run, *images: Any) -> Figure:
    """Draws images beside the maps of every convolution and pooling layer.

    Each map is stretched from its own least value (black) to its greatest (white).

    Args:
        run: A run of a convolutional network.
        *images: Picture files, or numbers of test pictures; the first one if none is named.
    """
    if len(images) > MOST_IMAGES:
        raise UsageError(f"The picture has room for {MOST_IMAGES} images; received {len(images)}.")
    shown = [picture(run, one) for one in images or (0,)]
    panels = [_panels(run, pixels) for pixels in shown]
    heights = [max(sum(_rows(some)), _SIDE + 1.0) + 0.2 for some in panels]
    width = 2 * MARGIN + _SIDE + 2 * (_PANEL + _GAP)
    height = sum(heights) + _TOP
    figure = blank(width, height, "What the layers see", run.id)
    top = height - _TOP
    for pixels, some, tall in zip(shown, panels, heights, strict=True):
        _show_image(figure, run, pixels, top)
        _show_panels(figure, some, top)
        top -= tall
    return figure


def filters(run: Run) -> Figure:
    """Draws the filters of the first layer, blue below zero and red above; of colour in colour.

    The filters of a dense layer are the pictures that its units look for.
    """
    name, kernel = first_filters(run)
    count = kernel.shape[-1]
    kernel = kernel[..., :MOST_FILTERS]
    mosaic = grid(np.moveaxis(_colours(kernel), -1, 0))
    width, height = _size(mosaic, 6.4)
    shown = f"{count}" if count <= MOST_FILTERS else f"{MOST_FILTERS} of {count}"
    said = f"layer {name}, {shown} filters of {kernel.shape[0]} x {kernel.shape[1]}"
    colours = "grey is zero" if kernel.shape[2] == 3 else "blue below zero, red above"
    figure = blank(
        6.4 + 2 * MARGIN,
        height + TITLE + MARGIN,
        "What the first layer looks for",
        f"{run.id}: {said}; {colours}",
    )
    show(figure, mosaic, MARGIN, MARGIN, width, height)
    return figure


def _panels(run: Run, pixels: np.ndarray) -> list[Panel]:
    found = []
    for maps in maps_of(run, pixels):
        height, width, count = maps.values.shape
        tiles = np.repeat(_stretched(np.moveaxis(maps.values, -1, 0))[..., None], 3, axis=-1)
        label = f"{maps.label}  {maps.layer}: {count} maps of {height} x {width}"
        found.append((label, grid(tiles)))
    return found


def _stretched(maps: np.ndarray) -> np.ndarray:
    """Scales each map to 0 to 1; one that is the same everywhere is black."""
    low = maps.min(axis=(1, 2), keepdims=True)
    spread = maps.max(axis=(1, 2), keepdims=True) - low
    return (maps - low) / np.where(spread > 0, spread, 1)


def _colours(kernel: np.ndarray) -> np.ndarray:
    """Turns filters [height, width, channels, n] into colours, scaled filter by filter."""
    from matplotlib import colormaps

    largest = np.abs(kernel).max(axis=(0, 1, 2), keepdims=True)
    scaled = kernel / np.where(largest > 0, largest, 1)
    if kernel.shape[2] == 3:
        return (scaled + 1) / 2
    colours = colormaps["RdBu_r"]((scaled.mean(axis=2) + 1) / 2)[..., :3]
    return np.moveaxis(colours, -1, 2)


def _rows(panels: list[Panel]) -> list[float]:
    """Returns how tall each row of two panels is."""
    sizes = [_size(mosaic)[1] for _, mosaic in panels]
    return [max(sizes[place : place + 2]) + _LABEL for place in range(0, len(sizes), 2)]


def _size(mosaic: np.ndarray, widest: float = _PANEL) -> tuple[float, float]:
    height, width = mosaic.shape[:2]
    scale = min(widest / width, widest / height)
    return width * scale, height * scale


def _show_panels(figure: Figure, panels: list[Panel], top: float) -> None:
    for row, tall in enumerate(_rows(panels)):
        for column, (label, mosaic) in enumerate(panels[2 * row : 2 * row + 2]):
            x = MARGIN + _SIDE + _GAP + column * (_PANEL + _GAP)
            width, height = _size(mosaic)
            write(figure, x, top, label)
            show(figure, mosaic, x, top - 0.08 - height, width, height)
        top -= tall


def _show_image(figure: Figure, run: Run, pixels: np.ndarray, top: float) -> None:
    row = chances(run, pixels[None])[0]
    best = int(row.argmax())
    width, height = _size(coloured(pixels), _SIDE)
    write(figure, MARGIN, top, "the image")
    show(figure, coloured(pixels), MARGIN, top - 0.08 - height, width, height)
    write(figure, MARGIN, top - 0.32 - height, classes_of(run)[best], weight="bold", size=10)
    write(figure, MARGIN, top - 0.52 - height, f"{row[best]:.1%} sure", color=GREY)
