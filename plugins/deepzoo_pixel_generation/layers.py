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
