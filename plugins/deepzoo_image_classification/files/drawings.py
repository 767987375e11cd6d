"""Drawings found on photos: what is ground, which side of it is ink, and where the ink is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

WORKING_SIZE = 512  # large photos are made smaller first, which takes off noise
_SMALL, _ENLARGED = 128, 256  # small photos are enlarged, so that strokes can be widened finely
_GROUND_SIZE = 48  # the ground is measured on a picture of this size,
_WINDOW = 16  # around each place in a window of this size
_FAT = 2.5  # ink is not so much thicker than what lies between its strokes
_CLEARLY = 1.3  # a side that is stronger by this factor is ink without doubt
_FAINT = 18  # ink differs from its ground by this much at least
_NOISE = 6  # and by so many standard deviations of the noise
_INK = 0.3  # fraction of the strongest ink that counts as drawn
_SPECK = 0.02  # parts with less of all ink are no part of a drawing


def find_ink(image: Image, *, strokes: bool) -> np.ndarray | None:
    """Finds what is drawn on a photo.

    The ground is what lies around: light, shadows and colour may change over it. What deviates
    from it more strongly, the darker or the lighter, is the ink.

    Args:
        image: An image of mode `L` or `RGB`.
        strokes: Drawings are strokes, which cover less than half of any place; else they may be
            shapes that fill the picture, and only its border is ground.

    Returns:
        float [height, width] from 0 to 1, or None where nothing stands out.
    """
    image = _working_copy(image)
    ink = _find(image, strokes)
    if strokes and ink is not None and ink[border_mask(ink.shape)].max() > _INK:
        ink = _find(_with_margin(image), strokes)  # tight crops need room around the drawing
    return ink


def border_mask(shape: tuple[int, ...]) -> np.ndarray:
    """Marks the border of an image, a 28th of its shorter side wide."""
    width = max(1, min(shape) // 28)
    mask = np.ones(shape, bool)
    if min(shape) > 2 * width:
        mask[width:-width, width:-width] = False
    return mask


def _find(image: Image, strokes: bool) -> np.ndarray | None:
    pixels = np.asarray(image, float).reshape(image.height, image.width, -1)
    plane = _plane_through_border(pixels)
    ground = _local_median(image) if strokes else plane
    direction = _strongest_direction(pixels - ground)
    values = pixels @ direction
    sides = _sides(values - ground @ direction, strokes)
    weaker, stronger = sorted(strength for strength, _ in sides)
    if not strokes or not stronger:
        return max(sides, key=lambda side: side[0])[1]
    doubtful = weaker * _CLEARLY > stronger
    if doubtful:  # around thick strokes and in tight crops the median is ink itself
        sides = _sides(values - plane @ direction, strokes)
    light = values if sides[0][0] >= sides[1][0] else -values
    ink = _inked(light - _ground_below(light), _FAINT, strokes)[1]
    if doubtful and ink is not None:
        other = _inked(-light - _ground_below(-light), _FAINT, strokes)[1]
        if other is not None and _thickness(ink) > _FAT * _thickness(other):
            return other  # the border is a table, and the paper on it is no ink
    return ink


def _thickness(ink: np.ndarray) -> float:
    return float(_distance_to_edge(ink > 0.5).max())


def _distance_to_edge(marked: np.ndarray) -> np.ndarray:
    """Returns how far each marked pixel is from one that is not."""
    from scipy import ndimage

    return np.asarray(ndimage.distance_transform_edt(marked))


def _with_margin(image: Image) -> Image:
    """Puts the usual colour of the border around an image."""
    from PIL import ImageOps

    pixels = np.asarray(image)
    border = pixels[border_mask(pixels.shape[:2])].reshape(-1, len(image.getbands()))
    colour = tuple(int(value) for value in np.median(border, axis=0))
    return ImageOps.expand(image, max(image.size) // 4, colour)


def widened(ink: np.ndarray, least: float) -> np.ndarray:
    """Widens strokes that are narrower than `least` pixels, so that they survive shrinking."""
    drawn = ink > 0.5
    # The mean distance to the edge of a long stroke is a quarter of its width.
    width = 4 * float(_distance_to_edge(drawn)[drawn].mean())
    if width >= least:
        return ink
    return np.maximum(ink, np.clip((least - width) / 2 + 1 - _distance_to_edge(~drawn), 0, 1))


def _working_copy(image: Image) -> Image:
    from PIL import Image as pillow

    image = image.copy()
    image.thumbnail((WORKING_SIZE, WORKING_SIZE))
    if max(image.size) > _SMALL:
        return image
    scale = _ENLARGED / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), pillow.Resampling.BICUBIC)


def _local_median(image: Image) -> np.ndarray:
    """Takes the median around each place: strokes are less than half of that."""
    from PIL import Image as pillow
    from scipy import ndimage

    scale = _GROUND_SIZE / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = np.asarray(image.resize(size, pillow.Resampling.BOX)).reshape(size[1], size[0], -1)
    medians = ndimage.median_filter(small, (_WINDOW, _WINDOW, 1))
    channels = (pillow.fromarray(medians[..., index]) for index in range(medians.shape[-1]))
    enlarged = (channel.resize(image.size, pillow.Resampling.BILINEAR) for channel in channels)
    return np.stack([np.asarray(channel, float) for channel in enlarged], axis=-1)


def _plane_through_border(pixels: np.ndarray) -> np.ndarray:
    """Lays a plane through the values of the border."""
    border = border_mask(pixels.shape[:2])
    y, x = np.indices(pixels.shape[:2]).astype(float)
    terms = np.stack([np.ones_like(x), x, y], axis=-1)
    plane, *_ = np.linalg.lstsq(terms[border], pixels[border], rcond=None)
    return terms @ plane


def _ground_below(values: np.ndarray) -> np.ndarray:
    """Takes the ground around light ink, of whatever thickness: the ink is opened away."""
    from PIL import Image as pillow
    from scipy import ndimage

    image = pillow.fromarray(values.astype(np.float32))
    scale = _GROUND_SIZE / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = np.asarray(image.resize(size, pillow.Resampling.BOX))
    opened = ndimage.grey_opening(small, (_WINDOW, _WINDOW), mode="nearest")
    return np.asarray(pillow.fromarray(opened).resize(image.size, pillow.Resampling.BILINEAR))


def _strongest_direction(deviation: np.ndarray) -> np.ndarray:
    """Returns the direction in colour in which the strongest deviations lie.

    Its length is such that grey photos give what grey values say.
    """
    strength = np.linalg.norm(deviation, axis=-1)
    strongest = deviation[strength >= strength.max() * 0.7]
    _, _, directions = np.linalg.svd(strongest, full_matrices=False)
    return directions[0] / np.sqrt(deviation.shape[-1])


def _sides(deviation: np.ndarray, strokes: bool) -> list[tuple[float, np.ndarray | None]]:
    """Returns strength and ink of what is above the ground, and of what is below."""
    noise = 1.4826 * float(np.median(np.abs(deviation - np.median(deviation))))
    least = max(_FAINT, _NOISE * noise)
    return [_inked(np.maximum(sign * deviation, 0), least, strokes) for sign in (1, -1)]


def _inked(above: np.ndarray, least: float, strokes: bool) -> tuple[float, np.ndarray | None]:
    """Returns how strong one side of the ground is, and its ink from 0 to 1."""
    from scipy import ndimage

    above = _without_rules(above) if strokes else above
    smooth = ndimage.uniform_filter(above, 3)  # single bright pixels are no ink
    peak = float(smooth.max())
    if peak < least:
        return 0.0, None
    labelled: Any = ndimage.label(smooth > max(_INK * peak, least / 2), np.ones((3, 3)))
    labels, count = labelled
    parts = np.arange(1, count + 1)
    amounts = ndimage.sum_labels(above, labels, parts)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inner = np.setdiff1d(parts, edges) if strokes else parts
    # A table's edge reaches the border, a drawing in its middle does not.
    if not len(inner) or amounts[inner - 1].sum() < _SPECK * amounts.sum():
        inner = parts
    kept = inner[amounts[inner - 1] >= _SPECK * amounts[inner - 1].sum()]
    drawn = np.isin(labels, kept)
    strongest = float(np.quantile(above[drawn], 0.9))
    if strongest < least:
        return 0.0, None
    near = ndimage.binary_dilation(drawn, iterations=2)
    return strongest, np.where(near, np.clip(above / strongest, 0, 1), 0)


def _without_rules(above: np.ndarray) -> np.ndarray:
    """Takes off narrow lines that cross the whole photo, as on ruled and squared paper."""
    from scipy import ndimage

    for axis in (0, 1):
        profile = np.quantile(above, 0.2, axis=axis)
        lines = profile - ndimage.grey_opening(profile, 9)
        above = np.maximum(above - np.expand_dims(lines, axis), 0)
    return above
