"""Photos of all kinds become what a run has learned from; what is broken is refused by path."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from image_runs import DIGITS, stroke

from deepzoo.errors import DataError
from deepzoo.readers import LARGEST_IMAGE, open_image, read_image

pytest.importorskip("PIL")

from deepzoo_image_classification.files.adapt import describe, fitted
from deepzoo_image_classification.files.photos import read_photos
from PIL import Image

COLOUR = {**DIGITS, "shape": [8, 8, 3], "border": 120.0, "ground": "", "centred": ""}


def digits(count: int = 40) -> np.ndarray:
    """Draws bars of 20 x 6 pixels in the middle of black pictures, as MNIST has digits."""
    pixels = np.zeros((count, 28, 28, 1), np.uint8)
    pixels[:, 4:24, 11:17] = 230
    return pixels


def saved(tmp_path, picture, name="photo.png", **options):
    image = picture if hasattr(picture, "save") else Image.fromarray(picture)
    image.save(tmp_path / name, **options)
    return tmp_path / name


def as_input(path, described=DIGITS):
    return read_photos([path], described)[0]


def test_training_images_on_black_are_described():
    assert describe(digits()) == {
        "shape": [28, 28, 1],
        "border": 0.0,
        "mean": pytest.approx(230 * 120 / 784, abs=1e-3),
        "ground": "black",
        "fill": pytest.approx(20 / 28, abs=1e-3),
        "centred": "mass",
        "centre": [0.5, 0.5],
    }


def test_training_images_on_white_in_shades_and_in_colour_are_told_apart():
    assert describe(255 - digits())["ground"] == "white"
    shades = np.random.default_rng(0).integers(0, 256, (20, 9, 9, 1)).astype(np.uint8)
    assert (describe(shades)["ground"], describe(shades)["fill"]) == ("", 1.0)
    assert describe(np.repeat(digits(), 3, axis=-1))["ground"] == ""
    both = np.concatenate([digits(), digits()])
    both[40:, 20:24, 8:20] = 230
    both[40:] = np.roll(both[40:], -1, axis=1)  # heavy feet, so the mass stays where it was
    assert describe(both)["centred"] == "mass"
    assert describe(np.roll(digits(), 3, axis=2))["centre"] == [0.5, 0.6071]
    moved = np.stack([np.roll(one, shift, (0, 1)) for shift, one in enumerate(digits(8))])
    moved[:4] = np.roll(moved[:4], 9, axis=2)
    assert describe(moved)["centred"] == ""


def test_an_image_of_the_training_size_is_taken_as_it_is(tmp_path):
    picture = digits(1)[0, :, :, 0]
    assert np.array_equal(as_input(saved(tmp_path, picture))[..., 0], picture)


@pytest.mark.parametrize("ground", ["black", "white"])
def test_light_and_dark_grounds_become_that_of_the_training(tmp_path, ground):
    picture = digits(1)[0, :, :, 0]
    described = {**DIGITS, "ground": ground, "border": 0.0 if ground == "black" else 255.0}
    expected = picture if ground == "black" else 255 - picture
    for number, given in enumerate((picture, 255 - picture)):
        path = saved(tmp_path, given, f"{number}.png")
        assert np.array_equal(as_input(path, described)[..., 0], expected)


def test_a_drawing_is_cut_out_scaled_and_put_in_the_middle(tmp_path):
    found = as_input(saved(tmp_path, stroke()))[..., 0]
    rows, columns = (np.flatnonzero((found > 128).any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (4, 23)
    assert 12 <= columns[0] <= columns[-1] <= 15
    assert found[10, 14] == 255
    assert found[0].max() == 0


def test_uneven_light_and_noise_on_paper_do_not_matter(tmp_path):
    clean = stroke().astype(float) / 255
    light = 210 - 70 * np.linspace(0, 1, clean.shape[1])[None]
    noise = np.random.default_rng(0).normal(0, 5, clean.shape)
    photo = np.clip(light * (0.2 + 0.8 * clean) + noise, 0, 255).astype(np.uint8)
    found = as_input(saved(tmp_path, np.stack([photo] * 3, axis=-1), "p.jpg", quality=90))
    expected = as_input(saved(tmp_path, stroke()))
    assert np.abs(found.astype(int) - expected).mean() < 8


def test_photos_of_shades_are_fitted_whole_with_their_border_around(tmp_path):
    wide = np.full((4, 8, 3), (200, 100, 50), np.uint8)
    found = as_input(saved(tmp_path, wide), COLOUR)
    assert found.shape == (8, 8, 3)
    assert np.array_equal(found, np.broadcast_to(wide[0, 0], (8, 8, 3)))
    assert fitted(Image.new("L", (3, 300)), (8, 8)).size == (8, 8)


def test_a_plain_image_has_nothing_to_cut_out(tmp_path):
    assert as_input(saved(tmp_path, np.full((50, 40), 255, np.uint8))).max() == 0
    assert as_input(saved(tmp_path, np.full((1, 1), 7, np.uint8))).shape == (28, 28, 1)


def test_every_mode_becomes_grey_or_colour(tmp_path):
    grey = np.linspace(0, 255, 64).astype(np.uint8).reshape(8, 8)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"):
        flat = read_image(Image.fromarray(grey).convert(mode))
        assert flat.mode in ("L", "RGB"), mode
        assert abs(float(np.asarray(flat).mean()) - 127) < 12, mode
    sixteen = Image.fromarray(grey.astype(np.uint16) * 257)
    assert np.array_equal(read_image(saved(tmp_path, sixteen, "16.png")), grey)


def test_transparent_parts_are_white_or_what_makes_the_drawing_visible():
    ink = np.zeros((9, 9, 4), np.uint8)
    ink[3:6, 3:6, 3] = 255
    assert np.asarray(read_image(Image.fromarray(ink)))[0, 0].tolist() == [255] * 3
    ink[..., :3] = 255
    found = np.asarray(read_image(Image.fromarray(ink)))
    assert (found[0, 0].max(), found[4, 4].min()) == (0, 255)


def test_exif_rotation_turns_the_photo_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    image = Image.new("RGB", (40, 20))
    assert open_image(saved(tmp_path, image, "turned.jpg", exif=exif)).size == (20, 40)


def png_header(width: int, height: int) -> bytes:
    """Writes a PNG that claims a size and holds no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def truncated(kind: str) -> bytes:
    memory = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    Image.fromarray(noise).save(memory, kind)
    return memory.getvalue()[: len(memory.getvalue()) // 2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"no image at all", "not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
        (truncated("PNG"), "cut off"),
        (truncated("JPEG"), "cut off"),
        (truncated("TIFF"), "cut off|not an image"),
        (png_header(60_000, 60_000), "too large"),
        (png_header(10_001, 10_000), f"at most {LARGEST_IMAGE:,}"),
        (png_header(9, 9), "cut off"),
    ],
)
def test_broken_images_are_refused_with_path_and_reason(tmp_path, content, reason):
    path = tmp_path / "holiday.png"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        as_input(path)
    assert str(path) in caught.value.message


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        open_image(tmp_path)
    with pytest.raises(DataError, match=r"nowhere\.png"):
        open_image(tmp_path / "nowhere.png")


def test_the_format_is_told_by_its_content(tmp_path):
    memory = io.BytesIO()
    Image.fromarray(stroke()).save(memory, "GIF")
    path = tmp_path / "really-a-gif.jpg"
    path.write_bytes(memory.getvalue())
    assert open_image(path).size == (320, 200)


def test_arrays_and_pillow_images_are_photos_too():
    expected = read_photos([stroke()], DIGITS)
    assert np.array_equal(read_photos([Image.fromarray(stroke())], DIGITS), expected)
    assert np.array_equal(read_photos([stroke()[..., None]], DIGITS), expected)
    with pytest.raises(DataError, match="float64"):
        read_photos([stroke() / 255], DIGITS)


def test_a_pillow_image_is_turned_upright_as_its_file_is(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(stroke()).save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as image:
        from_memory = read_photos([image], DIGITS)
    assert np.array_equal(from_memory, read_photos([tmp_path / "turned.png"], DIGITS))


@pytest.mark.parametrize(
    ("photo", "said"),
    [
        ([stroke()], "received list. Give several one by one"),
        (b"PNG", "received bytes. Open it: PIL"),
        (None, "received NoneType"),
        (5, "received int"),
        (np.zeros((0, 0), np.uint8), r"received uint8 \[0, 0\]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_image_is_refused_in_one_line(photo, said):
    with pytest.raises(DataError, match=said):
        read_photos([photo], DIGITS)
