"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_pixel_generation import PixelModel


class Mine(PixelModel):
    """Causal convolutions along the rows, one after the other, which reach some rows up."""

    name = "mine"
    by_class = True
    defaults = {"epochs": 3, "batch_size": 32}

    filters: Annotated[int, Ge(1)] = deepzoo.setting(32, "channels of each layer")

    def build(self, spec):
        """Builds the network; each pixel may depend on those before it, and on the class."""
        import keras
        from keras import layers

        height, width = spec["height"], spec["width"]
        pixels = keras.Input((height, width), name="pixels")
        label = keras.Input((), dtype="int32", name="label")
        x = layers.Reshape((height * width, 1))(pixels)
        x = layers.Cropping1D((0, 2))(layers.ZeroPadding1D(1)(x))  # no pixel sees itself
        of_class = layers.Embedding(spec["classes"], self.filters)(label)
        of_class = layers.Reshape((1, self.filters))(of_class)
        for distance in (1, 3, width, 3 * width):
            x = layers.Conv1D(self.filters, 3, dilation_rate=distance, padding="causal")(x)
            x = layers.Activation("gelu")(layers.Add()([x, of_class]))
        x = layers.Conv1D(spec["levels"], 1, dtype="float32")(x)
        return keras.Model([pixels, label], layers.Reshape((height, width, spec["levels"]))(x))


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
