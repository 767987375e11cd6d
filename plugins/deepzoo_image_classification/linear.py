"""Linear classifiers in NumPy, the networks of the baselines; and what all networks share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from deepzoo import NumpyNetwork
from deepzoo.recurrent import softmax

Parameters = tuple[np.ndarray, np.ndarray]
"""Weights [pixels, classes] and bias [classes]."""
_NEVER = -30.0  # logit of a class that the training split does not have


def scaled(pixels: np.ndarray) -> np.ndarray:
    """Turns bytes into what networks see: float32 from 0 to 1."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)


class LinearNetwork(NumpyNetwork):
    """Probabilities from one weight per pixel and class.

    Args:
        spec: Shape of the images and number of classes.
        fit: Finds weights and bias from images [n, pixels], labels [n] and the number of
            classes.
    """

    def __init__(
        self, spec: Mapping[str, Any], fit: Callable[[np.ndarray, np.ndarray, int], Parameters]
    ) -> None:
        pixels = spec["height"] * spec["width"] * spec["channels"]
        self.fit, self.classes = fit, spec["classes"]
        self.weights = {
            "weights": np.zeros((pixels, self.classes), np.float32),
            "bias": np.zeros(self.classes, np.float32),
        }

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Fits to images [n, height, width, channels] from 0 to 1 and one-hot labels."""
        images = inputs.reshape(len(inputs), -1)
        fitted = self.fit(images, targets.argmax(axis=1), self.classes)
        self.weights = {
            name: array.astype(np.float32) for name, array in zip(self.weights, fitted, strict=True)
        }

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class for images from 0 to 1."""
        images = inputs.reshape(len(inputs), -1)
        return softmax(images @ self.weights["weights"] + self.weights["bias"])

    probabilities = predict


def majority(images: np.ndarray, labels: np.ndarray, classes: int) -> Parameters:
    """Fits the frequencies of the classes with add-one smoothing; the image is ignored."""
    counts = np.bincount(labels, minlength=classes) + 1.0
    return np.zeros((images.shape[1], classes)), np.log(counts / counts.sum())


def nearest_mean(images: np.ndarray, labels: np.ndarray, classes: int) -> Parameters:
    """Fits the mean image of each class; the nearest one is the most probable.

    Squared distances make it linear: |x - m|^2 = |x|^2 - 2 x m + |m|^2, and |x|^2 is the same
    for every class. The scale of the distances is the one of least training cross-entropy.
    """
    counts = np.bincount(labels, minlength=classes)
    sums = np.stack([images[labels == label].sum(axis=0) for label in range(classes)])
    means = sums / np.maximum(counts, 1)[:, None]
    logits = 2 * images @ means.T - (means**2).sum(axis=1)
    logits[:, counts == 0] = -np.inf
    losses = {
        scale: -np.log(np.maximum(softmax(scale * logits)[np.arange(len(labels)), labels], 1e-12))
        for scale in np.geomspace(1e-3, 10, 25)
    }
    scale = min(losses, key=lambda scale: float(losses[scale].mean()))
    bias = np.where(counts > 0, -scale * (means**2).sum(axis=1), 0.0)
    lowest = bias.min() - 2 * scale * images.shape[1]
    return 2 * scale * means.T, np.where(counts > 0, bias, lowest)


def logistic(
    images: np.ndarray, labels: np.ndarray, classes: int, *, strength: float, steps: int
) -> Parameters:
    """Fits a logistic regression by scikit-learn, stopped after `steps` steps."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((images.shape[1], classes))
    bias = np.full(classes, _NEVER)
    present = np.unique(labels)
    if len(present) < 2:
        bias[present] = 0.0
        return weights, bias
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # an early stop regularises, too
        fitted = LogisticRegression(C=strength, max_iter=steps).fit(images, labels)
    coefficients, intercepts = fitted.coef_, fitted.intercept_
    if len(present) == 2:  # one row, for the second class against the first
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.r_[-intercepts, intercepts] / 2
    weights[:, present], bias[present] = coefficients.T, intercepts
    return weights, bias
