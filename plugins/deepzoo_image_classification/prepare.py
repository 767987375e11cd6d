"""From splits of images to what networks of image classification learn from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Images, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import match_classes

from .files.adapt import describe
from .files.photos import read_photos
from .linear import nearest_mean, scaled

if TYPE_CHECKING:
    from deepzoo import Splits
MIRROR_SAMPLE = 4_000
MIRROR_SURVIVES = 0.7


class ImageArrays(Arrays):
    """Images kept as bytes and scaled when they are needed; labels as one-hot rows.

    Args:
        pixels: uint8 [N, height, width, channels].
        labels: int [N].
        classes: Number of classes.
        smoothing: Fraction of each target that is spread over all classes.
    """

    def __init__(
        self, pixels: np.ndarray, labels: np.ndarray, classes: int, smoothing: float = 0.0
    ) -> None:
        super().__init__(pixels, labels)
        self.rows = (
            np.eye(classes, dtype=np.float32) * (1 - smoothing) + smoothing / classes
        ).astype(np.float32)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Returns images from 0 to 1 and their targets, float32."""
        return scaled(self.inputs[indices]), self.rows[self.targets[indices]], None


def prepare(splits: Splits, model: Any, preprocessor: Mapping[str, Any] | None = None) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Labelled images.
        model: A model of this task.
        preprocessor: That of a run: its classes are matched by name, and images of another size
            than its are scaled as photos are.

    Raises:
        DataError: The splits have images of different sizes, or none of a class of the run.
    """
    if preprocessor is not None:
        splits = _as_trained(splits, preprocessor)
    train: Images = splits.train
    height, width, channels = shape = [int(size) for size in train.pixels.shape[1:]]
    for name in ("validation", "test"):
        part = getattr(splits, name)
        if len(part) and part.pixels.shape[1:] != train.pixels.shape[1:]:
            raise DataError(
                f"The {name} images differ in size from the training images: expected "
                f"{shape}, received {list(part.pixels.shape[1:])}.",
                "Scale all images to one size.",
            )
    classes = len(train.classes)
    smoothing = getattr(model, "label_smoothing", 0.0)
    output = getattr(model, "output", "softmax")
    return Prepared(
        ImageArrays(train.pixels, train.labels, classes, smoothing),
        ImageArrays(splits.validation.pixels, splits.validation.labels, classes),
        ImageArrays(splits.test.pixels, splits.test.labels, classes),
        preprocessor=dict(
            preprocessor or {"classes": list(map(str, train.classes)), **describe(train.pixels)}
        ),
        spec=Example(
            inputs=ArraySpec(shape, low=0, high=1),
            targets=ArraySpec([classes], low=0, high=1),
            outputs="logits" if output == "logits" else "probabilities",
            height=height,
            width=width,
            channels=channels,
            classes=classes,
            output=output,
            mirror=_mirror(getattr(model, "mirror", "no"), train),
        ),
    )


def _as_trained(splits: Splits, preprocessor: Mapping[str, Any]) -> Splits:
    """Numbers labels by the classes of a run, and scales images to its size.

    Raises:
        DataError: No test image has a class of the run.
    """
    shape = tuple(preprocessor["shape"])

    def scaled_as_trained(part: Images) -> Images:
        if len(part) and part.pixels.shape[1:] != shape:
            pixels = read_photos(list(part.pixels), preprocessor)
            part = dataclasses.replace(part, pixels=pixels)
        return part

    return match_classes(splits, preprocessor["classes"]).map(scaled_as_trained)


def _mirror(setting: str, train: Images) -> bool:
    """Decides whether training images may be mirrored.

    A mirrored shirt is a shirt, a mirrored 7 is not a digit: `auto` compares how many images,
    as they are and mirrored, have the mean of their own class as the nearest.
    """
    if setting != "auto":
        return setting == "yes"
    sample = np.linspace(0, len(train) - 1, min(len(train), MIRROR_SAMPLE)).astype(np.int64)
    images, labels = scaled(train.pixels[sample]), train.labels[sample]
    if len(np.unique(labels)) < 2:
        return False
    weights, bias = nearest_mean(images.reshape(len(sample), -1), labels, len(train.classes))
    plain, mirrored = (
        np.mean((x.reshape(len(sample), -1) @ weights + bias).argmax(axis=1) == labels)
        for x in (images, images[:, :, ::-1])
    )
    return bool(mirrored >= MIRROR_SURVIVES * plain)
