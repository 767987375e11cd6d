"""What trains the cells: losses, AdaGrad, L2, clipping, and a check of the gradients.

The numbers are those of the equations in Goodfellow, Bengio and Courville, Deep Learning (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from .cells import sigmoid

Arrays = Mapping[str, np.ndarray]


def softmax(o: np.ndarray) -> np.ndarray:
    """Probabilities from logits, over the last axis (equation 10.11)."""
    exponentials = np.exp(o - o.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(
    o: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Computes the negative log-likelihood of classes (equations 10.14 and 10.18).

    Args:
        o: Logits, float [..., classes].
        y: Target classes, int [...].
        weights: Weight of each position [...]; None weights all by 1.

    Returns:
        The loss of each position in nats [...], times its weight, and the derivative of
        their sum with respect to `o`.
    """
    o = np.ascontiguousarray(o)  # reshaping what is computed from it then copies nothing
    shifted = o - o.max(axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    total = exponentials.sum(axis=-1, keepdims=True)
    targets = np.arange(y.size), y.ravel()
    loss = np.log(total[..., 0]) - shifted.reshape(-1, o.shape[-1])[targets].reshape(y.shape)
    d_o = exponentials / total
    d_o.reshape(-1, o.shape[-1])[targets] -= 1
    if weights is None:
        return loss, d_o
    return loss * weights, d_o * weights[..., None]


def sigmoid_cross_entropy(
    o: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Computes the negative log-likelihood of binary targets: `softplus(o) - y o` (6.26).

    Args:
        o: Logits, float [...].
        y: Targets from 0 to 1 [...].
        weights: Weight of each target [...]; None weights all by 1.

    Returns:
        The loss of each target in nats [...], times its weight, and the derivative of
        their sum with respect to `o`.
    """
    loss = np.logaddexp(0, o) - y * o
    d_o = sigmoid(o) - y
    return (loss, d_o) if weights is None else (loss * weights, d_o * weights)


class AdaGrad:
    """Divides each step by the root of the accumulated squared gradients (algorithm 8.4).

    Args:
        learning_rate: The book's epsilon.
        delta: Avoids division by zero.
    """

    def __init__(self, learning_rate: float = 0.1, delta: float = 1e-7) -> None:
        self.learning_rate, self.delta = learning_rate, delta
        self.r: dict[str, np.ndarray] = {}

    def update(self, parameters: Arrays, gradients: Arrays) -> None:
        """Changes each parameter in place by its gradient."""
        for name, g in gradients.items():
            theta = parameters[name]
            if name not in self.r:
                self.r[name] = np.zeros_like(theta)
            r = self.r[name]
            r += g * g
            theta -= self.learning_rate * (g / (self.delta + np.sqrt(r)))

    def state(self) -> dict[str, np.ndarray]:
        """Returns the accumulated squares, by name of the parameter."""
        return {name: r.copy() for name, r in self.r.items()}

    def load_state(self, state: Arrays) -> None:
        """Restores what `state` returned."""
        self.r = {name: np.array(r) for name, r in state.items()}


def l2(weights: Arrays, gradients: Arrays, strength: float) -> float:
    """Adds the gradient of `strength / 2 * ||w||^2` in place (equation 7.2).

    It is what a Gaussian prior around 0 with the variance `1 / strength` adds to the loss.

    Args:
        weights: The regularised weights; the biases are best left out.
        gradients: Gradients of the loss, under at least the names in `weights`.
        strength: The book's alpha.

    Returns:
        The penalty, to be added to the loss.
    """
    for name, w in weights.items():
        gradients[name][...] += strength * w
    return strength / 2 * sum(float(np.vdot(w, w)) for w in weights.values())


def clip(gradients: Arrays, limit: float) -> None:
    """Clips every element to [-limit, limit], in place."""
    for g in gradients.values():
        np.clip(g, -limit, limit, out=g)


def clip_norm(gradients: Arrays, limit: float) -> float:
    """Scales all gradients down to a global norm of at most `limit`, in place (10.48 and 10.49).

    Returns:
        The norm before.
    """
    everything = np.concatenate([g.ravel() for g in gradients.values()])
    norm = float(np.sqrt(float(np.vdot(everything, everything))))
    if norm > limit:
        for g in gradients.values():
            g *= limit / norm
    return norm


class GradientError(NamedTuple):
    """How far apart the analytic gradient a and numerical gradient n of a parameter are.

    Attributes:
        relative: ||a - n|| / ||a + n|| over the whole array, which rounding affects little.
        worst: The largest |a - n| / |a + n| of a single element.
    """

    relative: float
    worst: float


def gradient_check(
    loss: Callable[[], float],
    parameters: Arrays,
    gradients: Arrays,
    step: float = 1e-5,
    elements: int | None = None,
    seed: int = 0,
) -> dict[str, GradientError]:
    """Compares gradients with central differences of the loss (section 11.5).

    Args:
        loss: Computes the loss with the present parameters; called twice for each element.
        parameters: float64 arrays that `loss` reads; changed and restored one by one.
        gradients: What back-propagation returned, by the same names.
        step: How far an element is moved to either side.
        elements: How many random elements of each array to check; None checks all.
        seed: Seed of the random choice.

    Returns:
        The error of each parameter array.
    """
    rng, errors = np.random.default_rng(seed), {}
    for name, array in parameters.items():
        if array.dtype != np.float64:
            raise ValueError(f"expected {name} in float64; received {array.dtype}")
        chosen = np.arange(array.size)
        if elements is not None and elements < array.size:
            chosen = rng.choice(array.size, elements, replace=False)
        numerical = np.empty(len(chosen))
        for row, index in enumerate(chosen):
            position = np.unravel_index(index, array.shape)
            value = array[position]
            array[position] = value + step
            above = loss()
            array[position] = value - step
            numerical[row] = (above - loss()) / (2 * step)
            array[position] = value
        analytic = gradients[name].ravel()[chosen]
        difference, total = np.abs(analytic - numerical), np.abs(analytic + numerical)
        # Two zeros are equal.
        errors[name] = GradientError(
            float(np.linalg.norm(difference) / max(float(np.linalg.norm(total)), 1e-300)),
            float(np.max(difference / np.maximum(total, 1e-300), where=difference > 0, initial=0)),
        )
    return errors
