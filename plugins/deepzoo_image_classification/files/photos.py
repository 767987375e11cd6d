"""Photos of any kind as the pictures that a run has learned from.

The rule, as the user page states it: grey runs get grey, colour runs colour. If the training
pictures are grey drawings on plain black or white, a photo on the other ground is inverted.
If those drawings also have one place, what is drawn on a photo of another size is cut out
from its ground, scaled to the size that drawings have in the training, and put there.
All other photos are fitted in whole, with the mean colour of their border around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import DataError

from ..describing import DARK, LIGHT, centre_of_mass, ring, span
from .pictures import flatten, open_picture

if TYPE_CHECKING:
    from PIL.Image import Image

WORKING_SIZE = 512  # large photos are made smaller first, which takes off noise
_CHANNELS = ((), (1,), (3,), (4,))
_FAINT = 24  # a drawing must differ from its ground by this much to be cut out
_INK = 0.3  # share of the strongest ink that counts as drawn


def read_photos(photos: Sequence[Any], preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Reads photos as a run sees them.

    Args:
        photos: Picture files, Pillow images, or arrays uint8 [height, width(, channels)].
        preprocessor: What `describe` returned for the run's training pictures.

    Returns:
        uint8 [number of photos, height, width, channels].

    Raises:
        DataError: A file cannot be used; the message has its path.
    """
    return np.stack([to_input(flatten(_opened(photo)), preprocessor) for photo in photos])


def to_input(image: Image, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Turns an upright picture of mode `L` or `RGB` into one that looks like the training's.

    Returns:
        uint8 [height, width, channels].
    """
    height, width, channels = preprocessor["shape"]
    image = image.convert("L" if channels == 1 else "RGB")
    ground = preprocessor.get("ground", "")
    if not ground:
        found = np.asarray(fitted(image, (width, height)))
    elif image.size == (width, height):
        found = _turned(np.asarray(image), float(preprocessor["border"]))
    else:
        found = _drawing(image, preprocessor)
    return found.reshape(height, width, channels)


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """Scales a picture to fit in whole, with the mean colour of its border around it.

    Args:
        image: A picture of mode `L` or `RGB`.
        size: Width and height wanted.
    """
    from PIL import Image as pillow

    if image.size == size:
        return image
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = [max(1, round(side * scale)) for side in image.size]
    pixels = np.asarray(image)
    border = pixels[ring(pixels.shape[:2])].reshape(-1, len(image.getbands()))
    colour = tuple(int(value) for value in border.mean(axis=0).round())
    ground = pillow.new(image.mode, size, colour)
    small = image.resize((inner[0], inner[1]), pillow.Resampling.LANCZOS)
    ground.paste(small, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return ground


def _opened(photo: Any) -> Image:
    if hasattr(photo, "getbands"):
        return photo
    if not hasattr(photo, "dtype"):
        return open_picture(photo)
    from PIL import Image

    if photo.dtype != np.uint8 or photo.ndim not in (2, 3) or photo.shape[2:] not in _CHANNELS:
        raise DataError(
            "An array is a picture if it is uint8 [height, width] or [height, width, 1, 3 or 4]; "
            f"received {photo.dtype} {list(photo.shape)}."
        )
    return Image.fromarray(photo[..., 0] if photo.shape[2:] == (1,) else photo)


def _turned(grey: np.ndarray, border: float) -> np.ndarray:
    """Inverts a picture if its border is light and those of the training are dark, or vice versa.

    Where drawings of the training reach the border often, that of one picture says nothing.
    """
    own = grey[ring(grey.shape)].mean()
    other = (border < DARK and own > 127.5) or (border > LIGHT and own < 127.5)
    return 255 - grey if other else grey


def _drawing(image: Image, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Finds what is drawn on a light or dark ground, and draws it as the training's are."""
    from PIL import Image as pillow

    height, width, _ = preprocessor["shape"]
    image = image.copy()
    image.thumbnail((WORKING_SIZE, WORKING_SIZE))
    grey = _turned(np.asarray(image), 0.0)
    if preprocessor["centred"]:
        ink = _ink(grey)
        grey = grey if ink is None else _centred(ink, (height, width), preprocessor)
    found = np.asarray(fitted(pillow.fromarray(grey), (width, height)))
    return found if preprocessor["ground"] == "black" else 255 - found


def _centred(
    ink: np.ndarray, shape: tuple[int, int], preprocessor: Mapping[str, Any]
) -> np.ndarray:
    """Cuts out what is drawn on black, and puts it where drawings belong."""
    from PIL import Image

    boxes = [span(ink.max(axis=1 - axis) > _INK * 255) for axis in (0, 1)]
    cut = ink[slice(*boxes[0]), slice(*boxes[1])]
    scale = preprocessor["fill"] * min(shape[0] / cut.shape[0], shape[1] / cut.shape[1])
    rows, columns = (max(1, round(side * scale)) for side in cut.shape)
    # The mean of what a pixel covers: other filters leave rings around thin strokes.
    small = np.asarray(Image.fromarray(cut).resize((columns, rows), Image.Resampling.BOX))
    found = np.zeros(shape, np.uint8)
    top, left = (_start(small, shape, axis, preprocessor) for axis in (0, 1))
    found[top : top + rows, left : left + columns] = small
    return found


def _start(
    small: np.ndarray, shape: tuple[int, int], axis: int, preprocessor: Mapping[str, Any]
) -> int:
    """Finds where a drawing begins along an axis if its middle is where the training's are."""
    part, whole = small.shape[axis], shape[axis]
    weights = small.sum(axis=1 - axis, dtype=float)
    by_mass = preprocessor["centred"] == "mass" and weights.any()
    middle = centre_of_mass(weights) if by_mass else part / 2
    place = whole * preprocessor.get("centre", (0.5, 0.5))[axis]
    return int(np.clip(round(place - middle), 0, whole - part))


def _ink(grey: np.ndarray) -> np.ndarray | None:
    """Takes off the ground, a plane through the border's values, and stretches what is left.

    None if nothing stands out: the picture is plain, or all shades.
    """
    border = ring(grey.shape)
    y, x = np.indices(grey.shape).astype(float)
    terms = np.stack([np.ones_like(x), x, y], axis=-1)
    plane, *_ = np.linalg.lstsq(terms[border], grey[border].astype(float), rcond=None)
    above = grey - terms @ plane
    above = np.maximum(above - 2 * above[border].std(), 0)
    # The strongest ink but for single bright pixels, however little there is of it.
    strongest = max(float(np.quantile(above, 0.995)), float(above.max()) / 2)
    if strongest < _FAINT:
        return None
    return np.clip(np.round(above * 255 / strongest), 0, 255).astype(np.uint8)
