"""What networks of this task share, and the two that Keras trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork

from .arithmetic import Question
from .encoding import Encoding, encoding_of

if TYPE_CHECKING:
    from .models import ColumnGRU, Seq2SeqLSTM


class Answering:
    """Mixed into every network of this task: it answers questions as text.

    Attributes:
        encoding: How it sees them.
    """

    encoding: Any

    def answers(self, questions: Sequence[Question]) -> list[str]:
        """Answers questions; numbers longer than those learned get the columns they need."""
        found = [""] * len(questions)
        digits = np.array([max(one.digits, self.encoding.digits) for one in questions], int)
        for size in np.unique(digits).tolist():
            places = np.flatnonzero(digits == size).tolist()
            inputs = self.encoding.questions([questions[place] for place in places], size)
            texts = self.encoding.texts(self.tokens(inputs, size))
            for place, text in zip(places, texts, strict=True):
                found[place] = text
        return found

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the likeliest tokens of the answers, int [n, digits + 1]."""
        raise NotImplementedError(f"{type(self).__name__} does not implement tokens")


class SumNetwork(KerasNetwork, Answering):
    """A Keras network whose outputs are the logits of each token of the answer."""

    def __init__(self, keras_model: Any, encoding: Encoding) -> None:
        super().__init__(keras_model)
        self.encoding = encoding

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the likeliest tokens."""
        return self.predict(inputs).argmax(axis=-1)


class Seq2SeqNetwork(SumNetwork):
    """An encoder and a decoder that writes as many tokens as it was built for.

    The weights know no length: for longer numbers the same layers are laid out longer.
    """

    def __init__(self, model: Seq2SeqLSTM, encoding: Encoding) -> None:
        layers = _Seq2SeqLayers(model, len(encoding.alphabet))
        super().__init__(layers.laid_out(encoding.digits), encoding)
        self._layers, self._longer = layers, {encoding.digits: self.model}

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the likeliest tokens."""
        if digits not in self._longer:
            self._longer[digits] = self._layers.laid_out(digits)
        return KerasNetwork(self._longer[digits]).predict(inputs).argmax(axis=-1)


class _Seq2SeqLayers:
    """The layers of the published network, which every length shares."""

    def __init__(self, model: Seq2SeqLSTM, alphabet: int) -> None:
        import keras

        self.alphabet = alphabet
        self.encoder = keras.layers.LSTM(model.units, name="encoder")
        self.decoders = [
            keras.layers.LSTM(model.units, return_sequences=True, name=f"decoder_{number}")
            for number in range(model.layers)
        ]
        self.logits = keras.layers.Dense(alphabet, dtype="float32", name="logits")

    def laid_out(self, digits: int) -> Any:
        """Builds the network that reads and writes numbers of so many digits."""
        import keras

        inputs = keras.Input((2 * digits + 1,), dtype="int32")
        x = self.encoder(_one_hot(inputs, self.alphabet))
        x = keras.layers.RepeatVector(digits + 1)(x)
        for decoder in self.decoders:
            x = decoder(x)
        return keras.Model(inputs, self.logits(x))


def build_seq2seq(model: Seq2SeqLSTM, spec: Mapping[str, Any]) -> Seq2SeqNetwork:
    """Builds the published network."""
    return Seq2SeqNetwork(model, encoding_of(spec))


def build_columns(model: ColumnGRU, spec: Mapping[str, Any]) -> SumNetwork:
    """Builds a recurrent network that goes over the columns from the right, then from the left.

    The first pass can carry; the second knows which digits lead, and the sign.
    """
    import keras

    ops: Any = keras.ops
    encoding = encoding_of(spec)
    alphabet = len(encoding.alphabet)
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
    return SumNetwork(keras.Model(inputs, outputs), encoding)


def _one_hot(tokens: Any, size: int) -> Any:
    import keras

    return keras.ops.one_hot(tokens, size, dtype="float32")
