"""The PixelRNN: no pixel sees its future, it sees a triangle above, NumPy agrees, it learns."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_pixel_generation.models import PixelRNN

from deepzoo.networks.keras_network import as_network
from deepzoo.testing import check_model

pytest.importorskip("keras")

NETWORKS = {
    "one layer": (PixelRNN(layers=1, units=3), (7, 9), 2),
    "two layers, of classes": (PixelRNN(layers=2, units=4, by_class=True), (6, 5), 3),
    "three layers": (PixelRNN(layers=3, units=3), (5, 8), 2),
    "without residuals": (PixelRNN(layers=2, units=3, residual=False), (9, 7), 4),
    "smaller than the kernel": (PixelRNN(layers=2, units=3), (2, 1), 2),
}
EACH = pytest.mark.parametrize(("recipe", "shape", "levels"), NETWORKS.values(), ids=NETWORKS)


def networks(recipe, shape, levels=2):
    """Builds a network of random weights in Keras, and the same in NumPy."""
    import keras

    keras.utils.set_random_seed(0)
    spec = {"height": shape[0], "width": shape[1], "levels": levels, "classes": 3}
    network, rng = as_network(recipe.build(spec)), np.random.default_rng(0)
    network.load_arrays(
        {
            name: array + rng.normal(0, 0.2, array.shape).astype(np.float32)
            for name, array in network.arrays().items()
        }
    )
    return network, recipe.from_arrays(spec, network.arrays())


def influence(network, shape):
    """Returns which pixels [from, to] change which logits, over all pairs of an image."""
    count = shape[0] * shape[1]
    pixels = np.random.default_rng(2).random((1, *shape), np.float32)
    changed = np.repeat(pixels, count, axis=0)
    changed.reshape(count, -1)[np.diag_indices(count)] += 0.5
    logits = network.predict((changed, np.ones(count, np.int32)))
    difference = np.abs(logits - network.predict((pixels, np.ones(1, np.int32))))
    return difference.max(axis=-1).reshape(count, count)


@EACH
def test_no_pixel_sees_itself_or_its_future(recipe, shape, levels):
    changes = influence(networks(recipe, shape, levels)[0], shape)
    future = np.tril(np.ones_like(changes, bool))  # of the pixel itself and all before it
    assert changes[future].max() < 1e-5  # a changed image may be rounded in another order
    assert (np.diag(changes, 1)[: shape[1] - 1] > 1e-5).all()  # the next pixel sees it


def test_a_row_lstm_sees_a_triangle_above():
    _, network = networks(PixelRNN(layers=1, units=8), (12, 25))
    row, column = 11, 12
    seen = influence(network, (12, 25)).reshape(12, 25, 12, 25)[:, :, row, column] > 1e-6
    expected = np.zeros_like(seen)
    for up in range(row + 1):  # each row up, a hidden state comes from one pixel more to each side
        left, right = max(0, column - up - 4), column + up  # 4: a pixel and the 7 x 7 kernel
        expected[row - up, left:right] = True
        expected[max(0, row - up - 3) : row - up, left : right + 4] = True
    assert not (seen & ~expected).any()
    near = np.s_[row - 4 :]  # what is far away changes too little to tell
    assert np.array_equal(seen[near], expected[near])


@EACH
def test_numpy_predicts_and_draws_by_the_logits_of_keras(recipe, shape, levels):
    network, numpy_network = networks(recipe, shape, levels)
    rng = np.random.default_rng(1)
    given, labels = rng.integers(0, levels, (5, *shape)), rng.integers(0, 3, 5).astype(np.int32)
    inputs = (given / (levels - 1)).astype(np.float32), labels
    expected = network.predict(inputs)
    assert expected.std() > 0.05
    np.testing.assert_allclose(numpy_network.predict(inputs), expected, atol=1e-4)
    stepper, logits = numpy_network.stepper(labels), []
    tokens, state = np.ones(5, int), stepper.start(5)  # the first token is no pixel
    for pixels in given.reshape(5, -1).T:
        step, state = stepper.step(tokens, state)
        logits.append(step)
        tokens = pixels
    np.testing.assert_allclose(np.stack(logits, 1).reshape(expected.shape), expected, atol=1e-4)


def test_it_learns_is_stored_and_resumes_exactly():
    assert check_model(
        PixelRNN, dataset="mnist", epochs=2, layers=1, units=4, subset=60, test_subset=10, drawn=0
    )
