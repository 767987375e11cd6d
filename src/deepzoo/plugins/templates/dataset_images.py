"""Mine: a dataset for deepzoo, of small labelled images."""

import deepzoo
from deepzoo import Images

CLASSES = ("cross", "frame", "stripes")
SIDE = 16


class Mine(deepzoo.Dataset):
    """Crosses, frames and stripes on noise."""

    name = "mine"
    kind = Images
    license = "CC0-1.0"

    def load(self, files):
        """Draws the images; replace them by yours."""
        import numpy as np

        generator = np.random.default_rng(0)
        labels = np.arange(300) % len(CLASSES)
        pixels = generator.integers(0, 90, (len(labels), SIDE, SIDE, 1), dtype=np.uint8)
        for image, label in zip(pixels, labels, strict=True):
            top, left = generator.integers(0, SIDE - 9, 2)
            shape = image[top : top + 9, left : left + 9]
            if label == 0:
                shape[4], shape[:, 4] = 220, 220
            elif label == 1:
                shape[[0, -1]], shape[:, [0, -1]] = 220, 220
            else:
                shape[::3] = 220
        return self.split(Images(pixels, labels, CLASSES))


@deepzoo.hookimpl
def register_datasets():
    """Tells deepzoo what this plugin adds."""
    return [Mine]
