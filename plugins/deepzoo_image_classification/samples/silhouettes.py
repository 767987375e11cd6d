"""Outlines of ten garments and of ten things and animals, as polygons in a square of side 1."""

from __future__ import annotations

import math

from .drawing import Points, Shape


def _box(left: float, top: float, right: float, bottom: float) -> Points:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _disc(x: float, y: float, x_radius: float, y_radius: float) -> Points:
    turns = [step * math.pi / 12 for step in range(24)]
    return [(x + x_radius * math.cos(turn), y + y_radius * math.sin(turn)) for turn in turns]


def _both(half: Points) -> Points:
    """Completes the left half of a symmetric outline."""
    return [*half, *((1 - x, y) for x, y in reversed(half))]


_SLEEVES = [(0.38, 0.14), (0.26, 0.2), (0.12, 0.78), (0.22, 0.8), (0.31, 0.42)]
_NECK = Shape(0.0, [(0.42, 0.13), (0.58, 0.13), (0.5, 0.2)])
_UPPER_LOW = [(0.06, 0.68), (0.1, 0.56), (0.4, 0.5), (0.58, 0.36), (0.92, 0.38), (0.94, 0.7)]
_UPPER_HIGH = [(0.06, 0.68), (0.12, 0.54), (0.5, 0.46), (0.54, 0.14), (0.92, 0.14), (0.92, 0.7)]
_SOLE = Shape(0.5, _box(0.08, 0.68, 0.94, 0.74))

GARMENTS: dict[str, list[Shape]] = {
    "T-shirt/top": [
        Shape(0.8, _both([(0.38, 0.16), (0.1, 0.3), (0.17, 0.45), (0.3, 0.38), (0.3, 0.86)])),
        _NECK,
    ],
    "Trouser": [Shape(0.8, _both([(0.35, 0.1), (0.3, 0.92), (0.44, 0.92), (0.49, 0.35)]))],
    "Pullover": [Shape(0.8, _both([*_SLEEVES, (0.31, 0.84)])), _NECK],
    "Dress": [Shape(0.8, _both([(0.42, 0.08), (0.37, 0.2), (0.43, 0.42), (0.27, 0.94)]))],
    "Coat": [
        Shape(0.8, _both([(0.4, 0.06), (0.25, 0.14), (0.13, 0.72), (0.24, 0.74), (0.29, 0.94)])),
        Shape(0.15, _box(0.485, 0.08, 0.515, 0.94)),
    ],
    "Sandal": [
        Shape(0.9, [(0.06, 0.7), (0.5, 0.66), (0.94, 0.52), (0.95, 0.62), (0.5, 0.76)]),
        Shape(0.7, [(0.2, 0.68), (0.34, 0.48), (0.42, 0.48), (0.32, 0.68)]),
        Shape(0.7, [(0.62, 0.62), (0.74, 0.36), (0.81, 0.36), (0.76, 0.6)]),
    ],
    "Shirt": [
        Shape(0.8, _both([*_SLEEVES, (0.31, 0.84)])),
        Shape(0.0, [(0.4, 0.12), (0.6, 0.12), (0.5, 0.34)]),
        Shape(0.4, _box(0.49, 0.34, 0.51, 0.84)),
        Shape(0.4, _box(0.56, 0.42, 0.66, 0.54)),
    ],
    "Sneaker": [
        Shape(0.85, _UPPER_LOW),
        _SOLE,
        Shape(0.3, [(0.44, 0.5), (0.58, 0.39), (0.62, 0.42), (0.5, 0.54)]),
    ],
    "Bag": [
        Shape(0.7, _box(0.3, 0.2, 0.7, 0.5)),
        Shape(0.0, _box(0.37, 0.27, 0.63, 0.5)),
        Shape(0.9, [(0.14, 0.42), (0.86, 0.42), (0.92, 0.86), (0.08, 0.86)]),
    ],
    "Ankle boot": [Shape(0.85, _UPPER_HIGH), _SOLE],
}  # fmt: skip

_WHEELS = [Shape(0.1, _disc(x, 0.72, 0.09, 0.09)) for x in (0.27, 0.75)]


def _animal(body: float, legs: float, neck: float, *more: Shape) -> list[Shape]:
    """Draws a body on four legs with a neck and a head."""
    foot = body + legs
    return [
        *(Shape(0.7, _box(x, body, x + 0.06, foot)) for x in (0.2, 0.3, 0.54, 0.63)),
        Shape(0.85, _disc(0.45, body, 0.28, 0.13)),
        Shape(0.85, [(0.58, body), (0.68, body), (0.8, body - neck), (0.68, body - neck)]),
        Shape(0.95, _disc(0.77, body - neck, 0.12, 0.08)),
        *more,
    ]


THINGS: dict[str, list[Shape]] = {
    "airplane": [
        Shape(0.9, _disc(0.5, 0.5, 0.42, 0.07)),
        Shape(0.8, [(0.4, 0.5), (0.58, 0.5), (0.36, 0.86), (0.28, 0.86)]),
        Shape(0.8, [(0.42, 0.5), (0.58, 0.5), (0.4, 0.18), (0.32, 0.18)]),
        Shape(0.8, [(0.08, 0.26), (0.16, 0.26), (0.24, 0.5), (0.1, 0.5)]),
    ],
    "automobile": [
        Shape(0.7, [(0.28, 0.52), (0.36, 0.34), (0.64, 0.34), (0.76, 0.52)]),
        Shape(0.95, [(0.08, 0.5), (0.92, 0.5), (0.95, 0.72), (0.06, 0.72)]),
        *_WHEELS,
    ],
    "bird": [
        Shape(0.85, _disc(0.48, 0.52, 0.22, 0.14)),
        Shape(0.9, _disc(0.7, 0.38, 0.1, 0.1)),
        Shape(0.6, [(0.78, 0.36), (0.92, 0.4), (0.78, 0.43)]),
        Shape(0.7, [(0.3, 0.5), (0.06, 0.66), (0.34, 0.6)]),
        Shape(0.5, _box(0.47, 0.64, 0.49, 0.84)),
    ],
    "cat": [
        Shape(0.9, _disc(0.5, 0.56, 0.3, 0.28)),
        Shape(0.9, [(0.22, 0.5), (0.24, 0.14), (0.46, 0.34)]),
        Shape(0.9, [(0.78, 0.5), (0.76, 0.14), (0.54, 0.34)]),
        Shape(0.2, _disc(0.39, 0.52, 0.05, 0.05)),
        Shape(0.2, _disc(0.61, 0.52, 0.05, 0.05)),
    ],
    "deer": _animal(
        0.56, 0.34, 0.26,
        Shape(0.6, [(0.74, 0.26), (0.6, 0.06), (0.64, 0.05), (0.78, 0.25)]),
        Shape(0.6, [(0.76, 0.26), (0.84, 0.04), (0.88, 0.05), (0.8, 0.26)]),
    ),
    "dog": [
        Shape(0.85, _disc(0.5, 0.5, 0.26, 0.3)),
        Shape(0.6, _disc(0.22, 0.5, 0.08, 0.24)),
        Shape(0.6, _disc(0.78, 0.5, 0.08, 0.24)),
        Shape(1.0, _disc(0.5, 0.66, 0.14, 0.12)),
        Shape(0.1, _disc(0.5, 0.62, 0.05, 0.04)),
    ],
    "frog": [
        Shape(0.85, _disc(0.5, 0.62, 0.36, 0.2)),
        Shape(0.95, _disc(0.36, 0.42, 0.08, 0.08)),
        Shape(0.95, _disc(0.64, 0.42, 0.08, 0.08)),
        Shape(0.7, _disc(0.16, 0.78, 0.13, 0.06)),
        Shape(0.7, _disc(0.84, 0.78, 0.13, 0.06)),
    ],
    "horse": _animal(
        0.5, 0.4, 0.3,
        Shape(0.5, [(0.2, 0.44), (0.06, 0.74), (0.12, 0.76), (0.24, 0.5)]),
        Shape(0.5, [(0.56, 0.42), (0.68, 0.12), (0.74, 0.14), (0.64, 0.44)]),
    ),
    "ship": [
        Shape(0.9, [(0.06, 0.6), (0.94, 0.6), (0.8, 0.8), (0.2, 0.8)]),
        Shape(0.7, _box(0.3, 0.42, 0.64, 0.6)),
        Shape(0.8, _box(0.42, 0.2, 0.5, 0.42)),
    ],
    "truck": [
        Shape(0.95, _box(0.04, 0.2, 0.62, 0.7)),
        Shape(0.7, _box(0.64, 0.38, 0.92, 0.7)),
        *_WHEELS,
    ],
}  # fmt: skip
