"""Keras layers of text classification."""

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
