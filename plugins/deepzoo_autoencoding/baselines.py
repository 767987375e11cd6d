"""Baselines: principal components for compression, and three rules for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from deepzoo import Model, rule

if TYPE_CHECKING:
    import numpy as np

    from .numpy_networks import PrincipalComponents


class PCA(Model):
    """Principal components, as many as the code has numbers: the best linear compression."""

    name = "pca"
    task: ClassVar[str] = "autoencoding"
    framework: ClassVar[str] = "numpy"
    training_settings: ClassVar[tuple[str, ...] | None] = ()

    def build(self, spec: Mapping[str, Any]) -> PrincipalComponents:
        """Builds a network that keeps the mean image and the components."""
        from .numpy_networks import PrincipalComponents

        return PrincipalComponents(spec)


WINDOW, DEVIATION, DARKER = 21, 5, 0.1
"""Pixels of the median filter and of the Gaussian, and how much darker than both ink is."""


@rule(task="denoising")
def identity(inputs: np.ndarray) -> np.ndarray:
    """Leaves a page as it is."""
    return inputs


@rule(task="denoising")
def median_background(inputs: np.ndarray) -> np.ndarray:
    """Subtracts the background, a median filter of the page; what is not much darker is white."""
    import numpy as np
    from scipy.ndimage import median_filter

    background = median_filter(inputs, (1, WINDOW, WINDOW, 1), mode="nearest")
    return np.where(inputs < background - DARKER, inputs, inputs.dtype.type(1))


@rule(task="denoising")
def adaptive_threshold(inputs: np.ndarray) -> np.ndarray:
    """Makes black what is darker than the Gaussian mean around it, and all else white."""
    from scipy.ndimage import gaussian_filter

    mean = gaussian_filter(inputs, (0, DEVIATION, DEVIATION, 0), mode="nearest")
    return (inputs > mean - DARKER).astype(inputs.dtype)


BASELINES: tuple[type[Model], ...] = (PCA, identity, median_background, adaptive_threshold)
