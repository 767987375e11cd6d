"""Draws photos of handwritten digits as people take them: ten kinds, each digit once in each.

Strokes are polylines and arcs, several shapes of each digit, bent at random and drawn with pens
on paper, in light and shadow. Every seed gives its own 100 photos, always the same ones.

Usage: python tests/support/digit_photos.py SHEET.png [--seed 100]
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

TUNED_ON = range(1, 11)
"""Seeds that settings were chosen by."""
REPORTED = 100
"""The seed of the photos that a network is judged by; nothing was chosen by it."""

Stroke = list[tuple[float, float]]


def _arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Goes along an ellipse from one angle to another, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 24))
    return list(zip(x + width * np.cos(angles), y + height * np.sin(angles), strict=True))


_RING = _arc(0.48, 0.3, 0.25, 0.24, -20, -380)
SHAPES: dict[int, list[list[Stroke]]] = {
    0: [
        [_arc(0.5, 0.5, 0.3, 0.45, -90, 270)],
        [_arc(0.5, 0.5, 0.37, 0.43, -70, 300)],
        [_arc(0.5, 0.5, 0.24, 0.46, -110, 265)],
    ],
    1: [
        [[(0.5, 0.05), (0.5, 0.95)]],
        [[(0.3, 0.28), (0.52, 0.05), (0.52, 0.95)]],
        [[(0.34, 0.24), (0.52, 0.05), (0.52, 0.94)], [(0.3, 0.95), (0.74, 0.94)]],
        [[(0.58, 0.05), (0.44, 0.95)]],
    ],
    2: [
        [[*_arc(0.5, 0.28, 0.28, 0.23, -170, 40), (0.22, 0.92), (0.82, 0.92)]],
        [
            [
                *_arc(0.5, 0.29, 0.27, 0.24, -160, 50),
                *_arc(0.33, 0.84, 0.12, 0.1, 150, 350),
                (0.82, 0.93),
            ]
        ],
        [
            [
                *_arc(0.48, 0.3, 0.28, 0.25, -180, 30),
                (0.46, 0.72),
                (0.2, 0.93),
                (0.55, 0.9),
                (0.8, 0.95),
            ]
        ],
    ],
    3: [
        [_arc(0.45, 0.27, 0.27, 0.22, -150, 90) + _arc(0.45, 0.72, 0.3, 0.23, -90, 145)],
        [[(0.2, 0.07), (0.76, 0.07), (0.44, 0.42), *_arc(0.45, 0.69, 0.29, 0.26, -80, 150)]],
        [_arc(0.48, 0.27, 0.24, 0.22, -160, 70) + _arc(0.46, 0.71, 0.28, 0.24, -70, 160)],
    ],
    4: [
        [[(0.62, 0.95), (0.62, 0.05), (0.16, 0.64), (0.86, 0.64)]],
        [[(0.28, 0.06), (0.22, 0.54), (0.78, 0.52)], [(0.7, 0.1), (0.66, 0.95)]],
        [[(0.24, 0.08), (0.22, 0.5), (0.72, 0.5)], [(0.72, 0.05), (0.72, 0.95)]],
    ],
    5: [
        [[(0.76, 0.07), (0.32, 0.07), (0.28, 0.45), *_arc(0.46, 0.67, 0.29, 0.27, -120, 145)]],
        [
            [(0.34, 0.08), (0.3, 0.44), *_arc(0.45, 0.68, 0.29, 0.27, -115, 150)],
            [(0.33, 0.08), (0.8, 0.06)],
        ],
        [[(0.72, 0.1), (0.38, 0.08), (0.3, 0.46), *_arc(0.44, 0.69, 0.27, 0.25, -100, 160)]],
    ],
    6: [
        [[(0.68, 0.06), (0.42, 0.28), (0.27, 0.6), *_arc(0.5, 0.7, 0.24, 0.23, 180, -180)]],
        [[(0.52, 0.05), (0.3, 0.4), (0.25, 0.68), *_arc(0.5, 0.72, 0.25, 0.22, 180, -170)]],
        [_arc(0.62, 0.5, 0.36, 0.45, -85, -180) + _arc(0.5, 0.7, 0.24, 0.23, 170, -190)],
    ],
    7: [
        [[(0.2, 0.1), (0.8, 0.1), (0.42, 0.95)]],
        [[(0.2, 0.1), (0.8, 0.1), (0.42, 0.95)], [(0.36, 0.52), (0.74, 0.5)]],
        [[(0.18, 0.2), (0.22, 0.09), (0.8, 0.08), (0.55, 0.5), (0.46, 0.95)]],
    ],
    8: [
        [_arc(0.5, 0.27, 0.22, 0.21, 90, -270) + _arc(0.5, 0.71, 0.28, 0.24, -90, 270)],
        [
            [
                *_arc(0.5, 0.27, 0.23, 0.21, -30, -210),
                *((0.36, 0.44), (0.62, 0.52)),
                *_arc(0.5, 0.72, 0.26, 0.22, -40, 220),
                *((0.42, 0.5), (0.66, 0.36), (0.71, 0.22)),
            ]
        ],
    ],
    9: [
        [[*_RING, (0.72, 0.5), (0.64, 0.95)]],
        [[*_RING, (0.73, 0.6), (0.73, 0.95)]],
        [_RING + _arc(0.42, 0.6, 0.31, 0.33, -40, 120)],
    ],
}


class Kind(NamedTuple):
    """How the photos of one kind are taken; pairs are ranges that each photo draws from.

    Args:
        pen: Width of the stroke, as a fraction of the digit's height.
        height: Of the digit, as a fraction of the shorter side of the photo.
        stray: How far the digit may be from the middle, as a fraction of the free space.
        turn: By how many degrees at least and at most, to either side.
        inks: Colours of the pen.
        papers: Colours of the paper.
        rules: Whether the paper is `plain`, `lined` or `squared`.
        shadow: How much darker a part of the photo is.
        noise: Standard deviation of the camera's noise.
        quality: Of the JPEG compression.
    """

    pen: tuple[float, float] = (0.05, 0.09)
    height: tuple[float, float] = (0.45, 0.75)
    stray: float = 0.4
    turn: tuple[float, float] = (0, 5)
    inks: Sequence[tuple[int, int, int]] = ((20, 20, 25), (25, 30, 110), (45, 45, 50))
    papers: Sequence[tuple[int, int, int]] = ((245, 245, 240), (235, 230, 220), (222, 224, 228))
    rules: str = "plain"
    shadow: tuple[float, float] = (0, 0.1)
    noise: float = 3
    quality: tuple[int, int] = (75, 92)


_COLOURS = (
    (200, 30, 40),
    (20, 120, 60),
    (30, 60, 190),
    (120, 40, 140),
    (225, 110, 20),
    (95, 95, 100),
)
KINDS: dict[str, Kind] = {
    "thick pen": Kind(pen=(0.14, 0.23)),
    "thin pen": Kind(pen=(0.008, 0.018)),
    "coloured ink": Kind(
        inks=_COLOURS, papers=((250, 250, 250), (250, 235, 150), (205, 225, 240), (190, 150, 105))
    ),
    "lined paper": Kind(pen=(0.03, 0.06), rules="lined"),
    "squared paper": Kind(pen=(0.03, 0.06), rules="squared"),
    "shadow": Kind(shadow=(0.35, 0.55)),
    "rotated": Kind(turn=(9, 15)),
    "small, off centre": Kind(height=(0.1, 0.18), stray=0.85, pen=(0.07, 0.11)),
    "noise and JPEG": Kind(noise=14, quality=(12, 25)),
    "light on dark": Kind(
        inks=((235, 235, 230), (250, 240, 200), (255, 255, 255)),
        papers=((35, 60, 45), (30, 30, 35), (15, 15, 15), (40, 45, 80)),
        noise=5,
    ),
}
_SIZES = ((640, 480), (480, 640), (800, 600), (600, 800), (768, 576), (700, 700))
_FINE = 2  # strokes are drawn larger by this and made smaller, which smooths their edges


class Photo(NamedTuple):
    """A photo, its kind, and the digit on it."""

    kind: str
    digit: int
    image: Image.Image


def photos(seed: int = REPORTED) -> Iterator[Photo]:
    """Draws ten kinds of photos of ten digits."""
    for number, (name, kind) in enumerate(KINDS.items()):
        for digit in range(10):
            generator = np.random.default_rng((seed, number, digit))
            yield Photo(name, digit, photo([[digit]], kind, generator))


def photo(rows: Sequence[Sequence[int]], kind: Kind, generator: np.random.Generator) -> Image.Image:
    """Draws digits on a photo: one, none, or several in rows, one above another."""
    width, height = _SIZES[int(generator.integers(len(_SIZES)))]
    ink, paper = (
        colours[int(generator.integers(len(colours)))] for colours in (kind.inks, kind.papers)
    )
    page = np.full((height, width, 3), paper, float)
    _draw_rules(page, kind.rules, generator)
    drawn = np.asarray(_written(rows, (width, height), kind, generator), float)[..., None] / 255
    page += 0.93 * drawn * (np.array(ink) - page)
    page *= _light(page.shape, generator.uniform(*kind.shadow), generator)
    page += generator.normal(0, kind.noise, page.shape)
    file = io.BytesIO()
    taken = Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))
    taken.save(file, "JPEG", quality=int(generator.integers(*kind.quality)))
    return Image.open(file)


def _written(
    rows: Sequence[Sequence[int]],
    size: tuple[int, int],
    kind: Kind,
    generator: np.random.Generator,
) -> Image.Image:
    """Draws the strokes of all digits in white on black, around a point near the middle."""
    canvas = Image.new("L", (size[0] * _FINE, size[1] * _FINE))
    pen = ImageDraw.Draw(canvas)
    most = max(len(rows), *(len(row) for row in rows), 1) if rows else 1
    side = min(canvas.size) * generator.uniform(*kind.height) * (1 if most == 1 else 1.15 / most)
    free = (np.array(canvas.size) - side * most) * kind.stray / 2
    middle = np.array(canvas.size) / 2 + generator.uniform(-1, 1, 2) * free
    turn = np.radians(generator.uniform(*kind.turn)) * generator.choice([-1, 1])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    width = side * generator.uniform(*kind.pen)
    for y, row in enumerate(rows):
        for x, digit in enumerate(row):
            place = np.array([(x - (len(row) - 1) / 2) * 0.95, (y - (len(rows) - 1) / 2) * 1.25])
            for points in _handwritten(digit, generator):
                _draw_stroke(pen, middle + side * (place + points) @ turned, width, generator)
    blurred = canvas.filter(ImageFilter.GaussianBlur(_FINE))
    return blurred.resize(size, Image.Resampling.BOX)


def _handwritten(digit: int, generator: np.random.Generator) -> list[np.ndarray]:
    """Bends the strokes of one of a digit's shapes, [points, 2] around 0 and 1 high."""
    shape = SHAPES[digit][generator.integers(len(SHAPES[digit]))]
    scale, slant = generator.uniform([0.6, 0.85], [1.2, 1.1]), generator.uniform(-0.15, 0.35)
    waves, phases = generator.uniform(0.01, 0.035, 2), generator.uniform(0, 6.28, 4)
    strokes = []
    for stroke in shape:
        moved = np.array(stroke) + generator.normal(0, 0.02, 2)
        corners = moved + generator.normal(0, 0.02, moved.shape) * (len(stroke) < 8)
        lengths = np.cumsum([0, *np.linalg.norm(np.diff(corners, axis=0), axis=1)])
        along = np.linspace(0, lengths[-1], 60)
        x, y = (np.interp(along, lengths, axis) for axis in corners.T)
        x, y = (
            x + waves[0] * (np.sin(9 * y + phases[0]) + np.sin(5 * x + phases[1])) - 0.5,
            y + waves[1] * (np.sin(8 * x + phases[2]) + np.sin(5 * y + phases[3])) - 0.5,
        )
        # A hand rounds corners: each point is the mean of its neighbours, but for the ends.
        x, y = (np.convolve(np.pad(axis, 1, "edge"), np.ones(3) / 3, "valid") for axis in (x, y))
        strokes.append(np.stack([x * scale[0] - slant * y, y * scale[1]], axis=-1))
    return strokes


def _draw_stroke(
    pen: Any, points: np.ndarray, width: float, generator: np.random.Generator
) -> None:
    """Draws a line of slightly changing width with round ends and corners."""
    start, phase = points[0], generator.uniform(0, 6.28)
    for number, end in enumerate(points):
        radius = max(1.0, width * (1 + 0.15 * np.sin(0.15 * number + phase)) / 2)
        pen.ellipse([*(end - radius), *(end + radius)], fill=255)
        pen.line([*start, *end], fill=255, width=round(2 * radius))
        start = end


def _draw_rules(page: np.ndarray, rules: str, generator: np.random.Generator) -> None:
    """Draws the lines or squares of paper, which is never laid quite straight."""
    if rules == "plain":
        return
    step = generator.uniform(26, 60) if rules == "lined" else generator.uniform(22, 40)
    colour = np.array([(140, 165, 210), (180, 180, 185), (140, 185, 195)][generator.integers(3)])
    turn, width = np.radians(generator.uniform(-3, 3)), generator.uniform(1.5, 3)
    y, x = np.indices(page.shape[:2])
    across = [np.cos(turn) * y + np.sin(turn) * x, np.cos(turn) * x - np.sin(turn) * y]
    for distance in across[: 1 if rules == "lined" else 2]:
        from_line = np.abs((distance + generator.uniform(0, step)) % step - step / 2)
        strength = 0.75 * np.clip(width / 2 + 0.5 - from_line, 0, 1)[..., None]
        page += strength * (colour - page)


def _light(shape: Sequence[int], shadow: float, generator: np.random.Generator) -> np.ndarray:
    """Makes light that fades over the page, and the shadow of a hand or a head."""
    y, x = (np.linspace(-0.5, 0.5, size) for size in shape[:2])
    angle = generator.uniform(0, 6.28)
    across = np.cos(angle) * x + np.sin(angle) * y[:, None]
    fading = 1 - generator.uniform(0.02, 0.25) * (across + 0.5)
    edge = generator.uniform(-0.25, 0.25)
    softness = generator.uniform(12, 40)
    return (fading * (1 - shadow / (1 + np.exp(-softness * (across - edge)))))[..., None]


def contact_sheet(seed: int = REPORTED, side: int = 150) -> Image.Image:
    """Puts all photos on one sheet: a row for each kind, a column for each digit."""
    sheet = Image.new("RGB", (10 * side, len(KINDS) * side), "white")
    for number, (_, digit, image) in enumerate(photos(seed)):
        image.thumbnail((side - 4, side - 4))
        sheet.paste(image, (digit * side + 2, number // 10 * side + 2))
    return sheet


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sheet")
    parser.add_argument("--seed", type=int, default=REPORTED)
    options = parser.parse_args()
    contact_sheet(options.seed).save(options.sheet)
