"""Drawing and finishing images: the right distribution, and what users see and are refused."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from deepzoo_pixel_generation.drawing import complete, draw
from deepzoo_pixel_generation.inference import (
    HIDDEN,
    generate,
    kept_half,
    predict,
)
from deepzoo_pixel_generation.models import PixelCNN, PixelModel
from deepzoo_pixel_generation.networks import PredictingStepper
from deepzoo_pixel_generation.prepare import fitted
from deepzoo_pixel_generation.scoring import surprise
from PIL import Image

from deepzoo import api
from deepzoo.cli import main
from deepzoo.errors import DataError, UsageError
from deepzoo.figures.images import BETWEEN
from deepzoo.testing.trial_runs import workshop

pytest.importorskip("keras")

SMALL = {"filters": 4, "first": 3, "dilations": "1,2", "subset": 300, "batch_size": 10}
SMALL |= {"learning_rate": 0.02, "average": 0, "drawn": 0}


def train(model="pixel-cnn", **settings):
    return api.train(
        "mnist", task="pixel-generation", model=model, sample=True, epochs=1, settings=settings
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Trains a small PixelCNN on drawn digits; gives the folder of the run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("home")))
        return train(**SMALL).path


@pytest.fixture
def run(folder):
    """Opens the run as a fresh process would."""
    return api.load(str(folder))


@pytest.fixture
def digit(tmp_path):
    """Writes a bright bar as an image file in the size of the run."""
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, 12:16] = 255
    Image.fromarray(pixels).save(tmp_path / "bar.png")
    return tmp_path / "bar.png"


class Table:
    """A network of 2 x 2 black or white pixels, given by the probability of each image."""

    shape, levels = (2, 2), 2
    images = np.array(list(itertools.product((0, 1), repeat=4)))
    # Of each class: rarely a white pixel, which then has another to its right; any second row.
    first_row = np.repeat([0.9 * 0.95, 0.9 * 0.05, 0.1 * 0.1, 0.1 * 0.9], 4)
    joint = first_row * np.random.default_rng(3).dirichlet(np.ones(4), (2, 4)).reshape(2, 16)

    def __init__(self):
        self.logits = np.empty((2, 16, 4, 2))
        for label, image, position in itertools.product(range(2), range(16), range(4)):
            before = self.images[:, :position] == self.images[image, :position]
            for level in (0, 1):
                these = before.all(axis=1) & (self.images[:, position] == level)
                self.logits[label, image, position, level] = np.log(self.joint[label, these].sum())

    def predict(self, inputs):
        pixels, labels = inputs
        numbers = pixels.reshape(-1, 4).astype(int) @ [8, 4, 2, 1]
        return self.logits[labels, numbers].reshape(-1, 2, 2, 2)

    def stepper(self, labels):
        return PredictingStepper(self, labels)


@pytest.mark.parametrize("keep", ["top", "bottom", "left", "right"])
def test_completions_have_the_probabilities_of_the_network_given_what_is_kept(keep):
    shares, image = np.array([0.3, 0.7]), np.array([[1, 1], [0, 1]])
    kept = kept_half((2, 2), keep)
    fits = (Table.images[:, kept.ravel()] == image[kept]).all(axis=1)
    expected = np.where(fits, shares @ Table.joint, 0)
    expected /= expected.sum()
    labels = np.tile([0, 1], 30)
    drawn = complete(Table(), image, kept, labels, np.log(shares[labels]), count=1000)
    counts = np.bincount(drawn.reshape(-1, 4) @ [8, 4, 2, 1], minlength=16)
    assert not counts[~fits].any()
    np.testing.assert_allclose(counts / 1000, expected, atol=0.05)


def test_a_sheet_of_drawn_images(run, tmp_path, capsys):
    sheet = run.generate(n=5, seed=1)
    assert sheet.shape == (2 * 29 - 1, 3 * 29 - 1)
    assert set(np.unique(sheet)) == {0, BETWEEN, 255}
    assert np.array_equal(sheet, api.generate(run=run, n=5, seed=1))
    assert not np.array_equal(sheet, run.generate(n=5, seed=2))
    out = tmp_path / "digits.png"
    words = ["generate", "--run", str(run.path), "-n", "5", "--seed", "1", "--out", str(out)]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert np.array_equal(np.asarray(Image.open(out)), sheet)


def test_an_animation_shows_the_rows_of_an_image_one_by_one(run, tmp_path, monkeypatch, capsys):
    frames = run.generate(n=5, seed=1, animate=True)
    sheet = run.generate(n=5, seed=1)
    assert frames.shape == (29, *sheet.shape, 1)
    assert (frames[0] != 255).all()
    assert np.array_equal(frames[10, :10, :, 0], sheet[:10])
    assert np.array_equal(frames[-1, ..., 0], sheet)
    monkeypatch.chdir(tmp_path)
    assert main(["generate", "--run", str(run.path), "-n", "5", "--seed", "1", "--animate"]) == 0
    assert capsys.readouterr().out == "generate.gif\n"
    with Image.open("generate.gif") as saved:
        assert saved.n_frames == 29


def test_a_cooler_temperature_draws_less_noise(run):
    light = [(run.generate(n=9, seed=1, temperature=t) == 255).mean() for t in (0.1, 1.0, 5.0)]
    assert light == sorted(light)
    assert light[0] < 0.2 * light[2]


def test_a_class_is_asked_for_by_name(run):
    first, other = (run.generate(n=1, seed=1, label=name) for name in "27")
    assert first.shape == other.shape == (28, 28)
    with pytest.raises(UsageError, match=r"no class 'seven'.*It learned: 0, 1, .*, 9"):
        run.generate(label="seven")
    with pytest.raises(UsageError, match="no class '10'"):
        run.predict(np.zeros((28, 28), np.uint8), label="10")


def test_classes_are_drawn_as_often_as_they_were_seen_and_the_unseen_never():
    facts = {"classes": ["a", "b", "c"], "shares": [1, 0, 3]}
    asked = []
    network = SimpleNamespace(
        draw=lambda labels, seed: asked.extend(labels) or np.zeros((len(labels), 2, 2), int)
    )
    run = SimpleNamespace(preprocessor=facts, spec={"levels": 2}, network_for=lambda n: network)
    generate(run, 1000, None, 1.0, seed=0)
    assert np.bincount(asked, minlength=3) / 1000 == pytest.approx([0.25, 0, 0.75], abs=0.05)


@pytest.mark.parametrize("keep", ["top", "bottom", "left", "right"])
def test_a_half_stays_and_the_other_is_completed_in_several_ways(run, digit, keep):
    picture = run.predict(digit, keep=keep, n=3, seed=1)
    assert picture.shape == (28, 5 * 29 - 1)
    hidden, *completed, whole = [picture[:, x : x + 28] for x in range(0, 5 * 29 - 1, 29)]
    given, kept = np.asarray(Image.open(digit)), kept_half((28, 28), keep)
    assert np.array_equal(whole, given)
    assert (hidden[~kept] == HIDDEN).all()
    for image in (hidden, *completed):
        assert np.array_equal(image[kept], given[kept])
    assert len({image.tobytes() for image in completed}) == 3
    changed = given.copy()
    changed[~kept] = 255 - changed[~kept]
    again = run.predict(changed, keep=keep, n=3, seed=1)
    assert np.array_equal(again[:, :-29], picture[:, :-29])


def test_more_completions_begin_with_those_of_fewer(run, digit):
    eight, ten = (run.predict(digit, n=n, seed=1) for n in (8, 10))
    assert np.array_equal(ten[:, : 9 * 29], eight[:, : 9 * 29])
    assert ten.shape == (28, 12 * 29 - 1)


def test_completing_from_the_command_line(run, digit, tmp_path, capsys):
    out = tmp_path / "done.png"
    words = ["predict", str(run.path), str(digit), "--out", str(out), "-n", "2", "--keep"]
    assert main([*words, "left", "--label", "3", "--seed", "1"]) == 0
    expected = run.predict(digit, keep="left", n=2, label="3", seed=1)
    assert np.array_equal(np.asarray(Image.open(out)), expected)
    assert main([*words, "everything"]) == 2
    assert "expected one of top, bottom, left, right" in capsys.readouterr().err
    assert main(["predict", str(run.path), str(tmp_path / "none.png")]) == 3


def test_halves_that_fit_no_digit_are_completed_nevertheless(run):
    for pixels in (np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)):
        for keep in ("top", "right"):
            picture = run.predict(pixels, keep=keep, n=1, seed=1)
            assert np.array_equal(picture[:, -28:], pixels)


def test_what_is_unlike_all_that_was_learned_is_told(caplog):
    run = api.load("mnist-pixels@shipped")
    noise = np.random.default_rng(0).integers(0, 2, (28, 28), np.uint8) * 255
    for keep in ("top", "left"):
        caplog.clear()
        predict(run, generate(run, 1, "4", 1.0, 0), keep, 1, None, 0)
        assert not caplog.records
        predict(run, noise, keep, 1, None, 0)
        assert "is unlike all images that mnist-pixels@shipped learned from" in caplog.text


def test_a_network_is_not_surprised_by_what_it_draws_itself():
    run = api.load("mnist-pixels@shipped")
    kept, sevens = kept_half((28, 28), "top"), np.full(48, 7)
    levels = draw(run.numpy_network, sevens)
    found = [
        surprise(run.numpy_network, image.astype(np.float32), image, kept, sevens[:1])
        for image in levels
    ]
    assert abs(np.mean(found)) < 0.5
    assert 0.6 < np.std(found) < 1.4


def test_networks_that_cannot_do_what_is_asked_say_so():
    network = SimpleNamespace(draw=lambda labels, seed: np.zeros((len(labels), 2, 2), int))
    run = SimpleNamespace(
        id="mnist/some-1", model="some", dataset="mnist", task="pixel-generation",
        preprocessor={"classes": ["a", "b"], "shares": [1, 3]}, spec={"levels": 2},
        network_for=lambda count: network, recipe=lambda owner: PixelCNN(by_class=False),
    )  # fmt: skip
    assert generate(run, 4, None, 1.0, seed=0).shape == (5, 5)
    with pytest.raises(UsageError, match=r"mnist/some-1 .* with neither a temperature nor rows"):
        generate(run, 4, None, 0.5, seed=0)
    with pytest.raises(UsageError, match=r"mnist/some-1 .* cannot finish one"):
        predict(run, np.zeros((2, 2), np.uint8), "top", 1, None, seed=0)
    with pytest.raises(UsageError, match=r"mnist/some-1 .* did not learn the classes apart"):
        generate(run, 4, "a", 1.0, seed=0)


def test_a_keras_model_of_a_plugin_needs_nothing_more(digit):
    class Above(PixelModel):
        """Guesses a pixel from the one above."""

        name = "above"

        def build(self, spec):
            import keras
            from keras import layers

            pixels = keras.Input((spec["height"], spec["width"]), name="pixels")
            label = keras.Input((), dtype="int32", name="label")
            x = layers.Reshape((spec["height"], spec["width"], 1))(pixels)
            x = layers.Cropping2D(((0, 1), (0, 0)))(layers.ZeroPadding2D(((1, 0), (0, 0)))(x))
            return keras.Model([pixels, label], layers.Conv2D(spec["levels"], 1)(x))

    with workshop(Above):
        run = train("above", subset=100)
        assert run.generate(n=2, seed=1).shape == (28, 57)
        with pytest.raises(UsageError, match="did not learn the classes apart"):
            run.generate(label="7")


def test_images_are_read_in_the_size_the_ground_and_the_levels_of_the_run(tmp_path):
    facts = {"shape": [10, 12], "border": 0.0}
    same = np.random.default_rng(0).integers(0, 2, (10, 12), dtype=np.uint8) * 255
    photo = np.full((40, 20), 255, np.uint8)
    photo[10:30, 4:16] = 0
    as_it_is, photographed = fitted([same, photo], facts)
    assert np.array_equal(as_it_is, same)
    assert photographed[0, 0] == 0  # the light paper became dark
    assert photographed[5, 6] == 255
    grey = np.array([[[0, 255, 0], [255, 0, 0], [0, 0, 255]]], np.uint8)
    assert fitted([grey], {"shape": [1, 3], "border": 0.0}).tolist() == [[[150, 76, 29]]]
    (tmp_path / "broken.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"broken\.png"):
        fitted([tmp_path / "broken.png"], facts)
