"""Networks that draw whole images from a random code, and so have no likelihood of their own.

A variational autoencoder and a generative adversarial network, both of dense layers. As in
`networks`, each function takes the recipe and the spec. The layer of the codes is called `code`,
and that of the logits of all pixels `levels`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork

from .networks import inputs_of

if TYPE_CHECKING:
    from .models import PixelGAN, PixelVAE

    Spec = Mapping[str, Any]


class CodeNetwork(KerasNetwork):
    """A Keras network under the core's adapter that draws images of random codes.

    Args:
        model: The built Keras model, with layers `code` and `levels`.
    """

    def draw(self, labels: np.ndarray, seed: int) -> np.ndarray:
        """Draws as many images as there are labels, whose classes it does not know.

        Args:
            labels: int [n].
            seed: Seed of the codes and of the levels; image i depends on (seed, i) alone.

        Returns:
            Levels, int [n, height, width].
        """
        generators = [np.random.default_rng([seed, i]) for i in range(len(labels))]
        size = self._decoder.model.input_shape[-1]
        codes = [generator.standard_normal(size, np.float32) for generator in generators]
        logits = self._decoder.predict(np.array(codes).reshape(-1, size))
        noise = [generator.gumbel(size=logits.shape[1:]) for generator in generators]
        return (logits + np.reshape(noise, logits.shape)).argmax(axis=-1)

    @functools.cached_property
    def _decoder(self) -> KerasNetwork:
        import keras

        code, levels = (self.model.get_layer(name).output for name in ("code", "levels"))
        return KerasNetwork(keras.Model(code, levels))


def pixel_vae(recipe: PixelVAE, spec: Spec) -> CodeNetwork:
    """Builds an encoder to means and variances of codes, and a decoder back."""
    import keras
    from keras import layers

    from .layers import DrawCode

    pixels, label = inputs_of(spec)
    x = _dense_relu(layers.Flatten()(pixels), recipe.units, "encoder")
    mean = layers.Dense(recipe.code, name="mean", dtype="float32")(x)
    log_variance = layers.Dense(recipe.code, name="log_variance", dtype="float32")(x)
    count = spec["height"] * spec["width"]
    code = DrawCode(count, spec["seed"], name="code", dtype="float32")([mean, log_variance])
    logits = _levels(_dense_relu(code, recipe.units, "decoder"), spec)
    return CodeNetwork(keras.Model([pixels, label], logits, name=recipe.name))


def pixel_gan(recipe: PixelGAN, spec: Spec) -> CodeNetwork:
    """Builds a generator of images from codes, and a discriminator that adds both losses.

    Without batch normalisation, the generator draws the same image for all codes.
    """
    from .layers import AddedLosses, Adversary, Noise

    pixels, label = inputs_of(spec)
    code = Noise(recipe.code, spec["seed"], name="code", dtype="float32")(pixels)
    x = _dense_relu(code, recipe.units, "generator", normalised=True)
    logits = _levels(x, spec)
    logits = Adversary(recipe.units, spec["seed"], name="adversary", dtype="float32")(
        [pixels, logits]
    )
    return CodeNetwork(AddedLosses([pixels, label], logits, name=recipe.name))


def _dense_relu(x: Any, units: int, name: str, normalised: bool = False) -> Any:
    """Two hidden layers."""
    from keras import layers

    for number in (1, 2):
        x = layers.Dense(units, name=f"{name}{number}")(x)
        x = layers.BatchNormalization(momentum=0.9)(x) if normalised else x
        x = layers.ReLU()(x)
    return x


def _levels(x: Any, spec: Spec) -> Any:
    """The logits of the levels of all pixels."""
    from keras import layers

    shape = (spec["height"], spec["width"], spec["levels"])
    x = layers.Dense(math.prod(shape), name="logits", dtype="float32")(x)
    return layers.Reshape(shape, name="levels")(x)
