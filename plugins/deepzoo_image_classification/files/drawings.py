"""Drawings found on photos: what is ground, which side of it is ink, and where the ink is."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

WORKING_SIZE = 512  # large photos are made smaller first, which takes off noise
_SMALL, _ENLARGED = 128, 256  # small photos are enlarged, so that strokes can be widened finely
_GROUND_SIZE = 48  # the ground is measured on a picture of this size,
_WINDOW = 16  # around each place in a window of this size
_FAT = 2.5  # ink is not so much thicker than what lies between its strokes
_FAINT = 18  # ink differs from its ground by this much at least
_NOISE = 6  # and by so many standard deviations of the noise
_CLEARLY = 1.3  # a side that is stronger by this factor is ink without doubt
_SHARP = 0.5  # steps half as strong as the strongest are edges of what is drawn,
_FILLING = 0.85  # and where they span so much of both sides, the crop is tight
_FITS = 4  # how often the plane is laid anew through the half of the border nearest to it
_INK = 0.3  # fraction of the strongest ink that counts as drawn
_MOSTLY = 0.9  # fraction of the ink that is on a paper if it is drawn there
_CROSSINGS = 8  # what leaves the photo at more places is no drawing
_CLOSE = 0.03  # parts that are so close, as a fraction of the whole, are one drawing
_LARGE = 0.6  # parts that are so tall, as a fraction of the tallest, are drawings of their own
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
    pixels = np.asarray(image, float).reshape(image.height, image.width, -1)
    around = pixels - _plane_through_border(pixels)
    cut = strokes and _fills(image)
    deviation = pixels - _local_median(image) if strokes and not cut else around
    direction = _strongest_direction(deviation)
    side, clearness = _stronger_side(deviation @ direction)
    by_border = cut or clearness < _CLEARLY  # around thick strokes the median is ink itself
    if by_border:
        side, _ = _stronger_side(around @ direction)
    light = side * (around @ direction)
    ink = _ink_above_ground(light, strokes, cut)
    if ink is None or not strokes or not by_border:
        return ink
    other = _ink_above_ground(-light, strokes, cut)
    return other if other is not None and _is_paper(light, other) else ink


def border_mask(shape: tuple[int, ...]) -> np.ndarray:
    """Marks the border of an image, a 28th of its shorter side wide."""
    width = max(1, min(shape) // 28)
    mask = np.ones(shape, bool)
    if min(shape) > 2 * width:
        mask[width:-width, width:-width] = False
    return mask


def several(ink: np.ndarray) -> bool:
    """Tells whether ink is two or more large drawings apart, such as two digits.

    A digit may have parts, but they are small, or close to each other.
    """
    from scipy import ndimage

    drawn = ink > 0.5
    if not drawn.any():
        return False
    extent = max(int(np.ptp(places)) + 1 for places in np.nonzero(drawn))
    joined = ndimage.maximum_filter(drawn, max(1, round(_CLOSE * extent)))
    labelled: Any = ndimage.label(joined, np.ones((3, 3)))
    parts = ndimage.find_objects(labelled[0])
    tallest = max(rows.stop - rows.start for rows, _ in parts)
    large = [part for part in parts if part[0].stop - part[0].start > _LARGE * tallest]
    for axis in (0, 1):
        spans = sorted((part[axis].start, part[axis].stop) for part in large)
        if any(first[1] <= second[0] for first, second in itertools.pairwise(spans)):
            return True
    return False


def _is_paper(light: np.ndarray, other: np.ndarray) -> bool:
    """Tells paper on a table: the other ink is all on it, and it is much thicker."""
    from scipy import ndimage

    paper = np.pad(light > _INK * light.max(), max(light.shape) // 4)
    thickness = [float(_distance_to_edge(mask).max()) for mask in (paper, other > 0.5)]
    on_it = other[np.asarray(ndimage.binary_fill_holes(paper), bool)].sum() > _MOSTLY * other.sum()
    return thickness[0] > _FAT * thickness[1] and bool(on_it)


def _distance_to_edge(marked: np.ndarray) -> np.ndarray:
    """Returns how far each marked pixel is from one that is not."""
    from scipy import ndimage

    return np.asarray(ndimage.distance_transform_edt(marked))


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


def _fills(image: Image) -> bool:
    """Tells whether what is drawn, by its sharp steps, reaches to all sides of the image."""
    from PIL import Image as pillow

    scale = _GROUND_SIZE / max(image.size)
    size = [max(2, round(side * scale)) for side in image.size]
    cells = np.asarray(image.resize((size[0], size[1]), pillow.Resampling.BOX), float)
    steps = np.stack([np.asarray(np.gradient(cells, axis=axis)) for axis in (0, 1)])
    strength = np.abs(steps).reshape(2, size[1], size[0], -1).max(axis=(0, 3))
    places = np.argwhere(strength >= _SHARP * strength.max())
    return bool((np.ptp(places, axis=0) + 1 >= _FILLING * np.array(strength.shape)).all())


def _stronger_side(deviation: np.ndarray) -> tuple[int, float]:
    """Returns 1 if what is above the ground deviates more, else -1, and how many times more."""
    from scipy import ndimage

    smooth = ndimage.uniform_filter(deviation, 3)
    above, below = max(smooth.max(), 1e-9), max(-smooth.min(), 1e-9)
    return (1, above / below) if above >= below else (-1, below / above)


def _plane_through_border(pixels: np.ndarray) -> np.ndarray:
    """Lays a plane through the usual values of the border, half of which may be ink."""
    border = border_mask(pixels.shape[:2])
    y, x = np.indices(pixels.shape[:2]).astype(float)
    terms = np.stack([np.ones_like(x), x, y], axis=-1)
    values, places = pixels[border], terms[border]
    fitted = np.median(values, axis=0)
    plane = np.zeros((3, pixels.shape[-1]))
    for _ in range(_FITS):
        missed = np.linalg.norm(values - fitted, axis=-1)
        usual = missed <= np.median(missed)
        plane, *_ = np.linalg.lstsq(places[usual], values[usual], rcond=None)
        fitted = places @ plane
    return terms @ plane


def _ground_below(values: np.ndarray, cut: bool) -> np.ndarray:
    """Takes the ground around light ink, of whatever thickness: the ink is opened away.

    Beyond the border of a tight crop the ground is 0.
    """
    from PIL import Image as pillow
    from scipy import ndimage

    scale = _GROUND_SIZE / max(values.shape)
    height, width = (max(1, round(side * scale)) for side in values.shape)
    image = pillow.fromarray(values.astype(np.float32))
    small = np.asarray(image.resize((width, height), pillow.Resampling.BOX))
    small = np.pad(small, _WINDOW, mode="constant" if cut else "edge")
    opened = ndimage.grey_opening(small, (_WINDOW, _WINDOW))[_WINDOW:-_WINDOW, _WINDOW:-_WINDOW]
    return np.asarray(pillow.fromarray(opened).resize(image.size, pillow.Resampling.BILINEAR))


def _strongest_direction(deviation: np.ndarray) -> np.ndarray:
    """Returns the direction in colour in which the strongest deviations lie.

    Its length is such that grey photos give what grey values say.
    """
    strength = np.linalg.norm(deviation, axis=-1)
    strongest = deviation[strength >= strength.max() * 0.7]
    _, _, directions = np.linalg.svd(strongest, full_matrices=False)
    return directions[0] / np.sqrt(deviation.shape[-1])


def _ink_above_ground(light: np.ndarray, strokes: bool, cut: bool) -> np.ndarray | None:
    """Returns the ink from 0 to 1 if it is lighter than the ground, with room around strokes."""
    from scipy import ndimage

    above = np.maximum(light - (_ground_below(light, cut) if strokes else 0), 0)
    above = _without_rules(above) if strokes else above
    noise = 1.4826 * float(np.median(np.abs(light - ndimage.uniform_filter(light, 3))))
    least = max(_FAINT, _NOISE * noise)
    smooth = ndimage.uniform_filter(above, 3)  # single bright pixels are no ink
    peak = float(smooth.max())
    if peak < least:
        return None
    labelled: Any = ndimage.label(smooth > max(_INK * peak, least / 2), np.ones((3, 3)))
    labels, count = labelled
    parts = np.arange(1, count + 1)
    amounts = ndimage.sum_labels(above, labels, parts)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    inner = np.setdiff1d(parts, edges) if strokes and not cut else parts
    # A table's edge reaches the border, a drawing in its middle does not.
    if not len(inner) or amounts[inner - 1].sum() < _SPECK * amounts.sum():
        inner = parts
    kept = inner[amounts[inner - 1] >= _SPECK * amounts[inner - 1].sum()]
    if not len(kept):
        return None  # nothing but specks
    drawn = np.isin(labels, kept)
    if strokes and _crosses_border(drawn):
        return None  # lines of the paper
    strongest = float(np.quantile(above[drawn], 0.9))
    if strongest < least:
        return None
    near = ndimage.binary_dilation(drawn, iterations=2)
    ink = np.where(near, np.clip(above / strongest, 0, 1), 0)
    return np.pad(ink, max(ink.shape) // 4) if strokes else ink


def _crosses_border(drawn: np.ndarray) -> bool:
    """Tells lines of paper from drawings, which leave the photo at few places."""
    border = np.concatenate([drawn[0], drawn[:, -1], drawn[-1, ::-1], drawn[::-1, 0]])
    return int(np.sum(border & ~np.roll(border, 1))) > _CROSSINGS


def _without_rules(above: np.ndarray) -> np.ndarray:
    """Takes off narrow lines that cross the whole photo, as on ruled and squared paper."""
    from scipy import ndimage

    for axis in (0, 1):
        profile = np.quantile(above, 0.2, axis=axis)
        lines = profile - ndimage.grey_opening(profile, 9)
        above = np.maximum(above - np.expand_dims(lines, axis), 0)
    return above
