"""Activations, and the two cross-entropies, with their derivatives."""

from __future__ import annotations

import numpy as np


def sigmoid(a: np.ndarray) -> np.ndarray:
    """Logistic sigmoid, written with tanh so that it cannot overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def sigmoid_derivative(y: np.ndarray) -> np.ndarray:
    """Derivative of the sigmoid where its value is `y`."""
    return y * (1 - y)


def tanh_derivative(y: np.ndarray) -> np.ndarray:
    """Derivative of tanh where its value is `y`."""
    return 1 - y * y


ACTIVATIONS = {"tanh": (np.tanh, tanh_derivative), "sigmoid": (sigmoid, sigmoid_derivative)}


def softmax(o: np.ndarray) -> np.ndarray:
    """Probabilities from logits, over the last axis (equation 10.11)."""
    exponentials = np.exp(o - o.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(
    o: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Measures logits against the right classes.

    Args:
        o: Logits, float [..., classes].
        y: Right classes, int [...].
        weights: Weight of each position [...]; None weighs all by 1.

    Returns:
        The loss of each position in nats [...], times its weight, and the derivative of
        their sum with respect to `o`.
    """
    o = np.ascontiguousarray(o)  # so that rows of what is made of it are views
    shifted = o - o.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=-1, keepdims=True)
    right = np.arange(y.size), y.ravel()
    loss = np.log(total[..., 0]) - shifted.reshape(-1, o.shape[-1])[right].reshape(y.shape)
    d_o = exponentials / total
    d_o.reshape(-1, o.shape[-1])[right] -= 1
    if weights is None:
        return loss, d_o
    return loss * weights, d_o * weights[..., None]


def sigmoid_cross_entropy(
    o: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Measures logits of yes against yes or no: `softplus(o) - y o` (equation 6.26).

    Args:
        o: Logits, float [...].
        y: Right answers from 0 to 1 [...].
        weights: Weight of each answer [...]; None weighs all by 1.

    Returns:
        The loss of each answer in nats [...], times its weight, and the derivative of
        their sum with respect to `o`.
    """
    loss = np.logaddexp(0, o) - y * o
    d_o = sigmoid(o) - y
    return (loss, d_o) if weights is None else (loss * weights, d_o * weights)
