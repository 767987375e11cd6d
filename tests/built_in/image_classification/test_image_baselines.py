"""The baselines: probabilities by hand, and linear models that are stored whole."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_image_classification.baselines import (
    BASELINES,
    LogisticRegression,
    Majority,
    NearestMean,
)
from deepzoo_image_classification.linear import scaled
from deepzoo_image_classification.prepare import ImageArrays
from image_blobs import pictures, spec

from deepzoo.errors import CheckpointError


def fitted(model, pixels, labels):
    network = model.build(spec(pixels.shape[1], pixels.shape[3]))
    network.fit_arrays(*ImageArrays(pixels, labels, spec()["classes"]).whole()[:2])
    return network


@pytest.mark.parametrize("baseline", BASELINES)
def test_probabilities_add_up_and_survive_storing(baseline):
    train, test = pictures(), pictures(40, seed=1)
    network = fitted(baseline(), train.pixels, train.labels)
    probabilities = network.probabilities(scaled(test.pixels))
    assert probabilities.shape == (40, 4)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(40), abs=1e-5)
    fresh = baseline().build(spec())
    fresh.load_arrays(network.arrays())
    assert np.array_equal(fresh.predict(scaled(test.pixels)), probabilities)
    with pytest.raises(CheckpointError, match="weights"):
        fresh.load_arrays({"weights": np.zeros((3, 4), "f"), "bias": np.zeros(4, "f")})


def test_the_majority_is_counted_once_more_for_each_class():
    pixels = pictures(6).pixels
    network = fitted(Majority(), pixels, np.array([2, 2, 2, 2, 0, 1]))
    expected = np.array([2, 2, 5, 1]) / 10
    assert network.predict(scaled(pixels)) == pytest.approx(np.tile(expected, (6, 1)), rel=1e-5)


def test_the_nearest_mean_wins():
    pixels = np.random.default_rng(0).integers(0, 255, (60, 5, 5, 1)).astype(np.uint8)
    labels = np.arange(60) % 4
    flat = scaled(pixels).reshape(60, -1)
    means = np.stack([flat[labels == label].mean(axis=0) for label in range(4)])
    nearest = ((flat[:, None] - means) ** 2).sum(axis=-1).argmin(axis=1)
    predicted = fitted(NearestMean(), pixels, labels).predict(scaled(pixels)).argmax(axis=1)
    assert np.array_equal(predicted, nearest)


@pytest.mark.parametrize("baseline", [NearestMean, LogisticRegression])
def test_blocky_shapes_are_told_apart(baseline):
    train, test = pictures(), pictures(40, seed=1)
    network = fitted(baseline(), train.pixels, train.labels)
    assert (network.predict(scaled(test.pixels)).argmax(axis=1) == test.labels).mean() == 1


@pytest.mark.parametrize("baseline", [NearestMean, LogisticRegression])
@pytest.mark.parametrize("seen", [(1, 3), (0, 2, 3), (2,)])
def test_a_class_without_training_images_is_never_predicted(baseline, seen):
    whole = pictures()
    few = whole.take(np.flatnonzero(np.isin(whole.labels, seen)))
    network = fitted(baseline(), few.pixels, few.labels)
    probabilities = network.predict(scaled(whole.pixels))
    assert np.isfinite(probabilities).all()
    assert set(probabilities.argmax(axis=1)) <= set(seen)
    assert (network.predict(scaled(few.pixels)).argmax(axis=1) == few.labels).all()
