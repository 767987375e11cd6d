"""The published networks of text classification in Keras.

Each function takes the recipe and the spec, which is `length`, `vocabulary`, `classes`, and the
core's `seed`, and builds a network from tokens [n, length] to logits [n, classes].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import models

    Spec = Mapping[str, Any]

ONE_HOT = 256  # positions of a one-hot character; most of them are never used, as published


def convolutional(recipe: models.Convolutional, spec: Spec) -> Any:
    """Builds two convolutions over time, with 10 filters of 20 tokens and pooling each."""
    import keras
    from keras import layers

    inputs = keras.Input((spec["length"],), dtype="int32", name="tokens")
    x = _vectors(recipe, spec)(inputs)
    x = layers.Conv1D(10, 20, activation="relu", name="conv1")(x)
    x = layers.MaxPooling1D(4, strides=2, padding="same", name="pool1")(x)
    x = layers.Conv1D(10, 20, activation="relu", name="conv2")(x)
    x = layers.MaxPooling1D(4, strides=2, padding="same", name="pool2")(x)
    x = layers.Flatten()(x)
    if recipe.dropout:
        x = layers.Dropout(recipe.dropout, seed=spec["seed"])(x)
    return keras.Model(inputs, layers.Dense(spec["classes"], name="classes")(x))


def recurrent(recipe: models.Recurrent, spec: Spec) -> Any:
    """Builds recurrent layers, of whose last the state after the last token decides."""
    import keras
    from keras import layers

    from .layers import SimpleRNN

    layer = {"gru": layers.GRU, "lstm": layers.LSTM, "simple": SimpleRNN}[recipe.cell]
    inputs = keras.Input((spec["length"],), dtype="int32", name="tokens")
    x = _vectors(recipe, spec)(inputs)
    for index in range(1, recipe.layers + 1):
        last = index == recipe.layers
        x = layer(recipe.units, return_sequences=not last, name=f"recurrent{index}")(x)
    if recipe.dropout:
        x = layers.Dropout(recipe.dropout, seed=spec["seed"])(x)
    return keras.Model(inputs, layers.Dense(spec["classes"], name="classes")(x))


def simple_rnn(recipe: models.SimpleRNN, spec: Spec) -> Any:
    """Builds simple recurrent layers, of whose last the outputs at all tokens decide."""
    import keras
    from keras import layers

    from .layers import SimpleRNN

    inputs = keras.Input((spec["length"],), dtype="int32", name="tokens")
    x = layers.Embedding(spec["vocabulary"], recipe.units, name="embedding")(inputs)
    for index in range(1, recipe.layers + 1):
        x = SimpleRNN(recipe.units, return_sequences=True, name=f"recurrent{index}")(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(spec["classes"], name="classes")(x))


def _vectors(recipe: models.Convolutional | models.Recurrent, spec: Spec) -> Any:
    """Returns the layer that makes a vector of each token: one-hot, or learned."""
    from keras import layers

    from .layers import OneHot

    if recipe.embedding:
        return layers.Embedding(spec["vocabulary"], recipe.embedding, name="embedding")
    return OneHot(ONE_HOT, name="one_hot")
