"""The Keras layer of variational autoencoders: a code drawn around its mean."""

from __future__ import annotations

from typing import Any

import keras

ops: Any = keras.ops


class DrawCode(keras.layers.Layer):
    """Draws codes from a normal distribution in training, and returns their means otherwise.

    The Kullback-Leibler divergence from the standard normal distribution is added to the loss
    (Kingma and Welling, 2014, appendix B), divided by the pixels as the cross-entropy is.

    Args:
        pixels: How many values an image has.
        seed: Seed of the random numbers, whose state is a variable that checkpoints keep.
        **kwargs: The arguments of `keras.layers.Layer`.
    """

    def __init__(self, pixels: int, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pixels, self.seed = pixels, seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns codes [n, code] from their means and the logarithms of their variances."""
        mean, log_variance = inputs
        divergence = -0.5 * ops.sum(
            1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1
        )
        self.add_loss(ops.mean(divergence) / self.pixels)
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), seed=self.generator, dtype=mean.dtype)
        return mean + ops.exp(0.5 * log_variance) * noise

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the means."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer was made with."""
        return {**super().get_config(), "pixels": self.pixels, "seed": self.seed}
