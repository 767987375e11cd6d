"""The default network of image classification in NumPy: trained weights, no Keras."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import ordered_weights
from deepzoo.feedforward import (
    BatchNormalization,
    Convolution,
    Dense,
    global_average_pooling,
    max_pooling,
    one_blas_thread,
    relu,
)
from deepzoo.recurrent import softmax

if TYPE_CHECKING:
    from .models import ResNetSmall

BATCH = 16  # images at a time: the windows of larger batches do not fit in the processor's cache


class ProbabilityMixin:
    """Gives a network whose outputs are `logits` or `softmax` its probabilities."""

    output: str

    def probabilities(self: Any, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class, float32 [n, classes].

        Args:
            inputs: Images, float32 [n, height, width, channels] from 0 to 1.
        """
        outputs = self.predict(inputs)
        return softmax(outputs) if self.output == "logits" else outputs


class NumpyResNet(ProbabilityMixin):
    """`networks.resnet_small` after training: nothing is augmented or dropped.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(
        self, model: ResNetSmall, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> None:
        widths = list(itertools.pairwise((model.width, *model.widths)))
        shortcuts = [before != after for before, after in widths]
        self.output = model.output
        with ordered_weights(arrays) as weights:
            self.first = Convolution(next(weights))
            # Pooling stands between them: this norm cannot be folded into the convolution.
            self.norm = _norm(weights) if widths else None
            self.blocks = [ResidualBlock(weights, shortcut) for shortcut in shortcuts]
            self.classes = Dense(next(weights), next(weights))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns what the Keras network predicts, float32 [n, classes].

        Args:
            inputs: Images, float32 [n, height, width, channels] from 0 to 1.
        """
        starts = range(0, max(len(inputs), 1), BATCH)
        with one_blas_thread():
            parts = [self._logits(inputs[start : start + BATCH]) for start in starts]
        outputs = np.concatenate(parts)
        return softmax(outputs) if self.output == "softmax" else outputs

    def _logits(self, x: np.ndarray) -> np.ndarray:
        x = self.first(x)
        for index, block in enumerate(self.blocks):
            x = max_pooling(x, padding="valid" if min(x.shape[1:3]) > 1 else "same")
            if index == 0 and self.norm:
                x = relu(self.norm(x))
            x = block(x)
        return self.classes(global_average_pooling(x))


class ResidualBlock:
    """Two 3x3 convolutions beside a shortcut, each with its norm folded in: `relu(F(x) + x)`.

    Args:
        weights: Where the arrays are taken from, in the order of the Keras network.
        shortcut: Whether the shortcut is a 1x1 convolution, because the width changes.
    """

    def __init__(self, weights: Iterator[np.ndarray], shortcut: bool) -> None:
        self.first = Convolution(next(weights)).normalised(_norm(weights))
        self.second = Convolution(next(weights)).normalised(_norm(weights))
        self.shortcut = Convolution(next(weights)) if shortcut else None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Returns images of the same size, with the channels of the block."""
        y = self.second(relu(self.first(x)))
        return relu(y + (self.shortcut(x) if self.shortcut else x))


def _norm(weights: Iterator[np.ndarray]) -> BatchNormalization:
    gamma, beta, mean, variance = [next(weights) for _ in range(4)]
    return BatchNormalization(gamma, beta, mean, variance)
