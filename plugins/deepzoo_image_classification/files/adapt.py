"""Photos made to look like the training images: what is measured of these, and what is done.

The rule, as the user page states it: grey runs get grey, colour runs colour. If the training
images are grey drawings on plain black or white, a photo on the other ground is inverted.
If those drawings also have one position, what is drawn on a photo of another size is cut out
from its ground, scaled to the size that drawings have in the training, and put there.
All other photos are fitted in whole, with the mean colour of their border around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

DARK, LIGHT = 64, 191  # below is nearly black, and above nearly white
EXAMPLES = 2_000
WORKING_SIZE = 512  # large photos are made smaller first, which takes off noise
_PLAIN = 0.8  # fraction of the border's pixels that are nearly black or nearly white
_STRAY = 0.06  # fraction of a side by which drawings at the same position may miss it
_DRAWN = 64  # what differs from black or white by more is drawn
_FAINT = 24  # a drawing must differ from its ground by this much to be cut out
_INK = 0.3  # fraction of the strongest ink that counts as drawn


def describe(pixels: np.ndarray) -> dict[str, Any]:
    """Measures of training images what `adapted` needs.

    Up to 2,000 images are used, evenly spread, and the medians of their drawings taken.

    Args:
        pixels: uint8 [N, height, width, channels], the training split.

    Returns:
        JSON data: `shape`; mean brightness of the `border` and of everything (`mean`);
        `ground`, the `black` or `white` that grey images are drawn on, or "" if there is
        none; `fill`, how much of the height or the width the drawings take; `centred`, which
        point of them is always at the same position, the centre of their `mass` or of their
        `box`, or "" if neither is; and that position, `centre`, as fractions of height and width.
    """
    sample = pixels[np.linspace(0, len(pixels) - 1, min(len(pixels), EXAMPLES)).astype(int)]
    grey = sample.mean(axis=-1)
    border = grey[:, border_mask(grey.shape[1:])]
    ground = _ground(border) if sample.shape[-1] == 1 else ""
    fill, centred, centre = 1.0, "", [0.5, 0.5]
    if ground:
        ink = grey if ground == "black" else 255 - grey
        fill, centred, centre = _layout(ink * (ink > _DRAWN))
    return {
        "shape": [int(size) for size in pixels.shape[1:]],
        "border": round(float(border.mean()), 3),
        "mean": round(float(sample.mean()), 3),
        "ground": ground,
        "fill": round(fill, 4),
        "centred": centred,
        "centre": [round(float(position), 4) for position in centre],
    }


def adapted(image: Image, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Turns an upright image of mode `L` or `RGB` into one that looks like the training's.

    Args:
        image: What was read from a photo.
        preprocessor: What `describe` returned for the run's training images.

    Returns:
        uint8 [height, width, channels].
    """
    height, width, channels = preprocessor["shape"]
    image = image.convert("L" if channels == 1 else "RGB")
    if not preprocessor.get("ground", ""):
        pixels = np.asarray(fitted(image, (width, height)))
    elif image.size == (width, height):
        pixels = _inverted(np.asarray(image), float(preprocessor["border"]))
    else:
        pixels = _drawing(image, preprocessor)
    return pixels.reshape(height, width, channels)


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """Scales an image to fit in whole, with the mean colour of its border around it.

    Args:
        image: An image of mode `L` or `RGB`.
        size: Width and height wanted.
    """
    from PIL import Image as pillow

    if image.size == size:
        return image
    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = (max(1, round(side * scale)) for side in image.size)
    pixels = np.asarray(image)
    border = pixels[border_mask(pixels.shape[:2])].reshape(-1, len(image.getbands()))
    colour = tuple(int(value) for value in border.mean(axis=0).round())
    ground = pillow.new(image.mode, size, colour)
    small = image.resize((width, height), pillow.Resampling.LANCZOS)
    ground.paste(small, ((size[0] - width) // 2, (size[1] - height) // 2))
    return ground


def border_mask(shape: tuple[int, ...]) -> np.ndarray:
    """Marks the border of an image, a 28th of its shorter side wide."""
    width = max(1, min(shape) // 28)
    mask = np.ones(shape, bool)
    if min(shape) > 2 * width:
        mask[width:-width, width:-width] = False
    return mask


def _ground(border: np.ndarray) -> str:
    """Names what images are drawn on, even where many drawings reach the border.

    Paper as a camera sees it is no such ground: it has shades, and photos of it are left alone.
    """
    if ((border < DARK) | (border > LIGHT)).mean() < _PLAIN:
        return ""
    black, white = float((border < 8).mean()), float((border > 247).mean())
    return "" if max(black, white) < 0.5 else "black" if black > white else "white"


def _layout(ink: np.ndarray) -> tuple[float, str, Sequence[float]]:
    """Finds how large drawings are, and what of them is always at the same position."""
    fills, points = [], []
    for drawing in ink:
        if not drawing.any():
            continue
        sides = [(drawing.sum(axis=1 - axis), drawing.shape[axis]) for axis in (0, 1)]
        boxes = [_span(weights > 0) for weights, _ in sides]
        fills.append(max((b - a) / size for (a, b), (_, size) in zip(boxes, sides, strict=True)))
        box = [(a + b) / 2 / size for (a, b), (_, size) in zip(boxes, sides, strict=True)]
        points.append([[_centre_of_mass(weights) / size for weights, size in sides], box])
    if not fills:
        return 1.0, "", (0.5, 0.5)
    centres = np.mean(points, axis=0)
    stray = np.abs(points - centres).max(axis=2).mean(axis=0)
    nearest = int(stray.argmin())
    name = ("mass", "box")[nearest] if stray[nearest] < _STRAY else ""
    return float(np.median(fills)), name, centres[nearest].tolist()


def _span(marked: np.ndarray) -> tuple[int, int]:
    """Returns the first marked index and the one after the last."""
    indices = np.flatnonzero(marked)
    return int(indices[0]), int(indices[-1]) + 1


def _centre_of_mass(weights: np.ndarray) -> float:
    """Returns where along one axis the middle of the weights is, in pixels."""
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


def _inverted(grey: np.ndarray, border: float) -> np.ndarray:
    """Inverts an image if its border is light and those of the training are dark, or vice versa.

    Where drawings of the training reach the border often, that of one image says nothing.
    """
    own = grey[border_mask(grey.shape)].mean()
    other = (border < DARK and own > 127.5) or (border > LIGHT and own < 127.5)
    return 255 - grey if other else grey


def _drawing(image: Image, preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Finds what is drawn on a light or dark ground, and draws it as the training's are."""
    from PIL import Image as pillow

    height, width, _ = preprocessor["shape"]
    image = image.copy()
    image.thumbnail((WORKING_SIZE, WORKING_SIZE))
    grey = _inverted(np.asarray(image), 0.0)
    if preprocessor["centred"]:
        ink = _ink(grey)
        grey = grey if ink is None else _centred(ink, (height, width), preprocessor)
    pixels = np.asarray(fitted(pillow.fromarray(grey), (width, height)))
    return pixels if preprocessor["ground"] == "black" else 255 - pixels


def _ink(grey: np.ndarray) -> np.ndarray | None:
    """Takes off the ground, a plane through the border's values, and stretches what is left.

    None if nothing stands out: the image is plain, or all shades.
    """
    border = border_mask(grey.shape)
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


def _centred(
    ink: np.ndarray, shape: tuple[int, int], preprocessor: Mapping[str, Any]
) -> np.ndarray:
    """Cuts out what is drawn on black, and puts it where drawings belong."""
    from PIL import Image

    boxes = [_span(ink.max(axis=1 - axis) > _INK * 255) for axis in (0, 1)]
    cut = ink[slice(*boxes[0]), slice(*boxes[1])]
    scale = preprocessor["fill"] * min(shape[0] / cut.shape[0], shape[1] / cut.shape[1])
    rows, columns = (max(1, round(side * scale)) for side in cut.shape)
    # The mean of what a pixel covers: other filters leave rings around thin strokes.
    small = np.asarray(Image.fromarray(cut).resize((columns, rows), Image.Resampling.BOX))
    canvas = np.zeros(shape, np.uint8)
    top, left = (_start(small, shape, axis, preprocessor) for axis in (0, 1))
    canvas[top : top + rows, left : left + columns] = small
    return canvas


def _start(
    small: np.ndarray, shape: tuple[int, int], axis: int, preprocessor: Mapping[str, Any]
) -> int:
    """Finds where a drawing begins along an axis if its middle is where the training's are."""
    part, whole = small.shape[axis], shape[axis]
    weights = small.sum(axis=1 - axis, dtype=float)
    by_mass = preprocessor["centred"] == "mass" and weights.any()
    middle = _centre_of_mass(weights) if by_mass else part / 2
    centre = whole * preprocessor.get("centre", (0.5, 0.5))[axis]
    return int(np.clip(round(centre - middle), 0, whole - part))
