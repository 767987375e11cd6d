"""From splits of pictures to what networks of image classification learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, Prepared
from deepzoo.errors import DataError

from .describing import describe
from .linear import nearest_mean
from .networks import scaled

if TYPE_CHECKING:
    from deepzoo import Images, Splits

MIRROR_SAMPLE = 4_000
MIRROR_SURVIVES = 0.7


class Pictures(Arrays):
    """Pictures kept as bytes and scaled when they are needed; labels as one-hot rows.

    Args:
        pixels: uint8 [N, height, width, channels].
        labels: int [N].
        classes: Number of classes.
        smoothing: Share of each target that is spread over all classes.
    """

    def __init__(
        self, pixels: np.ndarray, labels: np.ndarray, classes: int, smoothing: float = 0.0
    ) -> None:
        super().__init__(pixels, labels)
        self.rows = (
            np.eye(classes, dtype=np.float32) * (1 - smoothing) + smoothing / classes
        ).astype(np.float32)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Returns pictures from 0 to 1 and their targets, float32."""
        return scaled(self.inputs[indices]), self.rows[self.targets[indices]], None


def prepare(splits: Splits, model: Any) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Raises:
        DataError: The splits have pictures of different sizes.
    """
    for part in ("validation", "test"):
        _check(part, getattr(splits, part), splits.train)
    train: Any = splits.train
    classes = len(train.classes)
    smoothing = getattr(model, "label_smoothing", 0.0)
    shape = [int(size) for size in train.pixels.shape[1:]]
    preprocessor = {"classes": [str(name) for name in train.classes], **describe(train.pixels)}
    preprocessor["shape"] = shape
    spec = {
        **dict(zip(("height", "width", "channels"), shape, strict=True)),
        "classes": classes,
        "output": getattr(model, "output", "softmax"),
        "mirror": _mirrored(getattr(model, "mirror", "no"), train),
    }
    return Prepared(
        Pictures(train.pixels, train.labels, classes, smoothing),
        _pictures(splits.validation, classes),
        _pictures(splits.test, classes),
        preprocessor,
        spec,
    )


def _pictures(part: Any, classes: int) -> Pictures:
    return Pictures(part.pixels, part.labels, classes)


def _mirrored(wish: str, train: Images) -> bool:
    """Decides whether training pictures may be mirrored.

    A mirrored shirt is a shirt and a mirrored 7 is nothing: `auto` compares how many pictures,
    as they are and mirrored, have the mean of their own class as the nearest.
    """
    if wish != "auto":
        return wish == "yes"
    few = np.linspace(0, len(train) - 1, min(len(train), MIRROR_SAMPLE)).astype(np.int64)
    pictures, labels = scaled(train.pixels[few]), train.labels[few]
    if len(np.unique(labels)) < 2:
        return False
    weights, bias = nearest_mean(pictures.reshape(len(few), -1), labels, len(train.classes))
    straight, mirrored = (
        np.mean((x.reshape(len(few), -1) @ weights + bias).argmax(axis=1) == labels)
        for x in (pictures, pictures[:, :, ::-1])
    )
    return bool(mirrored >= MIRROR_SURVIVES * straight)


def _check(name: str, part: Any, train: Any) -> None:
    """Refuses splits of different sizes; what one split may hold the kind has checked."""
    if len(part) and part.pixels.shape[1:] != train.pixels.shape[1:]:
        raise DataError(
            f"The {name} pictures have another size than the training pictures: expected "
            f"{list(train.pixels.shape[1:])}, received {list(part.pixels.shape[1:])}.",
            "Bring all pictures to one size.",
        )
