"""The cells: tanh RNN, LSTM and GRU, forward and backward, one line per equation.

The numbers in the comments are those of the equations in Goodfellow, Bengio and Courville,
Deep Learning (2016), chapter 10. The book writes `W h`, rows here make it `h @ W`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from .cell import Cell, State, Tape, all_steps, product, summed_product
from .functions import ACTIVATIONS, sigmoid, sigmoid_derivative, tanh_derivative


class RNNCell(Cell):
    """The plain recurrent cell; `activation` may be `sigmoid` in place of `tanh`."""

    gates: ClassVar[int] = 1

    def __init__(
        self,
        U: np.ndarray,
        W: np.ndarray,
        b: np.ndarray | None = None,
        activation: Literal["tanh", "sigmoid"] = "tanh",
    ) -> None:
        super().__init__(U, W, b)
        self.activation, self.derivative = ACTIVATIONS[activation]

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Equations 10.8 and 10.9."""
        (before,) = state
        h = self.activation(ux + product(before, self.W))
        return (h,), (before, h)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.8 and 10.9."""
        (d_h,), (_, h) = d_state, tape
        d_a = d_h * self.derivative(h)
        return d_a, (d_a @ self.W.T,)

    def forward(
        self, x: np.ndarray, state: State | None = None
    ) -> tuple[np.ndarray, State, list[Tape]]:
        """As every cell runs over sequences, with as little as can be between the products.

        The tape is one array: the hidden states with the one at the start, steps first.
        """
        ux = self.inputs(x).swapaxes(0, 1)
        hidden = np.empty((len(ux) + 1, len(x), self.units), ux.dtype)
        hidden[0] = 0 if state is None else state[0]
        for ux_t, before, h in zip(ux, hidden, hidden[1:], strict=False):
            h[...] = self.activation(ux_t + before @ self.W)
        return hidden[1:].swapaxes(0, 1), (hidden[-1].copy(),), [(hidden,)]

    def backward(
        self,
        x: np.ndarray,
        tapes: list[Tape],
        d_hidden: np.ndarray,
        d_state: State | None = None,
        want_d_x: bool = True,
    ) -> tuple[np.ndarray | None, State, dict[str, np.ndarray]]:
        """As every cell goes back, equations 10.21, 10.22, 10.24 and 10.26."""
        ((hidden,),), x, d_o = tapes, x.swapaxes(0, 1), d_hidden.swapaxes(0, 1)
        derivative = self.derivative(hidden[1:])
        d_a = np.empty_like(derivative)
        d_h = np.zeros_like(derivative[0]) if d_state is None else d_state[0]
        steps, W_T = zip(d_o[::-1], derivative[::-1], d_a[::-1], strict=True), self.W.T
        for d_o_t, derivative_t, d_a_t in steps:
            np.multiply(d_o_t + d_h, derivative_t, out=d_a_t)
            d_h = d_a_t @ W_T
        gradients = {"U": summed_product(x, d_a), "W": summed_product(hidden[:-1], d_a)}
        if self.b is not None:
            gradients["b"] = d_a.sum(axis=(0, 1))
        d_x = (d_a @ self.U.T).swapaxes(0, 1) if want_d_x else None
        return d_x, (d_h,), gradients


class LSTMCell(Cell):
    """Long short-term memory; Keras' gates i, f, c, o are the book's g, f, new, q.

    `f` is the forget gate, `g` the external input gate, `q` the output gate, `s` the
    internal state. Where the book squashes the new input with a sigmoid, this cell takes
    tanh, as Keras does.
    """

    gates: ClassVar[int] = 4
    states: ClassVar[int] = 2

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Equations 10.40 to 10.44."""
        before, s_before = state
        a = ux + product(before, self.W)
        m = self.units
        g_and_f = sigmoid(a[:, : 2 * m])
        g, f = g_and_f[:, :m], g_and_f[:, m:]
        new = np.tanh(a[:, 2 * m : 3 * m])
        q = sigmoid(a[:, 3 * m :])
        s = f * s_before + g * new
        tanh_s = np.tanh(s)
        h = tanh_s * q
        return (h, s), (before, s_before, g, f, new, q, tanh_s)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.40 to 10.44, last equation first."""
        (d_h, d_s), (_, s_before, g, f, new, q, tanh_s) = d_state, tape
        d_q = d_h * tanh_s * sigmoid_derivative(q)
        d_s = d_s + d_h * q * tanh_derivative(tanh_s)
        d_g = d_s * new * sigmoid_derivative(g)
        d_f = d_s * s_before * sigmoid_derivative(f)
        d_new = d_s * g * tanh_derivative(new)
        d_a = np.concatenate([d_g, d_f, d_new, d_q], axis=1)
        return d_a, (d_a @ self.W.T, d_s * f)


class GRUCell(Cell):
    """Gated recurrent unit; Keras' gates z, r, h are the book's u, r, new.

    `u` is the update gate, `r` the reset gate. The book resets h before the product with W
    (10.45); Keras' default, `reset_after=True`, resets the product, whose own bias
    is the second row of `b` [2, 3 * units]. The gates read the present step, as in Keras.

    Args:
        U: Input to hidden, [inputs, 3 * units].
        W: Hidden to hidden, [units, 3 * units].
        b: Bias [2, 3 * units], or [3 * units] without `reset_after`, or None.
        reset_after: Resets the product rather than h.
    """

    gates: ClassVar[int] = 3

    def __init__(
        self,
        U: np.ndarray,
        W: np.ndarray,
        b: np.ndarray | None = None,
        reset_after: bool = True,
    ) -> None:
        super().__init__(U, W, b)
        self.reset_after = reset_after
        if b is not None and b.ndim != 1 + reset_after:
            raise ValueError(f"GRUCell with reset_after={reset_after} received b {b.shape}")

    @classmethod
    def normal(
        cls,
        inputs: int,
        units: int,
        rng: np.random.Generator,
        deviation: float = 0.1,
        **kwargs: Any,
    ) -> GRUCell:
        """Draws all weights, biases too, from a normal distribution around 0."""
        rows = (2,) if kwargs.get("reset_after", True) else ()
        U = rng.normal(0, deviation, (inputs, 3 * units))
        W = rng.normal(0, deviation, (units, 3 * units))
        return cls(U, W, rng.normal(0, deviation, (*rows, 3 * units)), **kwargs)

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """Computes what the input adds before any activation, for all steps at once."""
        ux = product(x, self.U) if x.ndim == 2 else x @ self.U
        return ux if self.b is None else ux + (self.b[0] if self.reset_after else self.b)

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Equations 10.45 to 10.47."""
        (before,), m = state, self.units
        if self.reset_after:
            wh = product(before, self.W)
            wh = wh if self.b is None else wh + self.b[1]
            gates = sigmoid(ux[:, : 2 * m] + wh[:, : 2 * m])
            u, r = gates[:, :m], gates[:, m:]
            new = np.tanh(ux[:, 2 * m :] + r * wh[:, 2 * m :])
        else:
            wh = product(before, self.W[:, : 2 * m])
            gates = sigmoid(ux[:, : 2 * m] + wh)
            u, r = gates[:, :m], gates[:, m:]
            new = np.tanh(ux[:, 2 * m :] + product(r * before, self.W[:, 2 * m :]))
        h = u * before + (1 - u) * new
        return (h,), (before, u, r, new, wh)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.45 to 10.47, last equation first."""
        (d_h,), (before, u, r, new, wh), m = d_state, tape, self.units
        d_u = d_h * (before - new) * sigmoid_derivative(u)
        d_new = d_h * (1 - u) * tanh_derivative(new)
        d_before = d_h * u
        if self.reset_after:
            d_r = d_new * wh[:, 2 * m :] * sigmoid_derivative(r)
            d_wh = np.concatenate([d_u, d_r, d_new * r], axis=1)
            d_before = d_before + d_wh @ self.W.T
        else:
            d_reset = d_new @ self.W[:, 2 * m :].T
            d_r = d_reset * before * sigmoid_derivative(r)
            d_gates = np.concatenate([d_u, d_r], axis=1)
            d_before = d_before + d_reset * r + d_gates @ self.W[:, : 2 * m].T
        return np.concatenate([d_u, d_r, d_new], axis=1), (d_before,)

    def recurrent_gradients(self, tapes: list[Tape], d_ux: np.ndarray) -> dict[str, np.ndarray]:
        """Computes the derivatives with respect to W and b, for all steps at once.

        Where the product is reset, so is the derivative with respect to it; where h is, the
        product with the last third of W reads the h that was reset.
        """
        before, r, m = all_steps(tapes, 0), all_steps(tapes, 2), self.units
        d_gates, d_new = d_ux[..., : 2 * m], d_ux[..., 2 * m :]
        d_b = d_ux.sum(axis=(0, 1))
        if self.reset_after:
            d_wh = np.concatenate([d_gates, d_new * r], axis=2)
            d_W = summed_product(before, d_wh)
            d_b = np.stack([d_b, d_wh.sum(axis=(0, 1))])
        else:
            parts = summed_product(before, d_gates), summed_product(r * before, d_new)
            d_W = np.concatenate(parts, axis=1)
        return {"W": d_W} if self.b is None else {"W": d_W, "b": d_b}
