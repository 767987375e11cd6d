"""Networks in NumPy: the two defaults after training, and principal components."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork, ordered_weights
from deepzoo.feedforward import BatchNormalization, Convolution, Dense, max_pooling, relu

if TYPE_CHECKING:
    from .models import CompressorMLP, PageUNet

    Spec = Mapping[str, Any]


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Returns `1 / (1 + exp(-x))`, which large values of either sign do not overflow."""
    return np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * x))


class NumpyCompressor:
    """`networks.compressor_mlp` after training.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(self, model: CompressorMLP, spec: Spec, arrays: Mapping[str, np.ndarray]) -> None:
        self.shape = tuple(spec["inputs"]["shape"])
        with ordered_weights(arrays) as weights:
            self.encoder = [Dense(next(weights), next(weights), relu) for _ in model.widths]
            self.code = Dense(next(weights), next(weights))
            self.decoder = [Dense(next(weights), next(weights), relu) for _ in model.widths]
            self.pixels = Dense(next(weights), next(weights), sigmoid)

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Returns the codes of images from 0 to 1, float32 [n, code]."""
        x = images.reshape(len(images), -1)
        for layer in self.encoder:
            x = layer(x)
        return self.code(x)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Returns the images that codes stand for, from 0 to 1."""
        x = codes
        for layer in self.decoder:
            x = layer(x)
        return self.pixels(x).reshape(-1, *self.shape)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Restores images from their codes, as the Keras network does."""
        return self.decode(self.encode(inputs))


class PrincipalComponents(NumpyNetwork):
    """Projects images on their principal components, and back.

    Args:
        spec: Shape of the images and size of the code.
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.shape = tuple(spec["inputs"]["shape"])
        pixels = math.prod(self.shape)
        self.weights = {
            "mean": np.zeros(pixels, np.float32),
            "components": np.zeros((spec["code"], pixels), np.float32),
        }

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Finds the components; of fewer images than components, the others stay 0."""
        from sklearn.decomposition import PCA as Decomposition

        images = inputs.reshape(len(inputs), -1)
        count = min(len(self.weights["components"]), *images.shape)
        fitted = Decomposition(count, random_state=0).fit(images)
        self.weights["mean"][:] = fitted.mean_
        self.weights["components"][:count] = fitted.components_

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Returns the codes of images, float32 [n, code]."""
        centred = images.reshape(len(images), -1) - self.weights["mean"]
        return centred @ self.weights["components"].T

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Returns the images that codes stand for, cut off at 0 and 1."""
        pixels = codes @ self.weights["components"] + self.weights["mean"]
        return np.clip(pixels, 0, 1).reshape(-1, *self.shape)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Restores images from their codes."""
        return self.decode(self.encode(inputs))


class NumpyPageUNet:
    """`networks.page_unet` after training, each norm folded into its convolution.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(self, model: PageUNet, spec: Spec, arrays: Mapping[str, np.ndarray]) -> None:
        with ordered_weights(arrays) as weights:
            self.down = [(_folded(weights), _folded(weights)) for _ in model.widths]
            self.up = [(_folded(weights), _folded(weights)) for _ in model.widths[:-1]]
            self.clean = Convolution(next(weights), next(weights))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns clean pages from 0 to 1, as the Keras network does.

        Args:
            inputs: Pages, float32 [n, height, width, 1] from 0 to 1.
        """
        x, shortcuts = inputs, []
        for level, (first, second) in enumerate(self.down):
            x = max_pooling(x) if level else x
            x = relu(second(relu(first(x))))
            shortcuts.append(x)
        for (first, second), shortcut in zip(self.up, shortcuts[-2::-1], strict=True):
            x = relu(first(x)).repeat(2, axis=1).repeat(2, axis=2)
            x = relu(second(x + shortcut))
        return sigmoid(self.clean(x))


def _folded(weights: Iterator[np.ndarray]) -> Convolution:
    """Takes a convolution and the norm after it, and returns one convolution for both."""
    kernel, gamma, beta, mean, variance = [next(weights) for _ in range(5)]
    return Convolution(kernel).normalised(BatchNormalization(gamma, beta, mean, variance))
