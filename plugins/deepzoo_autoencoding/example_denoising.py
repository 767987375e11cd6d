"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_autoencoding import PageModel


class Mine(PageModel):
    """Convolutions, each of which sees twice as far as the one before."""

    name = "mine"
    defaults = {"epochs": 10, "batch_size": 16}

    filters: Annotated[int, Ge(1)] = deepzoo.setting(16, "filters of each convolution")

    def build(self, spec):
        """Builds the network, which takes pages of any size and returns pages of that size."""
        import keras

        x = pages = keras.Input(spec["inputs"]["shape"])
        for reach in (1, 2, 4, 8):
            x = keras.layers.Conv2D(
                self.filters, 3, padding="same", dilation_rate=reach, activation="relu"
            )(x)
        x = keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", dtype="float32")(x)
        return keras.Model(pages, x)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
