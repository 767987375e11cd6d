"""From splits of images to what networks learn from: pixels of a few levels of grey."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Images, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import match_classes, read_image

if TYPE_CHECKING:
    from deepzoo import Splits

GREY = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow converts to L
LARGEST = 64 * 64  # pixels of an image: each takes a step to draw


def grey(pixels: np.ndarray) -> np.ndarray:
    """Returns images [n, height, width, channels] in grey, uint8 [n, height, width]."""
    if pixels.shape[-1] == 1:
        return pixels[..., 0]
    return np.rint(pixels @ GREY).astype(np.uint8)


def border(pixels: np.ndarray) -> float:
    """Returns the mean of the pixels at the border of images [n, height, width]."""
    rows, columns = pixels[:, [0, -1]].ravel(), pixels[:, :, [0, -1]].ravel()
    return float(np.concatenate([rows, columns]).mean())


def quantise(pixels: np.ndarray, levels: int, noise: np.ndarray | float = 0.5) -> np.ndarray:
    """Maps bytes to levels of grey, int32 from 0 to `levels` - 1.

    Args:
        pixels: uint8 of any shape.
        levels: Number of levels; 2 is black and white.
        noise: Uniform from 0 to 1, so that a pixel is rounded up with the probability of its
            fraction; 0.5 rounds to the nearest.
    """
    drawn = np.floor(pixels * np.float32((levels - 1) / 255) + noise).astype(np.int32)
    return np.minimum(drawn, levels - 1)  # the sum of white and of noise below 1 may be rounded up


def as_bytes(levels: np.ndarray, count: int) -> np.ndarray:
    """Turns levels from 0 to `count` - 1 into bytes."""
    return np.rint(levels * (255 / (count - 1))).astype(np.uint8)


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
        """Returns the levels of images, int32 [n, height, width], always the same of an image."""
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
    by_class: bool,
    preprocessor: Mapping[str, Any] | None = None,
) -> Prepared:
    """Makes arrays, preprocessor and spec of splits of images.

    Args:
        splits: Images, grey or colour.
        levels: Number of levels of grey.
        seed: Seed of the sampled levels, or None to round to the nearest.
        by_class: Whether the network is told the class of an image.
        preprocessor: That of a run: its classes are matched by name, and images of another size
            are fitted into its size.

    Raises:
        DataError: Images differ in size, are too large, or are all of one level; or none has a
            class of the run.
    """
    if preprocessor is not None:
        splits = match_classes(splits, preprocessor["classes"])
    train: Images = splits.train
    facts = dict(
        preprocessor
        or {
            "shape": [int(side) for side in train.pixels.shape[1:3]],
            "classes": [str(name) for name in train.classes],
            "shares": np.bincount(train.labels, minlength=len(train.classes)).tolist(),
            "border": round(border(grey(train.pixels)), 3),
        }
    )
    height, width = facts["shape"]
    parts = {}
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        if preprocessor is not None and len(part) and part.pixels.shape[1:3] != (height, width):
            part = dataclasses.replace(part, pixels=fitted(part.pixels, facts)[..., None])
        if len(part) and part.pixels.shape[1:3] != (height, width):
            raise DataError(
                f"The {name} images differ in size from the training images: expected "
                f"{height} x {width}, received {part.pixels.shape[1]} x {part.pixels.shape[2]}.",
                "Scale all images to one size.",
            )
        parts[name] = LevelArrays(grey(part.pixels), part.labels, levels, seed)
    if preprocessor is None:
        _check(parts["train"], height, width)
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
        by_class=by_class,
    )
    return Prepared(**parts, preprocessor=facts, spec=spec)


def _check(train: LevelArrays, height: int, width: int) -> None:
    """Refuses images from which nothing can be learned, or not in a reasonable time."""
    if height * width > LARGEST:
        raise DataError(
            f"Images of {height} x {width} pixels are too large to be drawn pixel by pixel: "
            f"expected at most {LARGEST:,} pixels, received {height * width:,}.",
            "Scale them down; images of your own with --set size=28.",
        )
    darkest, lightest = train.inputs.min(initial=255), train.inputs.max(initial=0)
    rounded = quantise(np.array([darkest, lightest]), train.levels)
    if darkest == lightest or (train.seed is None and rounded[0] == rounded[1]):
        raise DataError(
            f"All pixels of the {len(train):,} training images have the same level of grey "
            f"(they are from {darkest} to {lightest} of 255): nothing can be learned.",
            "" if darkest == lightest else "More levels keep them apart: --set levels=16",
        )


def fitted(images: Any, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Reads images in grey and in the size of a run, uint8 [n, height, width].

    An image of another size is fitted in whole. If its border is light where that of training
    images is dark, or dark where theirs is light, it is inverted.

    Args:
        images: Image files, Pillow images, or arrays uint8 [height, width(, channels)].
        preprocessor: That of the run.

    Raises:
        DataError: A file cannot be used; the message has its path.
    """
    from PIL import ImageOps

    height, width = preprocessor["shape"]
    read = []
    for given in images:
        image = read_image(given).convert("L")
        if image.size != (width, height):
            edge = border(np.asarray(image)[None])
            image = ImageOps.pad(image, (width, height), color=round(edge))
            if (edge > 127.5) != (preprocessor["border"] > 127.5):
                image = ImageOps.invert(image)
        read.append(np.asarray(image))
    return np.stack(read)
