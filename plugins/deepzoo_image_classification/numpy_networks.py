"""The default network of image classification in NumPy: the same probabilities, no Keras."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import ordered_weights
from deepzoo.feedforward import (
    BatchNormalization,
    Convolution,
    Dense,
    global_average_pooling,
    max_pooling,
    relu,
)
from deepzoo.recurrent import softmax

if TYPE_CHECKING:
    from .models import ResNetSmall


class NumpyResNet:
    """`networks.resnet_small`, trained, in NumPy.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(
        self, model: ResNetSmall, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> None:
        self.output = model.output
        with ordered_weights(arrays) as weights:
            self.first, self.norm = Convolution(next(weights)), _norm(weights)
            changes = [before != width for before, width in pairwise((model.width, *model.widths))]
            self.blocks = [ResidualBlock(weights, has_shortcut=change) for change in changes]
            self.classes = Dense(next(weights), next(weights))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns what the Keras network returns: logits, or probabilities, [n, classes].

        Args:
            inputs: Images, float32 [n, height, width, channels] from 0 to 1.
        """
        x = self.first(np.asarray(inputs, np.float32))
        for number, block in enumerate(self.blocks):
            x = max_pooling(x, "valid" if min(x.shape[1:3]) > 1 else "same")
            if number == 0:
                x = relu(self.norm(x))
            x = block(x)
        logits = self.classes(global_average_pooling(x))
        return softmax(logits) if self.output == "softmax" else logits

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class, float32 [n, classes]."""
        outputs = self.predict(inputs)
        return softmax(outputs) if self.output == "logits" else outputs


class ResidualBlock:
    """Two convolutions beside a shortcut, with batch normalisation folded into them.

    Args:
        weights: The weights of the network, from the first of this block on.
        has_shortcut: Whether the shortcut is a convolution, too, because the width changes.
    """

    def __init__(self, weights: Iterator[np.ndarray], has_shortcut: bool) -> None:
        self.first, self.second = [_normalised_convolution(weights) for _ in range(2)]
        self.shortcut = Convolution(next(weights)) if has_shortcut else None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Computes the block for maps [n, height, width, channels]."""
        y = self.second(relu(self.first(x)))
        return relu(y + (x if self.shortcut is None else self.shortcut(x)))


def _normalised_convolution(weights: Iterator[np.ndarray]) -> Convolution:
    convolution = Convolution(next(weights))
    return _norm(weights).folded_into(convolution)


def _norm(weights: Iterator[np.ndarray]) -> BatchNormalization:
    gamma, beta, mean, variance = [next(weights) for _ in range(4)]
    return BatchNormalization(gamma, beta, mean, variance)
