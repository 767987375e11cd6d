"""Keras layers of text classification: one-hot tokens, and simple recurrent cells."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops  # Keras' own types say None where tensors come back


class OneHot(keras.layers.Layer):
    """Encodes each token as a vector of zeros with a single one.

    Args:
        size: Size of the vectors; larger than every token.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs: Any) -> Any:
        """Returns [batch, time, size]."""
        return ops.one_hot(ops.cast(inputs, "int32"), self.size, dtype=self.compute_dtype)


class SimpleRNN(keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN`, same weights and results, that multiplies its inputs at once.

    In Keras' loop three terms are added at each step, in an order that depends on the sizes of the
    batches seen before. Here only the product with the last state is left inside, so that the same
    texts have the same probabilities, bit for bit.
    """

    def inner_loop(
        self, sequences: Any, initial_state: Any, mask: Any, training: bool = False
    ) -> Any:
        """Runs the recurrence h = tanh(x W + b + h U); called by Keras."""
        cell: Any = self.cell
        inputs = ops.matmul(sequences, cell.kernel) + cell.bias

        def step(h: Any, x: Any) -> tuple[Any, Any]:
            h = ops.tanh(x + ops.matmul(h, cell.recurrent_kernel))
            return h, h

        last, hidden = ops.scan(step, initial_state[0], ops.transpose(inputs, (1, 0, 2)))
        return last, ops.transpose(hidden, (1, 0, 2)), [last]
