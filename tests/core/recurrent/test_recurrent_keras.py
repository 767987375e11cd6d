"""The NumPy cells and the stepper against Keras' own layers."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo.recurrent import Embedding, GRUCell, Head, LSTMCell, RecurrentStepper, RNNCell

keras = pytest.importorskip("keras")
tensorflow = pytest.importorskip("tensorflow")

N, STEPS, INPUTS, UNITS = 2, 7, 3, 6
LAYERS = {
    "rnn": (lambda **k: keras.layers.SimpleRNN(UNITS, **k), RNNCell, {}),
    "gru": (lambda **k: keras.layers.GRU(UNITS, **k), GRUCell, {}),
    "gru-reset-before": (
        lambda **k: keras.layers.GRU(UNITS, reset_after=False, **k),
        GRUCell,
        {"reset_after": False},
    ),
    "lstm": (lambda **k: keras.layers.LSTM(UNITS, **k), LSTMCell, {}),
}


def randomised(layer, rng):
    """Gives every weight of a built layer, biases too, a random value."""
    for variable in layer.weights:
        variable.assign(rng.normal(0, 0.5, variable.shape))
    return [variable.value.numpy() for variable in layer.weights]


@pytest.mark.parametrize(("create", "cell_class", "options"), LAYERS.values(), ids=LAYERS)
def test_outputs_states_and_gradients_are_those_of_keras(create, cell_class, options):
    rng = np.random.default_rng(0)
    layer = create(return_sequences=True, return_state=True)
    layer.build((N, STEPS, INPUTS))
    cell = cell_class(*randomised(layer, rng), **options)
    x, d_h = rng.normal(size=(2, N, STEPS, 6)).astype("f")
    x = x[..., :INPUTS]
    state = tuple(rng.normal(size=(N, UNITS)).astype("f") for _ in range(cell.states))
    with tensorflow.GradientTape() as tape:
        inputs = tensorflow.constant(x)
        initial = [tensorflow.constant(part) for part in state]
        tape.watch([inputs, *initial])
        expected, *last = layer(inputs, initial_state=initial)
        loss = tensorflow.reduce_sum(expected * d_h)
    targets = [inputs, *initial, *(variable.value for variable in layer.weights)]
    expected_gradients = [gradient.numpy() for gradient in tape.gradient(loss, targets)]

    h, end, tapes = cell.forward(x, state)
    d_x, d_state, gradients = cell.backward(x, tapes, d_h)
    np.testing.assert_allclose(h, expected, atol=1e-5)
    for part, wanted in zip(end, last, strict=True):
        np.testing.assert_allclose(part, wanted, atol=1e-5)
    ours = [d_x, *d_state, gradients["U"], gradients["W"], gradients["b"]]
    for gradient, wanted in zip(ours, expected_gradients, strict=True):
        scale = np.abs(wanted).max()
        np.testing.assert_allclose(gradient / scale, wanted / scale, atol=1e-5)


@pytest.mark.parametrize(("create", "cell_class", "options"), LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("n", [1, 4])
def test_the_stepper_gives_the_logits_of_the_keras_network(create, cell_class, options, n):
    rng, vocabulary = np.random.default_rng(1), 11
    network = keras.Sequential(
        [
            keras.layers.Embedding(vocabulary, INPUTS),
            create(return_sequences=True),
            keras.layers.Dense(vocabulary),
        ]
    )
    network.build((None, STEPS))
    table, recurrent, dense = (randomised(layer, rng) for layer in network.layers)
    stepper = RecurrentStepper(
        Embedding(table[0]), [cell_class(*recurrent, **options)], Head(*dense)
    )
    tokens = rng.integers(0, vocabulary, (n, STEPS))
    state, logits = stepper.start(n), []
    for t in range(STEPS):
        step_logits, state = stepper.step(tokens[:, t], state)
        logits.append(step_logits)
    np.testing.assert_allclose(np.stack(logits, axis=1), network(tokens), atol=1e-5)
