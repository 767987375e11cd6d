"""Pages that are drawn: text set by Pillow, on stained, folded and unevenly lit paper.

A noisy page is `paper * (ink + (1 - ink) * clean)` and a little noise of the camera: paper goes
from 0 to 1, and ink is how much light a letter reflects. Everything is drawn from a generator.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from deepzoo import ImagePairs

from .prepare import as_bytes

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# Fonts that come with Matplotlib, so that pages are the same on every machine.
FONTS = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSerif-Bold",
    "DejaVuSerif-Italic", "DejaVuSansMono", "STIXGeneral", "STIXGeneralItalic", "STIXGeneralBol",
    "cmr10", "cmti10", "cmss10", "cmtt10", "cmb10",
)  # fmt: skip
_CONSONANTS, _VOWELS = list("bcdfghjklmnprstvwz"), list("aaeeeiiou")


def draw_pages(count: int, seed: int, height: int = 320, width: int = 320) -> ImagePairs:
    """Draws noisy pages and the clean ones below the noise.

    Args:
        count: Number of pages.
        seed: Seed of their generator.
        height: Of each page, in pixels.
        width: Of each page, in pixels.
    """
    generator = np.random.default_rng(seed)
    pages = [draw_page(generator, height, width) for _ in range(count)]
    return ImagePairs([noisy for noisy, _ in pages], [clean for _, clean in pages])


def draw_page(
    generator: np.random.Generator, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draws one noisy page and its clean original, uint8 [height, width] each."""
    from scipy.ndimage import gaussian_filter

    clean = draw_text(generator, height, width)
    blurred = generator.random() < 0.3  # a photo; the others are scans
    printed = gaussian_filter(clean, generator.uniform(0.3, 1)) if blurred else clean
    ink = generator.uniform(0, 0.35)
    noisy = draw_paper(generator, height, width) * (ink + (1 - ink) * printed)
    noisy += generator.normal(0, generator.uniform(0, 0.025), noisy.shape)
    pixels = as_bytes(noisy)
    if generator.random() < 0.3:
        pixels = _compressed(pixels, int(generator.integers(40, 95)))
    return pixels, as_bytes(clean)


def _compressed(pixels: np.ndarray, quality: int) -> np.ndarray:
    """Returns what JPEG leaves of an image."""
    import io

    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(pixels).save(memory, "JPEG", quality=quality)
    return np.asarray(Image.open(memory))


def draw_text(generator: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Sets invented words in lines, black on white; float32 [height, width] from 0 to 1."""
    from PIL import Image, ImageDraw

    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    largest = 34 if generator.random() < 0.75 else 110  # photos are larger than scans
    size = float(np.exp(generator.uniform(math.log(11), math.log(largest))))
    font = _font(str(generator.choice(FONTS)), round(size))
    left, y = generator.uniform(-20, 40), generator.uniform(-size, 40)
    spacing = size * generator.uniform(1.05, 1.7)
    if generator.random() < 0.25:
        large = min(110, size * generator.uniform(1.5, 3))
        title = _font(str(generator.choice(FONTS)), round(large))
        draw.text((left, y), _line(generator, title, width / 2), 0, title)
        y += 1.3 * title.size
    while y < height:
        indent = 2 * size * (generator.random() < 0.15)
        if generator.random() < 0.1:  # the end of a paragraph: a short line, or a rule
            if generator.random() < 0.3:
                draw.line([(left, y), (width - left, y)], 0, int(generator.integers(1, 4)))
            y += spacing / 2
        length = generator.uniform(0.1, 0.7) if generator.random() < 0.15 else 1.0
        draw.text((left + indent, y), _line(generator, font, length * width), 0, font)
        y += spacing
    return np.asarray(page, np.float32) / 255


def _line(generator: np.random.Generator, font: FreeTypeFont, width: float) -> str:
    """Invents the words of one line."""
    line = ""
    while font.getlength(line) < width:
        line += _word(generator) + " "
    return line


def _word(generator: np.random.Generator) -> str:
    if generator.random() < 0.08:
        return str(generator.integers(0, 10_000))
    syllables = generator.integers(1, 5)
    word = "".join(
        generator.choice(_CONSONANTS) + generator.choice(_VOWELS) + generator.choice(["", "n", "r"])
        for _ in range(syllables)
    )
    if generator.random() < 0.15:
        word = word.capitalize()
    return word + (generator.choice(list(".,;:?!-)")) if generator.random() < 0.15 else "")


@functools.lru_cache(maxsize=256)
def _font(name: str, size: int) -> FreeTypeFont:
    from pathlib import Path

    import matplotlib
    from PIL import ImageFont

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return ImageFont.truetype(folder / f"{name}.ttf", size)


def draw_paper(generator: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Draws empty paper: its grain, light and shadow, folds and stains; float32 from 0 to 1."""
    shape = height, width
    paper = np.full(shape, generator.uniform(0.6, 1), np.float32)
    for scale, most in ((1, 0.02), (4, 0.03), (16, 0.03), (100, 0.1)):
        paper += generator.uniform(0, most) * _clouds(generator, shape, scale)
    if generator.random() < 0.4:
        paper *= _light(generator, shape)
    if generator.random() < 0.5:
        for _ in range(generator.integers(1, 8)):
            paper += _fold(generator, shape)
    if generator.random() < 0.6:
        for _ in range(generator.integers(1, 5)):
            paper *= _stain(generator, shape)
    return np.clip(paper, 0, 1)


def _clouds(generator: np.random.Generator, shape: tuple[int, int], scale: int) -> np.ndarray:
    """Returns smooth noise with a mean of 0 and a deviation near 1, in spots of a size."""
    from PIL import Image

    height, width = (side // scale + 2 for side in shape)
    spots = Image.fromarray(generator.normal(size=(height, width)).astype(np.float32))
    large = spots.resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(large, np.float32)


def _across(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Returns how far each pixel is from a random line, in pixels, negative on one side."""
    angle = generator.uniform(0, math.pi)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    middle_y, middle_x = (generator.uniform(0, side) for side in shape)
    return np.cos(angle) * (y - middle_y) + np.sin(angle) * (x - middle_x)


def _light(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Light that falls off to one side, or the edge of a shadow."""
    distance = _across(generator, shape)
    width = generator.choice([generator.uniform(3, 30), generator.uniform(100, 400)])
    return 1 - generator.uniform(0.1, 0.6) / (1 + np.exp(-distance / width))


def _fold(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """A crease: a bright or dark ridge, and paper a little darker on one side of it."""
    distance = _across(generator, shape) + 1.5 * _clouds(generator, shape, 40)
    width = generator.uniform(0.7, 3)
    ridge = generator.uniform(-0.15, 0.15) * np.exp(-((distance / width) ** 2) / 2)
    reach = generator.uniform(5, 60)
    return ridge - generator.uniform(0, 0.12) * (distance > 0) * np.exp(-np.abs(distance) / reach)


def _stain(generator: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """What a cup or a drop leaves: a disc with a dark edge, or the edge alone."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    middle_y, middle_x = (generator.uniform(0, side) for side in shape)
    radius = float(np.exp(generator.uniform(math.log(4), math.log(200))))
    wobble = generator.uniform(0, 0.06) * radius * _clouds(generator, shape, max(3, int(radius)))
    distance = np.hypot(y - middle_y, (x - middle_x) * generator.uniform(0.6, 1.6)) - radius
    distance += wobble + generator.uniform(0, 1.5) * _clouds(generator, shape, 8)
    soft, edge = generator.uniform(0.6, 3), generator.uniform(1, max(1.5, 0.15 * radius))
    inside = 1 / (1 + np.exp(np.clip(distance / soft, -30, 30)))
    body = generator.uniform(0, 0.6) * (generator.random() < 0.6)
    rim = generator.uniform(0.1, 0.6) * np.exp(-(((distance + edge) / edge).clip(-9, 9) ** 2))
    mottled = 1 + generator.uniform(0, 0.25) * _clouds(generator, shape, 12)
    darker = np.clip((body * inside + rim * inside) * mottled, 0, 0.75)
    return 1 - darker
