"""The PixelCNN: no pixel sees its future, none that it may see is missed, and NumPy agrees."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_pixel_generation.drawing import draw
from deepzoo_pixel_generation.models import PixelCNN
from deepzoo_pixel_generation.networks import PredictingStepper

from deepzoo.networks.keras_network import KerasNetwork

pytest.importorskip("keras")

NETWORKS = {
    "default": (PixelCNN(), (28, 28), 2),
    "not square, four levels": (PixelCNN(filters=5, first=5, dilations=(1, 3)), (7, 10), 4),
    "one layer": (PixelCNN(filters=4, dilations=(2,)), (9, 5), 2),
    "wider than the image": (PixelCNN(filters=4, dilations=(1, 9, 2)), (6, 5), 2),
    "without classes": (PixelCNN(filters=4, first=3, dilations=(1, 2), by_class=False), (6, 7), 3),
}


def spec(shape, levels=2):
    return {"height": shape[0], "width": shape[1], "levels": levels, "classes": 3}


def built(recipe, shape, levels=2):
    """Builds a network of random weights, also where they start as zeros."""
    import keras

    keras.utils.set_random_seed(0)
    network = recipe.build(spec(shape, levels))
    rng = np.random.default_rng(0)
    network.load_arrays(
        {
            name: array + rng.normal(0, 0.1, array.shape).astype(np.float32)
            for name, array in network.arrays().items()
        }
    )
    return network


def twin(network):
    return network.recipe.from_arrays(network.spec, network.arrays())


def images(network, n=5):
    """Draws random levels, with their pixels and labels."""
    rng = np.random.default_rng(1)
    levels = rng.integers(0, network.levels, (n, *network.shape))
    return levels, ((levels / (network.levels - 1)).astype(np.float32), rng.integers(0, 3, n))


def stepped(stepper, levels):
    """Returns the logits that a stepper has along images, as `predict` returns them."""
    tokens, state, logits = np.zeros(len(levels), int), stepper.start(len(levels)), []
    for pixels in levels.reshape(len(levels), -1).T:
        step, state = stepper.step(tokens, state)
        logits.append(step)
        tokens = pixels
    return np.stack(logits, axis=1).reshape(*levels.shape, -1)


@pytest.mark.parametrize(("recipe", "shape", "levels"), NETWORKS.values(), ids=NETWORKS)
def test_numpy_predicts_and_draws_by_the_logits_of_keras(recipe, shape, levels):
    network = built(recipe, shape, levels)
    given, inputs = images(network)
    expected = network.predict(inputs)
    assert expected.std() > 0.05
    numpy_network = twin(network)
    np.testing.assert_allclose(numpy_network.predict(inputs), expected, atol=1e-4)
    for drawing in (numpy_network, network):
        np.testing.assert_allclose(stepped(drawing.stepper(inputs[1]), given), expected, atol=1e-4)
    assert numpy_network.shape == network.shape == shape


def test_blocks_of_many_images_are_predicted_in_order():
    numpy_network = twin(built(PixelCNN(filters=2, first=3, dilations=(1,)), (3, 4)))
    _, (pixels, labels) = images(numpy_network, n=70)
    whole = numpy_network.predict((pixels, labels))
    alone = [numpy_network.predict((pixels[i : i + 1], labels[i : i + 1]))[0] for i in range(70)]
    np.testing.assert_allclose(whole, alone, atol=1e-6)
    assert numpy_network.predict((pixels[:0], labels[:0])).shape == (0, 3, 4, 2)


def influence(network):
    """Returns which pixels [from, to] change which logits, over all pairs of an image."""
    height, width = network.shape
    pixels = np.random.default_rng(2).random((1, height, width), np.float32)
    changed = np.repeat(pixels, height * width, axis=0)
    changed.reshape(height * width, -1)[np.diag_indices(height * width)] += 0.5
    labels = np.ones(height * width, np.int32)
    logits = network.predict((changed, labels))
    difference = np.abs(logits - network.predict((pixels, labels[:1])))
    return difference.max(axis=-1).reshape(height * width, -1)


@pytest.mark.parametrize("in_keras", [True, False], ids=["Keras", "NumPy"])
def test_no_pixel_of_784_sees_itself_or_its_future(in_keras):
    network = built(PixelCNN(filters=8), (28, 28))
    changes = influence(network if in_keras else twin(network))
    future = np.tril(np.ones_like(changes, bool))  # of the pixel itself and all before it
    # The sums of a changed image may be rounded in another order.
    assert changes[future].max() < 1e-5
    assert (changes[:-1].max(axis=1) > 1e-3).all()  # each but the last one is seen


def test_there_is_no_blind_spot():
    network = twin(built(PixelCNN(filters=8, first=5, dilations=(1, 2)), (13, 15)))
    row, column = 9, 7
    seen = influence(network).reshape(13, 15, 13, 15)[:, :, row, column] > 1e-5
    side = 5 // 2 + 1 + 2  # to the left and right: half the first kernel, and the dilations
    expected = np.zeros((13, 15), bool)
    expected[row - side - 1 : row, column - side : column + side + 1] = True
    expected[row, column - side : column] = True
    assert np.array_equal(seen, expected)


def test_a_network_draws_by_the_weights_that_it_has_now():
    network = built(PixelCNN(filters=2, first=3, dilations=(1,)), (3, 4))
    labels, arrays = np.zeros(40, int), network.arrays()
    name = max(arrays)  # the bias of the levels
    white = {**arrays, name: np.array([-50, 50], np.float32)}
    assert draw(network, labels).mean() < 1
    network.load_arrays(white)
    assert draw(network, labels).all()


def test_a_bare_keras_network_draws_what_its_numpy_twin_draws():
    network = built(PixelCNN(filters=3, first=3, dilations=(1, 2)), (4, 5), levels=3)
    labels = np.array([0, 1, 2])
    bare = draw(KerasNetwork(network.model), labels, seed=3)
    assert np.array_equal(bare, draw(network, labels, seed=3))
    assert np.array_equal(bare, draw(twin(network), labels, seed=3))
    assert not np.array_equal(bare, draw(network, labels, seed=4))
    given, inputs = images(network)
    predicted = stepped(PredictingStepper(network, inputs[1]), given)
    np.testing.assert_allclose(predicted, network.predict(inputs), atol=1e-5)


def test_the_first_of_three_images_is_the_single_one_of_the_same_seed():
    network = twin(built(PixelCNN(filters=3, first=3, dilations=(1, 2)), (4, 5)))
    three = draw(network, np.array([1, 0, 2]), seed=5)
    assert np.array_equal(three[:1], draw(network, np.array([1]), seed=5))
