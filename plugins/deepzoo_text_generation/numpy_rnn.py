"""The character RNN in plain NumPy: what it computes, and how it learns, line by line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import check_match
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

from .numpy_networks import EmitsByTwin

if TYPE_CHECKING:
    from .models import NumpyRNN

SAMPLE_LENGTH = 200
RECORD_STEPS = 100
OLD, NEW = 0.999, 0.001  # shares of the smooth loss before and of the loss of a step


class NumpyRNNNetwork(EmitsByTwin):
    """A tanh RNN over characters that trains without a framework.

    It reads one-hot characters: `h = tanh(b + W h + U x)`, `o = c + V h`, and the loss is
    the sum of the softmax cross-entropies of a sequence, the mean over the sequences of a
    batch. The hidden state is carried from batch to batch, the gradients stop between them.

    Args:
        model: The recipe.
        spec: What it is built for: size of the vocabulary, seed.
        dtype: `float64` for checking gradients.

    Attributes:
        weights: All parameters in a row; one large update is faster than five small ones.
        parameters: The same by name, as views.
        smooth_loss: Running mean of the loss of a sequence, in nats.
    """

    running = frozenset({"smooth_loss"})
    sample_length = SAMPLE_LENGTH
    record_steps = RECORD_STEPS

    def __init__(self, model: NumpyRNN, spec: Mapping[str, Any], dtype: Any = np.float32) -> None:
        self.recipe, self.spec = model, spec
        self.sample_steps = model.sample_steps
        tokens, units = spec["vocabulary"], model.units
        shapes = {
            "U": (tokens, units),
            "W": (units, units),
            "b": (units,),
            "V": (units, tokens),
            "c": (tokens,),
        }
        rng = np.random.default_rng(spec["seed"])
        size = sum(math.prod(shape) for shape in shapes.values())
        self.weights = rng.normal(0, model.deviation, size).astype(dtype)
        self._gradient = np.empty_like(self.weights)
        self.parameters = _views(self.weights, shapes)
        U, W, b, self.V, self.c = self.parameters.values()
        self.cell = RNNCell(U, W, b)
        self.one_hot = np.eye(tokens, dtype=dtype)
        self.optimizer = AdaGrad(model.learning_rate)
        # What equal chances for all characters cost.
        self.smooth_loss = model.sequence_length * math.log(tokens)
        self.state_before: State | None = None

    @property
    def learning_rate(self) -> float:
        """The step size of AdaGrad."""
        return self.optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self.optimizer.learning_rate = rate

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits [n, steps, vocabulary], each sequence read from a fresh state."""
        hidden, _, _ = self.cell.forward(self.one_hot[inputs])
        return self.c + hidden @ self.V

    def gradients(
        self, inputs: np.ndarray, targets: np.ndarray, state: State | None = None
    ) -> tuple[float, dict[str, np.ndarray], State]:
        """Goes forward over a batch and back (Deep Learning, equations 10.8 to 10.28).

        Args:
            inputs: Characters, int [n, steps].
            targets: The character after each, int [n, steps].
            state: The state after the batch before; None starts anew.

        Returns:
            The loss in nats per sequence, its gradient by parameter, and the last state.
        """
        x = self.one_hot[inputs]
        h, last, tapes = self.cell.forward(x, state)
        o = self.c + h @ self.V
        losses, d_o = softmax_cross_entropy(o, targets)
        d_o /= len(inputs)
        d_h = d_o @ self.V.T
        _, _, gradients = self.cell.backward(x, tapes, d_h, want_d_x=False)
        gradients |= {"V": summed_product(h, d_o), "c": d_o.sum(axis=(0, 1))}
        return float(losses.sum()) / len(inputs), gradients, last

    def train_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Learns from one batch; returns nats per character and the smooth loss."""
        # A training that diverges is told so by the trainer, from the loss.
        with np.errstate(over="ignore", invalid="ignore"):
            loss, gradients, last = self.gradients(inputs, targets, self.state_before)
            self._update(gradients)
        self.state_before = last if self.recipe.order == "streams" else None
        self.smooth_loss = OLD * self.smooth_loss + NEW * loss
        return {"loss": loss / inputs.shape[1], "smooth_loss": self.smooth_loss}

    def test_step(
        self, inputs: np.ndarray, targets: np.ndarray, weights: None = None
    ) -> dict[str, float]:
        """Scores one batch and carries the state, as in training; returns nats per character."""
        before = self.state_before and tuple(part[: len(inputs)] for part in self.state_before)
        hidden, last, _ = self.cell.forward(self.one_hot[inputs], before)
        losses, _ = softmax_cross_entropy(self.c + hidden @ self.V, targets)
        self.state_before = last if self.recipe.order == "streams" else None
        return {"loss": float(losses.mean())}

    def reset_states(self) -> None:
        """Forgets what was read, at the start of an epoch."""
        self.state_before = None

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights, by position and name."""
        return {_key(place, name): array.copy() for place, (name, array) in self._placed()}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over weights; refuses other names and shapes."""
        expected = {_key(place, name): array for place, (name, array) in self._placed()}
        check_match(expected, arrays)
        for key, array in expected.items():
            array[...] = arrays[key]

    def state(self) -> dict[str, np.ndarray]:
        """Returns all that decides how training goes on."""
        (hidden,) = self.state_before or self.cell.start(0)
        return {
            "weights": self.weights.copy(),
            "smooth_loss": np.array(self.smooth_loss),
            "hidden": hidden.copy(),
            **{f"squares/{name}": r for name, r in self.optimizer.state().items()},
        }

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over what `state` returned."""
        self.weights[...] = arrays["weights"]
        self.smooth_loss = float(arrays["smooth_loss"])
        hidden = np.array(arrays["hidden"])
        self.state_before = (hidden,) if len(hidden) else None
        squares = {key: r for key, r in arrays.items() if key.startswith("squares/")}
        self.optimizer.load_state({key.removeprefix("squares/"): r for key, r in squares.items()})

    def _update(self, gradients: dict[str, np.ndarray]) -> None:
        """Adds the prior, clips, and takes a step of AdaGrad."""
        if self.recipe.l2:
            l2({name: self.parameters[name] for name in "UWV"}, gradients, self.recipe.l2)
        row = [gradients[name].ravel() for name in self.parameters]
        g = {"all": np.concatenate(row, out=self._gradient)}
        if self.recipe.clip:
            clip(g, self.recipe.clip)
        if self.recipe.clip_norm:
            clip_norm(g, self.recipe.clip_norm)
        self.optimizer.update({"all": self.weights}, g)

    def _placed(self) -> list[tuple[int, tuple[str, np.ndarray]]]:
        return list(enumerate(self.parameters.items()))


def _key(place: int, name: str) -> str:
    return f"{place:04d}/{name}"


def _views(row: np.ndarray, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Cuts a row into arrays of these shapes, without copying."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    pieces = np.split(row, ends[:-1])
    return {
        name: piece.reshape(shape)
        for (name, shape), piece in zip(shapes.items(), pieces, strict=True)
    }
