"""The stand-ins that the plugin draws: shapes and classes of the real sets, and learnable."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_image_classification.datasets import DATASETS
from deepzoo_image_classification.datasets.cifar import Cifar10
from deepzoo_image_classification.datasets.digits import FashionMnist
from deepzoo_image_classification.samples import drawing
from deepzoo_image_classification.samples.silhouettes import GARMENTS, THINGS

from deepzoo.data.load import load_data
from deepzoo.testing import check_dataset

# Shape, number of classes, and what three neighbours get right at least.
PROMISED = {
    "mnist": ((28, 28, 1), 10, 0.6),
    "fashion-mnist": ((28, 28, 1), 10, 0.85),
    "emnist-letters": ((28, 28, 1), 26, 0.4),
    "notmnist-letters": ((28, 28, 1), 10, 0.85),
    "cifar10": ((32, 32, 3), 10, 0.55),
    "images": ((32, 32, 3), 4, 0.8),
}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_each_dataset_keeps_what_datasets_promise(dataset):
    assert check_dataset(dataset)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_stand_in_is_like_the_real_set_and_can_be_learned(dataset):
    shape, classes, least = PROMISED[dataset.name]
    splits = dataset().sample()
    train, test = splits.train, splits.test
    assert 1000 <= len(train) <= 2000
    assert min(len(splits.validation), len(test)) >= 200
    assert train.pixels.shape[1:] == shape
    assert len(train.classes) == classes
    assert np.bincount(train.labels, minlength=classes).min() >= 1000 // classes
    assert len(set(train.labels[:100].tolist())) > classes * 0.8
    # Three neighbours are far above chance, so a network has something to find.
    assert least < neighbours(train, test.take(range(200))) < 0.999


def neighbours(train, test) -> float:
    """Returns the accuracy of a vote of the three nearest training images."""
    known, asked = (
        part.pixels.reshape(len(part), -1).astype(np.float32) / 255 for part in (train, test)
    )
    distances = (known**2).sum(axis=1) - 2 * asked @ known.T
    nearest = train.labels[np.argpartition(distances, 3, axis=1)[:, :3]]
    found = [np.bincount(row).argmax() for row in nearest]
    return float(np.mean(found == test.labels))


def test_the_settings_of_the_real_set_work_on_the_stand_in():
    loaded = load_data(Cifar10(training="batch-1", splits="report"), sample=True)
    assert [len(loaded.splits.train), len(loaded.splits.validation)] == [1800, 0]


def test_every_class_has_an_outline():
    assert tuple(GARMENTS) == FashionMnist.classes
    assert tuple(THINGS) == Cifar10.classes


def test_letters_are_drawn_in_the_middle():
    drawn = drawing.draw_text("I", 0.8, 1)
    rows, columns = np.nonzero(drawn > 0.5)
    middle = (drawing.CANVAS - 1) / 2
    assert abs(rows.mean() - middle) < 2
    assert abs(columns.mean() - middle) < 2


def test_without_distortion_an_image_is_what_was_drawn():
    drawn = drawing.draw_text("R", 0.8, 1)[np.newaxis]
    still = drawing.Distortion(0, 0, 0, 0, 0)
    generator = np.random.default_rng(0)
    image = drawing.distorted(drawn, np.array([0]), drawing.CANVAS, still, generator)
    assert abs(image - drawn).max() < 1e-2
