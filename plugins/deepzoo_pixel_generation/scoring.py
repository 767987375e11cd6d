"""Scores: the exact likelihood of images."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

BLOCK = 256


def log_likelihoods(network: Any, pixels: Any, levels: Any, label: int) -> np.ndarray:
    """Returns the log-likelihood of each pixel of images of a class, in nats.

    Args:
        network: Returns logits [n, height, width, levels].
        pixels: float32 [n, height, width] from 0 to 1.
        levels: The same images as int [n, height, width].
        label: Number of the class.

    Returns:
        float64 [n, height, width].
    """
    logits = network.predict((pixels, np.full(len(pixels), label, np.int32)))
    shifted = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(shifted, levels[..., None].astype(np.int64), axis=-1)[..., 0]
    return chosen - np.log(np.exp(shifted).sum(axis=-1, dtype=np.float64))


def negative_log_likelihood(network: Any, arrays: Any, shares: list[int]) -> np.ndarray:
    """Returns `-log sum_c p(c) p(x | c)` of each image x in nats, over all classes c.

    Args:
        network: The network.
        arrays: The images.
        shares: How many training images each class has.
    """
    prior = np.log(np.maximum(shares, 1e-300) / np.sum(shares))
    rows = []
    for start in range(0, len(arrays), BLOCK):
        (pixels, _), levels, _ = arrays.batch(np.arange(start, min(start + BLOCK, len(arrays))))
        joint = [
            prior[label] + log_likelihoods(network, pixels, levels, label).sum(axis=(1, 2))
            for label in range(len(shares))
            if shares[label]
        ]
        rows.append(-np.logaddexp.reduce(joint, axis=0))
    return np.concatenate(rows)


def bits_per_pixel(nll: np.ndarray, arrays: Any) -> np.ndarray:
    """Converts nats per image to bits per pixel."""
    return nll / (math.prod(arrays.inputs.shape[1:]) * math.log(2))
