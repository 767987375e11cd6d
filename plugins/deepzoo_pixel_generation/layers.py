"""Keras layers of pixel networks: the gate of PixelCNN, and the cell of a Row LSTM."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops


class Gate(keras.layers.Layer):
    """`tanh(a) * sigmoid(b)` of the two halves of the channels (van den Oord et al., 2016b)."""

    def call(self, inputs: Any) -> Any:
        """Returns [n, height, width, channels / 2]."""
        signal, gate = ops.split(inputs, 2, axis=-1)
        return ops.tanh(signal) * ops.sigmoid(gate)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape with half the channels."""
        return (*input_shape[:-1], input_shape[-1] // 2)


class RowLSTMCell(keras.layers.Layer):
    """The cell of a Row LSTM: its steps are the rows of an image (van den Oord et al., 2016a).

    Equation 3: the state-to-state part is a convolution of width 3 along the row above. What its
    inputs add, the input-to-state part, is computed before, for all rows at once. `RNN` takes
    flat inputs and states, so that rows are put one pixel after the other.

    Args:
        width: Pixels in a row.
        units: Units of each pixel.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, width: int, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.units = width, units
        self.output_size = width * units
        self.state_size = [self.output_size, self.output_size]

    def build(self, input_shape: Any) -> None:
        """Makes the kernel, whose gates have the order of Keras' LSTM."""
        self.kernel = self.add_weight(shape=(3, self.units, 4 * self.units), name="kernel")

    def call(self, inputs: Any, states: Any) -> Any:
        """Takes a row and the state after the row above; returns the hidden row and the state."""
        h, c = (ops.reshape(state, (-1, self.width, self.units)) for state in states)
        above = ops.conv(h, self.kernel, padding="same")
        i, f, new, o = ops.split(ops.reshape(inputs, ops.shape(above)) + above, 4, axis=-1)
        # Forget gates start open (Jozefowicz et al., 2015).
        c = ops.sigmoid(f + 1) * c + ops.sigmoid(i) * ops.tanh(new)
        h = ops.sigmoid(o) * ops.tanh(c)
        h, c = (ops.reshape(state, (-1, self.output_size)) for state in (h, c))
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        """Returns what the cell was made with."""
        return {**super().get_config(), "width": self.width, "units": self.units}
