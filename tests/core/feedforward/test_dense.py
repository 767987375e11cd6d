"""The dense layer against Keras' own."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo.feedforward import Dense, relu

keras = pytest.importorskip("keras")


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (2, 5, 3)])
@pytest.mark.parametrize("activation", [None, "relu"])
@pytest.mark.parametrize("biased", [False, True])
def test_a_dense_layer_is_that_of_keras(shape, activation, biased):
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape).astype("f")
    layer = keras.layers.Dense(6, activation, use_bias=biased, bias_initializer="normal")
    layer.build(shape)
    weights = [np.asarray(variable) for variable in layer.weights]
    dense = Dense(*weights, activation=relu if activation else None)
    np.testing.assert_allclose(dense(x), layer(x), atol=1e-5)
