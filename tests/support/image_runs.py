"""Small runs of image classification, trained once, for the tests that use them."""

from __future__ import annotations

import numpy as np

DIGITS = {
    "shape": [28, 28, 1],
    "border": 0.0,
    "mean": 33.0,
    "ground": "black",
    "fill": 5 / 7,
    "centred": "mass",
    "centre": [0.5, 0.5],
}
"""What `describe` says of MNIST."""

SETTINGS = {
    "filters1": 4,
    "filters2": 10,
    "units": 16,
    "optimizer": "adam",
    "learning_rate": 0.005,
    "subset": 400,
    "test_subset": 60,
}


def train_small(**settings):
    """Trains a small convolutional network on drawn digits, without baselines."""
    from deepzoo import api

    return api.train(
        "mnist",
        model="cnn",
        sample=True,
        epochs=3,
        batch_size=32,
        settings={**SETTINGS, **settings},
        name="quick",
    )


def stroke(height: int = 200, width: int = 320) -> np.ndarray:
    """Draws a thick 1 in black on white, off the middle; uint8 [height, width]."""
    picture = np.full((height, width), 255, np.uint8)
    picture[40:140, 220:240] = 0
    return picture
