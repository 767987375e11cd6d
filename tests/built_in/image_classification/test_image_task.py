"""The task: arrays, scores, the worst classes, and when images may be mirrored."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from deepzoo_image_classification import scoring
from deepzoo_image_classification.inference import Predictions
from deepzoo_image_classification.linear import scaled
from deepzoo_image_classification.models import MLP, ResNetSmall
from deepzoo_image_classification.prepare import ImageArrays, prepare
from deepzoo_image_classification.task import ImageClassification
from image_blobs import CLASSES, Blobs, pictures

from deepzoo import Scores, api
from deepzoo.errors import DataError
from deepzoo.testing import check_task

pytest.importorskip("keras")

QUICK = {"units": 12, "batch_size": 16}


def splits():
    return Blobs().load({})


def test_the_task_keeps_its_promises():
    checked = check_task(ImageClassification, dataset=Blobs, model=MLP, epochs=2, **QUICK)
    assert any("logistic-regression, majority, nearest-mean" in line for line in checked)


def test_images_stay_bytes_until_a_batch_is_made():
    part = pictures(10)
    arrays = ImageArrays(part.pixels, part.labels, 4, smoothing=0.2)
    assert arrays.inputs is part.pixels
    inputs, targets, weights = arrays.batch(np.array([3, 1]))
    assert (inputs.dtype, targets.dtype, weights) == (np.float32, np.float32, None)
    assert inputs == pytest.approx(part.pixels[[3, 1]] / 255, abs=1e-6)
    assert targets[0] == pytest.approx(np.where(np.arange(4) == part.labels[3], 0.85, 0.05))


def test_only_training_targets_are_smoothed():
    prepared = prepare(splits(), ResNetSmall(label_smoothing=0.4))
    largest = [
        getattr(prepared, part).batch(np.arange(3))[1].max()
        for part in ("train", "validation", "test")
    ]
    assert largest == pytest.approx([0.7, 1.0, 1.0])


def test_the_spec_says_what_networks_need():
    prepared = prepare(splits(), MLP(loss="mse"))
    assert prepared.spec == {
        "inputs": {"shape": [20, 20, 1], "dtype": "float32", "low": 0, "high": 1},
        "targets": {"shape": [4], "dtype": "float32", "low": 0, "high": 1},
        "outputs": "probabilities",
        "height": 20,
        "width": 20,
        "channels": 1,
        "classes": 4,
        "output": "softmax",
        "mirror": False,
    }
    assert prepared.preprocessor["classes"] == list(CLASSES)
    assert prepared.preprocessor["shape"] == [20, 20, 1]


def mirrored(part, **settings):
    made = dataclasses.replace(splits(), train=part)
    return prepare(made, ResNetSmall(**settings)).spec["mirror"]


def test_images_are_mirrored_where_their_class_survives_it():
    part = pictures()
    both = np.maximum(part.pixels, part.pixels[:, :, ::-1])
    half = part.pixels.copy()
    half[:, :, :10] = 0
    half[:, :, 10:] = np.where(part.labels % 2 == 0, 200, 0)[:, None, None, None]
    half[:, :, :10] = np.where(part.labels % 2 == 1, 200, 0)[:, None, None, None]
    assert mirrored(dataclasses.replace(part, pixels=both))
    assert not mirrored(dataclasses.replace(part, pixels=half))
    assert mirrored(dataclasses.replace(part, pixels=half), mirror="yes")
    assert not mirrored(dataclasses.replace(part, pixels=both), mirror="no")


def test_splits_of_different_sizes_are_refused():
    other = dataclasses.replace(splits(), test=pictures(10, size=25))
    with pytest.raises(DataError, match=r"test.*\[20, 20, 1\].*\[25, 25, 1\]"):
        prepare(other, MLP())


class Fixed:
    """A network that gives the outputs it was made with."""

    def __init__(self, outputs):
        self.outputs = outputs

    def predict(self, inputs):
        return self.outputs[: len(inputs)]


def test_probabilities_of_strangers_networks_are_recognised():
    images = scaled(pictures(2).pixels)
    rows = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]])
    assert scoring.probabilities(Fixed(rows), images) == pytest.approx(rows)
    logits = np.log(np.maximum(rows, 1e-9)) + 3
    assert scoring.probabilities(Fixed(logits), images) == pytest.approx(rows, abs=1e-6)


def test_many_images_are_scored_in_blocks(monkeypatch):
    monkeypatch.setattr(scoring, "BLOCK", 7)
    run = api.train(data=splits(), model="mlp", epochs=1, settings=QUICK)
    pixels = pictures(20).pixels
    whole = run.network.probabilities(pixels.astype("f") / 255)
    assert scoring.of_bytes(run.network, pixels) == pytest.approx(whole, abs=1e-5)


def test_the_three_worst_classes_are_named():
    labels = np.repeat(np.arange(4), 10)
    correct = np.concatenate([np.arange(10) < right for right in (9, 4, 10, 7)]).astype(float)
    test = ImageArrays(np.zeros((40, 1, 1, 1), np.uint8), labels, 4)
    prepared = dataclasses.replace(prepare(splits(), MLP()), test=test)

    def remarks(values):
        return ImageClassification().remarks({"accuracy": Scores(values)}, prepared)

    worst = "bar (40.00% right), frame (70.00% right), cross (90.00% right)"
    assert remarks(correct) == [f"Most misclassified: {worst}"]
    assert remarks(np.ones(len(labels))) == []


def test_a_confusion_matrix_says_what_a_class_is_taken_for():
    answers = np.eye(4)[[0, 2, 2, 1, 0, 3]]
    labels = np.array([0, 0, 0, 1, 1, 3])
    matrix = Predictions(np.zeros(6), labels, answers, CLASSES).confusion
    assert matrix.tolist() == [[1, 0, 2, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    scores = [
        (score["class"], score["accuracy"], score["pictures"], score["taken_for"])
        for score in scoring.by_class(matrix, CLASSES)
    ]
    assert scores == [
        ("cross", 1 / 3, 3, "corner"),
        ("bar", 1 / 2, 2, "cross"),
        ("frame", 1, 1, None),
    ]


def test_arrays_in_memory_are_trained_on_and_scored(monkeypatch):
    monkeypatch.setattr(ImageClassification, "baselines", ())
    part = pictures()
    run = api.train(
        data=(part.pixels, part.labels),
        model="cnn",
        epochs=2,
        settings={"filters1": 2, "filters2": 2, "units": 8},
    )
    assert 0 <= run.metrics["accuracy"] <= 1
    assert {"accuracy", "val_accuracy"} <= set(run.history[0])
    assert run.results["notes"][0].startswith("Most misclassified: ")
    assert run.results["notes"][0].count("right") == 3


def test_a_split_is_watched_if_asked_for_and_nothing_is_chosen_by_it(monkeypatch):
    monkeypatch.setattr(ImageClassification, "baselines", ())
    runs = [
        api.train(data=splits(), model="mlp", epochs=3, settings={**QUICK, "watch_test": watch})
        for watch in (False, True)
    ]
    plain, watched = (run.arrays() for run in runs)
    assert all(np.array_equal(plain[key], watched[key]) for key in plain)
    assert "test_accuracy" not in runs[0].history[0]
    assert runs[1].record["watch_test"] is True
    if runs[1].record["best_epoch"] == 3:
        assert runs[1].history[-1]["test_accuracy"] == pytest.approx(runs[1].metrics["accuracy"])


def test_each_class_is_scored_with_an_interval(monkeypatch, tmp_path):
    from PIL import Image

    monkeypatch.setattr(ImageClassification, "baselines", ())
    part = pictures(320)  # the content of each decides whether it is tested
    for place, (picture, label) in enumerate(zip(part.pixels, part.labels, strict=True)):
        folder = tmp_path / "shapes" / CLASSES[label]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture[..., 0]).save(folder / f"{place}.png")
    run = api.train("images", data=str(tmp_path / "shapes"), model="mlp", epochs=2, settings=QUICK)
    answer = run.per_class()
    assert sorted(row["class"] for row in answer["classes"]) == sorted(CLASSES)
    matrix = np.array(answer["confusion"])
    assert matrix.trace() / matrix.sum() == pytest.approx(run.metrics["accuracy"])
    for row in answer["classes"]:
        low, high = row["interval"]
        assert low <= row["accuracy"] <= high + 1e-9
