"""Drawings on photos are found whatever ground, light and pen; blank photos have none."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_image_classification.files.adapt import plain
from deepzoo_image_classification.files.photos import read_photo, read_photos
from digit_photos import KINDS
from digit_photos import photo as draw_digits
from image_runs import DIGITS
from PIL import Image, ImageDraw

SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))


def photo(ground=(245, 245, 240), ink=(20, 20, 25), width=0.05, size=(480, 360), **options):
    """Draws a seven as a camera sees it, with noise, in uneven light.

    Args:
        ground: Colour of the paper.
        ink: Colour of the pen; None leaves the paper blank.
        width: Of the stroke, as a fraction of the height.
        size: Width and height.
        **options: `shadow`, how much darker one half is; `rules`, lines of paper; `table`,
            the colour of what lies around it.
    """
    scale = 4
    large = Image.new("RGB", (size[0] * scale, size[1] * scale), ground)
    draw = ImageDraw.Draw(large)
    for y in range(0, large.height, large.height // 12) if options.get("rules") else ():
        draw.line([(0, y), (large.width, y)], (170, 190, 225), scale)
    if ink is not None:
        points = [(x * large.width, y * large.height) for x, y in SEVEN]
        draw.line(points, ink, max(1, round(width * large.height)), joint="curve")
    if table := options.get("table"):
        draw.rectangle((0, 0, large.width - 1, large.height - 1), None, table, large.height // 11)
    pixels = np.asarray(large.resize(size, Image.Resampling.BOX), float)
    x = np.linspace(0, 1, size[0])[None, :, None]
    light = 1 - 0.25 * x - options.get("shadow", 0) / (1 + np.exp(25 * (0.4 - x)))
    noise = np.random.default_rng(0).normal(0, 4, pixels.shape)
    return Image.fromarray(np.clip(pixels * light + noise, 0, 255).astype(np.uint8))


def seen(image) -> np.ndarray:
    return read_photos([image], DIGITS)[0, ..., 0]


PHOTOS = {
    "kraft": {"ground": (165, 120, 75)},
    "dim": {"ground": (90, 88, 80), "ink": (20, 20, 22)},
    "chalk": {"ground": (35, 60, 45), "ink": (235, 235, 230)},
    "chalk on grey": {"ground": (130, 135, 130), "ink": (215, 215, 210)},
    "red on yellow": {"ground": (250, 230, 110), "ink": (210, 40, 40)},
    "yellow on white": {"ink": (240, 200, 30)},
    "green on blue": {"ground": (150, 190, 230), "ink": (20, 110, 60)},
    "thin": {"width": 0.008, "ink": (40, 50, 150)},
    "shadow": {"shadow": 0.4},
    "ruled": {"rules": True, "width": 0.02},
    "on a table": {"table": (70, 45, 30)},
    "of the training's size": {"size": (28, 28), "width": 0.1, "ground": (200, 200, 196)},
    "a little larger": {"size": (29, 29), "width": 0.1, "ground": (200, 200, 196)},
}


@pytest.mark.parametrize("case", PHOTOS)
def test_the_drawing_is_found_whatever_ground_light_and_pen(case):
    found, expected = seen(photo(**PHOTOS[case])), seen(photo())
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.7
    rows = np.flatnonzero((found > 128).any(axis=1))
    assert rows[-1] - rows[0] >= 16, "as large as in training"
    assert found.max() >= 250, "in full strength"
    assert np.median(found[found > 60]) > 150, "thin strokes, too"


def test_a_drawing_cut_tightly_is_that_drawing():
    image = Image.new("L", (480, 360), 240)
    ImageDraw.Draw(image).line([(x * 480, y * 360) for x, y in SEVEN], 20, 30, joint="curve")
    tight = image.crop((110, 60, 370, 320))
    assert np.corrcoef(seen(tight).ravel(), seen(image).ravel())[0, 1] > 0.9


@pytest.mark.parametrize("ink", [20, 240])
@pytest.mark.parametrize("width", [6, 30])
def test_a_thick_or_thin_ring_cut_without_a_margin_stays_a_ring(width, ink):
    image = Image.new("L", (100, 120), 260 - ink)
    ImageDraw.Draw(image).ellipse((0, 0, 99, 119), outline=ink, width=width)
    found = seen(image)
    rows, columns = (np.flatnonzero((found > 128).any(axis=axis)) for axis in (1, 0))
    assert (np.ptp(rows), np.ptp(columns)) == (19, 16)
    assert found[14, 14] < 50, "the hole is no ink"
    assert found[:4].max() == 0


def test_a_slanted_bar_that_covers_most_of_its_crop_is_the_ink():
    image = Image.new("L", (60, 200), 0)
    ImageDraw.Draw(image).polygon([(20, 0), (59, 0), (39, 199), (0, 199)], 255)
    found = seen(image)
    assert found[14, 14] == 255
    assert found[14, :8].max() == found[14, 20:].max() == 0


def test_specks_alone_are_no_drawing():
    pixels = np.full((300, 300), 240, np.uint8)
    for row in range(20, 280, 24):
        for column in range(20, 280, 24):
            pixels[row : row + 3, column : column + 3] = 20
    assert not seen(Image.fromarray(pixels)).any()


@pytest.mark.parametrize("ground", ["black", "white"])
def test_only_large_drawings_apart_are_several(ground):
    one = Image.new("L", (480, 480), 240)
    draw = ImageDraw.Draw(one)
    draw.line((120, 60, 120, 200), 20, 20)
    draw.line((160, 60, 190, 60), 20, 20)
    beside, above = one.copy(), one.copy()
    ImageDraw.Draw(beside).ellipse((250, 60, 350, 200), outline=20, width=20)
    ImageDraw.Draw(above).ellipse((80, 260, 180, 400), outline=20, width=20)
    described = {**DIGITS, "ground": ground}
    found = [read_photo(image, described)[1] for image in (one, beside, above)]
    assert found == [False, True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_several_digits_and_none_are_told_on_every_kind_of_photo(kind):
    def read(*rows):
        photo = draw_digits(rows, KINDS[kind], np.random.default_rng(1))
        pixels, more = read_photo(photo, DIGITS)
        return "blank" if plain(pixels[None])[0] else "several" if more else "one"

    assert read() == "blank"
    assert read([4]) == "one"
    assert [read([2, 6]), read([7, 0, 5]), read([3], [9]), read([8], [2], [6])] == ["several"] * 4


@pytest.mark.parametrize("case", [case for case in PHOTOS if case != "on a table"])
def test_a_blank_photo_has_no_drawing(case):
    blank = photo(**{**PHOTOS[case], "ink": None})
    assert plain(read_photos([blank], DIGITS)).tolist() == [True]


def test_training_images_stay_as_they_are_in_either_ground():
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 11:17] = 230
    assert np.array_equal(seen(picture), picture)
    assert np.array_equal(seen(255 - picture), picture)


def test_twelve_bits_are_scaled_as_sixteen_are():
    grey = np.asarray(photo().convert("L"))
    for most in (4095, 65535):
        deep = Image.fromarray((grey / 255 * most).astype(np.uint16))
        assert np.abs(seen(deep).astype(int) - seen(grey)).mean() < 3


def test_pillow_images_are_turned_upright_as_files_are(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo().transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    upright = seen(photo())
    assert np.array_equal(seen(str(tmp_path / "turned.png")), upright)
    with Image.open(tmp_path / "turned.png") as image:
        assert np.array_equal(seen(image), upright)
