"""Photos, read as the images that a run was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepzoo.readers import read_image

from .adapt import adapted


def read_photos(photos: Sequence[Any], preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Reads photos as a run was trained on them, uint8 [n, height, width, channels].

    Args:
        photos: Image files, Pillow images, or arrays uint8 [height, width(, channels)].
        preprocessor: What `describe` returned for the run's training images.

    Raises:
        DataError: A file cannot be used; the message has its path.
    """
    return np.stack([read_photo(photo, preprocessor)[0] for photo in photos])


def read_photo(photo: Any, preprocessor: Mapping[str, Any]) -> tuple[np.ndarray, bool]:
    """Reads one photo as `read_photos` does, and tells whether it shows several drawings."""
    return adapted(read_image(photo), preprocessor)
