"""Recurrent cells in NumPy: tanh RNN, LSTM and GRU, forward and backward, a line per equation.

Names and numbers are those of Goodfellow, Bengio and Courville, Deep Learning (2016), chapter
10: `U` multiplies the input x, `W` the hidden state h of the step before, `b` is the bias, and
`a` goes into an activation. `d_a` is the derivative of the loss with respect to `a`. The book
writes `W h`; here sequences are rows, which makes it `h @ W`. Weights have the layout of Keras:
`U` is its `kernel`, `W` its `recurrent_kernel`, `b` its `bias`, gates side by side in its order.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np

State = tuple[np.ndarray, ...]
Tape = tuple[np.ndarray, ...]


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


def product(h: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Computes `h @ W`, transposed, which is faster, if `W` is column-major, as in the stepper."""
    return (W.T @ h.T).T if W.flags.f_contiguous else h @ W


def summed_product(a: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Computes `a.T @ d`, summed over the first two axes: the gradient of a weight matrix."""
    return a.reshape(-1, a.shape[-1]).T @ d.reshape(-1, d.shape[-1])


class Cell:
    """Base of the cells: weights, unrolling over time, back-propagation through time.

    A subclass is one step of a recurrent network: `step` and its derivative `step_back`.

    Args:
        U: Input to hidden, [inputs, gates * units].
        W: Hidden to hidden, [units, gates * units].
        b: Bias [gates * units], or None for a cell without.

    Attributes:
        gates: How many blocks of `units` columns U and W hold.
        states: How many arrays [n, units] are carried from step to step; h is the first.
    """

    gates: ClassVar[int]
    states: ClassVar[int] = 1

    def __init__(self, U: np.ndarray, W: np.ndarray, b: np.ndarray | None = None) -> None:
        width = self.gates * W.shape[0]
        if W.shape[1] != width or U.shape[1] != width:
            raise ValueError(
                f"{type(self).__name__} expects U [inputs, {self.gates} * units] and W "
                f"[units, {self.gates} * units]; received U {U.shape}, W {W.shape}"
            )
        self.U, self.W, self.b = U, W, b

    @property
    def units(self) -> int:
        """The size of the hidden state."""
        return self.W.shape[0]

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The weights by name; an optimizer changes them in place."""
        return {"U": self.U, "W": self.W} | ({} if self.b is None else {"b": self.b})

    @classmethod
    def normal(
        cls,
        inputs: int,
        units: int,
        rng: np.random.Generator,
        deviation: float = 0.1,
        **options: Any,
    ) -> Self:
        """Draws all weights, biases too, from a normal distribution around 0."""
        width = cls.gates * units
        shapes = (inputs, width), (units, width), cls.bias_shape(width, **options)
        return cls(*(rng.normal(0, deviation, shape) for shape in shapes), **options)

    @classmethod
    def bias_shape(cls, width: int, **options: Any) -> tuple[int, ...]:
        """Returns the shape of `b` for `width` columns of U and W."""
        return (width,)

    def start(self, n: int) -> State:
        """Returns the state of `n` sequences before their first step: zeros."""
        return tuple(np.zeros((n, self.units), self.W.dtype) for _ in range(self.states))

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """Computes `b + U x`, for one step or for all steps at once."""
        ux = product(x, self.U) if x.ndim == 2 else x @ self.U
        return ux if self.b is None else ux + self.b

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Advances by one step.

        Args:
            ux: What `inputs` returns for this step, [n, gates * units].
            state: The state after the step before.

        Returns:
            The new state, and the tape: what `step_back` needs, the hidden state before first.
        """
        raise NotImplementedError

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """Goes back over one step.

        Args:
            d_state: Derivatives with respect to the state after the step.
            tape: What `step` kept.

        Returns:
            The derivatives with respect to `ux` and to the state before the step.
        """
        raise NotImplementedError

    def forward(
        self, x: np.ndarray, state: State | None = None
    ) -> tuple[np.ndarray, State, list[Tape]]:
        """Runs over whole sequences.

        Args:
            x: Inputs [n, steps, inputs].
            state: The state carried over from earlier sequences; None starts with zeros.

        Returns:
            The hidden states [n, steps, units], the last state, and the tapes for `backward`.
        """
        state = self.start(len(x)) if state is None else state
        ux = self.inputs(x)
        hidden, tapes = np.empty((*x.shape[:2], self.units), ux.dtype), []
        for t in range(x.shape[1]):
            state, tape = self.step(ux[:, t], state)
            hidden[:, t] = state[0]
            tapes.append(tape)
        return hidden, state, tapes

    def backward(
        self,
        x: np.ndarray,
        tapes: list[Tape],
        d_hidden: np.ndarray,
        d_state: State | None = None,
        want_d_x: bool = True,
    ) -> tuple[np.ndarray | None, State, dict[str, np.ndarray]]:
        """Back-propagates through time (equations 10.21, 10.23, 10.26 and 10.28).

        Args:
            x: What `forward` read.
            tapes: What `forward` kept.
            d_hidden: Derivatives with respect to the hidden states [n, steps, units].
            d_state: Derivatives with respect to the last state; None is zeros.
            want_d_x: Whether to compute the derivatives with respect to `x`, for layers below.

        Returns:
            The derivatives with respect to `x` (or None), to the state at the start, and to
            each weight.
        """
        d_state = self.start(len(x)) if d_state is None else d_state
        d_ux = np.empty((x.shape[1], len(x), self.U.shape[1]), d_hidden.dtype)
        for t in reversed(range(x.shape[1])):
            d_state = (d_state[0] + d_hidden[:, t], *d_state[1:])
            d_ux[t], d_state = self.step_back(d_state, tapes[t])
        gradients = {"U": summed_product(x.swapaxes(0, 1), d_ux)}
        gradients |= self.recurrent_gradients(tapes, d_ux)
        return (d_ux @ self.U.T).swapaxes(0, 1) if want_d_x else None, d_state, gradients

    def recurrent_gradients(self, tapes: list[Tape], d_ux: np.ndarray) -> dict[str, np.ndarray]:
        """Computes the derivatives with respect to W and b.

        Args:
            tapes: What `step` kept of each step.
            d_ux: The derivatives with respect to `ux` [steps, n, gates * units].
        """
        gradients = {"W": summed_product(all_steps(tapes, 0), d_ux)}
        return gradients if self.b is None else gradients | {"b": d_ux.sum(axis=(0, 1))}


def all_steps(tapes: list[Tape], index: int) -> np.ndarray:
    """Stacks one of the arrays that were kept of each step, [steps, n, ...]."""
    return np.stack([tape[index] for tape in tapes])


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
        a = ux + product(before, self.W)  # 10.8
        h = self.activation(a)  # 10.9
        return (h,), (before, h)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.8 and 10.9."""
        (d_h,), (_, h) = d_state, tape
        d_a = d_h * self.derivative(h)
        return d_a, (d_a @ self.W.T,)


class LSTMCell(Cell):
    """Long short-term memory; Keras' gates i, f, c, o are the book's g, f, new, q.

    `f` is the forget gate, `g` the external input gate, `q` the output gate, `s` the
    internal state. Where the book squashes the new input with a sigmoid, this cell uses
    tanh, as Keras does.
    """

    gates: ClassVar[int] = 4
    states: ClassVar[int] = 2

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Equations 10.40 to 10.44."""
        (before, s_before), m = state, self.units
        a = ux + product(before, self.W)
        g_and_f = sigmoid(a[:, : 2 * m])
        g, f = g_and_f[:, :m], g_and_f[:, m:]  # 10.42 and 10.40
        new = np.tanh(a[:, 2 * m : 3 * m])
        s = f * s_before + g * new  # 10.41
        q = sigmoid(a[:, 3 * m :])  # 10.44
        tanh_s = np.tanh(s)
        h = tanh_s * q  # 10.43
        return (h, s), (before, s_before, g, f, new, q, tanh_s)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.40 to 10.44, the last equation first."""
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
    (10.45); Keras' default, `reset_after=True`, resets the product, whose own bias is the
    second row of `b` [2, 3 * units]. The gates use x of the current step, and the new input goes
    through tanh, as in Keras.

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
    def bias_shape(cls, width: int, reset_after: bool = True, **options: Any) -> tuple[int, ...]:
        """Returns the shape of `b` for `width` columns of U and W."""
        return (2, width) if reset_after else (width,)

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """Computes `b + U x`, for one step or for all steps at once."""
        ux = product(x, self.U) if x.ndim == 2 else x @ self.U
        return ux if self.b is None else ux + (self.b[0] if self.reset_after else self.b)

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Equations 10.45 to 10.47."""
        (before,), m = state, self.units
        # The columns of W for u and r, and with `reset_after` those for the new h too.
        wh = product(before, self.W if self.reset_after else self.W[:, : 2 * m])
        if self.reset_after and self.b is not None:
            wh = wh + self.b[1]
        u_and_r = sigmoid(ux[:, : 2 * m] + wh[:, : 2 * m])
        u, r = u_and_r[:, :m], u_and_r[:, m:]  # 10.46 and 10.47
        reset = r * wh[:, 2 * m :] if self.reset_after else product(r * before, self.W[:, 2 * m :])
        new = np.tanh(ux[:, 2 * m :] + reset)
        h = u * before + (1 - u) * new  # 10.45
        return (h,), (before, u, r, new, wh)

    def step_back(self, d_state: State, tape: Tape) -> tuple[np.ndarray, State]:
        """The derivatives of 10.45 to 10.47, the last equation first."""
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
        """Computes the derivatives with respect to W and b.

        With `reset_after`, r scales the derivative of the product; without it, the
        derivative with respect to the last third of W uses `r * h`.
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
