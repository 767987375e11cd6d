"""Stand-ins for the published sets, drawn by the plugin: same shapes, same classes, learnable."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import drawing
from .drawing import Distortion
from .silhouettes import GARMENTS, THINGS

if TYPE_CHECKING:
    from numpy.random import Generator

    Part = tuple[np.ndarray, np.ndarray]

SCENES = ("airplane", "frog", "ship", "truck")
"""The classes of the stand-in for a user's own images."""
_WEIGHTS = (0, 1, 2)
_SKY, _SEA, _ROAD, _MEADOW = (120, 170, 220), (40, 90, 140), (110, 110, 110), (90, 140, 60)
_ROOM, _SAND = (150, 120, 100), (190, 170, 120)
_GROUNDS = {  # colours above and below, so that a colour tells something, but not all
    "airplane": (_SKY, _SKY),
    "automobile": (_SKY, _ROAD),
    "bird": (_SKY, _MEADOW),
    "cat": (_ROOM, _ROOM),
    "deer": (_MEADOW, _SAND),
    "dog": (_ROOM, _MEADOW),
    "frog": (_MEADOW, _SEA),
    "horse": (_SKY, _MEADOW),
    "ship": (_SKY, _SEA),
    "truck": (_SKY, _ROAD),
}
_FURS = {"frog": (80, 170, 60), "deer": (150, 100, 50), "horse": (110, 70, 40)}


class _Sample(NamedTuple):
    """One stand-in: its seed, its sizes, and how images of given labels are drawn."""

    seed: int
    train: int
    test: int
    classes: int
    draw: Callable[[np.ndarray, Generator], np.ndarray]


def stand_in(name: str) -> tuple[Part, Part]:
    """Draws the training and the test part of a dataset's stand-in; always the same ones.

    Each is pixels uint8 [N, height, width] or [N, height, width, 3], and labels.
    """
    sample = _SAMPLES[name]
    generator = np.random.default_rng(sample.seed)
    return _part(sample, sample.train, generator), _part(sample, sample.test, generator)


def _part(sample: _Sample, count: int, generator: Generator) -> Part:
    labels = generator.permutation(np.arange(count) % sample.classes)
    values = sample.draw(labels, generator)
    noise = generator.normal(0, 3, values.shape) * (values > 0)  # black stays black
    return np.clip(values + noise, 0, 255).astype(np.uint8), labels


def _writing(groups: Sequence[str], height: float, amount: Distortion) -> Callable:
    """Makes a function that draws characters; each class is a group of them."""

    def draw(labels: np.ndarray, generator: Generator) -> np.ndarray:
        drawings = [
            drawing.draw_text(letter, height, weight)
            for group in groups
            for letter in group
            for weight in _WEIGHTS
        ]
        each = len(groups[0]) * len(_WEIGHTS)
        which = labels * each + generator.integers(each, size=len(labels))
        images = drawing.distorted(np.stack(drawings), which, 28, amount, generator)
        return 255 * np.minimum(1, images * generator.uniform(0.8, 1.3, (len(labels), 1, 1)))

    return draw


def _clothing(labels: np.ndarray, generator: Generator) -> np.ndarray:
    """Draws garments of different shades, some with stripes."""
    drawings = np.stack([drawing.draw_shapes(shapes) for shapes in GARMENTS.values()])
    amount = Distortion(turn=0.06, scale=0.08, shear=0.05, shift=0.025, elastic=0.02)
    images = drawing.distorted(drawings, labels, 28, amount, generator)
    count = len(labels)
    width, phase = generator.uniform(2, 5, (count, 1, 1)), generator.uniform(0, 6, (count, 1, 1))
    strength = generator.choice([0, 0, 0.3], (count, 1, 1))
    stripes = 1 - strength * (np.sin(np.arange(28)[:, None] / width * 3 + phase) > 0)
    return 255 * images * stripes * generator.uniform(0.45, 1.2, (count, 1, 1))


def _scenes(names: Sequence[str]) -> Callable:
    """Makes a function that draws things in colour on their usual backgrounds."""

    def draw(labels: np.ndarray, generator: Generator) -> np.ndarray:
        drawings = np.stack([drawing.draw_shapes(THINGS[name]) for name in names])
        amount = Distortion(turn=0.1, scale=0.15, shear=0.1, shift=0.05, elastic=0.025)
        images = drawing.distorted(drawings, labels, 32, amount, generator)
        mirrored = generator.random(len(labels)) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        shown = [names[int(label)] for label in labels]
        return _coloured(images[..., np.newaxis], shown, generator)

    return draw


def _coloured(images: np.ndarray, names: Sequence[str], generator: Generator) -> np.ndarray:
    count = len(names)
    grounds = np.array([_GROUNDS[name] for name in names], np.float32)
    grounds += generator.normal(0, 35, grounds.shape)
    above, below = (grounds[:, side, np.newaxis, np.newaxis] for side in (0, 1))
    horizon = generator.uniform(0.4, 0.8, (count, 1, 1, 1))
    down = np.linspace(0, 1, 32)[:, np.newaxis, np.newaxis]
    behind = np.where(down < horizon, above, below) + generator.normal(0, 8, (count, 32, 32, 3))
    paints = generator.uniform(30, 250, (count, 3))
    for index, name in enumerate(names):
        if name in _FURS:
            paints[index] = np.array(_FURS[name]) + generator.normal(0, 30, 3)
    thing = paints[:, np.newaxis, np.newaxis] * images
    opacity = np.minimum(1, images * 4)
    return np.maximum(1, behind * (1 - opacity) + thing * opacity)


_HAND = Distortion(turn=0.15, scale=0.1, shear=0.18, shift=0.03, elastic=0.035)
_PRINT = Distortion(turn=0.03, scale=0.12, shear=0.1, shift=0.02, elastic=0.03)
_BOTH_CASES = [capital + capital.lower() for capital in string.ascii_uppercase]
_SAMPLES = {
    "mnist": _Sample(1, 1800, 500, 10, _writing(list("0123456789"), 0.85, _HAND)),
    "fashion-mnist": _Sample(2, 1800, 500, 10, _clothing),
    "emnist-letters": _Sample(3, 2340, 520, 26, _writing(_BOTH_CASES, 0.85, _HAND)),
    "notmnist-letters": _Sample(4, 1800, 500, 10, _writing(list("ABCDEFGHIJ"), 1.0, _PRINT)),
    "cifar10": _Sample(5, 1800, 500, 10, _scenes(tuple(THINGS))),
    "images": _Sample(6, 1000, 400, 4, _scenes(SCENES)),
}
