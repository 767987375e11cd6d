"""The character RNN in plain NumPy: what it computes and how it learns, line by line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork
from deepzoo.recurrent import (
    AdaGrad,
    RNNCell,
    State,
    clip,
    clip_norm,
    l2,
    softmax_cross_entropy,
    summed_product,
)

from .numpy_networks import NumpyStepperMixin

if TYPE_CHECKING:
    from .models import NumpyRNN


class NumpyRNNNetwork(NumpyNetwork, NumpyStepperMixin):
    """A tanh RNN over characters that trains without a framework.

    It reads one-hot characters: `h = tanh(b + W h + U x)`, `o = c + V h`. The loss is the sum
    of the softmax cross-entropies of a sequence, the mean over the sequences of a batch. The
    hidden state is carried from batch to batch; the gradients stop between batches.

    Args:
        model: The recipe.
        spec: Size of the vocabulary, seed.
        dtype: `float64` for checking gradients.

    Attributes:
        parameters: The weights by name.
        smooth_loss: Running mean of the loss of a sequence, in nats.
    """

    # For the training loop, see `deepzoo.training.numpy_loop.NumpyLoop`.
    running = frozenset({"smooth_loss"})
    record_steps = 100
    sample_length = 200

    def __init__(self, model: NumpyRNN, spec: Mapping[str, Any], dtype: Any = np.float32) -> None:
        self.recipe, self.spec = model, spec
        tokens, units = spec["vocabulary"], model.units
        rng = np.random.default_rng(spec["seed"])
        U, W, b, self.V, self.c = (
            rng.normal(0, model.deviation, shape).astype(dtype)
            for shape in ((tokens, units), (units, units), units, (units, tokens), tokens)
        )
        self.cell = RNNCell(U, W, b)
        self.parameters = {**self.cell.parameters, "V": self.V, "c": self.c}
        keyed = enumerate(self.parameters.items())
        self.weights = {f"{number:04d}/{name}": array for number, (name, array) in keyed}
        self.one_hot = np.eye(tokens, dtype=dtype)
        self.optimizer = AdaGrad()
        self.learning_rate, self.sample_steps = model.learning_rate, model.sample_steps
        self.smooth_loss = model.sequence_length * math.log(tokens)  # the loss of guessing
        self.state_before: State | None = None

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits [n, steps, vocabulary], each sequence read from a fresh state."""
        h, _, _ = self.cell.forward(self.one_hot[inputs])
        return self.c + h @ self.V

    def gradients(
        self, inputs: np.ndarray, targets: np.ndarray, state: State | None = None
    ) -> tuple[float, dict[str, np.ndarray], State]:
        """Goes forward over a batch and back (Deep Learning, equations 10.8 to 10.28).

        Args:
            inputs: Characters, int [n, steps].
            targets: The character after each, int [n, steps].
            state: The state after the previous batch; None starts with zeros.

        Returns:
            The loss in nats per sequence, its gradient by parameter, and the last state.
        """
        x = self.one_hot[inputs]
        h, last, tapes = self.cell.forward(x, state)  # 10.8 and 10.9
        o = self.c + h @ self.V  # 10.10
        losses, d_o = softmax_cross_entropy(o, targets)  # 10.14 and 10.18
        d_o /= len(inputs)
        d_h = d_o @ self.V.T  # 10.19
        _, _, gradients = self.cell.backward(x, tapes, d_h, want_d_x=False)
        gradients["V"] = summed_product(h, d_o)  # 10.24
        gradients["c"] = d_o.sum(axis=(0, 1))  # 10.22
        return float(losses.sum()) / len(inputs), gradients, last

    def train_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Learns from one batch; returns nats per character and the smooth loss."""
        recipe = self.recipe
        # A training that diverges is stopped by the trainer, which sees the loss.
        with np.errstate(over="ignore", invalid="ignore"):
            loss, gradients, last = self.gradients(inputs, targets, self.state_before)
            if recipe.l2:
                l2({name: self.parameters[name] for name in "UWV"}, gradients, recipe.l2)
            if recipe.clip:
                clip(gradients, recipe.clip)
            if recipe.clip_norm:
                clip_norm(gradients, recipe.clip_norm)
            self.optimizer.learning_rate = self.learning_rate
            self.optimizer.update(self.parameters, gradients)
        self.state_before = last if recipe.order == "streams" else None
        self.smooth_loss = 0.999 * self.smooth_loss + 0.001 * loss
        return {"loss": loss / inputs.shape[1], "smooth_loss": self.smooth_loss}

    def test_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Scores one batch and carries the state, as in training; returns nats per character."""
        before = self.state_before and tuple(part[: len(inputs)] for part in self.state_before)
        h, last, _ = self.cell.forward(self.one_hot[inputs], before)
        losses, _ = softmax_cross_entropy(self.c + h @ self.V, targets)
        self.state_before = last if self.recipe.order == "streams" else None
        return {"loss": float(losses.mean())}

    def reset_states(self) -> None:
        """Resets the hidden state, at the start of an epoch."""
        self.state_before = None

    def state(self) -> dict[str, np.ndarray]:
        """Returns everything that decides how training continues."""
        (hidden,) = self.state_before or self.cell.start(0)
        squares = {f"squares/{name}": r for name, r in self.optimizer.r.items()}
        self.slots = {"smooth_loss": np.array(self.smooth_loss), "hidden": hidden, **squares}
        return super().state()

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Restores what `state` returned, here or in deepzoo 0.1."""
        super().load_state(self._from_rows(arrays) if "weights" in arrays else arrays)
        self.smooth_loss = float(self.slots["smooth_loss"])
        hidden = self.slots["hidden"]
        self.state_before = (hidden,) if len(hidden) else None
        names = {f"squares/{name}": name for name in self.parameters}
        self.optimizer.r = {names[key]: r for key, r in self.slots.items() if key in names}

    def _from_rows(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Splits the rows of deepzoo 0.1, where one array held the values of all parameters."""
        split = {key: arrays[key] for key in ("smooth_loss", "hidden")}
        ends = np.cumsum([array.size for array in self.parameters.values()])[:-1]
        squares = [f"squares/{name}" for name in self.parameters]
        for row, keys in (("weights", list(self.weights)), ("squares/all", squares)):
            parts = np.split(arrays[row], ends) if row in arrays else ()
            for key, part, array in zip(keys, parts, self.parameters.values(), strict=False):
                split[key] = part.reshape(array.shape)
        return split
