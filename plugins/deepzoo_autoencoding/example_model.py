"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_autoencoding import AutoencoderModel


class Mine(AutoencoderModel):
    """One hidden layer before the code, and one after it."""

    name = "mine"
    defaults = {"epochs": 10}

    units: Annotated[int, Ge(1)] = deepzoo.setting(128, "units of the hidden layers")

    def build(self, spec):
        """Builds the network; the layer whose outputs are the codes is named `code`."""
        import math

        import keras

        from deepzoo_autoencoding import AutoencoderNetwork

        shape = spec["inputs"]["shape"]
        images = keras.Input(shape)
        x = keras.layers.Flatten()(images)
        x = keras.layers.Dense(self.units, activation="gelu")(x)
        x = keras.layers.Dense(spec["code"], name="code")(x)
        x = keras.layers.Dense(self.units, activation="gelu")(x)
        x = keras.layers.Dense(math.prod(shape), activation="sigmoid", dtype="float32")(x)
        return AutoencoderNetwork(keras.Model(images, keras.layers.Reshape(shape)(x)))


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
