"""Linear classifiers in NumPy: the networks of the baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .networks import _softmax

if TYPE_CHECKING:
    import numpy as np


Fit = Callable[["np.ndarray", "np.ndarray", int], tuple["np.ndarray", "np.ndarray"]]


_NEVER = -30.0  # logit of a class that the training split does not have


class LinearNetwork:
    """Probabilities from one weight per pixel and class.

    Args:
        spec: Shape of the pictures and number of classes.
        fit: Finds weights [pixels, classes] and bias [classes] from pictures [n, pixels],
            labels [n] and the number of classes.
    """

    def __init__(self, spec: Mapping[str, Any], fit: Fit) -> None:
        import numpy as np

        pixels = spec["height"] * spec["width"] * spec["channels"]
        self.fit, self.classes = fit, spec["classes"]
        self.weights = np.zeros((pixels, self.classes), np.float32)
        self.bias = np.zeros(self.classes, np.float32)

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Fits to pictures uint8 [n, height, width, channels] and labels [n]."""
        import numpy as np

        from .networks import scaled

        pictures = scaled(inputs).reshape(len(inputs), -1)
        weights, bias = self.fit(pictures, targets, self.classes)
        self.weights, self.bias = weights.astype(np.float32), bias.astype(np.float32)

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class for pictures from 0 to 1."""
        logits = inputs.reshape(len(inputs), -1) @ self.weights + self.bias
        return _softmax(logits)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns what `probabilities` does."""
        return self.probabilities(inputs)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns weights and bias."""
        return {"weights": self.weights, "bias": self.bias}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over weights and bias of the same shapes."""
        from deepzoo import check_match

        check_match(self.arrays(), arrays)
        self.weights, self.bias = arrays["weights"], arrays["bias"]


def _log_shares(labels: np.ndarray, classes: int) -> np.ndarray:
    """Returns the logarithm of the classes' shares, each class counted once more."""
    import numpy as np

    counts = np.bincount(labels, minlength=classes) + 1.0
    return np.log(counts / counts.sum())


def majority(pictures: np.ndarray, labels: np.ndarray, classes: int) -> tuple[Any, Any]:
    """Fits the shares of the classes, whatever the picture."""
    import numpy as np

    return np.zeros((pictures.shape[1], classes)), _log_shares(labels, classes)


def nearest_mean(pictures: np.ndarray, labels: np.ndarray, classes: int) -> tuple[Any, Any]:
    """Fits the mean picture of each class; the nearest one is the likeliest.

    Squared distances make it linear: |x - m|^2 = |x|^2 - 2 x m + |m|^2, and |x|^2 is the same
    for every class. How much a distance counts is chosen by the training cross-entropy.
    """
    import numpy as np

    counts = np.bincount(labels, minlength=classes)
    sums = np.stack([pictures[labels == one].sum(axis=0) for one in range(classes)])
    means = sums / np.maximum(counts, 1)[:, None]
    logits = 2 * pictures @ means.T - (means**2).sum(axis=1)
    logits[:, counts == 0] = -np.inf
    losses = {
        scale: -np.log(np.maximum(_softmax(scale * logits)[np.arange(len(labels)), labels], 1e-12))
        for scale in np.geomspace(1e-3, 10, 25)
    }
    scale = min(losses, key=lambda scale: float(losses[scale].mean()))
    bias = np.where(counts > 0, -scale * (means**2).sum(axis=1), 0.0)
    lowest = bias.min() - 2 * scale * pictures.shape[1]
    return 2 * scale * means.T, np.where(counts > 0, bias, lowest)


def logistic(
    pictures: np.ndarray, labels: np.ndarray, classes: int, *, strength: float, steps: int
) -> tuple[Any, Any]:
    """Fits a logistic regression by scikit-learn, stopped after `steps` steps."""
    import warnings

    import numpy as np
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression as Estimator

    weights = np.zeros((pictures.shape[1], classes))
    bias = np.full(classes, _NEVER)
    seen = np.unique(labels)
    if len(seen) < 2:
        bias[seen] = 0.0
        return weights, bias
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # an early stop is a prior, too
        found = Estimator(C=strength, max_iter=steps).fit(pictures, labels)
    slopes, offsets = found.coef_, found.intercept_
    if len(seen) == 2:  # one row, for the second class against the first
        slopes, offsets = np.vstack([-slopes, slopes]) / 2, np.r_[-offsets, offsets] / 2
    weights[:, seen], bias[seen] = slopes.T, offsets
    return weights, bias
