"""Drawing without data: letters of Pillow's own font and shapes, each time a little different.

What is drawn once, large, is sampled many times under random affine and elastic distortion,
all images at once; so a sample of thousands takes a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

CANVAS = 64
"""Height and width of what is drawn once; images are sampled from it."""
_FINE = 3  # shapes are drawn larger by this and made smaller, which smooths their edges
_KNOTS = 4  # the elastic field is random at so many points along a side, smooth between

Points = Sequence[tuple[float, float]]


class Shape(NamedTuple):
    """One filled polygon: its shade from 0 to 1, and its corners in a square of side 1."""

    shade: float
    points: Points


class Distortion(NamedTuple):
    """How much images differ: all are standard deviations.

    Args:
        turn: In radians.
        scale: Of height and width, each for itself.
        shear: Of the upper edge against the lower one, in parts of the width.
        shift: In parts of the width.
        elastic: Of the knots of the elastic field, in parts of the width.
    """

    turn: float = 0.12
    scale: float = 0.08
    shear: float = 0.12
    shift: float = 0.03
    elastic: float = 0.035


def draw_text(text: str, height: float, weight: int) -> np.ndarray:
    """Draws a character in white on black, in the middle, float32 [CANVAS, CANVAS] from 0 to 1.

    Its height is in parts of the canvas, its weight in pixels added around each stroke.
    """
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (CANVAS, CANVAS))
    font = ImageFont.load_default(size=height * CANVAS)
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font, stroke_width=weight)
    corner = ((CANVAS - left - right) / 2, (CANVAS - top - bottom) / 2)
    pen.text(corner, text, fill=255, font=font, stroke_width=weight)
    return np.asarray(image, np.float32) / 255


def draw_shapes(shapes: Sequence[Shape]) -> np.ndarray:
    """Draws polygons over each other on black, float32 [CANVAS, CANVAS] from 0 to 1."""
    from PIL import Image, ImageDraw

    side = CANVAS * _FINE
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)
    for shade, points in shapes:
        pen.polygon([(x * side, y * side) for x, y in points], fill=round(255 * shade))
    return np.asarray(image.resize((CANVAS, CANVAS)), np.float32) / 255


def distorted(
    drawn: np.ndarray,
    which: np.ndarray,
    side: int,
    amount: Distortion,
    generator: np.random.Generator,
) -> np.ndarray:
    """Samples images [n, side, side] of what was drawn, each under its own distortion.

    Args:
        drawn: float32 [kinds, CANVAS, CANVAS] from 0 to 1.
        which: For each image, what it shows: an index of `drawn`.
        side: Height and width of the images.
        amount: How much they differ.
        generator: Draws the distortions.
    """
    count = len(which)
    line = ((np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1)[np.newaxis]
    x, y = np.broadcast_to(line, (side, side)), np.broadcast_to(line.T, (side, side))
    turn = generator.normal(0, amount.turn, count)
    x_scale, y_scale = np.exp(generator.normal(0, amount.scale, (2, count)))
    shear = generator.normal(0, amount.shear, count)
    rows = [
        [np.cos(turn) * x_scale, (np.sin(turn) + shear) * x_scale],
        [-np.sin(turn) * y_scale, np.cos(turn) * y_scale],
    ]
    coordinates = []
    for across, down in rows:
        shift = generator.normal(0, 2 * amount.shift, (count, 1, 1))
        moved = across[:, None, None] * x + down[:, None, None] * y + shift
        coordinates.append(moved + _elastic(count, side, 2 * amount.elastic, generator))
    return _bilinear(drawn, which, *((axis + 1) / 2 * CANVAS - 0.5 for axis in coordinates))


def _elastic(count: int, side: int, amount: float, generator: np.random.Generator) -> np.ndarray:
    """Draws smooth random fields [count, side, side]: few random knots, lines between them."""
    knots = generator.normal(0, amount, (count, _KNOTS, _KNOTS)).astype(np.float32)
    points = np.linspace(0, _KNOTS - 1, side)
    between = np.maximum(0, 1 - abs(points[:, np.newaxis] - np.arange(_KNOTS))).astype(np.float32)
    return between @ knots @ between.T


def _bilinear(drawn: np.ndarray, which: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Reads between the pixels of what was drawn; its edge goes on outside."""
    x, y = (np.clip(axis, 0, CANVAS - 1.001).astype(np.float32) for axis in (x, y))
    left, top = x.astype(np.int64), y.astype(np.int64)
    right_part, lower_part = x - left, y - top
    start = which[:, None, None] * CANVAS**2 + top * CANVAS + left
    flat = drawn.reshape(-1)
    upper = flat[start] * (1 - right_part) + flat[start + 1] * right_part
    lower = flat[start + CANVAS] * (1 - right_part) + flat[start + CANVAS + 1] * right_part
    return upper * (1 - lower_part) + lower * lower_part
