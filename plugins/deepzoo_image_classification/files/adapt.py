"""What is to be known about training pictures to make photos look like them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

DARK, LIGHT = 64, 191
"""What is below is nearly black, and above nearly white."""
EXAMPLES = 2_000
_PLAIN = 0.8  # share of the border's pixels that are nearly black or nearly white
_STRAY = 0.06  # share of a side by which drawings at the same place may miss it
_DRAWN = 64  # what differs from black or white by more is drawn


def describe(pixels: np.ndarray) -> dict[str, Any]:
    """Measures of training pictures what is needed to make photos like them.

    Up to 2,000 pictures are looked at, evenly spread, and the medians of their drawings taken.

    Args:
        pixels: uint8 [N, height, width, channels], the training split.

    Returns:
        JSON data: `shape`; mean brightness of the `border` and of everything (`mean`);
        `ground`, the `black` or `white` that grey pictures are drawn on, or "" if there is
        none; `fill`, how much of the height or the width the drawings take; `centred`, which
        point of them is always at the same place, the centre of their `mass` or of their
        `box`, or "" if neither is; and that place, `centre`, in shares of height and width.
    """
    few = pixels[np.linspace(0, len(pixels) - 1, min(len(pixels), EXAMPLES)).astype(int)]
    grey = few.mean(axis=-1)
    border = grey[:, ring(grey.shape[1:])]
    ground = _ground(border) if few.shape[-1] == 1 else ""
    fill, centred, centre = 1.0, "", [0.5, 0.5]
    if ground:
        ink = grey if ground == "black" else 255 - grey
        fill, centred, centre = _layout(ink * (ink > _DRAWN))
    return {
        "shape": [int(size) for size in pixels.shape[1:]],
        "border": round(float(border.mean()), 3),
        "mean": round(float(few.mean()), 3),
        "ground": ground,
        "fill": round(fill, 4),
        "centred": centred,
        "centre": [round(float(place), 4) for place in centre],
    }


def ring(shape: tuple[int, ...]) -> np.ndarray:
    """Marks the border of a picture, a 28th of its shorter side wide."""
    wide = max(1, min(shape) // 28)
    mask = np.ones(shape, bool)
    if min(shape) > 2 * wide:
        mask[wide:-wide, wide:-wide] = False
    return mask


def span(marked: np.ndarray) -> tuple[int, int]:
    """Returns the first marked place and the one after the last."""
    places = np.flatnonzero(marked)
    return int(places[0]), int(places[-1]) + 1


def centre_of_mass(weights: np.ndarray) -> float:
    """Returns where along one axis the middle of the weights is, in pixels."""
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


def _ground(border: np.ndarray) -> str:
    """Names what pictures are drawn on, even where many drawings reach the border.

    Paper as a camera sees it is no such ground: it has shades, and photos of it are left alone.
    """
    if ((border < DARK) | (border > LIGHT)).mean() < _PLAIN:
        return ""
    black, white = float((border < 8).mean()), float((border > 247).mean())
    return "" if max(black, white) < 0.5 else "black" if black > white else "white"


def _layout(ink: np.ndarray) -> tuple[float, str, Sequence[float]]:
    """Finds how large drawings are, and what of them is always at the same place."""
    fills, points = [], []
    for one in ink:
        if not one.any():
            continue
        sides = [(one.sum(axis=1 - axis), one.shape[axis]) for axis in (0, 1)]
        boxes = [span(weights > 0) for weights, _ in sides]
        fills.append(max((b - a) / size for (a, b), (_, size) in zip(boxes, sides, strict=True)))
        box = [(a + b) / 2 / size for (a, b), (_, size) in zip(boxes, sides, strict=True)]
        points.append([[centre_of_mass(weights) / size for weights, size in sides], box])
    if not fills:
        return 1.0, "", (0.5, 0.5)
    places = np.mean(points, axis=0)
    stray = np.abs(points - places).max(axis=2).mean(axis=0)
    nearest = int(stray.argmin())
    name = ("mass", "box")[nearest] if stray[nearest] < _STRAY else ""
    return float(np.median(fills)), name, places[nearest].tolist()
