"""The task: exact likelihoods, judged drawings, and data that cannot be learned from."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from deepzoo_pixel_generation import scoring
from deepzoo_pixel_generation.models import PixelCNN
from deepzoo_pixel_generation.prepare import as_bytes, grey, prepare, quantise
from deepzoo_pixel_generation.task import PixelGeneration

from deepzoo import Images, Splits, api
from deepzoo.errors import DataError
from deepzoo.testing import check_model, check_task

SMALL = {"filters": 4, "first": 3, "dilations": "1", "subset": 60, "test_subset": 20}


def splits_of(*parts: np.ndarray, labels=(0, 1), classes=("a", "b")) -> Splits:
    """Makes splits of images, whose labels repeat themselves; a missing part is the last one."""
    parts = (*parts, *[parts[-1]] * (3 - len(parts)))
    return Splits(*(Images(part, np.resize(labels, len(part)), classes) for part in parts))


def every_image(levels: int = 2) -> np.ndarray:
    """Returns all images of 2 x 2 pixels as bytes; those with equal upper halves lie together."""
    images = np.array(list(itertools.product(range(levels), repeat=4))).reshape(-1, 2, 2, 1)
    return as_bytes(images, levels)


@pytest.fixture
def by_class():
    """Builds a network of random weights, that looks at classes of which one is frequent."""
    pytest.importorskip("keras")
    data = splits_of(every_image(), labels=(0, 0, 0, 1))
    prepared = prepare(data, 2, None, by_class=True)
    network = PixelCNN(filters=4, first=3, dilations=(1,)).build({**prepared.spec, "seed": 0})
    rng = np.random.default_rng(0)
    for array in getattr(network, "model", network).trainable_variables:
        array.assign(rng.normal(size=array.shape))
    return network, prepared


def test_likelihoods_sum_over_classes_and_add_up_to_one(by_class):
    network, prepared = by_class
    scores = scoring.of_likelihood(network, prepared.test, prepared)
    likelihoods = np.exp(-scores["nll"].values)
    assert likelihoods.sum() == pytest.approx(1, abs=1e-5)
    of_half = np.exp(-scores["nll_of_half"].values).reshape(4, 4)  # a row for each upper half
    np.testing.assert_allclose(of_half.sum(axis=1), 1, atol=1e-5)
    of_upper = likelihoods.reshape(4, 4).sum(axis=1)
    expected = -np.log(likelihoods.reshape(4, 4) / of_upper[:, None])
    np.testing.assert_allclose(scores["nll_of_half"].values, expected.ravel(), atol=1e-4)
    np.testing.assert_allclose(
        scores["bits_per_pixel"].values * 4 * np.log(2), scores["nll"].values
    )


def test_a_network_that_ignores_classes_is_not_asked_for_each(by_class):
    network, prepared = by_class
    asked = []

    class Counting:
        def predict(self, inputs):
            asked.append(int(inputs[1][0]))
            return network.predict(inputs)

    for told, classes in ((False, [0]), (True, [0, 1])):
        prepared.spec["by_class"] = told
        scoring.of_likelihood(Counting(), prepared.test, prepared)
        assert asked == classes
        asked.clear()


@pytest.mark.parametrize("levels", [2, 4])
@pytest.mark.parametrize("binarisation", ["sampled", "threshold"])
def test_the_task_keeps_its_promises(levels, binarisation):
    settings = {"levels": levels, "binarisation": binarisation, "drawn": 10}
    settings |= {"subset": 80, "test_subset": 20, "components": 3}
    assert check_task(PixelGeneration, dataset="mnist", model="bernoulli-mixture", **settings)


def test_the_default_keeps_its_promises():
    pytest.importorskip("keras")
    assert check_task(PixelGeneration, dataset="mnist", epochs=1, drawn=4, **SMALL)
    assert check_model("pixel-cnn", dataset="mnist", epochs=1, drawn=0, **SMALL)


def test_drawn_images_are_scored_beside_test_images():
    pytest.importorskip("keras")
    settings = {"subset": 200, "test_subset": 30, "drawn": 40}
    run = api.train(
        "mnist", model="bernoulli-mixture", task="pixel-generation", sample=True, settings=settings
    )
    assert list(run.metrics) == list(PixelGeneration.metrics)
    assert run.results["counts"] == {
        name: 30 if name in ("nll", "bits_per_pixel", "nll_of_half") else 40 for name in run.metrics
    }
    (remark,) = [note for note in run.results["notes"] if note.startswith("Of 30 test images")]
    assert "are legible" in remark
    independent, neighbours = (
        run.results["baselines"][name] for name in ("independent-pixels", "nearest-neighbours")
    )
    assert run.metrics["nll"] < independent["nll"]
    assert run.metrics["nearest"] < independent["nearest"]
    assert neighbours["nll_of_half"] < independent["nll_of_half"]
    judges = {scoring.judge(run.workload().prepared).path for _ in range(2)}
    assert len(judges) == 1


def test_without_drawing_no_classifier_is_trained(monkeypatch):
    monkeypatch.setattr(scoring, "judge", None)
    run = api.train(
        "mnist",
        model="independent-pixels",
        task="pixel-generation",
        sample=True,
        settings={"subset": 60, "drawn": 0},
    )
    assert list(run.metrics) == ["nll", "bits_per_pixel", "nll_of_half"]


def test_legible_is_what_the_classifier_is_sure_of_and_balance_is_of_classes(monkeypatch):
    prepared = prepare(splits_of(every_image(), labels=(0, 1)), 2, None, False)
    sure = np.array([[0.95, 0.05, 0], [0.6, 0.4, 0], [0.02, 0.08, 0.9], [0.91, 0.0, 0.09]])
    monkeypatch.setattr(scoring, "classified", lambda images, prepared: sure)
    scores = scoring.judged(np.zeros((4, 2, 2), int), prepared)
    assert scores["legible"].values.tolist() == [1, 0, 0, 1]
    assert scores["balance"].values.mean() == pytest.approx(1 - (abs(0.75 - 0.5) * 2) / 2)


def test_the_nearest_training_image_is_found():
    train = np.random.default_rng(0).integers(0, 256, (700, 3, 3, 1)).astype(np.uint8)
    prepared = prepare(splits_of(train), 4, 0, False)
    images = prepared.train.quantised(np.array([600, 3]))
    images[1, 0, 0] = (images[1, 0, 0] + 1) % 4 if images[1, 0, 0] < 3 else 2
    everything = prepared.train.quantised(np.arange(700))
    found, distances = scoring.nearest(images, prepared.train)
    squares = ((images[:, None] - everything) ** 2).sum(axis=(2, 3)) / 9
    np.testing.assert_allclose(distances, squares.min(axis=1), atol=1e-6)
    np.testing.assert_allclose(squares[[0, 1], found], distances, atol=1e-6)
    assert distances[0] == 0


def test_a_collage_has_each_part_from_one_image_at_its_place():
    images = np.arange(50)[:, None, None] * 1000 + np.arange(12 * 8).reshape(12, 8)
    collages = scoring.collage(images, 40)
    assert (collages % 1000 == images[0] % 1000).all()
    sources = collages // 1000
    assert (sources != sources[:, :1, :1]).any(axis=(1, 2)).all()
    assert (sources[:, 0, 0] == sources[:, 0, 1]).any()  # parts of more than a pixel


def test_colours_become_grey_as_pillow_makes_them():
    from PIL import Image

    colours = np.random.default_rng(0).integers(0, 256, (9, 5, 4, 3)).astype(np.uint8)
    expected = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in colours])
    assert np.abs(grey(colours).astype(int) - expected).max() <= 1


def test_levels_are_rounded_or_sampled_by_intensity():
    pixels = np.array([0, 84, 86, 127, 128, 255], np.uint8)
    assert quantise(pixels, 2).tolist() == [0, 0, 0, 0, 1, 1]
    assert quantise(pixels, 4).tolist() == [0, 1, 1, 1, 2, 3]
    greatest = np.nextafter(np.float32(1), np.float32(0), dtype=np.float32)
    assert [quantise(pixels[-1:], count, greatest).item() for count in (2, 4, 256)] == [1, 3, 255]
    dark = np.full((400, 5, 5, 1), 51, np.uint8)
    dark[0, 0, 0] = 255
    train = prepare(splits_of(dark), 2, 0, False).train
    sampled = train.quantised(np.arange(400))
    assert sampled.mean() == pytest.approx(0.2, abs=0.02)
    assert np.array_equal(sampled[5:8], train.quantised(np.arange(5, 8)))
    fresh = train.for_epoch(np.random.default_rng(0)).quantised(np.arange(400))
    assert not np.array_equal(fresh, sampled)


@pytest.mark.parametrize(
    ("images", "seed", "message"),
    [
        (np.zeros((8, 4, 4, 1)), 0, "same level of grey .they are from 0 to 0 of 255."),
        (np.arange(128).reshape(8, 4, 4, 1), None, "same level of grey .they are from 0 to 127"),
        (np.zeros((8, 65, 64, 1)), 0, "65 x 64 pixels are too large.*at most 4,096.*4,160"),
    ],
)
def test_images_that_teach_nothing_or_too_slowly_are_refused(images, seed, message):
    with pytest.raises(DataError, match=message):
        prepare(splits_of(images.astype(np.uint8)), 2, seed, False)


def test_splits_of_different_sizes_are_refused():
    parts = [every_image(), every_image(), np.zeros((4, 3, 2, 1), np.uint8)]
    with pytest.raises(DataError, match=r"test images differ in size.*2 x 2, received 3 x 2"):
        prepare(splits_of(*parts), 2, 0, False)


def test_a_single_class_is_learned_if_that_is_wanted():
    images = np.random.default_rng(0).integers(0, 256, (60, 6, 6)).astype(np.uint8)
    data = (images, np.zeros(60, int))
    options = {"model": "bernoulli-mixture", "task": "pixel-generation", "data": data}
    with pytest.raises(DataError, match="nothing can be learned"):
        api.train("images", **options)
    run = api.train("images", **options, settings={"allow_single_class": True, "drawn": 5})
    assert {"nll", "nearest"} <= set(run.metrics)
    assert "legible" not in run.metrics


def test_other_data_are_fitted_and_their_classes_matched_by_name(caplog):
    digits = np.zeros((40, 8, 6, 1), np.uint8)
    digits[:, 2:6, 2:4] = 255
    trained = prepare(splits_of(digits), 2, None, True)
    stored = json.loads(json.dumps(trained.preprocessor))
    large = np.full((6, 16, 12, 1), 255, np.uint8)  # the same on paper, twice as large
    large[:, 4:12, 4:8] = 0
    other = splits_of(large, labels=(0, 1, 2), classes=("b", "c", "a"))
    prepared = prepare(other, 2, None, True, stored)
    assert prepared.preprocessor == stored
    assert prepared.test.labels.tolist() == [1, 0, 1, 0]
    assert "'c' (2); their examples are left out" in caplog.text
    assert np.array_equal(prepared.test.quantised(np.arange(4)), trained.train.quantised([0] * 4))
    with pytest.raises(DataError, match="nothing to score"):
        prepare(splits_of(large, classes=("x", "y")), 2, 0, True, stored)
