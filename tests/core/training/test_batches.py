"""The order of examples: pure, complete, and the same for every kind of network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.interfaces.task import Arrays
from deepzoo.training.batches import (
    BatchOrder,
    evaluation_dataset,
    evaluation_order,
    training_dataset,
)

SIZES = st.tuples(st.integers(1, 200), st.integers(1, 32)).filter(lambda size: size[1] <= size[0])


@given(SIZES, st.integers(0, 2**32 - 1), st.integers(0, 1000))
def test_a_shuffled_epoch_is_a_permutation_without_its_last_partial_batch(sizes, seed, epoch):
    examples, batch_size = sizes
    order = BatchOrder(examples, batch_size, "shuffled", seed)
    indices = order.epoch(epoch)
    assert indices.shape == (order.steps, batch_size) == (examples // batch_size, batch_size)
    assert len(np.unique(indices)) == indices.size
    assert indices.min() >= 0
    assert indices.max() < examples
    assert (indices == BatchOrder(examples, batch_size, "shuffled", seed).epoch(epoch)).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 1000))
def test_two_epochs_and_two_seeds_have_different_orders(seed, epoch):
    order = BatchOrder(50, 5, "shuffled", seed)
    assert (order.epoch(epoch) != order.epoch(epoch + 1)).any()
    other = BatchOrder(50, 5, "shuffled", seed ^ 1)
    assert (order.epoch(epoch) != other.epoch(epoch)).any()


@given(SIZES)
def test_in_streams_each_row_continues_itself(sizes):
    examples, batch_size = sizes
    order = BatchOrder(examples, batch_size, "streams", 0)
    indices = order.epoch(3)
    assert (np.diff(indices, axis=0) == 1).all()
    assert (np.sort(indices, axis=None) == np.arange(indices.size)).all()


@given(st.integers(1, 200), st.integers(1, 32), st.sampled_from(["shuffled", "streams"]))
def test_evaluation_visits_each_example_once(examples, batch_size, order):
    indices = evaluation_order(examples, batch_size, order)
    assert indices.shape[1] == batch_size
    assert (np.sort(indices[indices >= 0]) == np.arange(examples)).all()
    if order == "streams":
        steps = np.diff(indices, axis=0)
        assert (steps[indices[1:] >= 0] == 1).all()


def test_a_dataset_from_the_middle_is_the_rest_of_the_whole():
    arrays = Arrays(np.arange(10.0), np.arange(10))
    indices = BatchOrder(10, 3, "shuffled", 0).epoch(0)
    whole, rest = training_dataset(arrays, indices), training_dataset(arrays, indices, 2)
    assert (len(whole), len(rest)) == (3, 1)
    assert (rest[0][0] == whole[2][0]).all()


@pytest.mark.parametrize("weights", [None, np.linspace(1, 2, 10, dtype="float32")])
@pytest.mark.parametrize("batch_size", [3, 4, 10, 16])
def test_padding_does_not_change_the_mean(weights, batch_size):
    """Keras divides each batch by its size; the mean over all must be the examples' own."""
    losses = np.random.default_rng(0).random(10)
    arrays = Arrays(losses, losses, weights)
    dataset = evaluation_dataset(arrays, evaluation_order(10, batch_size, "shuffled"), (None,))
    batches = [dataset[index] for index in range(len(dataset))]
    mean = sum((loss * weight).sum() for loss, _, weight in batches) / (len(batches) * batch_size)
    expected = losses if weights is None else losses * weights
    assert mean == pytest.approx(expected.mean(), rel=1e-6)


def test_weights_of_padding_have_the_shape_of_the_loss():
    arrays = Arrays(np.zeros((3, 5, 2)), np.zeros((3, 5)))
    dataset = evaluation_dataset(arrays, evaluation_order(3, 2, "shuffled"), (None, 5))
    assert dataset[1][2].shape == (2, 5)
    assert (dataset[1][2][1] == 0).all()
    assert (dataset[1][2][0] > 0).all()


@pytest.mark.parametrize("order", ["shuffled", "streams"])
def test_arrays_may_change_from_epoch_to_epoch(order):
    class Moving(Arrays):
        def for_epoch(self, generator):
            return Arrays(generator.permutation(self.inputs))

    arrays = Moving(np.arange(50))
    orders = [
        BatchOrder(50, 5, order, seed).arrange(arrays, epoch).inputs.tolist()
        for seed, epoch in [(1, 0), (1, 0), (1, 1), (2, 0)]
    ]
    assert orders[0] == orders[1]
    assert len(set(map(tuple, orders))) == 3


def test_arrays_stay_as_they_are_unless_they_say_otherwise():
    arrays = Arrays(np.arange(50))
    assert BatchOrder(50, 5, "streams", 1).arrange(arrays, 3) is arrays
