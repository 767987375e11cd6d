"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_recommender import BasketModel


class Mine(BasketModel):
    """One hidden layer, from a basket to the probability that an item is missing from it."""

    name = "mine"
    learns = "hidden"
    outputs = "probabilities"
    defaults = {"loss": "categorical_crossentropy", "epochs": 10}

    units: Annotated[int, Ge(1)] = deepzoo.setting(128, "units of the hidden layer")

    def build(self, spec):
        """Builds the network; items of the basket are 1."""
        import keras

        basket = keras.Input((spec["items"],))
        x = keras.layers.Dense(self.units, activation="tanh")(basket)
        x = keras.layers.Dense(spec["items"], activation="softmax", dtype="float32")(x)
        return keras.Model(basket, x)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
