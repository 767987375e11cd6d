"""Baselines: principal components for compression, and three rules for pages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from deepzoo import Model, NumpyNetwork, rule


class PCA(Model):
    """Principal components, as many as the code has numbers: the best linear compression."""

    name = "pca"
    task: ClassVar[str] = "autoencoding"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    def build(self, spec: Mapping[str, Any]) -> PrincipalComponents:
        """Builds a network that keeps the mean image and the components."""
        return PrincipalComponents(spec)


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


WINDOW, DEVIATION, DARKER = 21, 5, 0.1
"""Pixels of the median filter and of the Gaussian, and how much darker than both ink is."""


@rule(task="denoising")
def identity(inputs: np.ndarray) -> np.ndarray:
    """Leaves a page as it is."""
    return inputs


@rule(task="denoising")
def median_background(inputs: np.ndarray) -> np.ndarray:
    """Subtracts the background, a median filter of the page; what is not much darker is white."""
    from scipy.ndimage import median_filter

    background = median_filter(inputs, (1, WINDOW, WINDOW, 1), mode="nearest")
    return np.where(inputs < background - DARKER, inputs, np.float32(1))


@rule(task="denoising")
def adaptive_threshold(inputs: np.ndarray) -> np.ndarray:
    """Makes black what is darker than the Gaussian mean around it, and all else white."""
    from scipy.ndimage import gaussian_filter

    mean = gaussian_filter(inputs, (0, DEVIATION, DEVIATION, 0), mode="nearest")
    return (inputs > mean - DARKER).astype(np.float32)


BASELINES: tuple[type[Model], ...] = (PCA, identity, median_background, adaptive_threshold)
