"""The published networks of text classification in Keras: one function for each.

Each takes the recipe and the spec, which is `length`, `vocabulary`, `classes`, and the core's
`seed`, and builds a network from tokens [n, length] to logits [n, classes].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import CharCNN

    Spec = Mapping[str, Any]


def char_cnn(recipe: CharCNN, spec: Spec) -> Any:
    """Builds two convolutions over one-hot characters, each with pooling."""
    import keras
    from keras import layers

    from .layers import OneHot

    inputs = keras.Input((spec["length"],), dtype="int32")
    x = OneHot(256)(inputs)
    x = layers.Conv1D(10, 20, activation="relu")(x)
    x = layers.MaxPooling1D(4, 2, padding="same")(x)
    x = layers.Conv1D(10, 20, activation="relu")(x)
    x = layers.MaxPooling1D(4, 2, padding="same")(x)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(spec["classes"])(x))
