"""Figures of one form: titles that fit, names in any script, numbers that stay."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from deepzoo import figures
from deepzoo.errors import UsageError
from deepzoo.figures import fonts
from deepzoo.figures.files import as_image
from deepzoo.figures.images import BETWEEN

pytest.importorskip("matplotlib")


@pytest.fixture
def warned(monkeypatch):
    """Gives the warnings about letters that no font has."""
    warnings = []
    monkeypatch.setattr(fonts.logger, "warning", warnings.append)
    return warnings


def framed(*names):
    figure, axes = figures.framed(5, 3, "Title", "digits/a", "9 test images")
    axes.set_yticks(range(len(names)), names, parse_math=False)
    return figures.finished(figure)


def families(figure):
    return figure.axes[0].get_yticklabels()[0].get_fontfamily()


def test_fonts_that_have_other_scripts_are_used_and_missing_letters_are_named_once(
    monkeypatch, warned
):
    latin = fonts._letters(fonts.USUAL)
    letters = {fonts.USUAL: latin, "Kaiti": frozenset("苹果")}
    monkeypatch.setattr(fonts, "_installed", lambda: dict.fromkeys(letters, ""))
    monkeypatch.setattr(fonts, "_letters", letters.get)
    assert families(framed("abc")) == ["sans-serif"]
    assert families(framed("abc", "苹果")) == ["sans-serif", fonts.USUAL, "Kaiti"]
    assert not warned
    framed("苹漢", "漢字")
    assert len(warned) == 1
    assert "No installed font has 字漢:" in warned[0]


def test_letters_that_no_font_has_are_boxes_and_no_warning_of_matplotlib(warned, caplog):
    figure = framed("漢字", "🙂", "$x_1$", "a\u200db\n")
    figure.axes[0].get_yticklabels()[0].set_weight("bold")
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert not caplog.text
    assert len(warned) == 1
    assert "字漢🙂" in warned[0]


@pytest.mark.parametrize(("width", "height"), [(4, 3), (7, 20), (14, 3)])
def test_long_names_are_shortened_and_facts_are_whole(width, height):
    facts = "10,000 test images", "with 95 % intervals", "dotted: all classes, 97.31%"
    name = f"birds/{'very-' * 30}long-2"
    figure, axes = figures.framed(width, height, "Accuracy of each class", name, *facts)
    figure.savefig(io.BytesIO(), dpi=50)
    subtitle = " ".join(text.get_text() for text in figure.texts[1:])
    assert subtitle.startswith("birds/very")
    assert "long-2: 10,000 test images; with 95 % intervals; dotted" in subtitle
    lowest = min(text.get_window_extent().y0 for text in figure.texts)
    assert axes.get_window_extent().y1 < lowest - 0.1 * figure.dpi
    for text in figure.texts:
        assert text.get_window_extent().x1 <= figure.bbox.x1, text


def test_a_name_is_one_line():
    assert figures.shortened("a\nb\x1b\ud800", 9) == "a b  "
    assert figures.shortened("abcdefghij", 7) == "abcd…ij"


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 1), (5, 1), (1, 5, 1), (1, 1, 3), (4, 3, 3)])
def test_pictures_of_any_size_are_saved(tmp_path, shape):
    pixels = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    saved = np.asarray(Image.open(figures.save(pixels, tmp_path / "picture.png")))
    assert np.array_equal(saved.reshape(shape), pixels)


def test_frames_are_saved_as_an_animation_and_its_last_one_is_its_picture(tmp_path):
    frames = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1).repeat(4, 1).repeat(5, 2) * 100
    path = figures.save(frames, tmp_path / "moving")
    assert path.name == "moving.gif"
    with Image.open(path) as saved:
        shown = []
        for number in range(saved.n_frames):
            saved.seek(number)
            shown.append(int(np.asarray(saved.convert("L"))[0, 0]))
    assert shown == [0, 100, 200]
    assert as_image(frames).getpixel((0, 0)) == 200
    with pytest.raises(UsageError, match=r"moving\.jpg cannot hold an animation"):
        figures.save(frames, tmp_path / "moving.jpg")


def test_rows_of_images_have_their_names_beside_them_and_one_scale():
    rows = [("bytes", np.full((3, 4, 5), 51, np.uint8)), ("values", np.full((2, 4, 5), 0.2))]
    figure = figures.image_rows("Title", "data/run", ["5 images"], rows)
    assert {"bytes", "values"} <= {text.get_text() for text in figure.texts}
    assert len(figure.axes) == 5
    shades = {axes.images[0].norm(axes.images[0].get_array()).mean() for axes in figure.axes}
    assert max(shades) - min(shades) < 1e-6
    left = [round(axes.get_position().x0, 6) for axes in figure.axes]
    assert left[:2] == left[3:]


@pytest.mark.parametrize("channels", [(), (3,)])
def test_a_mosaic_has_grey_between_images_and_where_there_is_none(channels):
    sheet = figures.mosaic(np.full((3, 2, 3, *channels), 255, np.uint8), 2)
    expected = [
        [255, 255, 255, BETWEEN, 255, 255, 255],
        [255, 255, 255, BETWEEN, 255, 255, 255],
        [BETWEEN] * 7,
        [255, 255, 255, BETWEEN, BETWEEN, BETWEEN, BETWEEN],
        [255, 255, 255, BETWEEN, BETWEEN, BETWEEN, BETWEEN],
    ]
    assert sheet.shape == (5, 7, *channels)
    assert (sheet.reshape(5, 7, -1) == np.array(expected)[..., None]).all()
