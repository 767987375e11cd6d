"""Small pictures are drawn in terminals that can show them, exactly, and nowhere else."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from deepzoo import Task, Text, verb
from deepzoo.cli import main
from deepzoo.interfaces.ask import ask

PICTURE = np.random.default_rng(0).integers(0, 256, (5, 90, 3), dtype=np.uint8)
CODES = re.compile(r"\x1b\[([\d;]*)m|(\u2580)")


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


class Sketching(Task):
    """Draws without learning."""

    name = "sketching"
    kinds = (Text,)
    default_model = "none"

    @verb(draws=True)
    def sketch(self, run, image: str, *, width: int = 40, figure: bool = False):
        """Draw noise."""
        if figure:
            from matplotlib.figure import Figure

            return Figure((0.1, 0.1))
        return PICTURE[:, :width]


class FakeRun(SimpleNamespace):
    def sketch(self, *inputs, **options):
        return ask(Sketching().sketch, self, inputs, options)


@pytest.fixture
def sketch(plugin, monkeypatch, tmp_path):
    """Calls the verb on a terminal of 40 columns; returns what standard output shows."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin(register_tasks=lambda: [Sketching])
    run = FakeRun(id="noise/sketch-1", task="sketching")
    monkeypatch.setattr("deepzoo.api.load", lambda reference, **options: run)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"COLUMNS": "40", "TERM": "xterm", "COLORTERM": "truecolor"}.items():
        monkeypatch.setenv(name, value)

    def call(*words, screen=Screen):
        stream = screen()
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["sketch", "x", "a", "--out", "a.png", *words]) == 0
        return stream.getvalue()

    return call


def pixels_of(lines):
    """Reads the colours of half blocks back, as rows of pixels; None is the ground."""
    rows = []
    for line in lines:
        rows += [upper := [], lower := []]
        colours = {"38": None, "48": None}
        for codes, block in CODES.findall(line):
            if block:
                upper.append(colours["38"])
                lower.append(colours["48"])
                continue
            colours = {"38": None, "48": None}
            for layer, *rgb in re.findall(r"([34]8);2;(\d+);(\d+);(\d+)", codes):
                colours[layer] = tuple(map(int, rgb))
    return rows


def test_a_small_picture_is_drawn_pixel_by_pixel_below_the_name_of_its_file(sketch):
    path, *lines = sketch().splitlines()
    assert path == "a.png"
    *rows, below = pixels_of(lines)
    saved = np.asarray(Image.open("a.png"))
    assert np.array_equal(np.array(rows), saved)
    assert below == [None] * 40  # half of the last line has no pixels


def test_a_picture_that_is_wider_is_halved(sketch):
    _, *lines = sketch("--width", "80").splitlines()
    assert np.array_equal(np.array(pixels_of(lines)[:3]), Image.open("a.png").reduce(2))
    assert len(lines) == 2


def test_256_colours_are_enough_and_16_are_not(sketch, monkeypatch):
    monkeypatch.delenv("COLORTERM")
    assert sketch() == "a.png\n"
    monkeypatch.setenv("TERM", "xterm-256color")
    out = sketch()
    assert out.count("\u2580") == 3 * 40
    assert ";2;" not in out


@pytest.mark.parametrize("words", [("--width", "81"), ("--figure",), ("--quiet",)], ids=str)
def test_wide_pictures_and_figures_are_not_drawn_and_nothing_is_if_quiet(sketch, words):
    assert sketch(*words) == "a.png\n"


def test_pipes_json_and_terminals_without_colours_or_unicode_get_none(sketch, monkeypatch):
    assert sketch(screen=io.StringIO) == "a.png\n"
    assert "\u2580" not in sketch("--json")

    class Ascii(Screen):
        encoding = "ascii"

    assert sketch(screen=Ascii) == "a.png\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert sketch() == "a.png\n"
