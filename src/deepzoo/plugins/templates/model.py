"""Mine: a model for deepzoo."""

from typing import Annotated, Any

from annotated_types import Ge

import deepzoo


class Mine(deepzoo.Model):
    """One hidden layer between what a network gets and what it returns."""

    name = "mine"
    task = "forecasting"
    defaults = {"epochs": 20}

    units: Annotated[int, Ge(1)] = deepzoo.setting(64, "units of the hidden layer")

    def build(self, spec: Any):
        """Builds the network for the arrays that `deepzoo info forecasting` shows."""
        import math

        import keras

        inputs = keras.Input(spec["inputs"]["shape"])
        x = keras.layers.Flatten()(inputs)
        x = keras.layers.Dense(self.units, activation="relu")(x)
        x = keras.layers.Dense(math.prod(spec.output_shape))(x)
        x = keras.layers.Reshape(spec.output_shape)(x)
        if spec["outputs"] == "probabilities":
            x = keras.layers.Softmax()(x)
        return keras.Model(inputs, x)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
