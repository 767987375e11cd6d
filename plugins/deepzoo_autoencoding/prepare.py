"""From splits to what networks learn from: images as their own targets, patches of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, ImagePairs, Images, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import read_image

if TYPE_CHECKING:
    from deepzoo import Splits


def scaled(pixels: np.ndarray) -> np.ndarray:
    """Turns bytes into what networks see: float32 from 0 to 1."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)


def as_bytes(values: np.ndarray) -> np.ndarray:
    """Turns values from 0 to 1 into bytes; what is outside is cut off."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


class ImageArrays(Arrays):
    """Images kept as bytes, which are input and target; their labels serve the probe alone.

    Args:
        images: A split.
    """

    def __init__(self, images: Images) -> None:
        super().__init__(images.pixels, images.pixels)
        self.labels, self.classes = images.labels, images.classes

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Returns images from 0 to 1 twice, float32."""
        images = scaled(self.inputs[indices])
        return images, images, None


def prepare(splits: Splits, code: int, preprocessor: Mapping[str, Any] | None = None) -> Prepared:
    """Makes arrays, preprocessor and spec of splits of images.

    Args:
        splits: Images.
        code: How many numbers the code of an image has.
        preprocessor: That of a run: images of another size are fitted into its size.

    Raises:
        DataError: The splits have images of different sizes.
    """
    train: Images = splits.train
    facts = dict(preprocessor or {"shape": [int(side) for side in train.pixels.shape[1:]]})
    facts.setdefault("border", round(float(_border(train.pixels).mean()), 3))
    shape = facts["shape"]
    parts = {}
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        if len(part) and list(part.pixels.shape[1:]) != shape:
            if preprocessor is None:
                raise DataError(
                    f"The {name} images differ in size from the training images: expected "
                    f"{shape}, received {list(part.pixels.shape[1:])}.",
                    "Scale all images to one size.",
                )
            part = Images(read_images(part.pixels, facts), part.labels, part.classes)
        parts[name] = ImageArrays(part)
    pixels = ArraySpec(shape, low=0, high=1)
    spec = Example(inputs=pixels, targets=pixels, outputs="values", code=code)
    return Prepared(**parts, preprocessor=facts, spec=spec)


def read_images(images: Any, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Reads images as a run was trained on them, uint8 [n, height, width, channels].

    An image of another size is fitted in whole. If its border is light where that of grey
    training images is dark, or dark where theirs is light, it is inverted.

    Args:
        images: Image files, Pillow images, or arrays uint8 [height, width(, channels)].
        preprocessor: That of the run.

    Raises:
        DataError: A file cannot be used; the message has its path.
    """
    from PIL import ImageOps

    height, width, channels = preprocessor["shape"]
    read = []
    for given in images:
        image = read_image(given).convert("L" if channels == 1 else "RGB")
        if image.size != (width, height):
            edge = _border(
                np.asarray(image)[None, ..., None] if channels == 1 else np.asarray(image)[None]
            ).reshape(-1, channels)
            light = (edge.mean() > 127.5, preprocessor["border"] > 127.5)
            colour = tuple(int(value) for value in edge.mean(axis=0).round())
            image = ImageOps.pad(image, (width, height), color=colour)
            if channels == 1 and light[0] != light[1]:
                image = ImageOps.invert(image)
        read.append(np.asarray(image).reshape(height, width, channels))
    return np.stack(read)


def _border(pixels: np.ndarray) -> np.ndarray:
    """Returns the pixels at the border of images [n, height, width, channels]."""
    rows = pixels[:, [0, -1]].reshape(len(pixels), -1, pixels.shape[-1])
    columns = pixels[:, :, [0, -1]].reshape(len(pixels), -1, pixels.shape[-1])
    return np.concatenate([rows, columns], axis=1)


class PagePatches(Arrays):
    """Square patches that cover pages, cut when they are needed.

    Args:
        pages: Noisy and clean pages; those smaller than a patch are continued by their edge.
        side: Height and width of a patch.
    """

    def __init__(self, pages: ImagePairs, side: int) -> None:
        clean = pages.noisy if pages.clean is None else pages.clean
        super().__init__(
            [_at_least(p, side) for p in pages.noisy], [_at_least(p, side) for p in clean]
        )
        self.side = side
        self.corners = np.array(
            [
                (number, y, x)
                for number, page in enumerate(self.inputs)
                for y in _starts(page.shape[0], side)
                for x in _starts(page.shape[1], side)
            ],
            np.int64,
        ).reshape(-1, 3)

    def __len__(self) -> int:
        """Returns the number of patches."""
        return len(self.corners)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Returns noisy and clean patches from 0 to 1, float32 [n, side, side, 1]."""
        corners = self.corners[indices].tolist()
        noisy, clean = (
            np.stack([pages[n][y : y + self.side, x : x + self.side] for n, y, x in corners])
            for pages in (self.inputs, self.targets)
        )
        return scaled(noisy[..., None]), scaled(clean[..., None]), None


def prepare_pages(
    splits: Splits, side: int, preprocessor: Mapping[str, Any] | None = None
) -> Prepared:
    """Makes patches of the pages of training and validation; those of the test stay whole.

    Args:
        splits: Pairs of pages.
        side: Height and width of a patch.
        preprocessor: That of a run, which is always empty.
    """
    pixels = ArraySpec([None, None, 1], low=0, high=1)
    return Prepared(
        PagePatches(splits.train, side),
        PagePatches(splits.validation, side),
        splits.test,
        preprocessor=dict(preprocessor or {}),
        spec=Example(inputs=pixels, targets=pixels, outputs="values"),
    )


def _starts(length: int, side: int) -> list[int]:
    """Returns where patches begin along a side: evenly spread, the last one at its end."""
    count = -(-length // side)
    return np.linspace(0, length - side, count).round().astype(int).tolist()


def _at_least(page: np.ndarray, side: int) -> np.ndarray:
    missing = [(0, max(0, side - length)) for length in page.shape]
    return np.pad(page, missing, mode="edge") if np.any(missing) else page
