"""The Keras networks of the recommender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork

from .numpy_networks import MASK, softmax

if TYPE_CHECKING:
    from .models import BasketMLP, DenoisingAutoencoder


class MissingItemNetwork(KerasNetwork):
    """A Keras network of logits; those of the items in the basket are masked."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Returns the probability that each item is the missing one; rows sum to 1."""
        return softmax(self.predict(rows))


def build_mlp(model: BasketMLP, spec: Mapping[str, Any]) -> MissingItemNetwork:
    """Builds the network that names the missing item; `spec` has the number of `items`."""
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
    """Builds the published autoencoder; `spec` has the number of `items`."""
    import keras
    from keras import layers

    def dense(units: int, activation: str, **options: Any) -> Any:
        return layers.Dense(
            units, activation, kernel_regularizer=keras.regularizers.L2(model.l2), **options
        )

    basket = keras.Input((spec["items"],), name="basket")
    x = layers.Dropout(1 - model.keep, seed=spec["seed"], name="drop")(basket)
    x = dense(128, "softsign")(x)
    x = dense(64, "softsign")(x)
    x = dense(32, "softsign")(x)
    x = dense(16, "sigmoid")(x)
    x = dense(32, "softsign")(x)
    x = dense(64, "softsign")(x)
    x = dense(128, "softsign")(x)
    # In half precision many probabilities would be the same.
    x = dense(spec["items"], "sigmoid", dtype="float32")(x)
    return keras.Model(basket, x, name="dae")
