"""The adder in plain NumPy: a recurrent network over the bits of two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork
from deepzoo.errors import UsageError
from deepzoo.recurrent import RNNCell, sigmoid, summed_product

from .numpy_networks import SumNetwork
from .prepare import encoding_of

if TYPE_CHECKING:
    from .models import BinaryAdder


class BinaryAdderNetwork(NumpyNetwork, SumNetwork):
    """A recurrent network that reads two bits a step, lowest first, and writes one bit.

    `h = sigmoid(W h + U x)`, `y = sigmoid(V h)`, and the loss of a sum is half its squared
    error, as in the published program; there are no biases.

    Args:
        model: The recipe.
        spec: Base, signs and maximum digits of the sums, and the seed of the initial weights.
    """

    def __init__(self, model: BinaryAdder, spec: Mapping[str, Any]) -> None:
        if spec["base"] != 2 or spec["signs"] != "+":
            raise UsageError(
                f"'{model.name}' adds bits: expected base 2 and plus, received base "
                f"{spec['base']} and {' and '.join(spec['signs'])}.",
                "deepzoo train addition --model binary-adder --set base=2 --set digits=7",
            )
        self.encoding = encoding_of(spec)
        self.sample_steps, self.learning_rate = model.sample_steps, model.learning_rate
        rng = np.random.default_rng(spec["seed"])
        U, self.V, W = (
            rng.uniform(-1, 1, shape)
            for shape in ((2, model.units), (model.units, 1), (model.units, model.units))
        )
        self.cell = RNNCell(U, W, activation="sigmoid")
        self.weights = {"U": U, "W": W, "V": self.V}
        self.last: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability that each bit of the sum is 1, float [n, width]."""
        hidden, _, _ = self.cell.forward(self._bits(inputs[..., :2]))
        return sigmoid(hidden @ self.V)[..., 0]

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the most probable bits, with blanks in place of leading zeros."""
        bits = np.round(self.predict(inputs)).astype(int)
        tokens = bits + len(self.encoding.alphabet) - self.encoding.base
        leading = np.cumsum(bits[:, ::-1], axis=1)[:, ::-1] == 0
        leading[:, 0] = False  # zero is one digit
        return np.where(leading, self.encoding.blank, tokens)

    def gradients(
        self, inputs: np.ndarray, targets: np.ndarray
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Computes the gradients by back-propagation through time (Deep Learning, section 10.2.2).

        Returns:
            The error of each bit [n, width], and the gradients of half the sum of their squares,
            averaged over the sums.
        """
        x, t = self._bits(inputs[..., :2]), self._bits(targets)[..., None]
        h, _, tapes = self.cell.forward(x)
        y = sigmoid(h @ self.V)
        d_o = (y - t) * y * (1 - y) / len(x)
        _, _, gradients = self.cell.backward(x, tapes, d_o @ self.V.T, want_d_x=False)
        self.last = x[-1], y[-1, :, 0], t[-1, :, 0]
        return (y - t)[..., 0], {**gradients, "V": summed_product(h, d_o)}

    def train_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Trains on a batch; returns the loss and the published summed error."""
        error, gradients = self.gradients(inputs, targets)
        for name, gradient in gradients.items():
            self.weights[name] -= self.learning_rate * gradient
        return _logs(error)

    def test_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Scores a batch."""
        return _logs(self.predict(inputs) - self._bits(targets))

    def progress(self) -> str:
        """Returns the last training sum: predicted bits, true bits, and the error."""
        if self.last is None:
            return ""
        x, y, t = self.last
        bits, right = np.round(y).astype(int), t.astype(int)
        first, second, answer = (int(_row(row.astype(int)), 2) for row in (x[:, 0], x[:, 1], bits))
        return (
            f"{first} + {second} = {answer} error {np.abs(y - t).sum():.8f}\n"
            f"predicted {_row(bits)}\nthe truth {_row(right)}"
        )

    def _bits(self, tokens: np.ndarray) -> np.ndarray:
        """Converts tokens to bits; blanks are 0."""
        return self.encoding.digit_values(tokens).astype(np.float64)


def _logs(error: np.ndarray) -> dict[str, float]:
    right = (np.abs(error) < 0.5).all(axis=1)
    return {
        "loss": float((error**2).sum(axis=1).mean() / 2),
        "error": float(np.abs(error).sum(axis=1).mean()),
        "exact_match": float(right.mean()),
    }


def _row(bits: np.ndarray) -> str:
    return "".join(map(str, bits[::-1].tolist()))
