"""Convolution, batch normalisation and pooling against Keras' own, on random shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.feedforward import (
    BatchNormalization,
    Convolution,
    global_average_pooling,
    max_pooling,
    relu,
)

keras = pytest.importorskip("keras")

SIDES = st.integers(1, 9)
KERNELS = st.integers(1, 4)
PADDINGS = st.sampled_from(["same", "valid"])
FEW = settings(max_examples=25, deadline=None)


def randomised(layer, shape, rng):
    """Builds a layer, gives its weights random values, above zero, and returns them."""
    layer.build(shape)
    for variable in layer.weights:
        variable.assign(rng.uniform(0.1, 1, variable.shape))
    return [np.asarray(variable) for variable in layer.weights]


@FEW
@given(SIDES, SIDES, KERNELS, KERNELS, KERNELS, PADDINGS, st.booleans())
def test_a_convolution_is_that_of_keras(rows, columns, height, width, channels, padding, biased):
    rng = np.random.default_rng(0)
    if padding == "valid":  # the kernel must fit in
        rows, columns = rows + height - 1, columns + width - 1
    x = rng.normal(size=(2, rows, columns, channels)).astype("f")
    layer = keras.layers.Conv2D(3, (height, width), padding=padding, use_bias=biased)
    convolution = Convolution(*randomised(layer, x.shape, rng), padding=padding)
    np.testing.assert_allclose(convolution(x), layer(x), atol=1e-5)


@FEW
@given(SIDES, SIDES, st.integers(1, 3), PADDINGS)
def test_the_greatest_of_each_square_is_that_of_keras(rows, columns, size, padding):
    if padding == "valid":
        rows, columns = rows + size - 1, columns + size - 1
    x = np.random.default_rng(0).normal(-9, 1, (2, rows, columns, 3)).astype("f")
    expected = keras.layers.MaxPooling2D(size, padding=padding)(x)
    np.testing.assert_array_equal(max_pooling(x, size, padding), expected)


@pytest.mark.parametrize("biased", [False, True])
def test_a_normalisation_is_that_of_keras_beside_the_convolution_and_folded_into_it(biased):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 5, 7, 3)).astype("f")
    layer, norm = keras.layers.Conv2D(4, 3, use_bias=biased), keras.layers.BatchNormalization()
    convolution = Convolution(*randomised(layer, x.shape, rng), padding="valid")
    gamma, beta, mean, variance = randomised(norm, (2, 3, 5, 4), rng)
    normalise = BatchNormalization(gamma, beta, mean, variance)
    expected = norm(layer(x), training=False)
    np.testing.assert_allclose(normalise(convolution(x)), expected, atol=1e-5)
    np.testing.assert_allclose(convolution.normalised(normalise)(x), expected, atol=1e-5)


def test_the_mean_of_each_channel_and_relu_are_those_of_keras():
    x = np.random.default_rng(2).normal(size=(2, 3, 5, 4)).astype("f")
    expected = keras.layers.GlobalAveragePooling2D()(x)
    np.testing.assert_allclose(global_average_pooling(x), expected, atol=1e-6)
    np.testing.assert_array_equal(relu(x), keras.ops.relu(x))
