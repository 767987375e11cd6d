"""What all recurrent cells share: weights, unrolling over time, back-propagation through time.

Names are those of Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 10:
`U` multiplies the input x, `W` the hidden state h of the step before, `b` is added, `a` is
what goes into an activation. `d_a` is the derivative of the loss with respect to `a`.
Sequences are rows, so the products read `x @ U`. Weights have the layout of Keras: `U` is
its `kernel`, `W` its `recurrent_kernel`, `b` its `bias`, gates side by side in its order.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

State = tuple[np.ndarray, ...]
Tape = tuple[np.ndarray, ...]


def product(h: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Computes `h @ W`; for W in column order the way that is fast for few rows.

    Reading W along its columns lets the product of a small batch run faster
    than `h @ W`. The result is then in column order too, and so is all that follows.
    """
    return (W.T @ h.T).T if W.flags.f_contiguous else h @ W


def summed_product(a: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Computes the sum of `a.T @ d` over sequences and steps [n, steps, ...], as one product."""
    return a.reshape(-1, a.shape[-1]).T @ d.reshape(-1, d.shape[-1])


def all_steps(tapes: list[Tape], index: int) -> np.ndarray:
    """Puts one of the arrays that were kept of each step side by side, [n, steps, ...]."""
    return np.concatenate([tape[index][:, None] for tape in tapes], axis=1)


class Cell:
    """Base of the recurrent cells: one step of a recurrent network, its weights included.

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
        units = W.shape[0]
        if W.shape[1] != self.gates * units or U.shape[1] != self.gates * units:
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
        named = {"U": self.U, "W": self.W, "b": self.b}
        return {name: array for name, array in named.items() if array is not None}

    @classmethod
    def normal(
        cls,
        inputs: int,
        units: int,
        rng: np.random.Generator,
        deviation: float = 0.1,
        **kwargs: Any,
    ) -> Self:
        """Draws all weights, biases too, from a normal distribution around 0."""
        width = cls.gates * units
        U, W = rng.normal(0, deviation, (inputs, width)), rng.normal(0, deviation, (units, width))
        return cls(U, W, rng.normal(0, deviation, width), **kwargs)

    def ordered(self, dtype: Any = np.float32) -> Self:
        """Returns a copy that steps fastest: weights in `dtype` and in column order."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.U, copy.W = (np.asarray(array, dtype, order="F") for array in (self.U, self.W))
        copy.b = None if self.b is None else np.asarray(self.b, dtype)
        return copy

    def start(self, n: int) -> State:
        """Returns the state of `n` sequences before their first step: zeros."""
        return tuple(np.zeros((n, self.units), self.W.dtype) for _ in range(self.states))

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """Computes what the input adds before any activation, for all steps at once."""
        ux = product(x, self.U) if x.ndim == 2 else x @ self.U
        return ux if self.b is None else ux + self.b

    def step(self, ux: np.ndarray, state: State) -> tuple[State, Tape]:
        """Advances by one step.

        Args:
            ux: What `inputs` gives for this step, [n, gates * units].
            state: The state after the step before.

        Returns:
            The new state, and what `step_back` needs of this step.
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
            state: The state carried from the sequences before; None starts anew.

        Returns:
            The hidden states [n, steps, units], the last state, and the tape for `backward`.
        """
        state = self.start(len(x)) if state is None else state
        ux = self.inputs(x)
        hidden = np.empty((*x.shape[:2], self.units), ux.dtype)
        tapes = []
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
            want_d_x: Whether something below learns from the derivatives with respect to `x`.

        Returns:
            The derivatives with respect to `x` (or None), to the state at the start, and to
            each weight.
        """
        d_state = self.start(len(x)) if d_state is None else d_state
        d_ux = np.empty((*x.shape[:2], self.U.shape[1]), d_hidden.dtype)
        for t in reversed(range(x.shape[1])):
            d_state = (d_state[0] + d_hidden[:, t], *d_state[1:])
            d_ux[:, t], d_state = self.step_back(d_state, tapes[t])
        gradients = {"U": summed_product(x, d_ux), **self.recurrent_gradients(tapes, d_ux)}
        return d_ux @ self.U.T if want_d_x else None, d_state, gradients

    def recurrent_gradients(self, tapes: list[Tape], d_ux: np.ndarray) -> dict[str, np.ndarray]:
        """Computes the derivatives with respect to W and b, for all steps at once.

        Args:
            tapes: What `step` kept of each step, the hidden state before it first.
            d_ux: The derivatives with respect to `ux` [n, steps, gates * units].
        """
        gradients = {"W": summed_product(all_steps(tapes, 0), d_ux)}
        if self.b is not None:
            gradients["b"] = d_ux.sum(axis=(0, 1))
        return gradients
