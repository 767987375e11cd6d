"""From loaded arrays to images of one kind, without doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepzoo import Images

if TYPE_CHECKING:
    import numpy as np


def to_images(pixels: np.ndarray, labels: np.ndarray, classes: tuple[str, ...]) -> Images:
    """Makes the kind `Images`; grey pixels [N, height, width] get their channel."""
    import numpy as np

    if pixels.ndim == 3:
        pixels = pixels[..., np.newaxis]
    return Images(pixels, labels.astype(np.int64), classes)


def first_of_each(pixels: np.ndarray) -> np.ndarray:
    """Finds the images that are not copies of an earlier one.

    Returns:
        Their indices, in order.
    """
    import hashlib

    import numpy as np

    seen: dict[bytes, int] = {}
    for index, image in enumerate(pixels):
        seen.setdefault(hashlib.blake2b(image.tobytes(), digest_size=16).digest(), index)
    return np.array(list(seen.values()), np.int64)
