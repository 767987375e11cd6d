"""From splits of images to what networks learn from: pixels of a few levels of grey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Images, Prepared
from deepzoo.errors import DataError

if TYPE_CHECKING:
    from deepzoo import Splits

GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow converts to L


def grey(pixels: np.ndarray) -> np.ndarray:
    """Returns images [n, height, width, channels] in grey, uint8 [n, height, width]."""
    if pixels.shape[-1] == 1:
        return pixels[..., 0]
    return np.rint(pixels @ GREY).astype(np.uint8)


def quantise(pixels: np.ndarray, levels: int, noise: np.ndarray | float = 0.5) -> np.ndarray:
    """Maps bytes to levels of grey, int32 from 0 to `levels` - 1.

    Args:
        pixels: uint8 of any shape.
        levels: Number of levels; 2 is black and white.
        noise: Uniform from 0 to 1, so that a pixel is rounded up with the probability of its
            fraction; 0.5 rounds to the nearest.
    """
    return np.floor(pixels * np.float32((levels - 1) / 255) + noise).astype(np.int32)


class LevelArrays(Arrays):
    """Images as levels of grey, which are input and target, with their labels.

    Args:
        pixels: uint8 [n, height, width].
        labels: int64 [n].
        levels: Number of levels.
        seed: Seed of the sampled levels, or None to round to the nearest.
    """

    def __init__(
        self, pixels: np.ndarray, labels: np.ndarray, levels: int, seed: int | None
    ) -> None:
        super().__init__(pixels, pixels)
        self.labels, self.levels, self.seed = labels.astype(np.int32), levels, seed

    def quantised(self, indices: np.ndarray) -> np.ndarray:
        """Returns the levels of images, int32 [n, height, width], the same each time."""
        pixels = self.inputs[indices]
        if self.seed is None:
            return quantise(pixels, self.levels)
        noise = [
            np.random.default_rng([self.seed, index]).random(pixels.shape[1:], np.float32)
            for index in np.asarray(indices).tolist()
        ]
        return quantise(pixels, self.levels, np.reshape(noise, pixels.shape))

    def batch(self, indices: np.ndarray) -> tuple[Any, np.ndarray, None]:
        """Returns pixels from 0 to 1 with labels, and the levels."""
        levels = self.quantised(indices)
        pixels = levels.astype(np.float32) / (self.levels - 1)
        return (pixels, self.labels[indices]), levels, None

    def for_epoch(self, generator: np.random.Generator) -> LevelArrays:
        """Returns the images with levels that are sampled anew."""
        if self.seed is None:
            return self
        seed = int(generator.integers(2**31))
        return LevelArrays(self.inputs, self.labels, self.levels, seed)


def prepare(
    splits: Splits,
    levels: int,
    seed: int | None,
    preprocessor: Mapping[str, Any] | None = None,
) -> Prepared:
    """Makes arrays, preprocessor and spec of splits of images.

    Args:
        splits: Images.
        levels: Number of levels of grey.
        seed: Seed of the sampled levels, or None to round to the nearest.
        preprocessor: That of a run.

    Raises:
        DataError: The splits have images of different sizes.
    """
    train: Images = splits.train
    facts = dict(
        preprocessor
        or {
            "shape": [int(side) for side in train.pixels.shape[1:3]],
            "classes": [str(name) for name in train.classes],
            "shares": np.bincount(train.labels, minlength=len(train.classes)).tolist(),
        }
    )
    height, width = facts["shape"]
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        if len(part) and list(part.pixels.shape[1:3]) != [height, width]:
            raise DataError(
                f"The {name} images differ in size from the training images: expected "
                f"{height} x {width}, received {part.pixels.shape[1]} x {part.pixels.shape[2]}.",
                "Scale all images to one size.",
            )
    parts = {
        name: LevelArrays(grey(part.pixels), part.labels, levels, seed)
        for name, part in (
            ("train", splits.train), ("validation", splits.validation), ("test", splits.test)
        )
    }  # fmt: skip
    spec = Example(
        inputs={
            "pixels": ArraySpec([height, width], low=0, high=1),
            "label": ArraySpec([], "int32", low=0, high=len(facts["classes"]) - 1),
        },
        targets=ArraySpec([height, width], "int32", low=0, high=levels - 1),
        outputs="logits",
        height=height,
        width=width,
        levels=levels,
        classes=len(facts["classes"]),
    )
    return Prepared(**parts, preprocessor=facts, spec=spec)
