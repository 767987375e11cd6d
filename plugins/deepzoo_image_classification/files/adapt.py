"""Photos made to look like the training images: what is measured, and what is done.

The rule, as the user page states it: grey runs get grey, colour runs colour. If the training
images are grey drawings on plain black or white that have one position, what is drawn on a
photo is found, scaled to the size that drawings have in the training, and put there. If they
have none, a photo on the other ground is inverted. All other photos are fitted in whole, with
the mean colour of their border around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .drawings import border_mask, find_ink, several, widened

if TYPE_CHECKING:
    from PIL.Image import Image

DARK, LIGHT = 64, 191  # below is nearly black, and above nearly white
EXAMPLES = 2_000
_PLAIN = 0.8  # fraction of the border's pixels that are nearly black or nearly white
_PLAIN_SPREAD = 8  # grey values between the darkest and the lightest pixel of a plain image
_STRAY = 0.06  # fraction of a side by which drawings at the same position may miss it
_DRAWN = 64  # what differs from black or white by more is drawn
_PURE, _ALIKE = 3, 0.4  # so much of a training image differs so little from its ground
_FILLED = 0.95  # larger drawings are shapes that fill their image
_STROKE = 0.08  # narrower strokes are widened to this fraction of a side
_DRAWN_INK = 0.3  # fraction of the strongest ink that counts as drawn
_WEAKEST = 0.4  # strokes that shrinking left weaker than this are not brought back in full


def describe(pixels: np.ndarray) -> dict[str, Any]:
    """Measures in the training images what `adapted` needs.

    Up to 2,000 of its images, uint8 [N, height, width, channels], are used, evenly spread, and
    the medians of their drawings taken.

    Returns:
        JSON data: `shape`; mean brightness of the `border` and of the whole image (`mean`);
        `ground`, the `black` or `white` that grey images are drawn on, or "" if there is
        none; `fill`, how much of the height or the width the drawings take; `centred`, which
        point of them is always at the same position, the centre of their `mass` or of their
        `box`, or "" if neither is; that position, `centre`, as fractions of height and width;
        and `plain`, true if some images show nothing.
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
        **({"plain": True} if plain(sample).any() else {}),
    }


def plain(pixels: np.ndarray) -> np.ndarray:
    """Tells which of uint8 [N, height, width, channels] show nothing but one colour."""
    spread = pixels.max(axis=(1, 2)).astype(int) - pixels.min(axis=(1, 2))
    return spread.max(axis=-1) < _PLAIN_SPREAD


def adapted(image: Image, preprocessor: Mapping[str, Any]) -> tuple[np.ndarray, bool]:
    """Turns an upright image of mode `L` or `RGB` into one that looks like the training images.

    Args:
        image: The image.
        preprocessor: What `describe` measured in the training images.

    Returns:
        uint8 [height, width, channels], and whether the image shows several drawings.
    """
    height, width, channels = preprocessor["shape"]
    ground = preprocessor.get("ground", "")
    more = False
    if not ground:
        image = image.convert("L" if channels == 1 else "RGB")
        pixels = np.asarray(fitted(image, (width, height)))
    elif _resembles_training(np.asarray(grey := image.convert("L")), preprocessor):
        pixels = _inverted(np.asarray(grey), float(preprocessor["border"]))
        ink = (pixels if ground == "black" else 255 - pixels) / 255
        more = _has_strokes(preprocessor) and several(ink)
    elif preprocessor["centred"]:
        pixels, more = _drawing(image, preprocessor)
    else:
        pixels = _inverted(
            np.asarray(fitted(grey, (width, height))), 0.0 if ground == "black" else 255.0
        )
    return pixels.reshape(height, width, channels), more


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """Scales an image to fit into width and height, the mean colour of its border around it."""
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


def _ground(border: np.ndarray) -> str:
    """Names what images are drawn on, even where many drawings reach the border.

    Photographed paper does not count: it has shades, and such photos are left alone.
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


def _span(marked: Any) -> tuple[int, int]:
    """Returns the first marked index and the one after the last."""
    indices = np.flatnonzero(marked)
    return int(indices[0]), int(indices[-1]) + 1


def _centre_of_mass(weights: np.ndarray) -> float:
    """Returns where along one axis the middle of the weights is, in pixels."""
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


def _inverted(grey: np.ndarray, border: float) -> np.ndarray:
    """Inverts an image if its border is light and that of training images dark, or vice versa.

    Where training drawings often reach the border, the border of one image says nothing.
    """
    own = grey[border_mask(grey.shape)].mean()
    other = (border < DARK and own > 127.5) or (border > LIGHT and own < 127.5)
    return 255 - grey if other else grey


def _resembles_training(grey: np.ndarray, preprocessor: Mapping[str, Any]) -> bool:
    """Tells training images from photos of their size: these have shades instead of a ground."""
    if grey.shape != tuple(preprocessor["shape"][:2]):
        return False
    if not _has_strokes(preprocessor):
        return True
    plain = [(np.abs(grey - ground) <= _PURE).mean() for ground in (0.0, 255.0)]
    return max(plain) >= _ALIKE and int(grey.max()) - int(grey.min()) > 127


def _has_strokes(preprocessor: Mapping[str, Any]) -> bool:
    """Returns whether drawings have one position and plain ground around them."""
    return bool(preprocessor["centred"]) and preprocessor["fill"] < _FILLED


def _drawing(image: Image, preprocessor: Mapping[str, Any]) -> tuple[np.ndarray, bool]:
    """Finds what is drawn on a photo, and draws it as the training's are; plain if nothing is."""
    height, width, _ = preprocessor["shape"]
    strokes = _has_strokes(preprocessor)
    ink = find_ink(image, strokes=strokes)
    pixels = np.zeros((height, width), np.uint8)
    if ink is not None:
        pixels = _placed(ink, (height, width), preprocessor)
    more = strokes and ink is not None and several(ink)
    return pixels if preprocessor["ground"] == "black" else 255 - pixels, more


def _placed(ink: np.ndarray, shape: tuple[int, int], preprocessor: Mapping[str, Any]) -> np.ndarray:
    """Cuts out what is drawn, and puts it on black where drawings belong."""
    from PIL import Image

    if _has_strokes(preprocessor):
        spans = [_span((ink > 0.5).any(axis=axis)) for axis in (0, 1)]
        extent = max(end - start for start, end in spans)
        ink = widened(ink, extent / (preprocessor["fill"] * max(shape)) * _STROKE * min(shape))
    rows, columns = (slice(*_span((ink > _DRAWN_INK).any(axis=axis))) for axis in (1, 0))
    cut = ink[rows, columns].astype(np.float32)
    scale = preprocessor["fill"] * min(shape[0] / cut.shape[0], shape[1] / cut.shape[1])
    size = [max(1, round(side * scale)) for side in cut.shape]
    # The mean of what a pixel covers: other filters leave rings around thin strokes.
    small = np.asarray(Image.fromarray(cut).resize((size[1], size[0]), Image.Resampling.BOX))
    small = np.clip(small / max(float(np.quantile(small, 0.97)), _WEAKEST), 0, 1)
    small = np.round(small * 255).astype(np.uint8)
    canvas = np.zeros(shape, np.uint8)
    top, left = (_start(small, shape, axis, preprocessor) for axis in (0, 1))
    canvas[top : top + size[0], left : left + size[1]] = small
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
