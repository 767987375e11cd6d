"""Images and image pairs, with the settings of labelled images: classes, subsets and pixels."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge

from ..errors import DataError, did_you_mean
from .kinds import Kind, KindSettings, Splits, shared
from .random_splits import stratified
from .recipe import setting

if TYPE_CHECKING:
    import numpy as np


class ImageSettings(KindSettings):
    """Which images are used, and how their pixels are arranged."""

    subset: Annotated[int, Ge(0)] = setting(
        0, "number of training images to keep, stratified by class; 0 keeps all"
    )
    test_subset: Annotated[int, Ge(0)] = setting(
        0, "number of test images to keep, stratified by class; 0 keeps all"
    )
    subset_seed: Annotated[int, Ge(0)] = setting(0, "seed of the two draws")
    keep_classes: tuple[str, ...] = setting(
        (), "names of the classes to keep, numbered in this order; by default all are kept"
    )
    permute_pixels: bool = setting(False, "permute the pixels of every image in the same way")
    permutation_seed: Annotated[int, Ge(0)] = setting(0, "seed of that permutation")
    skip_bad: bool = setting(False, "train even if most image files cannot be read")
    allow_single_class: bool = setting(False, "train even if all images have the same class")

    def apply(self, splits: Splits) -> Splits:
        """Checks pixels and labels, draws the subsets and permutes the pixels.

        Raises:
            DataError: Pixels or labels are not valid for images with classes.
        """
        parts = {
            name: _standard(getattr(splits, name), name) for name in ("train", "validation", "test")
        }
        for name, part in parts.items():
            _check_labels(part, name)
            if self.keep_classes:
                parts[name] = _of_classes(part, self.keep_classes)
        train = parts["train"]
        if not self.allow_single_class and len(train) and train.labels.min() == train.labels.max():
            raise DataError(
                f"All {len(train):,} training images have the class "
                f"{train.classes[int(train.labels[0])]!r}: nothing can be learned.",
                "Give at least two classes, or --set allow_single_class=true.",
            )
        notes = list(splits.notes)
        for name, count in (("train", self.subset), ("test", self.test_subset)):
            if count:
                parts[name] = _draw(parts[name], name, count, self.subset_seed, notes)
        if self.permute_pixels:
            for name, part in parts.items():
                parts[name] = dataclasses.replace(part, pixels=self.arrange(part.pixels))
            notes.append(
                "The pixels of every image are permuted in the same way, "
                f"with seed {self.permutation_seed}."
            )
        return Splits(**parts, notes=tuple(notes))

    def arrange(self, inputs: np.ndarray) -> np.ndarray:
        """Permutes the pixels of images [N, height, width, channels], if `permute_pixels` is set.

        All images are permuted alike; the channels of a pixel stay together.
        """
        import numpy as np

        if not self.permute_pixels or not len(inputs):
            return inputs
        height, width = inputs.shape[1:3]
        order = np.random.default_rng(self.permutation_seed).permutation(height * width)
        return inputs.reshape(len(inputs), height * width, -1)[:, order].reshape(inputs.shape)


class Images(Kind):
    """Labelled images: `pixels` uint8 [N, height, width, channels], `labels` int64 [N]."""

    name = "images"
    options = ImageSettings
    pixels: np.ndarray
    labels: np.ndarray
    classes: Sequence[str] = shared()


class ImagePairs(Kind):
    """Noisy and clean images: lists of uint8 [height, width]; `clean` may be absent."""

    name = "image-pairs"
    noisy: Sequence[np.ndarray]
    clean: Sequence[np.ndarray] | None = None


def _standard(part: Images, where: str) -> Images:
    """Converts pixels to uint8 [N, height, width, channels] and labels to int64 [N]."""
    import numpy as np

    pixels, labels = np.asarray(part.pixels), np.asarray(part.labels)
    if not len(pixels) and not len(labels):
        return part
    if pixels.ndim == 3:
        pixels = pixels[..., np.newaxis]
    if pixels.ndim != 4 or pixels.shape[-1] not in (1, 3):
        raise DataError(
            f"Images of {where} have shape {pixels.shape}, expected [N, height, width] or "
            "[N, height, width, 1 or 3].",
            "Give grey or RGB images of one size.",
        )
    if labels.shape != (len(pixels),):
        raise DataError(
            f"Labels of {where} have shape {labels.shape}, expected one for each of the "
            f"{len(pixels):,} images.",
        )
    if labels.dtype.kind not in "iu":
        raise DataError(
            f"Labels of {where} are {labels.dtype}, expected whole numbers; "
            f"the first is {labels[0]!r}.",
            "Number the classes from 0.",
        )
    return dataclasses.replace(
        part, pixels=_bytes(pixels, where), labels=labels.astype(np.int64, copy=False)
    )


def _bytes(pixels: np.ndarray, where: str) -> np.ndarray:
    import numpy as np

    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind not in "iuf" or not np.isfinite(pixels).all():
        raise DataError(
            f"Pixels of {where} are {pixels.dtype}, expected finite numbers from 0 to 255."
        )
    low, high = pixels.min(), pixels.max()
    if low < 0 or high > 255:
        raise DataError(
            f"Pixels of {where} range from {low:g} to {high:g}, expected 0 to 255, or 0 to 1.",
            "Scale them to 0 to 255, without subtracting a mean.",
        )
    scale = 255 if pixels.dtype.kind == "f" and high <= 1 else 1
    return np.rint(pixels * scale).astype(np.uint8)


def _check_labels(part: Images, where: str) -> None:
    import numpy as np

    wrong = np.flatnonzero((part.labels < 0) | (part.labels >= len(part.classes)))
    if len(wrong):
        raise DataError(
            f"Image {wrong[0]:,} of {where} has the label {part.labels[wrong[0]]}, expected 0 to "
            f"{len(part.classes) - 1}, the {len(part.classes)} classes; "
            f"{len(wrong):,} labels are out of range.",
        )


def _of_classes(part: Images, classes: Sequence[str]) -> Images:
    """Keeps the images of some classes, numbered in the order in which these are named."""
    import numpy as np

    classes, known = list(dict.fromkeys(classes)), [str(name) for name in part.classes]
    unknown = next((name for name in classes if name not in known), None)
    if unknown is not None:
        raise DataError(
            f"The data have no class '{unknown}'.{did_you_mean(unknown, known)}",
            f"Their classes are: {', '.join(known)}",
        )
    numbers = np.array([classes.index(name) if name in classes else -1 for name in known])
    kept = part.take(np.flatnonzero(numbers[part.labels] >= 0))
    return dataclasses.replace(kept, labels=numbers[kept.labels], classes=classes)


def _draw(part: Images, name: str, count: int, seed: int, notes: list[str]) -> Images:
    if count >= len(part):
        notes.append(f"The {name} split has {len(part):,} images, {count:,} were asked for.")
        return part
    notes.append(f"{count:,} of {len(part):,} {name} images, stratified by class, seed {seed}.")
    return part.take(stratified(part.labels, count, seed))
