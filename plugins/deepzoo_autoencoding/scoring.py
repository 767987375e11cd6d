"""Scores: how alike images and their originals are, and what codes tell of classes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from deepzoo import ImagePairs, Scores

from .inference import clean_page
from .prepare import scaled

BLOCK = 2_000  # images at a time: a whole collection as float32 may not fit
TINY = 1e-7  # Keras' own bound of probabilities
PROBED, NEIGHBOURS = 10_000, 5  # training codes that classifiers learn from, at most
_C1, _C2 = 0.01**2, 0.03**2  # the constants of Wang et al. (2004), for values from 0 to 1


def cross_entropy(images: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Returns the binary cross-entropy per pixel of each image in nats, as Keras computes it."""
    p = np.clip(outputs, TINY, 1 - TINY)
    loss = -(images * np.log(p) + (1 - images) * np.log1p(-p))
    return loss.reshape(len(loss), -1).mean(axis=1)


def squared_error(images: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Returns the mean squared error of each image."""
    return ((images - outputs) ** 2).reshape(len(images), -1).mean(axis=1)


def psnr(errors: np.ndarray) -> Scores:
    """Scores the peak signal-to-noise ratio in decibels from the squared error of each image."""
    statistics = np.stack([errors, np.ones(len(errors))], axis=1)
    return Scores.of_sums(lambda sums: 10 * np.log10(sums[..., 1] / sums[..., 0]), statistics)


def rmse(errors: np.ndarray, pixels: np.ndarray) -> Scores:
    """Scores the root of the mean squared error over the pixels of all images."""
    statistics = np.stack([errors * pixels, pixels], axis=1)
    return Scores.of_sums(lambda sums: np.sqrt(sums[..., 0] / sums[..., 1]), statistics)


def ssim(images: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Returns the structural similarity of each image [n, height, width, channels] from 0 to 1.

    It is that of Wang, Bovik, Sheikh and Simoncelli (2004), equation 13: means, variances and
    covariance in Gaussian windows of 11 x 11 pixels with a deviation of 1.5.
    """
    from scipy.ndimage import gaussian_filter

    def mean(values: np.ndarray) -> np.ndarray:
        return gaussian_filter(values, (0, 1.5, 1.5, 0), radius=(0, 5, 5, 0))

    x, y = images.astype(np.float32), outputs.astype(np.float32)
    mean_x, mean_y = mean(x), mean(y)
    variances = mean(x * x) - mean_x**2 + mean(y * y) - mean_y**2
    covariance = mean(x * y) - mean_x * mean_y
    similarity = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    similarity /= (mean_x**2 + mean_y**2 + _C1) * (variances + _C2)
    return similarity.reshape(len(x), -1).mean(axis=1)


def reconstructions(network: Any, arrays: Any) -> dict[str, np.ndarray]:
    """Measures how a network restores each image: `cross_entropy`, `mse` and `ssim`."""
    rows: dict[str, list[np.ndarray]] = {"cross_entropy": [], "mse": [], "ssim": []}
    for start in range(0, len(arrays), BLOCK):
        images, _, _ = arrays.batch(np.arange(start, min(start + BLOCK, len(arrays))))
        outputs = network.predict(images)
        for name, measure in (
            ("cross_entropy", cross_entropy), ("mse", squared_error), ("ssim", ssim)
        ):  # fmt: skip
            rows[name].append(measure(images, outputs))
    return {name: np.concatenate(parts) for name, parts in rows.items()}


def of_pages(network: Any, pages: ImagePairs) -> dict[str, Scores]:
    """Scores how a network cleans whole pages: `rmse`, `psnr` and `ssim`."""
    errors, similar, sizes = [], [], []
    for noisy, clean in zip(pages.noisy, pages.clean or (), strict=True):
        truth, output = (
            scaled(page)[None, ..., None] for page in (clean, clean_page(network, noisy))
        )
        errors.append(squared_error(truth, output)[0])
        similar.append(ssim(truth, output)[0])
        sizes.append(noisy.size)
    mse = np.array(errors, np.float64)
    return {
        "rmse": rmse(mse, np.array(sizes, np.float64)),
        "psnr": psnr(mse),
        "ssim": Scores(np.array(similar)),
    }


def codes(network: Any, arrays: Any, most: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Returns the codes of images and their labels; of more than `most`, evenly spread ones."""
    count = min(len(arrays), most or len(arrays))
    chosen = np.linspace(0, len(arrays) - 1, count).astype(np.int64)
    blocks = [chosen[start : start + BLOCK] for start in range(0, count, BLOCK)]
    encoded = [network.encode(arrays.batch(block)[0]) for block in blocks]
    return np.concatenate(encoded), arrays.labels[chosen]


def of_codes(network: Any, train: Any, test: Any) -> dict[str, Scores]:
    """Scores what codes tell of the class of test images: `probe_accuracy`, `knn_accuracy`.

    The probe is a logistic regression on up to 10,000 training codes, each number scaled to a
    deviation of 1; the other is the vote of the five nearest of these codes. Where all training
    images have one class there is nothing to tell.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.preprocessing import StandardScaler

    encoded, labels = codes(network, train, PROBED)
    if len(np.unique(labels)) < 2:
        return {}
    scaler = StandardScaler().fit(encoded)
    probe = LogisticRegression(max_iter=200)
    neighbours = KNeighborsClassifier(min(NEIGHBOURS, len(labels)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # an early stop is good enough
        probe.fit(scaler.transform(encoded), labels)
    neighbours.fit(encoded, labels)
    encoded, labels = codes(network, test)
    return {
        "probe_accuracy": Scores(
            np.equal(probe.predict(scaler.transform(encoded)), labels).astype(float)
        ),
        "knn_accuracy": Scores(np.equal(neighbours.predict(encoded), labels).astype(float)),
    }
