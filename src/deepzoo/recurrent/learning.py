"""What training needs beside the cells: AdaGrad, L2, clipping, and a check of the gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

Arrays = Mapping[str, np.ndarray]


class AdaGrad:
    """Steps shrink with all gradients seen (Deep Learning, algorithm 8.4).

    Args:
        learning_rate: The book's epsilon.
        delta: Keeps the division finite.
    """

    def __init__(self, learning_rate: float = 0.1, delta: float = 1e-7) -> None:
        self.learning_rate, self.delta = learning_rate, delta
        self.r: dict[str, np.ndarray] = {}
        self._work: dict[str, np.ndarray] = {}

    def update(self, parameters: Arrays, gradients: Arrays) -> None:
        """Changes each parameter in place by its gradient.

        `r += g * g`, and `theta -= learning_rate * g / (delta + sqrt(r))`.
        """
        for name, g in gradients.items():
            theta = parameters[name]
            if name not in self.r:
                self.r[name] = np.zeros_like(theta)
            if name not in self._work:
                self._work[name] = np.empty_like(theta)
            # In place: fresh memory for every result costs more than the arithmetic.
            r, work = self.r[name], self._work[name]
            r += np.multiply(g, g, out=work)
            denominator = np.add(self.delta, np.sqrt(r, out=work), out=work)
            theta -= np.multiply(self.learning_rate, np.divide(g, denominator, out=work), out=work)

    def state(self) -> dict[str, np.ndarray]:
        """Returns the accumulated squares, by name of the parameter."""
        return {name: r.copy() for name, r in self.r.items()}

    def load_state(self, state: Arrays) -> None:
        """Takes over what `state` returned."""
        self.r = {name: np.array(r) for name, r in state.items()}


def l2(weights: Arrays, gradients: Arrays, strength: float) -> float:
    """Adds the gradient of `strength / 2 * ||w||^2` in place (equation 7.2).

    It is what a Gaussian prior around 0 with the variance `1 / strength` adds to the loss.

    Args:
        weights: What is held small; the biases are best left out.
        gradients: Those of the loss, by the same names and maybe more.
        strength: The book's alpha.

    Returns:
        The penalty itself, to be added to the loss.
    """
    for name, w in weights.items():
        gradients[name][...] += strength * w
    return strength / 2 * sum(float(np.vdot(w, w)) for w in weights.values())


def clip(gradients: Arrays, limit: float) -> None:
    """Clips every element to [-limit, limit], in place."""
    for g in gradients.values():
        np.clip(g, -limit, limit, out=g)


def clip_norm(gradients: Arrays, limit: float) -> float:
    """Scales all gradients down to a common norm of `limit`, in place (equation 10.49).

    Returns:
        The norm before.
    """
    norm = float(np.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values())))
    if norm > limit:
        for g in gradients.values():
            g *= limit / norm
    return norm


class GradientError(NamedTuple):
    """How far analytic gradients a and numerical gradients n of one parameter are apart.

    Args:
        relative: ||a - n|| / ||a + n|| over the whole array, which rounding does not drown.
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
    """Holds gradients to central differences of the loss.

    Args:
        loss: Computes the loss with the parameters as they are; called twice an element.
        parameters: float64 arrays that `loss` reads; changed and restored one by one.
        gradients: What back-propagation gave, by the same names.
        step: How far an element is moved to either side.
        elements: Checks this many elements of each array, drawn at random; None all.
        seed: Draws them.

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
        numerical = np.array([_slope(loss, array, int(index), step) for index in chosen])
        errors[name] = _error(gradients[name].ravel()[chosen], numerical)
    return errors


def _slope(loss: Callable[[], float], array: np.ndarray, index: int, step: float) -> float:
    """Measures the slope of the loss along one element."""
    place = np.unravel_index(index, array.shape)
    value = array[place]
    array[place] = value + step
    above = loss()
    array[place] = value - step
    below = loss()
    array[place] = value
    return (above - below) / (2 * step)


def _error(analytic: np.ndarray, numerical: np.ndarray) -> GradientError:
    """Compares two gradients; both exactly 0 counts as equal."""
    difference, total = np.abs(analytic - numerical), np.abs(analytic + numerical)
    relative = np.linalg.norm(difference) / max(float(np.linalg.norm(total)), 1e-300)
    worst = np.max(difference / np.maximum(total, 1e-300), where=difference > 0, initial=0.0)
    return GradientError(float(relative), float(worst))
