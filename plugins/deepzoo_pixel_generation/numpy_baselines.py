"""What the baselines build: a mixture of independent pixels, and nearest training images.

Both tell each pixel from those before it, as all networks of this task do, so that the same
function computes their likelihoods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from deepzoo import NumpyNetwork

BLOCK = 2_000  # images at a time
EXAMPLES = 20  # training images for each component of a mixture, at least
HELD_OUT = 1_000  # training images by which the smoothing of neighbours is chosen
NEIGHBOURS, STRENGTHS = (1, 2, 5, 10, 20, 50, 100), (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


class Mixture(NumpyNetwork):
    """A mixture `p(x) = sum_k w_k prod_i p_ik(x_i)` of images with independent pixels.

    Args:
        spec: Size of the images and number of levels.
        components: Number of components at most; of one alone, pixels are independent.
        smoothing: Added to the count of each level.
        iterations: Iterations of expectation maximisation.
    """

    def __init__(
        self, spec: Mapping[str, Any], components: int, smoothing: float, iterations: int = 1
    ) -> None:
        self.shape = spec["height"], spec["width"]
        self.components, self.smoothing, self.iterations = components, smoothing, iterations
        self.seed = spec.get("seed", 0)
        shape = spec["height"] * spec["width"], spec["levels"], 0
        self.weights = {"shares": np.zeros(0), "levels": np.zeros(shape)}

    def fit_arrays(self, inputs: Any, targets: np.ndarray) -> None:
        """Fits the mixture; its components begin halfway to random training images."""
        pixels, levels, _ = self.weights["levels"].shape
        images = targets.reshape(-1, pixels)
        blocks = [
            _one_hot(images[start : start + BLOCK], levels)
            for start in range(0, len(images), BLOCK)
        ]
        components = max(1, min(self.components, len(images) // EXAMPLES))
        chosen = np.random.default_rng(self.seed).choice(len(images), components, replace=False)
        drawn = images[chosen].T[:, None] == np.arange(levels)[:, None]
        self.weights["levels"] = (drawn + 1 / levels) / 2
        self.weights["shares"] = np.full(components, 1 / components)
        for _ in range(self.iterations):
            self._maximise(*self._expectations(blocks))

    def _expectations(self, blocks: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """Counts the images of each component [k], and their levels [pixels, levels, k]."""
        shape = self.weights["levels"].shape
        logs = np.log(self.weights["levels"])
        black = np.log(self.weights["shares"]) + logs[:, 0].sum(axis=0)
        others = (logs - logs[:, :1]).reshape(-1, shape[2]).astype(np.float32)
        images, counts = np.zeros(shape[2]), np.zeros((shape[0] * shape[1], shape[2]))
        for block in blocks:
            joint = black.astype(np.float32) + block @ others
            posterior = np.exp(joint - joint.max(axis=1, keepdims=True))
            posterior /= posterior.sum(axis=1, keepdims=True)
            images += posterior.sum(axis=0)
            counts += block.T @ posterior
        counts = counts.reshape(shape)
        counts[:, 0] = np.maximum(images - counts.sum(axis=1), 0)  # rounded, it may fall below
        return images, counts

    def _maximise(self, images: np.ndarray, counts: np.ndarray) -> None:
        counts = counts + self.smoothing
        self.weights["levels"] = counts / counts.sum(axis=1, keepdims=True)
        images = images + self.smoothing
        self.weights["shares"] = images / images.sum()

    def stepper(self, labels: np.ndarray) -> MixtureStepper:
        """Returns what draws images pixel by pixel; it does not look at labels."""
        return MixtureStepper(self.weights["shares"], self.weights["levels"])

    def predict(self, inputs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Returns the log-probabilities of the levels of each pixel [n, height, width, levels]."""
        pixels, levels, _ = self.weights["levels"].shape
        images = _levels(inputs[0], levels)
        stepper = self.stepper(inputs[1])
        before, state = np.zeros(len(images), np.int64), stepper.start(len(images))
        logits = np.empty((pixels, len(images), levels))
        for pixel in range(pixels):
            logits[pixel], state = stepper.step(before, state)
            before = images[:, pixel]
        return logits.swapaxes(0, 1).reshape(-1, *self.shape, levels)


class MixtureStepper:
    """Tells each pixel from those before it: they tell how likely each component is by now.

    Args:
        shares: Shares of the components, [k].
        levels: Probabilities of levels, [pixels, levels, k].
    """

    def __init__(self, shares: np.ndarray, levels: np.ndarray) -> None:
        self.shares, self.levels = shares, levels

    def start(self, n: int) -> tuple[int, np.ndarray]:
        """Returns the first position, and the shares for each of `n` images."""
        return 0, np.tile(self.shares, (n, 1))

    def step(
        self, tokens: np.ndarray, state: tuple[int, np.ndarray]
    ) -> tuple[np.ndarray, tuple[int, np.ndarray]]:
        """Reads the level of the pixel before, if there is one, and returns those of the next."""
        position, posterior = state
        if position:
            posterior = posterior * self.levels[position - 1][tokens]
            posterior /= posterior.sum(axis=1, keepdims=True)
        return np.log(posterior @ self.levels[position].T), (position + 1, posterior)


class NearestNeighbours(NumpyNetwork):
    """Keeps the training images, and looks up those with the most similar upper halves.

    A pixel of the lower half has the frequencies of levels of the neighbours, to which those of
    all training images are added with a strength. The number of neighbours and the strength are
    those by which held-out training images are most likely. Pixels of the upper half are
    independent.

    Args:
        spec: Size of the images and number of levels.
        smoothing: Added to the count of each level of all training images.
    """

    def __init__(self, spec: Mapping[str, Any], smoothing: float) -> None:
        self.shape = spec["height"], spec["width"]
        self.upper = (spec["height"] + 1) // 2 * spec["width"]
        self.independent = Mixture(spec, 1, smoothing)
        pixels, levels = spec["height"] * spec["width"], spec["levels"]
        self.weights = {
            "levels": np.zeros((pixels, levels)),
            "images": np.zeros((0, pixels), np.uint8),
            "neighbours": np.ones((), np.int64),
            "strength": np.ones(()),
        }

    def fit_arrays(self, inputs: Any, targets: np.ndarray) -> None:
        """Keeps the images, and chooses the smoothing."""
        self.independent.fit_arrays(inputs, targets)
        self.weights["levels"] = self.independent.weights["levels"][..., 0]
        images = targets.reshape(len(targets), -1).astype(np.uint8)
        held_out = np.zeros(len(images), bool)
        held_out[:: max(2, len(images) // HELD_OUT)] = True
        self.weights["images"] = images[~held_out]
        neighbours = self._nearest(images[held_out], max(NEIGHBOURS))
        lower = images[held_out, self.upper :, None].astype(np.int64)

        def likelihood(count: int, strength: float) -> float:
            levels = self._smoothed(neighbours[:, :count], strength)
            return float(np.log(np.take_along_axis(levels, lower, axis=-1)).mean())

        pairs = [(count, strength) for count in NEIGHBOURS for strength in STRENGTHS]
        count, strength = max(pairs, key=lambda pair: likelihood(*pair))
        self.weights |= {
            "images": images, "neighbours": np.array(count), "strength": np.array(strength)
        }  # fmt: skip

    def _nearest(self, images: np.ndarray, count: int) -> np.ndarray:
        """Returns the numbers of the training images with the most similar upper halves.

        They are [n, count], the nearest first, as measured by the squared differences of levels.
        """
        known = self.weights["images"][:, : self.upper].astype(np.float32)
        lengths = (known**2).sum(axis=1)
        count = min(count, len(known))
        rows = []
        for start in range(0, len(images), 256):
            asked = images[start : start + 256, : self.upper].astype(np.float32)
            distances = lengths - 2 * asked @ known.T
            nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
            order = np.take_along_axis(distances, nearest, axis=1).argsort(axis=1, kind="stable")
            rows.append(np.take_along_axis(nearest, order, axis=1))
        return np.concatenate(rows)

    def _smoothed(self, neighbours: np.ndarray, strength: float) -> np.ndarray:
        """Returns the probabilities of levels in the lower half, [n, pixels, levels]."""
        levels = self.weights["levels"][self.upper :]
        near = self.weights["images"][neighbours, self.upper :]
        counts = np.stack([(near == n).sum(axis=1) for n in range(levels.shape[1])], axis=-1)
        return (counts + strength * levels) / (neighbours.shape[1] + strength)

    def lower(self, images: np.ndarray) -> np.ndarray:
        """Returns the probabilities of levels [n, pixels, levels] in the lower half of images."""
        neighbours = self._nearest(images, int(self.weights["neighbours"]))
        return self._smoothed(neighbours, float(self.weights["strength"]))

    def stepper(self, labels: np.ndarray) -> NeighbourStepper:
        """Returns what draws images pixel by pixel; it does not look at labels."""
        return NeighbourStepper(self)

    def predict(self, inputs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Returns the log-probabilities of the levels of each pixel [n, height, width, levels]."""
        levels = self.weights["levels"]
        images = _levels(inputs[0], levels.shape[1])
        lower = self.lower(images)
        upper = np.broadcast_to(levels[: self.upper], (len(images), self.upper, levels.shape[1]))
        whole = np.concatenate([upper, lower], axis=1)
        return np.log(whole).reshape(-1, *self.shape, levels.shape[1])


class NeighbourStepper:
    """Draws an upper half of independent pixels, and then looks up its neighbours once.

    Args:
        network: What knows the training images.
    """

    def __init__(self, network: NearestNeighbours) -> None:
        self.network = network

    def start(self, n: int) -> tuple[int, np.ndarray, np.ndarray]:
        """Returns position, upper halves, and probabilities in the lower halves: none so far."""
        return 0, np.zeros((n, self.network.upper), np.int64), np.zeros((n, 0))

    def step(
        self, tokens: np.ndarray, state: tuple[int, np.ndarray, np.ndarray]
    ) -> tuple[np.ndarray, tuple[int, np.ndarray, np.ndarray]]:
        """Reads the level of the pixel before, if there is one, and returns those of the next."""
        position, upper, lower = state
        half = self.network.upper
        if 0 < position <= half:
            upper = upper.copy()
            upper[:, position - 1] = tokens
        if position < half:
            levels = self.network.weights["levels"][position]
            return np.log(np.tile(levels, (len(upper), 1))), (position + 1, upper, lower)
        if position == half:
            lower = self.network.lower(upper)
        return np.log(lower[:, position - half]), (position + 1, upper, lower)


def _levels(pixels: np.ndarray, levels: int) -> np.ndarray:
    """Returns pixels from 0 to 1 as levels, int64 [n, height * width]."""
    return np.rint(pixels.reshape(len(pixels), -1) * (levels - 1)).astype(np.int64)


def _one_hot(images: np.ndarray, levels: int) -> Any:
    """Returns levels [n, pixels] one-hot, as a sparse matrix [n, pixels * levels] without black.

    Most pixels of a drawing are black, level 0; without them the matrix is small.
    """
    rows, pixels = np.nonzero(images)
    columns = pixels * levels + images[rows, pixels]
    ones = np.ones(len(rows), np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), (len(images), images.shape[1] * levels))
