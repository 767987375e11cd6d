"""What trains the NumPy cells: the sigmoid cross-entropy, L2, and the properties of clipping."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from deepzoo.recurrent import (
    AdaGrad,
    GRUCell,
    LSTMCell,
    RNNCell,
    clip,
    clip_norm,
    gradient_check,
    l2,
    sigmoid,
    sigmoid_cross_entropy,
    softmax,
    softmax_cross_entropy,
)

numbers = st.floats(-50, 50, allow_subnormal=False)
tables = arrays(np.float64, array_shapes(min_dims=2, max_dims=3, max_side=5), elements=numbers)


def slopes(loss, o, y, weights=None):
    """Holds the derivative that a loss returns to numerical ones."""
    _, d_o = loss(o, y, weights)
    return gradient_check(lambda: loss(o, y, weights)[0].sum(), {"o": o}, {"o": d_o})["o"]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_derivative_of_the_sigmoid_cross_entropy_is_right(weighted):
    rng = np.random.default_rng(0)
    o, y = rng.normal(0, 2, (3, 4)), rng.integers(0, 2, (3, 4)).astype(float)
    weights = rng.uniform(0.5, 2, (3, 4)) if weighted else None
    assert slopes(sigmoid_cross_entropy, o, y, weights).relative < 1e-8


@settings(deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_both_cross_entropies_say_how_unlikely_the_right_answer_is(o, random):
    y = np.array([random.randrange(2) for _ in range(o.size)]).reshape(o.shape)
    losses, _ = sigmoid_cross_entropy(o, y)
    chance = np.where(y, sigmoid(o), sigmoid(-o))
    np.testing.assert_allclose(np.exp(-losses), chance, rtol=1e-6, atol=1e-12)
    classes = np.array([random.randrange(o.shape[-1]) for _ in range(o[..., 0].size)])
    classes = classes.reshape(o.shape[:-1])
    losses, d_o = softmax_cross_entropy(o, classes)
    chance = np.take_along_axis(softmax(o), classes[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(np.exp(-losses), chance, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(d_o.sum(axis=-1), 0, atol=1e-9)


def test_the_order_of_axes_in_memory_does_not_matter():
    o = np.random.default_rng(0).normal(size=(3, 4, 5))
    y = np.arange(12).reshape(3, 4) % 5
    swapped = np.ascontiguousarray(o.swapaxes(0, 1)).swapaxes(0, 1)
    for here, there in zip(
        softmax_cross_entropy(o, y), softmax_cross_entropy(swapped, y), strict=True
    ):
        np.testing.assert_array_equal(here, there)
    losses, d_o = softmax_cross_entropy(np.zeros((0, 5)), np.zeros(0, int))
    assert (losses.shape, d_o.shape) == ((0,), (0, 5))


def test_cross_entropy_of_extreme_logits_is_finite():
    o = np.array([-1e4, -1e4, 0.0, 1e4, 1e4])
    losses, d_o = sigmoid_cross_entropy(o, np.array([0.0, 1.0, 1.0, 0.0, 1.0]))
    np.testing.assert_allclose(losses, [0, 1e4, np.log(2), 1e4, 0])
    np.testing.assert_allclose(d_o, [0, -1, -0.5, 1, 0])


def test_l2_adds_the_derivative_of_its_penalty():
    rng = np.random.default_rng(1)
    weights = {"U": rng.normal(size=(3, 4)), "W": rng.normal(size=(4, 4))}
    gradients = {name: np.zeros_like(w) for name, w in weights.items()}
    gradients["b"] = np.ones(4)

    def penalty():
        return 0.15 * sum((w**2).sum() for w in weights.values())

    assert l2(weights, gradients, 0.3) == pytest.approx(penalty())
    errors = gradient_check(penalty, weights, gradients)
    assert max(error.relative for error in errors.values()) < 1e-8
    np.testing.assert_array_equal(gradients["b"], 1)


@settings(deadline=None)
@given(tables, st.floats(0.01, 100))
def test_clipping_keeps_directions_and_limits(g, limit):
    by_value, by_norm = {"g": g.copy()}, {"g": g.copy()}
    clip(by_value, limit)
    assert np.abs(by_value["g"]).max(initial=0) <= limit
    inside = np.abs(g) <= limit
    np.testing.assert_array_equal(by_value["g"][inside], g[inside])
    np.testing.assert_array_equal(np.sign(by_value["g"]), np.sign(g))
    before = clip_norm(by_norm, limit)
    assert before == pytest.approx(np.linalg.norm(g))
    np.testing.assert_allclose(by_norm["g"], g * min(1, limit / max(before, 1e-300)))


def test_adagrad_steps_by_the_learning_rate_first_and_less_then():
    w, g = {"W": np.zeros(3)}, {"W": np.array([4.0, -0.01, 0.0])}
    optimizer = AdaGrad(0.1)
    optimizer.update(w, g)
    np.testing.assert_allclose(w["W"], [-0.1, 0.1, 0], rtol=1e-4)
    optimizer.update(w, g)
    np.testing.assert_allclose(w["W"], np.array([-0.1, 0.1, 0]) * (1 + 1 / np.sqrt(2)), rtol=1e-4)
    optimizer.load_state({})
    optimizer.update(w, g)
    np.testing.assert_allclose(optimizer.state()["W"], g["W"] ** 2)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_a_step_goes_back_by_what_it_kept(kind):
    rng = np.random.default_rng(1)
    cell = kind(rng.normal(size=(2, 3 * kind.gates)), rng.normal(size=(3, 3 * kind.gates)))
    ux, state = rng.normal(size=(4, 3 * kind.gates)), (rng.normal(size=(4, 3)),) * kind.states
    after, tape = cell.step(ux, state)
    ones = (np.ones((4, 3)), *[np.zeros((4, 3))] * (kind.states - 1))
    d_ux, _ = cell.step_back(ones, tape)
    errors = gradient_check(lambda: cell.step(ux, state)[0][0].sum(), {"ux": ux}, {"ux": d_ux})
    assert errors["ux"].relative < 1e-8
    assert after[0].shape == (4, 3)
