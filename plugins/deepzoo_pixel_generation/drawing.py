"""Drawing images pixel by pixel: whole ones, and completions of what is kept of a given one.

A stepper of this task emits the levels of pixels in raster order. Its state is made of numbers and,
in lists or tuples, of arrays whose first axis is the images. What depends on the class of an image
is in its state, too: so images may be left out, repeated and put in another order on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deepzoo.sampling import PLAIN, Sampling, generate


def draw(network: Any, labels: np.ndarray, sampling: Sampling = PLAIN, seed: int = 0) -> np.ndarray:
    """Draws an image for each label.

    Args:
        network: A network of this task.
        labels: int [n].
        sampling: How levels are drawn; by a network that draws whole images it is not used.
        seed: Seed of the noise; image i depends on (seed, i) alone.

    Returns:
        Levels, int [n, height, width].
    """
    if hasattr(network, "draw"):
        return network.draw(labels, seed)
    network = with_stepper(network)
    start = [np.zeros(1, np.int64)] * len(labels)
    height, width = network.shape
    levels = generate(network.stepper(labels), start, height * width, sampling, seed)
    return np.reshape(levels, (-1, height, width))


def complete(
    network: Any,
    image: np.ndarray,
    kept: np.ndarray,
    labels: np.ndarray,
    log_weights: np.ndarray,
    count: int = 1,
    seed: int = 0,
) -> np.ndarray:
    """Completes an image several times, each by sequential importance resampling.

    Each completion is one of a group of candidates. A pixel of a candidate is the one that is
    kept, or else drawn. Its weight grows by the likelihood of the kept pixels, given all before
    them. Where a few of a group have nearly all the weight at the end of a row, the group goes on
    with copies of them (Gordon et al., 1993); after the last kept pixel one candidate is chosen by
    weight. If the kept pixels are the first ones, this draws exactly from the network.

    Args:
        network: A network of this task that draws pixel by pixel.
        image: Levels, int [height, width].
        kept: bool [height, width], the pixels that stay.
        labels: int [m], the classes of the candidates of a group.
        log_weights: Float [m], their weights at the start.
        count: Number of completions.
        seed: Seed of the noise.

    Returns:
        Levels, int [count, height, width].
    """
    network, size, width = with_stepper(network), len(labels), image.shape[1]
    levels = np.where(kept, image, -1).ravel()
    first_drawn, end = int(np.argmin(kept)), int(np.flatnonzero(kept)[-1]) + 1
    candidates = _Candidates(
        network.stepper(labels), log_weights, len(levels), np.random.default_rng(seed)
    )
    candidates.advance(levels[:first_drawn])
    candidates.take(np.tile(np.arange(size), count))  # so far all groups are equal
    for position in range(first_drawn, end):
        if position % width == 0:
            candidates.resample(size)
        candidates.advance(levels[position : position + 1])
    candidates.choose(size)
    candidates.advance(levels[end:])
    return candidates.pixels.reshape(count, *image.shape)


class _Candidates:
    """Images that are being drawn, each with a weight.

    Args:
        stepper: Emits their levels.
        log_weights: Float [n].
        length: Pixels of an image.
        generator: Where the noise comes from.
    """

    def __init__(
        self,
        stepper: Any,
        log_weights: np.ndarray,
        length: int,
        generator: np.random.Generator,
    ) -> None:
        self.stepper, self.generator = stepper, generator
        self.log_weights, self.state = log_weights, stepper.start(len(log_weights))
        self.pixels = np.zeros((len(log_weights), length), np.int64)
        self.position = 0

    def advance(self, levels: np.ndarray) -> None:
        """Adds pixels to all: of a level that is kept, or drawn where the level is -1."""
        for level in levels.tolist():
            logits, self.state = self.stepper.step(self.pixels[:, self.position - 1], self.state)
            if level < 0:
                noise = self.generator.gumbel(size=logits.shape)
                self.pixels[:, self.position] = (logits + noise).argmax(axis=1)
            else:
                self.pixels[:, self.position] = level
                self.log_weights = self.log_weights + log_softmax(logits)[:, level]
            self.position += 1

    def take(self, indices: np.ndarray) -> None:
        """Goes on with these images, some of which may be there several times, or not at all."""
        self.pixels, self.log_weights = self.pixels[indices], self.log_weights[indices]
        self.state = _reordered(self.state, indices)

    def choose(self, size: int) -> None:
        """Goes on with one image of each group of `size`, drawn by their weights."""
        noise = self.generator.gumbel(size=len(self.log_weights))
        best = (self.log_weights + noise).reshape(-1, size).argmax(axis=1)
        self.take(np.arange(len(best)) * size + best)

    def resample(self, size: int) -> None:
        """Draws those groups anew by their weights of which these are worth less than half.

        The draws are systematic (Kitagawa, 1996): spread evenly, with one random number a group.
        """
        weights = np.exp(log_softmax(self.log_weights.reshape(-1, size)))
        indices = np.arange(weights.size).reshape(-1, size)
        poor = 1 / np.square(weights).sum(axis=1) < size / 2
        for group in np.flatnonzero(poor):
            points = (np.arange(size) + self.generator.random()) / size
            drawn = np.searchsorted(np.cumsum(weights[group]), points)
            indices[group] = group * size + np.minimum(drawn, size - 1)
        self.take(indices.ravel())
        self.log_weights[np.repeat(poor, size)] = 0  # counted by the number of copies now


def with_stepper(network: Any) -> Any:
    """Returns a network that draws pixel by pixel; a bare Keras network is wrapped."""
    from .networks import PixelNetwork

    return network if hasattr(network, "stepper") else PixelNetwork(network.model)


def _reordered(state: Any, indices: np.ndarray) -> Any:
    if isinstance(state, np.ndarray):
        return state[indices]
    if isinstance(state, (list, tuple)):
        return [_reordered(part, indices) for part in state]
    return state


def log_softmax(x: np.ndarray) -> np.ndarray:
    """Returns the logarithms of the softmax along the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
