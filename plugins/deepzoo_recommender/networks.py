"""The Keras networks of the recommender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork

from .numpy_networks import MASK, softmax

if TYPE_CHECKING:
    from .models import BasketMLP, DenoisingAutoencoder

DEPTHS = (128, 64, 32, 16)
ACTIVATIONS = (*("softsign",) * 3, "sigmoid") * 2


class MissingItemNetwork(KerasNetwork):
    """Gives logits; those of the items that it was given are far below all others."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns how likely each item is the missing one; rows sum to 1.

        Args:
            rows: Baskets, float [n, items] of zeros and ones.
        """
        return softmax(self.predict(rows))


def build_mlp(model: BasketMLP, spec: Mapping[str, Any]) -> MissingItemNetwork:
    """Builds the network that names the missing item.

    Args:
        model: The recipe.
        spec: `items`, how many there are, and the core's `seed`.
    """
    import keras
    from keras import layers

    items = spec["items"]
    basket = keras.Input((items,), name="basket")
    x = layers.UnitNormalization(dtype="float32", name="normalised")(basket)
    x = layers.Dense(model.units, activation="tanh", name="hidden")(x)
    x = layers.Dropout(model.dropout, seed=spec["seed"], name="drop")(x)
    x = layers.Dense(items, dtype="float32", name="items")(x)
    known = layers.Rescaling(MASK, dtype="float32", name="known")(basket)
    logits = layers.Add(dtype="float32", name="logits")([x, known])
    return MissingItemNetwork(keras.Model(basket, logits, name="basket_mlp"))


def build_autoencoder(model: DenoisingAutoencoder, spec: Mapping[str, Any]) -> Any:
    """Builds the published autoencoder.

    Args:
        model: The recipe.
        spec: `items`, how many there are, and the core's `seed`.
    """
    import keras
    from keras import layers

    items = spec["items"]
    penalty = keras.regularizers.L2(model.l2)
    basket = keras.Input((items,), name="basket")
    x = layers.Dropout(1 - model.keep, seed=spec["seed"], name="drop")(basket)
    for size, activation in zip((*DEPTHS, *DEPTHS[-2::-1]), ACTIVATIONS[:-1], strict=True):
        x = layers.Dense(size, activation=activation, kernel_regularizer=penalty)(x)
    # In half precision many probabilities would be the same.
    last = layers.Dense(items, ACTIVATIONS[-1], kernel_regularizer=penalty, dtype="float32")
    x = last(x)
    return keras.Model(basket, x, name="dae")
