"""Keras layers of text generation: a GRU that trains faster on CPUs, and n-gram embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from .numpy_networks import hash_tokens, within_document

ops: Any = keras.ops  # Keras' own types say None where tensors come back


class HoistedRNN(keras.layers.RNN):
    """The recurrence of a GRU, with everything outside of the loop that can be.

    Keras' generic loop multiplies the input by its kernel at each step, and sums the
    gradient of the recurrent kernel step by step. Here both are one product over all steps,
    which uses a CPU better; only the product with the last hidden state is left inside.
    Where a backend has a fused kernel, `GRU` uses that instead.
    """

    def inner_loop(self, sequences: Any, initial_state: Any, mask: Any, training: bool = False):
        """Runs the recurrence; called by `keras.layers.GRU` when there is no fused kernel."""
        cell: Any = self.cell
        plain = mask is None and cell.reset_after and cell.use_bias and not self.go_backwards
        dropout = cell.dropout or cell.recurrent_dropout
        if not plain or dropout or keras.backend.backend() == "torch":
            return super().inner_loop(sequences, initial_state, mask=mask, training=training)
        state = initial_state[0] if isinstance(initial_state, (list, tuple)) else initial_state
        # Adding 0 makes tensors of variables: a custom gradient must not close over variables.
        bias = ops.cast(ops.add(cell.bias, 0.0), "float32")
        inputs = ops.cast(ops.matmul(sequences, cell.kernel), "float32") + bias[0]
        hidden = gru_recurrence(
            ops.transpose(inputs, (1, 0, 2)),
            ops.add(cell.recurrent_kernel, 0.0),
            bias[1],
            ops.add(ops.cast(state, "float32"), 0.0),
        )
        return hidden[-1], ops.transpose(hidden, (1, 0, 2)), [hidden[-1]]


class CopiedState:
    """Copies the carried state before the recurrence.

    Keras writes the new state into the same variable, and PyTorch then refuses to
    differentiate through the old one.
    """

    def inner_loop(self, sequences: Any, initial_state: Any, *rest: Any, **options: Any) -> Any:
        """Copies the state and runs the recurrence."""
        copied = keras.tree.map_structure(lambda state: ops.add(state, 0.0), initial_state)
        return super().inner_loop(sequences, copied, *rest, **options)  # pyright: ignore[reportAttributeAccessIssue]


class HoistedGRU(CopiedState, keras.layers.GRU, HoistedRNN):  # pyright: ignore[reportIncompatibleMethodOverride]
    """`keras.layers.GRU`, same weights and results, faster to train on a CPU."""


class LSTM(CopiedState, keras.layers.LSTM):
    """`keras.layers.LSTM` that can carry its state on every backend."""


class SimpleRNN(CopiedState, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN` that can carry its state on every backend."""


def product(left: Any, right: Any) -> Any:
    """Multiplies in the precision of the kernel, `right`, and returns that of the state."""
    return ops.cast(ops.matmul(ops.cast(left, right.dtype), right), "float32")


@ops.custom_gradient
def gru_recurrence(inputs: Any, kernel: Any, bias: Any, start: Any) -> Any:
    """Runs a GRU over precomputed input products (Cho et al., 2014; reset after the product).

    The state and the gates are float32 even if the kernel is not: a state with a mantissa of
    eight bits would lose small updates.

    Args:
        inputs: [time, batch, 3 units], the input times its kernel plus bias, gates in
            the order update z, reset r, candidate c.
        kernel: Recurrent kernel [units, 3 units], in the precision of the products.
        bias: Recurrent bias [3 units].
        start: Hidden state before the first step [batch, units].

    Returns:
        Hidden states [time, batch, units], and the function that computes the gradients.
    """
    units = start.shape[-1]
    x_gates, x_candidate = inputs[..., : 2 * units] + bias[: 2 * units], inputs[..., 2 * units :]

    # TensorFlow's scan wants outputs shaped like the carry, so the carry holds them too.
    def forward(carry: Any, step: Any) -> tuple[Any, Any]:
        (x_zr, x_c), h = step, carry[0]
        u = product(h, kernel)
        zr = ops.sigmoid(x_zr + u[:, : 2 * units])
        z, r = zr[:, :units], zr[:, units:]
        u_c = u[:, 2 * units :] + bias[2 * units :]
        c = ops.tanh(x_c + r * u_c)
        carry = (c + z * (h - c), zr, c, u_c)
        return carry, carry

    zeros = ops.zeros_like(start)
    carry = (start, ops.concatenate([zeros, zeros], axis=-1), zeros, zeros)
    _, (hidden, *saved) = ops.scan(forward, carry, (x_gates, x_candidate))

    def gradients(upstream: Any) -> tuple[Any, Any, Any, Any]:
        before = ops.concatenate([ops.expand_dims(start, 0), hidden[:-1]], axis=0)
        return gru_gradients(upstream, before, saved, kernel)

    return hidden, gradients


def gru_gradients(upstream: Any, h: Any, saved: Any, kernel: Any) -> tuple[Any, Any, Any, Any]:
    """Back-propagates through `gru_recurrence`.

    Args:
        upstream: Gradient of the hidden states [time, batch, units].
        h: Hidden state before each step [time, batch, units].
        saved: Of each step the gates z and r [time, batch, 2 units], the candidate c and
            the recurrent part of it [time, batch, units].
        kernel: The recurrent kernel.

    Returns:
        Gradients of inputs, kernel, bias and start.
    """
    (zr, c, u_c), units = saved, h.shape[-1]
    z, r = zr[..., :units], zr[..., units:]
    kernel_transposed = ops.transpose(kernel)
    # The factors of the gradient of the state do not depend on it.
    factors = (z, r, (h - c) * z * (1 - z), u_c * r * (1 - r), (1 - z) * (1 - c * c))

    def backward(carry: Any, step: Any) -> tuple[Any, Any]:
        upstream, z, r, to_z, to_r, to_c = step
        dh = carry[0] + upstream
        dc = dh * to_c
        recurrent = ops.concatenate([dh * to_z, dc * to_r, dc * r], axis=-1)
        carry = (dh * z + product(recurrent, kernel_transposed), recurrent, dc)
        return carry, carry

    zeros = ops.zeros_like(h[0])
    carry = (zeros, ops.concatenate([zeros] * 3, axis=-1), zeros)
    (dstart, _, _), (_, recurrent, dc) = ops.scan(
        backward, carry, (upstream, *factors), reverse=True
    )
    dinputs = ops.concatenate([recurrent[..., : 2 * units], dc], axis=-1)
    flat = ops.reshape(recurrent, (-1, 3 * units))
    states = ops.transpose(ops.reshape(h, (-1, units)))
    dkernel = ops.matmul(ops.cast(states, kernel.dtype), ops.cast(flat, kernel.dtype))
    return dinputs, dkernel, ops.sum(flat, axis=0), dstart


class NGramEmbedding(keras.layers.Layer):
    """Embeds each token together with the n-grams that end at it.

    Each order has a table of its own, indexed by a hash of the n-gram's tokens, so the network
    sees what a table of n-gram counts would see, at the cost of a look-up. N-grams do not
    reach back beyond token 0, which separates documents. After the hash n-gram embeddings of
    Pagnoni et al., Byte Latent Transformer, 2024, section 3.2.1.

    Args:
        vocabulary: Number of tokens.
        features: Size of each order's vectors; the output joins those of the token and all orders.
        orders: Lengths of the n-grams.
        buckets: Rows of each table.
        codes: What each token counts as in the hash; by default its number.

    Input shape:
        int [batch, context + time]; `context` is the longest order minus one.

    Output shape:
        [batch, time, features * (1 + number of orders)].
    """

    def __init__(
        self,
        vocabulary: int,
        features: int,
        orders: tuple[int, ...],
        buckets: int,
        codes: Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.vocabulary, self.features = vocabulary, features
        self.orders, self.buckets = tuple(orders), buckets
        self.codes = np.array(range(vocabulary) if codes is None else codes, "int32")
        self.context = max(self.orders, default=1) - 1
        self.tables: list[Any] = []

    def build(self, input_shape: Any) -> None:
        """Creates the table of single tokens and one per order."""
        rows = [self.vocabulary, *[self.buckets] * len(self.orders)]
        self.tables = [
            self.add_weight(shape=(count, self.features), initializer="uniform", name=f"table_{n}")
            for n, count in zip((1, *self.orders), rows, strict=True)
        ]

    def call(self, inputs: Any) -> Any:
        """Looks up the token and the n-grams at each step."""
        inputs = ops.cast(inputs, "int32")
        time = inputs.shape[1] - self.context
        columns = within_document(
            [inputs[:, self.context - back :][:, :time] for back in range(self.context + 1)],
            ops.where,
        )
        parts = [ops.take(self.tables[0], columns[0], axis=0)]
        codes = ops.convert_to_tensor(self.codes)
        columns = [ops.take(codes, column, axis=0) for column in columns]
        for order, table in zip(self.orders, self.tables[1:], strict=True):
            parts.append(ops.take(table, hash_tokens(columns[:order], self.buckets), axis=0))
        return ops.concatenate(parts, axis=-1)


class OneHot(keras.layers.Layer):
    """Encodes each token as a vector of zeros with a single one.

    Args:
        vocabulary: Number of tokens.
    """

    def __init__(self, vocabulary: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def call(self, inputs: Any) -> Any:
        """Returns [batch, time, vocabulary]."""
        return ops.one_hot(ops.cast(inputs, "int32"), self.vocabulary, dtype=self.compute_dtype)
