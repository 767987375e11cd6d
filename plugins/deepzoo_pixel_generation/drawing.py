"""Drawing images pixel by pixel, whole or around what is kept of given ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from deepzoo.sampling import PLAIN, Sampling, generate


def draw(
    network: Any,
    labels: np.ndarray,
    sampling: Sampling = PLAIN,
    seed: int = 0,
    kept: np.ndarray | None = None,
) -> np.ndarray:
    """Draws an image for each label.

    Args:
        network: Has `stepper(labels)`, whose tokens are the levels of pixels in the order of
            rows, or draws whole images by `draw(labels, seed)`.
        labels: int [n].
        sampling: How levels are drawn.
        seed: Seed of the noise; image i depends on (seed, i) alone.
        kept: int [n, height, width], levels that are given; -1 where a pixel is drawn.

    Returns:
        Levels, int [n, height, width].
    """
    if hasattr(network, "draw"):
        return network.draw(labels, seed)
    height, width = network.shape
    stepper = network.stepper(labels)
    if kept is not None:
        stepper = _Keeping(stepper, kept.reshape(len(kept), -1))
    start = [np.zeros(1, np.int64)] * len(labels)
    return np.reshape(generate(stepper, start, height * width, sampling, seed), (-1, height, width))


class _Keeping:
    """A stepper that can only write what is kept, where something is.

    Args:
        stepper: Any other.
        kept: int [n, steps], -1 where it is free.
    """

    def __init__(self, stepper: Any, kept: np.ndarray) -> None:
        self.stepper, self.kept = stepper, kept

    def start(self, n: int) -> Any:
        """Returns the state before the first pixel, and its position."""
        return 0, self.stepper.start(n)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by a pixel."""
        position, inner = state
        logits, inner = self.stepper.step(tokens, inner)
        given = self.kept[:, position]
        rows = np.flatnonzero(given >= 0)
        logits[rows] = -np.inf
        logits[rows, given[rows]] = 0
        return logits, (position + 1, inner)
