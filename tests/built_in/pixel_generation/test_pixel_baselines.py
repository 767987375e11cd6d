"""The baselines: their probabilities are exact, and add up to 1."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from deepzoo_pixel_generation import baselines
from deepzoo_pixel_generation.drawing import draw
from deepzoo_pixel_generation.models import PixelCNN
from deepzoo_pixel_generation.numpy_baselines import EXAMPLES, Mixture, NearestNeighbours
from deepzoo_pixel_generation.scoring import log_likelihoods

from deepzoo.testing import check_model

SPEC = {"height": 4, "width": 3, "levels": 3, "classes": 2, "seed": 0}


def images(n: int = 120, seed: int = 0, **spec: int) -> np.ndarray:
    """Draws images of two kinds, whose pixels tend to be black or to be white."""
    rng, shape = np.random.default_rng(seed), {**SPEC, **spec}
    white = rng.random((n, 1, 1)) < 0.5
    drawn = rng.random((n, shape["height"], shape["width"])) < np.where(white, 0.8, 0.2)
    return np.where(drawn, shape["levels"] - 1, 0).astype(np.int32)


def likelihoods(network, levels: np.ndarray, count: int) -> np.ndarray:
    """Returns the log-likelihood of each image."""
    pixels = levels.astype(np.float32) / (count - 1)
    return log_likelihoods(network, pixels, levels, 0).sum(axis=(1, 2))


def fitted(network, **spec: int):
    """Fits a network on drawn images."""
    network.fit_arrays(None, images(**spec))
    return network


def test_the_pixels_of_a_mixture_multiply_to_its_likelihood():
    mixture = fitted(Mixture(SPEC, components=5, smoothing=0.1, iterations=5))
    shares, levels = mixture.weights["shares"], mixture.weights["levels"]
    assert shares.shape == (5,)
    test = images(30, seed=1)
    flat = test.reshape(30, -1)
    of_components = np.log(levels[np.arange(12), flat]).sum(axis=1)  # [n, k]
    direct = np.logaddexp.reduce(np.log(shares) + of_components, axis=1)
    np.testing.assert_allclose(likelihoods(mixture, test, 3), direct, rtol=1e-10)


@pytest.mark.parametrize("model", [*baselines.BASELINES, PixelCNN])
@pytest.mark.parametrize("levels", [2, 3])
def test_the_probabilities_of_all_images_add_up_to_one(model, levels):
    shape = {"height": 2, "width": 2, "levels": levels}
    if model is PixelCNN:
        pytest.importorskip("keras")
        network = PixelCNN(filters=4, first=3, dilations=(1,)).build({**SPEC, **shape})
        rng = np.random.default_rng(0)
        for array in getattr(
            network, "model", network
        ).trainable_variables:  # biases and classes begin with zeros
            array.assign(rng.normal(size=array.shape))
    else:
        network = fitted(model().build({**SPEC, **shape}), **shape)
    everything = np.array(list(itertools.product(range(levels), repeat=4)), np.int32)
    logs = likelihoods(network, everything.reshape(-1, 2, 2), levels)
    assert np.exp(logs).sum() == pytest.approx(1, abs=1e-5)
    assert logs.std() > 0.01


def test_a_mixture_learns_what_independent_pixels_cannot():
    test = images(500, seed=1)
    mixture = fitted(Mixture(SPEC, components=2, smoothing=0.1, iterations=20), n=2000)
    independent = fitted(Mixture(SPEC, components=1, smoothing=0.1), n=2000)
    of_two, of_one = (likelihoods(network, test, 3).mean() for network in (mixture, independent))
    assert of_two > of_one + 1
    frequencies = np.stack([(images(2000) == level).mean(axis=0) for level in range(3)], axis=-1)
    np.testing.assert_allclose(
        independent.weights["levels"][..., 0], frequencies.reshape(-1, 3), atol=1e-3
    )


def test_a_mixture_has_no_more_components_than_its_images_allow():
    mixture = fitted(Mixture(SPEC, components=50, smoothing=0.1), n=3 * EXAMPLES + 1)
    assert len(mixture.weights["shares"]) == 3


def test_neighbours_know_how_a_half_goes_on():
    network = fitted(NearestNeighbours(SPEC, 0.1), n=2000)
    assert network.weights["neighbours"] >= 10
    white = np.zeros((1, 4, 3), np.float32)
    white[:, :2] = 1
    levels = np.exp(network.predict((white, None)))
    np.testing.assert_allclose(levels.sum(axis=-1), 1)
    assert (levels[0, 2:, :, 2] > 0.6).all()
    assert (levels[0, :2, :, 2] < 0.6).all()


@pytest.mark.parametrize("model", baselines.BASELINES, ids=lambda model: model.name)
def test_what_draws_step_by_step_has_the_probabilities_that_are_predicted(model):
    network = fitted(model().build(SPEC), n=300)
    levels = images(6, seed=2)
    logits = network.predict((levels.astype(np.float32) / 2, np.zeros(6, np.int32)))
    stepper = network.stepper(np.zeros(6, np.int32))
    before, state = np.full(6, 2), stepper.start(6)
    for pixel, expected in enumerate(logits.reshape(6, 12, 3).swapaxes(0, 1)):
        step, state = stepper.step(before, state)
        np.testing.assert_allclose(step, expected)
        before = levels.reshape(6, 12)[:, pixel]


def test_a_mixture_draws_images_like_those_it_learned():
    mixture = fitted(Mixture(SPEC, components=2, smoothing=0.01, iterations=20), n=2000)
    drawn = draw(mixture, np.zeros(300, np.int32), seed=1)
    assert drawn.shape == (300, 4, 3)
    assert not (drawn == 1).any()
    assert drawn.std() == pytest.approx(images(300).std(), rel=0.1)
    white = (drawn > 0).mean(axis=(1, 2))  # of two kinds, not all the same
    assert white.std() == pytest.approx((images(300) > 0).mean(axis=(1, 2)).std(), rel=0.2)
    assert np.array_equal(drawn, draw(mixture, np.zeros(300, np.int32), seed=1))


@pytest.mark.parametrize("model", baselines.BASELINES, ids=lambda model: model.name)
def test_baselines_keep_their_promises(model):
    assert check_model(model, dataset="mnist", subset=80, test_subset=20, drawn=5)
