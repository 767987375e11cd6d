"""What the tests of image networks share: small pictures of a few blocky shapes."""

from __future__ import annotations

import numpy as np

from deepzoo import Dataset, Splits
from deepzoo.interfaces.image_kinds import Images
from deepzoo.interfaces.random_splits import split_random

CLASSES = ("cross", "bar", "corner", "frame")


def pictures(count: int = 160, size: int = 20, channels: int = 1, seed: int = 0) -> Images:
    """Draws bright blocks on black, a pattern for each class, with noise."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, len(CLASSES), count)
    patterns = np.random.default_rng(7).integers(0, 2, (len(CLASSES), 5, 5)) * 180
    blocks = np.kron(patterns, np.ones((size // 5, size // 5)))[labels][..., None]
    noise = rng.integers(0, 70, (*blocks.shape[:3], channels))
    return Images((blocks + noise).astype(np.uint8), labels, CLASSES)


class Blobs(Dataset):
    """Small pictures of four shapes."""

    name = "blobs"
    kind = Images

    def load(self, files) -> Splits:
        """Draws them, and splits them by class."""
        whole = pictures()
        parts = split_random(len(whole), 0, whole.labels)
        return Splits(*(whole.take(part) for part in parts))


def spec(size: int = 20, channels: int = 1, mirror: bool = False, output: str = "logits"):
    return {
        "height": size,
        "width": size,
        "channels": channels,
        "classes": len(CLASSES),
        "output": output,
        "mirror": mirror,
        "seed": 0,
        "batch_size": 16,
    }
