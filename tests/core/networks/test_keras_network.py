"""Outputs in batches: the same as all at once, whatever is left for the last batch."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo import KerasNetwork


@pytest.fixture(scope="module")
def network():
    import keras

    keras.utils.set_random_seed(0)
    return KerasNetwork(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))


@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 21])
def test_predictions_in_batches_are_those_of_all_at_once(network, count):
    inputs = np.random.default_rng(count).normal(size=(count, 3)).astype("float32")
    expected = inputs @ network.arrays()[next(iter(network.arrays()))]
    outputs = network.predict(inputs, batch_size=8)
    assert isinstance(outputs, np.ndarray)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)


def test_no_inputs_give_no_outputs(network):
    assert network.predict(np.zeros((0, 3), "float32")).shape == (0, 2)


def test_several_inputs_are_cut_together():
    import keras

    first, second = keras.Input((2,)), keras.Input((2,))
    both = KerasNetwork(keras.Model([first, second], keras.layers.Add()([first, second])))
    numbers = np.arange(20, dtype="float32").reshape(10, 2)
    np.testing.assert_array_equal(both.predict((numbers, numbers), batch_size=4), 2 * numbers)


@pytest.mark.parametrize("form", [list, dict, tuple])
def test_whatever_keras_takes_is_taken(form):
    import keras

    first, second = keras.Input((2,), name="first"), keras.Input((2,), name="second")
    model = keras.Model({"first": first, "second": second}, keras.layers.Add()([first, second]))
    if form is not dict:
        model = keras.Model([first, second], keras.layers.Add()([first, second]))
    numbers = np.arange(10, dtype="float32").reshape(5, 2)
    given = form([("first", numbers), ("second", numbers)]) if form is dict else form([numbers] * 2)
    np.testing.assert_array_equal(KerasNetwork(model).predict(given, batch_size=4), 2 * numbers)


def test_several_outputs_stay_apart():
    import keras

    inputs = keras.Input((2,))
    outputs = [keras.layers.Rescaling(factor)(inputs) for factor in (2.0, 3.0)]
    numbers = np.arange(14, dtype="float32").reshape(7, 2)
    twice, thrice = KerasNetwork(keras.Model(inputs, outputs)).predict(numbers, batch_size=4)
    np.testing.assert_array_equal(twice, 2 * numbers)
    np.testing.assert_array_equal(thrice, 3 * numbers)


def test_sparse_rows_are_taken(network):
    from scipy import sparse

    rows = np.eye(7, 3, dtype="float32")
    np.testing.assert_allclose(
        network.predict(sparse.csr_matrix(rows), batch_size=4), network.predict(rows), rtol=1e-6
    )
