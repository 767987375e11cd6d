"""The plots of image classification show what was scored, whatever classes are called."""

from __future__ import annotations

import io

import numpy as np
import pytest
from image_runs import stroke
from PIL import Image

from deepzoo.cli import main
from deepzoo.errors import DataError, UsageError

pytest.importorskip("matplotlib")

from deepzoo_image_classification import inference
from deepzoo_image_classification.plots import PLOTS, occlusion
from deepzoo_image_classification.plots import scores as plots
from deepzoo_image_classification.plots.figures import (
    LINE,
    MOST_IMAGES,
    grid,
    shape_of_grid,
)


def drawn(figure) -> bytes:
    """Draws a figure; a warning, about a missing glyph for one, is an error here."""
    memory = io.BytesIO()
    figure.savefig(memory, format="png", dpi=50)
    return memory.getvalue()


def written(figure) -> list[str]:
    texts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        texts += [text.get_text() for text in axes.texts]
        texts += [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    return texts


def predictions(classes, count: int = 90, wrong: int = 30) -> inference.Predictions:
    """Makes answers of which the first are wrong, the first of all most confidently."""
    size = len(classes)
    labels = np.arange(count) % size
    confidence = np.linspace(0.99, 0.6, count)
    answers = np.where(np.arange(count) < wrong, (labels + 1) % size, labels)
    probabilities = np.tile(((1 - confidence) / max(size - 1, 1))[:, None], (1, size))
    probabilities[np.arange(count), answers] = confidence
    pixels = np.random.default_rng(0).integers(0, 256, (count, 9, 9, 3)).astype(np.uint8)
    return inference.Predictions(pixels, labels, probabilities, classes)


@pytest.fixture
def answers(monkeypatch):
    """Lets plots draw given answers instead of those of a run's network."""

    def give(found):
        monkeypatch.setattr(plots, "predict_test_split", lambda run: found)

    return give


@pytest.mark.parametrize("count", [10, 20, 40, 50, 60, 80, 90, 100, 16, 32, 48, 64, 96, 192, 7, 1])
def test_grids_hold_every_map_and_are_as_published(count):
    rows, columns = shape_of_grid(count)
    assert rows * columns >= count > (rows - 1) * columns
    assert rows <= columns
    assert shape_of_grid(50) == (5, 10)
    assert shape_of_grid(60) == (6, 10)


def test_a_grid_keeps_its_tiles_apart():
    found = grid(np.zeros((10, 24, 24, 3)))
    assert found.shape == (24, 10 * 26 - 2, 3)
    assert np.allclose(found[:, 24:26], LINE)
    assert found[:, :24].max() == 0


def test_confusion_is_in_per_cent_of_the_true_class(answers, image_run):
    answers(predictions(["cat", "dog", "owl"]))
    figure = plots.confusion(image_run)
    numbers = [text.get_text() for text in figure.axes[0].texts]
    assert numbers == ["67", "33", "67", "33", "33", "67"]
    assert drawn(figure)


def test_classes_are_sorted_and_the_three_worst_stand_out(answers, image_run):
    found = predictions(list("abcde"), count=100, wrong=0)
    found.probabilities[[1, 6, 2]] = np.eye(5)[[0, 0, 0]]
    answers(found)
    figure = plots.classes(image_run)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[:2] == ["b (20)", "c (20)"]
    assert "90.00%" in written(figure)
    assert "with 95 % intervals" in figure.texts[1].get_text()
    assert drawn(figure)


def test_classes_of_a_single_image_have_no_interval_and_the_axis_ends_at_100_percent(
    answers, image_run
):
    answers(predictions(["cat", "dog"], count=2, wrong=1))
    figure = plots.classes(image_run)
    assert "intervals" not in figure.texts[1].get_text()
    drawn(figure)
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert list(filter(None, labels)) == ["0%", "20%", "40%", "60%", "80%", "100%"]


@pytest.mark.parametrize(("wrong", "low", "high"), [(2, 0, 0.1), (0, 0.9, 1)])
def test_classes_that_are_all_right_or_all_wrong_have_an_axis_to_read(
    answers, image_run, wrong, low, high
):
    answers(predictions(["cat", "dog"], count=2, wrong=wrong))
    left, right = plots.classes(image_run).axes[0].get_xlim()
    assert low - 0.01 < left <= low
    assert high < right < high + 0.02


def test_mistakes_begin_with_the_most_confident(answers, image_run):
    found = predictions(["cat", "dog", "owl"])
    answers(found)
    figure = plots.mistakes(image_run)
    texts = [text.get_text() for text in figure.texts]
    assert texts[0] == "Most confident mistakes"
    assert "; 24 of 30 mistakes: " in " ".join(texts[1:3])
    assert texts[2:6] == ["dog, 99%", "true: cat", "owl, 99%", "true: dog"]
    assert np.allclose(figure.axes[0].images[0].get_array(), found.pixels[0])
    assert len(figure.axes) == 24
    answers(predictions(["cat", "dog"], wrong=0))
    with pytest.raises(DataError, match="no mistake on 90"):
        plots.mistakes(image_run)


def test_calibration_states_its_error(answers, image_run):
    found = predictions(["cat", "dog"], wrong=0)
    answers(found)
    error = float((1 - found.probabilities.max(axis=1)).mean())
    assert f"calibration error {error:.3f}" in " ".join(written(plots.calibration(image_run)))


def test_many_classes_with_odd_names_draw_without_a_warning(answers, image_run):
    names = ["漢字", "$x_1$", "a\u200db", "very long name of a class that goes on", "🙂"]
    answers(predictions([*names, *(f"class {index}" for index in range(35))], count=400, wrong=50))
    for name in ("confusion", "classes", "mistakes", "calibration"):
        assert drawn(image_run.plot(name)).startswith(b"\x89PNG"), name


@pytest.mark.parametrize("classes", [1, 3, 60])
def test_names_of_80_letters_and_60_classes_keep_their_numbers(answers, image_run, classes):
    names = [f"Turdus merula ({'adult, ' * 9}number {number:02})" for number in range(classes)]
    found = predictions(names, count=120, wrong=0 if classes == 1 else 30)
    answers(found)
    for name in ("confusion", "classes"):
        figure = PLOTS[name](image_run)
        assert drawn(figure)
        assert max(figure.get_size_inches()) < 22
        axes = figure.axes[0]
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert len(set(labels)) == classes, "shortened names stay apart"
        for text in axes.texts:
            extent = text.get_window_extent()
            assert figure.bbox.x0 <= extent.x0 <= extent.x1 <= figure.bbox.x1, text
        assert len(axes.texts) >= classes


def test_feature_maps_of_many_layers_fit_a_page(image_run, monkeypatch):
    maps = [inference.FeatureMaps(f"C{n}", f"conv{n}", np.zeros((7, 7, 64))) for n in range(16)]
    monkeypatch.setattr(inference, "feature_maps", lambda run, image: maps)
    width, height = image_run.plot("feature-maps").get_size_inches()
    assert height <= 1.42 * width


def test_feature_maps_show_each_image_beside_each_layer(image_run, tmp_path):
    path = tmp_path / "one.png"
    Image.fromarray(stroke()).save(path)
    figure = image_run.plot("feature-maps", str(path), "0")
    texts = written(figure)
    assert texts.count("C1  conv1: 4 maps of 26 x 26") == 2
    assert texts.count("S1  pool: 10 maps of 12 x 12") == 2
    assert len(figure.axes) == 8
    drawn(figure)
    for text in figure.texts:
        extent = text.get_window_extent()
        assert figure.bbox.x0 <= extent.x0 <= extent.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= extent.y0 <= extent.y1 <= figure.bbox.y1, text
    with pytest.raises(UsageError, match="room for 8"):
        image_run.plot("feature-maps", *["0"] * (MOST_IMAGES + 1))


def test_filters_of_grey_and_of_colour(image_run, monkeypatch):
    assert "4 filters of 3 x 3; layer conv1; blue below zero" in " ".join(
        written(image_run.plot("filters"))
    )
    kernel = np.random.default_rng(0).normal(size=(9, 9, 3, 300)).astype(np.float32)
    monkeypatch.setattr(
        "deepzoo_image_classification.inference.first_filters", lambda run: ("conv", kernel)
    )
    figure = image_run.plot("filters")
    assert "256 of 300 filters of 9 x 9; layer conv; grey is zero" in " ".join(written(figure))
    assert drawn(figure)


def test_saliency_finds_the_part_that_decides(image_run, monkeypatch):
    image = np.zeros((18, 24, 3), np.float32)
    image[5:8, 15:18] = 1

    def probabilities(network, images):
        lit = images[:, 5:8, 15:18].mean(axis=(1, 2, 3))
        return np.stack([1 - lit, lit], axis=1)

    monkeypatch.setattr(occlusion, "probabilities", probabilities)
    best, whole, losses = occlusion.occlusion(image_run, image)
    assert (best, whole.tolist(), losses.shape) == (1, [0, 1], (18, 24))
    assert losses.argmax() == 6 * 24 + 16
    assert losses[:, :10].max() == 0


def test_saliency_shows_photos_and_test_images(image_run, tmp_path):
    path = tmp_path / "one.png"
    Image.fromarray(stroke()).save(path)
    figure = image_run.plot("saliency", str(path), "0", "1")
    assert len(figure.axes) == 6
    assert drawn(figure)
    with pytest.raises(UsageError, match="room for 8"):
        image_run.plot("saliency", *["0"] * 9)


@pytest.mark.parametrize("name", ["confusion", "classes", "mistakes", "calibration", "filters"])
def test_plots_of_the_test_split_take_no_input(image_run, name):
    with pytest.raises(UsageError, match="takes no INPUT"):
        image_run.plot(name, "0")


def test_runs_plot_and_the_verbs_write_files(image_trained, tmp_path, capsys):
    path = tmp_path / "one.png"
    Image.fromarray(stroke()).save(path)
    run = str(image_trained)
    for words in (
        ["runs", "plot", run, "classes"],
        ["runs", "plot", run, "feature-maps", str(path)],
        ["feature-maps", run, str(path)],
        ["filters", run],
    ):
        out = tmp_path / f"{'-'.join(words[:2]).replace('/', '')[-30:]}.png"
        assert main([*words, "--out", str(out)]) == 0
        assert out.read_bytes().startswith(b"\x89PNG")
        assert str(out) in capsys.readouterr().out
