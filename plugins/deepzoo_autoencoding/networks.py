"""Networks in Keras: one function for each recipe in `models`.

Each takes the recipe and the spec: the shape of `inputs`, the size of the `code`, and the core's
`seed`. The layer that computes the code is called `code`. Networks of pages take any size whose
sides are multiples of 16.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deepzoo import KerasNetwork

if TYPE_CHECKING:
    import numpy as np

    from .models import (
        Autoencoder,
        AutoencoderModel,
        CompressorMLP,
        ConvDenoiser,
        DeepAutoencoder,
        PageUNet,
        Variational,
    )

    Spec = Mapping[str, Any]


class AutoencoderNetwork(KerasNetwork):
    """A Keras network under the core's adapter that also encodes and decodes.

    Args:
        model: The built Keras model, which has a layer named `code`.
    """

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Returns the codes of images from 0 to 1, float32 [n, code]."""
        return self._encoder.predict(images)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Returns the images that codes stand for, from 0 to 1."""
        return self._decoder.predict(codes)

    @functools.cached_property
    def _encoder(self) -> KerasNetwork:
        import keras

        return KerasNetwork(keras.Model(self.model.input, self.model.get_layer("code").output))

    @functools.cached_property
    def _decoder(self) -> KerasNetwork:
        import keras

        return KerasNetwork(keras.Model(self.model.get_layer("code").output, self.model.output))


def autoencoder(recipe: Autoencoder, spec: Spec) -> AutoencoderNetwork:
    """Builds 784-32-784: the code from the pixels, and the pixels from the code."""
    from keras import layers, regularizers

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    x = layers.Dense(
        spec["code"],
        activation="relu",
        activity_regularizer=regularizers.L1(recipe.sparsity) if recipe.sparsity else None,
        name="code",
    )(x)
    return _network(recipe, inputs, _pixels(x, spec))


def deep_autoencoder(recipe: DeepAutoencoder, spec: Spec) -> AutoencoderNetwork:
    """Builds 784-128-64-32-64-128-784."""
    from keras import layers

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    x = _dense_relu(x, recipe.widths, "encoder")
    x = layers.Dense(spec["code"], activation="relu", name="code")(x)
    x = _dense_relu(x, recipe.widths[::-1], "decoder")
    return _network(recipe, inputs, _pixels(x, spec))


def compressor_mlp(recipe: CompressorMLP, spec: Spec) -> AutoencoderNetwork:
    """Builds 784-512-256-32-256-512-784, with a code that may be negative."""
    from keras import layers

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    x = _dense_relu(x, recipe.widths, "encoder")
    x = layers.Dense(spec["code"], name="code")(x)
    x = _dense_relu(x, recipe.widths[::-1], "decoder")
    return _network(recipe, inputs, _pixels(x, spec))


def variational(recipe: Variational, spec: Spec) -> AutoencoderNetwork:
    """Builds 784-512-2-512-784, whose code is drawn around its mean in training."""
    from keras import layers

    from .layers import DrawCode

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    x = _dense_relu(x, [recipe.units], "encoder")
    mean = layers.Dense(spec["code"], name="mean")(x)
    log_variance = layers.Dense(spec["code"], name="log_variance")(x)
    pixels = math.prod(spec["inputs"]["shape"])
    x = DrawCode(pixels, spec["seed"], name="code")([mean, log_variance])
    x = _dense_relu(x, [recipe.units], "decoder")
    return _network(recipe, inputs, _pixels(x, spec))


def page_unet(recipe: PageUNet, spec: Spec) -> Any:
    """Builds levels of two convolutions, each on a page of half the size, and the way back up."""
    import keras
    from keras import layers

    x = inputs = keras.Input((None, None, 1), name="pages")
    shortcuts = []
    for level, width in enumerate(recipe.widths):
        if level:
            x = layers.MaxPooling2D(name=f"pool{level}")(x)
        x = _conv_norm_relu(x, width, f"down{level}a")
        x = _conv_norm_relu(x, width, f"down{level}b")
        shortcuts.append(x)
    for level, width in reversed(list(enumerate(recipe.widths[:-1]))):
        x = _conv_norm_relu(x, width, f"up{level}a")
        x = layers.UpSampling2D(name=f"larger{level}")(x)
        x = layers.Add(name=f"add{level}")([x, shortcuts[level]])
        x = _conv_norm_relu(x, width, f"up{level}b")
    outputs = _clean(x)
    return keras.Model(inputs, outputs, name=recipe.name)


def conv_denoiser(recipe: ConvDenoiser, spec: Spec) -> Any:
    """Builds convolution, pooling, convolution, pooling, and the same with upsampling."""
    import keras
    from keras import layers

    x = inputs = keras.Input((None, None, 1), name="pages")
    for number in (1, 2):
        x = layers.Conv2D(recipe.filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    for number in (1, 2):
        x = layers.Conv2D(recipe.filters, 3, padding="same", activation="relu")(x)
        x = layers.UpSampling2D(name=f"larger{number}")(x)
    outputs = _clean(x)
    return keras.Model(inputs, outputs, name=recipe.name)


def _images(spec: Spec) -> Any:
    import keras

    return keras.Input(spec["inputs"]["shape"], name="images")


def _dense_relu(x: Any, widths: Sequence[int], name: str) -> Any:
    from keras import layers

    for number, width in enumerate(widths, 1):
        x = layers.Dense(width, activation="relu", name=f"{name}{number}")(x)
    return x


def _pixels(x: Any, spec: Spec) -> Any:
    """A dense sigmoid layer of all pixels, in the shape of the images."""
    from keras import layers

    shape = spec["inputs"]["shape"]
    x = layers.Dense(math.prod(shape), activation="sigmoid", dtype="float32", name="pixels")(x)
    return layers.Reshape(shape)(x)


def _conv_norm_relu(x: Any, width: int, name: str) -> Any:
    from keras import layers

    x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"conv_{name}")(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"norm_{name}")(x)
    return layers.ReLU(name=f"relu_{name}")(x)


def _clean(x: Any) -> Any:
    """The clean page: a sigmoid convolution with one filter."""
    from keras import layers

    return layers.Conv2D(1, 3, padding="same", activation="sigmoid", dtype="float32", name="clean")(
        x
    )


def _network(recipe: AutoencoderModel, inputs: Any, outputs: Any) -> AutoencoderNetwork:
    import keras

    return AutoencoderNetwork(keras.Model(inputs, outputs, name=recipe.name))
