"""The Keras networks of addition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork

from .numpy_networks import SumNetwork
from .prepare import encoding_of

if TYPE_CHECKING:
    from .models import ColumnGRU, Seq2SeqLSTM


class KerasSumNetwork(KerasNetwork, SumNetwork):
    """A Keras network whose outputs are the logits of each token of the answer.

    Args:
        keras_model: From tokens of questions to logits [n, digits + 1, alphabet].
        spec: What it was built for.
    """

    def __init__(self, keras_model: Any, spec: Mapping[str, Any]) -> None:
        super().__init__(keras_model)
        self.encoding = encoding_of(spec)

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the most probable tokens."""
        return self.predict(inputs).argmax(axis=-1)


class Seq2SeqNetwork(KerasSumNetwork):
    """An encoder and a decoder, unrolled for numbers of one length at a time.

    Args:
        unroll: Builds the Keras network for numbers of so many digits; all share their layers.
        spec: What it was built for.
    """

    def __init__(self, unroll: Callable[[int], Any], spec: Mapping[str, Any]) -> None:
        super().__init__(unroll(spec["digits"]), spec)
        self._unroll, self._unrolled = unroll, {spec["digits"]: self.model}

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the most probable tokens."""
        if digits not in self._unrolled:
            self._unrolled[digits] = self._unroll(digits)
        return KerasNetwork(self._unrolled[digits]).predict(inputs).argmax(axis=-1)


def build_seq2seq(model: Seq2SeqLSTM, spec: Mapping[str, Any]) -> Seq2SeqNetwork:
    """Builds the published network: an LSTM encoder, LSTM decoders, and a softmax layer."""
    import keras

    alphabet = len(encoding_of(spec).alphabet)
    encoder = keras.layers.LSTM(model.units, name="encoder")
    decoders = [
        keras.layers.LSTM(model.units, return_sequences=True, name=f"decoder_{number}")
        for number in range(model.layers)
    ]
    logits = keras.layers.Dense(alphabet, dtype="float32", name="logits")

    def unroll(digits: int) -> Any:
        inputs = keras.Input((2 * digits + 1,), dtype="int32")
        x = encoder(_one_hot(inputs, alphabet))
        x = keras.layers.RepeatVector(digits + 1)(x)
        for decoder in decoders:
            x = decoder(x)
        return keras.Model(inputs, logits(x))

    return Seq2SeqNetwork(unroll, spec)


def build_columns(model: ColumnGRU, spec: Mapping[str, Any]) -> KerasSumNetwork:
    """Builds a recurrent network over the columns, from the right and then from the left.

    The first pass can carry; the second knows the leading digits and the sign.
    """
    import keras

    ops: Any = keras.ops
    alphabet = len(encoding_of(spec).alphabet)
    inputs: Any = keras.Input((None, 3), dtype="int32")
    first, second, sign = (inputs[..., part] for part in range(3))
    x = ops.concatenate(
        [_one_hot(first, alphabet), _one_hot(second, alphabet), _one_hot(sign, 2)], axis=-1
    )
    x = keras.layers.GRU(model.units, return_sequences=True, name="from_the_right")(x)
    x = keras.layers.GRU(
        model.units, return_sequences=True, go_backwards=True, name="from_the_left"
    )(x)
    x = ops.flip(x, axis=1)
    outputs = keras.layers.Dense(alphabet, dtype="float32", name="logits")(x)
    return KerasSumNetwork(keras.Model(inputs, outputs), spec)


def _one_hot(tokens: Any, size: int) -> Any:
    import keras

    return keras.ops.one_hot(tokens, size, dtype="float32")
