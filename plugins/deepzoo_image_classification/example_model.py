"""Mine: a model for deepzoo."""

from typing import Annotated

from annotated_types import Ge

import deepzoo
from deepzoo_image_classification import ImageModel


class Mine(ImageModel):
    """One convolution, and the maximum of each feature map."""

    name = "mine"
    defaults = {"epochs": 5, "learning_rate": 0.01}

    filters: Annotated[int, Ge(1)] = deepzoo.setting(32, "filters of the convolution")

    def build(self, spec):
        """Builds the network, from images to the logits of the classes."""
        import keras

        from deepzoo_image_classification import ImageNetwork

        images = keras.Input(spec["inputs"]["shape"])
        x = keras.layers.Conv2D(self.filters, 5, activation="relu")(images)
        x = keras.layers.GlobalMaxPooling2D()(x)
        activation = "softmax" if self.output == "softmax" else None
        outputs = keras.layers.Dense(spec["classes"], activation, dtype="float32")(x)
        return ImageNetwork(keras.Model(images, outputs), self.output)


@deepzoo.hookimpl
def register_models():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
