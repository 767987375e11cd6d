"""The NumPy cells: their gradients, numerically, and the rest of the training kit."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo import recurrent
from deepzoo.recurrent import GRUCell, LSTMCell, RNNCell, softmax_cross_entropy

CELLS = {
    "rnn": RNNCell.normal,
    "rnn-sigmoid": functools.partial(RNNCell.normal, activation="sigmoid"),
    "gru": GRUCell.normal,
    "gru-reset-before": functools.partial(GRUCell.normal, reset_after=False),
    "lstm": LSTMCell.normal,
}
N, STEPS, INPUTS, UNITS, CLASSES = 3, 6, 4, 5, 7


def network(cell, rng, steps=STEPS):
    """A cell, an output layer and data, with a function for loss and gradients."""
    x = rng.normal(size=(N, steps, INPUTS))
    y = rng.integers(0, CLASSES, (N, steps))
    weights = rng.uniform(0.5, 2, (N, steps))
    V, c = rng.normal(0, 0.5, (UNITS, CLASSES)), rng.normal(0, 0.5, CLASSES)
    state = tuple(rng.normal(0, 0.5, (N, UNITS)) for _ in range(cell.states))

    def loss():
        h, last, _ = cell.forward(x, state)
        losses, _ = softmax_cross_entropy(h @ V + c, y, weights)
        return losses.sum() + sum((part**2).sum() for part in last)

    h, last, tapes = cell.forward(x, state)
    _, d_o = softmax_cross_entropy(h @ V + c, y, weights)
    d_x, d_state, gradients = cell.backward(x, tapes, d_o @ V.T, tuple(2 * part for part in last))
    parameters = {"V": V, "c": c, "x": x, **cell.parameters}
    gradients |= {"V": np.einsum("ntu,ntc->uc", h, d_o), "c": d_o.sum(axis=(0, 1)), "x": d_x}
    for index, part in enumerate(state):
        parameters[f"state{index}"], gradients[f"state{index}"] = part, d_state[index]
    return loss, parameters, gradients


@pytest.mark.parametrize("create", CELLS.values(), ids=CELLS)
def test_gradients_agree_with_numerical_ones(create):
    rng = np.random.default_rng(0)
    loss, parameters, gradients = network(create(INPUTS, UNITS, rng, 0.5), rng)
    errors = recurrent.gradient_check(loss, parameters, gradients)
    assert set(errors) >= {"U", "W", "b", "V", "c", "x", "state0"}
    assert max(error.relative for error in errors.values()) < 1e-6
    assert max(error.worst for error in errors.values()) < 1e-5


@pytest.mark.parametrize("create", [RNNCell, GRUCell, LSTMCell])
def test_over_25_steps_every_gradient_is_right_to_1e_7(create):
    rng = np.random.default_rng(4)
    loss, parameters, gradients = network(create.normal(INPUTS, UNITS, rng, 0.5), rng, steps=25)
    errors = recurrent.gradient_check(loss, parameters, gradients, step=1e-4)
    assert set(errors) >= {"U", "W", "b", "V", "c"}
    assert max(error.relative for error in errors.values()) <= 1e-7


@pytest.mark.parametrize("create", CELLS.values(), ids=CELLS)
def test_the_lowest_cell_may_leave_out_the_derivative_of_its_input(create):
    rng = np.random.default_rng(5)
    cell, x = create(INPUTS, UNITS, rng), rng.normal(size=(N, STEPS, INPUTS))
    hidden, _, tapes = cell.forward(x)
    d_x, _, gradients = cell.backward(x, tapes, hidden)
    nothing, _, same = cell.backward(x, tapes, hidden, want_d_x=False)
    assert nothing is None
    assert d_x.shape == x.shape
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(same[name], gradient)


@pytest.mark.parametrize("create", [RNNCell, GRUCell, LSTMCell])
def test_a_cell_without_bias_has_none_to_learn(create):
    rng = np.random.default_rng(1)
    cell = create(
        rng.normal(size=(INPUTS, UNITS * create.gates)),
        rng.normal(size=(UNITS, UNITS * create.gates)),
    )
    loss, parameters, gradients = network(cell, rng)
    assert "b" not in gradients
    errors = recurrent.gradient_check(loss, parameters, gradients, elements=10)
    assert max(error.relative for error in errors.values()) < 1e-6


def test_the_check_finds_a_wrong_gradient():
    rng = np.random.default_rng(0)
    loss, parameters, gradients = network(GRUCell.normal(INPUTS, UNITS, rng), rng)
    gradients["W"][2, 3] *= 1.01
    errors = recurrent.gradient_check(loss, parameters, gradients)
    assert errors["W"].relative > 1e-6
    assert errors["W"].worst > 1e-3
    assert errors["U"].relative < 1e-6


def test_the_check_restores_what_it_moved_and_wants_float64():
    rng = np.random.default_rng(0)
    loss, parameters, gradients = network(RNNCell.normal(INPUTS, UNITS, rng), rng)
    before = {name: array.copy() for name, array in parameters.items()}
    recurrent.gradient_check(loss, parameters, gradients, elements=5)
    for name, array in before.items():
        np.testing.assert_array_equal(parameters[name], array)
    with pytest.raises(ValueError, match="float64"):
        recurrent.gradient_check(loss, {"V": parameters["V"].astype("f")}, gradients)


@pytest.mark.parametrize("create", CELLS.values(), ids=CELLS)
def test_carried_states_make_two_halves_one_sequence(create):
    rng = np.random.default_rng(2)
    cell, x = create(INPUTS, UNITS, rng), rng.normal(size=(N, STEPS, INPUTS))
    whole, last, _ = cell.forward(x)
    first, state, _ = cell.forward(x[:, :2])
    second, end, _ = cell.forward(x[:, 2:], state)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, atol=1e-14)
    for part, expected in zip(end, last, strict=True):
        np.testing.assert_allclose(part, expected, atol=1e-14)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(CELLS)), st.integers(1, 4), st.integers(1, 7), st.integers(0, 2**31))
def test_a_batch_of_any_size_computes_what_single_sequences_compute(cell, n, steps, seed):
    rng = np.random.default_rng(seed)
    cell, x = CELLS[cell](INPUTS, UNITS, rng, 0.5), rng.normal(size=(n, steps, INPUTS))
    d_hidden = rng.normal(size=(n, steps, UNITS))
    hidden, _, tapes = cell.forward(x)
    d_x, (d_h, *_), gradients = cell.backward(x, tapes, d_hidden)
    total = dict.fromkeys(gradients, 0.0)
    for row in range(n):
        alone = slice(row, row + 1)
        h, _, tape = cell.forward(x[alone])
        d_x_row, (d_h_row, *_), row_gradients = cell.backward(x[alone], tape, d_hidden[alone])
        np.testing.assert_allclose(h, hidden[alone], atol=1e-12)
        np.testing.assert_allclose(d_x_row, d_x[alone], atol=1e-12)
        np.testing.assert_allclose(d_h_row, d_h[alone], atol=1e-12)
        total = {name: total[name] + gradient for name, gradient in row_gradients.items()}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, total[name], atol=1e-12)


def test_cross_entropy_of_certain_and_uniform_logits():
    o = np.array([[0.0, 0.0, 0.0, 0.0], [1000.0, 0.0, 0.0, -1000.0]])
    losses, d_o = softmax_cross_entropy(o, np.array([2, 0]))
    np.testing.assert_allclose(losses, [np.log(4), 0])
    np.testing.assert_allclose(d_o, [[0.25, 0.25, -0.75, 0.25], [0, 0, 0, 0]], atol=1e-12)


def test_sigmoid_neither_overflows_nor_leaves_its_range():
    y = recurrent.sigmoid(np.array([-1e30, -5, 0, 5, 1e30], np.float32))
    np.testing.assert_allclose(y, [0, 1 / (1 + np.exp(5)), 0.5, 1 / (1 + np.exp(-5)), 1], atol=1e-7)


def test_clipping_by_value_and_by_norm():
    gradients = {"W": np.array([[3.0, -40.0]]), "b": np.array([0.5])}
    recurrent.clip(gradients, 5)
    np.testing.assert_array_equal(gradients["W"], [[3, -5]])
    norm = recurrent.clip_norm(gradients, 1)
    assert norm == pytest.approx(np.sqrt(9 + 25 + 0.25))
    assert np.sqrt(sum((g**2).sum() for g in gradients.values())) == pytest.approx(1)
    assert recurrent.clip_norm(gradients, 10) == pytest.approx(1)


def test_adagrad_learns_a_sequence_and_goes_on_from_its_state():
    rng = np.random.default_rng(3)
    cell = RNNCell.normal(CLASSES, 16, rng)
    V = rng.normal(0, 0.1, (16, CLASSES))
    y = rng.integers(0, CLASSES, (1, 25))
    x = np.eye(CLASSES)[np.concatenate([[[0]], y[:, :-1]], axis=1)]
    parameters, optimizer, losses = {**cell.parameters, "V": V}, recurrent.AdaGrad(0.1), []
    for step in range(150):
        h, _, tapes = cell.forward(x)
        loss, d_o = softmax_cross_entropy(h @ V, y)
        _, _, gradients = cell.backward(x, tapes, d_o @ V.T)
        gradients["V"] = h[0].T @ d_o[0]
        recurrent.clip(gradients, 5)
        if step == 75:
            state = optimizer.state()
            optimizer = recurrent.AdaGrad(0.1)
            optimizer.load_state(state)
        optimizer.update(parameters, gradients)
        losses.append(loss.sum())
    assert losses[-1] < 0.05 * losses[0]
    assert losses[75] > losses[100]


def test_weights_of_another_cell_are_refused():
    with pytest.raises(ValueError, match=r"GRUCell expects U \[inputs, 3 \* units\]"):
        GRUCell(np.zeros((4, 20)), np.zeros((5, 20)))
    with pytest.raises(ValueError, match="reset_after=True"):
        GRUCell(np.zeros((4, 15)), np.zeros((5, 15)), np.zeros(15))
