"""Plots of what is inside a network: its feature maps and its first filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.figures import GREY, MARGIN, blank, shortened, write

from .. import inference
from ..scoring import probabilities
from .figures import count_of, grid, images_of, show

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

MOST_FILTERS = 256
_MOST_COLUMNS = 4  # of panels: the labels need their room
_SIDE, _PANELS, _GAP, _LABEL, _TOP = 2.0, 9.8, 0.3, 0.34, 1.0  # inches
_PAGE = 1.42  # height of a page by its width

Panel = tuple[str, np.ndarray]


def feature_maps(run: Run, *images: Any) -> Figure:
    """Draws images beside the maps of every convolution and pooling layer.

    Each map is stretched from its own least value (black) to its greatest (white).

    Args:
        run: A run of a convolutional network.
        *images: Image files, or numbers of test images; the first one if none is named.
    """
    shown = images_of(run, images, 1)
    panels = [_panels(run, image) for image in shown]
    width = 2 * MARGIN + _SIDE + _PANELS
    heights, columns = [], 1
    while columns < 2 or (columns < _MOST_COLUMNS and sum(heights) + _TOP > _PAGE * width):
        columns += 1
        heights = [max(sum(_row_heights(p, columns)), _SIDE + 1.0) + 0.2 for p in panels]
    height = sum(heights) + MARGIN
    facts = count_of(shown), "each map from its least value, black, to its greatest"
    figure = blank(width, height, "Feature maps of each layer", run.id, *facts)
    top = height - 0.1
    for image, of_image, height in zip(shown, panels, heights, strict=True):
        _show_image(figure, run, image, top)
        _show_panels(figure, of_image, columns, top)
        top -= height
    return figure


def filters(run: Run) -> Figure:
    """Draws the filters of the first layer, blue below zero and red above, or in colour.

    The weights of a dense layer are drawn as images, one for each unit.
    """
    layer, kernel = inference.first_filters(run)
    count = kernel.shape[-1]
    kernel = kernel[..., :MOST_FILTERS]
    mosaic = grid(np.moveaxis(_colours(kernel), -1, 0))
    width, height = _size(mosaic, 6.4)
    shown = f"{count}" if count <= MOST_FILTERS else f"{MOST_FILTERS} of {count}"
    facts = [f"{shown} filters of {kernel.shape[0]} x {kernel.shape[1]}", f"layer {layer}"]
    facts += ["grey is zero" if kernel.shape[2] == 3 else "blue below zero, red above"]
    title = "Filters of the first layer"
    figure = blank(6.4 + 2 * MARGIN, height + MARGIN, title, run.id, *facts)
    show(figure, mosaic, MARGIN, MARGIN, width, height)
    return figure


def _panels(run: Run, image: np.ndarray) -> list[Panel]:
    panels = []
    for label, layer, values in inference.feature_maps(run, image):
        height, width, count = values.shape
        tiles = _stretched(np.moveaxis(values, -1, 0))[..., None]
        panels.append((f"{label}  {layer}: {count} maps of {height} x {width}", grid(tiles)))
    return panels


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


def _row_heights(panels: list[Panel], columns: int) -> list[float]:
    """Returns how high each row of panels is."""
    heights = [_size(mosaic, _PANELS / columns - _GAP)[1] for _, mosaic in panels]
    starts = range(0, len(heights), columns)
    return [max(heights[start : start + columns]) + _LABEL for start in starts]


def _size(mosaic: np.ndarray, widest: float) -> tuple[float, float]:
    height, width = mosaic.shape[:2]
    scale = min(widest / width, widest / height)
    return width * scale, height * scale


def _show_panels(figure: Figure, panels: list[Panel], columns: int, top: float) -> None:
    step = _PANELS / columns
    for row, row_height in enumerate(_row_heights(panels, columns)):
        for column, (label, mosaic) in enumerate(panels[columns * row : columns * (row + 1)]):
            x = MARGIN + _SIDE + _GAP + column * step
            width, height = _size(mosaic, step - _GAP)
            write(figure, x, top, label, size=9 if columns < 4 else 7)
            show(figure, mosaic, x, top - 0.08 - height, width, height)
        top -= row_height


def _show_image(figure: Figure, run: Run, image: np.ndarray, top: float) -> None:
    row = probabilities(run.network, image[None])[0]
    best = int(row.argmax())
    width, height = _size(image, _SIDE)
    bottom = top - height
    write(figure, MARGIN, top, "image")
    show(figure, image, MARGIN, bottom - 0.08, width, height)
    label = shortened(run.preprocessor["classes"][best], 24)
    write(figure, MARGIN, bottom - 0.32, label, weight="bold", size=10)
    write(figure, MARGIN, bottom - 0.52, f"probability {row[best]:.1%}", color=GREY)
