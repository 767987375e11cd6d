"""From photos to classes: what `predict` does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError

from .files.photos import read_photos

if TYPE_CHECKING:
    from deepzoo import Run


def predict(run: Run, *images: Any, top: int = 3) -> Any:
    """Says what photos show.

    Args:
        run: A trained run.
        *images: Picture files; in Python also Pillow images and arrays.
        top: How many classes to list.

    Returns:
        `label`, its `probability`, and the `probabilities` of the likeliest classes; for
        several images a list.
    """
    if not images:
        raise UsageError("There is nothing to look at: expected at least one picture.")
    classes = classes_of(run)
    found = []
    for row in chances(run, pixels_of(run, images)):
        order = np.argsort(-row, kind="stable")[:top]
        listed = {classes[int(index)]: float(row[index]) for index in order}
        label = classes[int(order[0])]
        found.append({"label": label, "probability": listed[label], "probabilities": listed})
    return found[0] if len(images) == 1 else found


def classes_of(run: Run) -> list[str]:
    """Returns the names of the classes that a run tells apart."""
    return list(run.preprocessor["classes"])


def pixels_of(run: Run, images: Sequence[Any]) -> np.ndarray:
    """Reads photos as the network of a run is to see them, uint8 [n, height, width, channels].

    A run that learned from permuted pixels gets them permuted.
    """
    pixels = read_photos(images, run.preprocessor)
    arrange = getattr(run.recipe("kind"), "arrange", None)
    return pixels if arrange is None else arrange(pixels)


def chances(run: Run, pixels: np.ndarray) -> np.ndarray:
    """Returns the probability of each class for uint8 pictures, float [n, classes]."""
    from .scoring import probabilities

    return np.asarray(probabilities(run.network, pixels))
