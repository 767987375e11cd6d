"""The network of the published tweets recipe, with random weights, on both of its paths."""

from __future__ import annotations

import numpy as np

from deepzoo.recurrent import Embedding, GRUCell, Head, RecurrentStepper

VOCABULARY = 100
EMBEDDING = 256


class GRUNetwork:
    """Embedding, GRU and Dense of Keras; `n` sequences, one token at a time, stateful."""

    def __init__(self, units: int, n: int = 1) -> None:
        import keras

        keras.utils.set_random_seed(0)
        self.units = units
        inputs = keras.Input(batch_shape=(n, 1), dtype="int32")
        self.layers = [
            keras.layers.Embedding(VOCABULARY, EMBEDDING),
            keras.layers.GRU(units, return_sequences=True, stateful=True),
            keras.layers.Dense(VOCABULARY),
        ]
        outputs = inputs
        for layer in self.layers:
            outputs = layer(outputs)
        self.model = keras.Model(inputs, outputs)

    @property
    def variables(self) -> list:
        """All variables of the Keras model."""
        return self.model.variables

    def start_ops(self, n: int) -> list:
        """Returns the state of `n` sequences before their first token."""
        import keras

        return [keras.ops.zeros((n, self.units))]

    def step_ops(self, tokens: object, state: list) -> tuple:
        """Advances by one token."""
        embedding, gru, dense = self.layers
        output, state = gru.cell(embedding(tokens), state)
        return dense(output), list(state)

    def numpy_network(self) -> RecurrentStepper:
        """Returns the same network without Keras."""
        (table,), gru, (kernel, bias) = (
            [np.asarray(variable.value) for variable in layer.trainable_variables]
            for layer in self.layers
        )
        return RecurrentStepper(Embedding(table), [GRUCell(*gru)], Head(kernel, bias))
