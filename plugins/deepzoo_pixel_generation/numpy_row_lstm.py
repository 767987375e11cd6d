"""The PixelRNN of Row LSTMs in NumPy: whole images row by row, or drawn from cached rows.

A Row LSTM (van den Oord et al., 2016a, arXiv 1601.06759, section 3.1) goes from the top row to the
bottom row. The gates of a pixel are the sum of two parts:

- state-to-state: from the hidden states of the three nearest pixels in the row above. It is known
  for a whole row as soon as the row above is full.
- input-to-state: from the features of the pixel and of the one to its left. When an image is
  drawn, it is computed for each pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from deepzoo import ordered_weights
from deepzoo.feedforward import Convolution, Dense, relu
from deepzoo.recurrent import sigmoid

if TYPE_CHECKING:
    from .models import PixelRNN

    Spec = Mapping[str, Any]


class NumpyPixelRNN:
    """`networks.pixel_rnn` after training.

    Args:
        recipe: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.

    Attributes:
        shape: Height and width of images.
        levels: Levels of grey.
    """

    def __init__(self, recipe: PixelRNN, spec: Spec, arrays: Mapping[str, np.ndarray]) -> None:
        self.shape, self.levels = (spec["height"], spec["width"]), spec["levels"]
        with ordered_weights(arrays) as weights:
            self.above = Convolution(next(weights), next(weights), "valid")
            before = next(weights)
            self.before = Dense(before.reshape(-1, before.shape[-1]))
            self.layers = [RowLSTM(recipe, spec, weights) for _ in range(recipe.layers)]
            self.hidden, self.output = _dense(weights), _dense(weights)

    @property
    def reach(self) -> int:
        """Pixels to each side and rows above that the first convolution sees."""
        return len(self.before.kernel)

    def predict(self, inputs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Returns the logits of all pixels, as the Keras network does.

        Args:
            inputs: Pixels, float32 [n, height, width] from 0 to 1, and labels, int [n].

        Returns:
            float32 [n, height, width, levels].
        """
        pixels, labels = inputs
        n, (height, width), reach = len(pixels), self.shape, self.reach
        around = np.pad(pixels[..., None], ((0, 0), (reach, 0), (reach, reach), (0, 0)))
        # The pixels to the left of each one, which the other half of that convolution sees.
        windows = sliding_window_view(around[:, reach:, : reach + width - 1, 0], reach, axis=2)
        states = [layer.start(n, width) for layer in self.layers]
        logits = np.empty((n, height, width, self.levels), np.float32)
        for row in range(height):
            x = self.look_above(around[:, row : row + reach])
            x = x + self.before(windows[:, row])
            for number, layer in enumerate(self.layers):
                left = np.pad(x, ((0, 0), (1, 0), (0, 0)))[:, :-1]
                h, c = states[number]
                x, states[number] = layer(left, x, layer.above(h, labels), c)
            logits[:, row] = self.logits(x)
        return logits

    def stepper(self, labels: np.ndarray) -> RowStepper:
        """Returns what draws an image of each label."""
        return RowStepper(self, labels)

    def look_above(self, rows: np.ndarray) -> np.ndarray:
        """Computes what a row sees of those above it [n, reach, reach + width + reach, 1]."""
        return self.above(rows)[:, 0]

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Computes the logits of levels [..., levels] from the features of the last layer."""
        return self.output(relu(self.hidden(relu(x))))


class RowLSTM:
    """A layer for a row or a pixel at a time (equation 3 and figure 5).

    Args:
        recipe: The recipe.
        spec: What the network was built for.
        weights: Its weights, from which those of the layer are taken.
    """

    def __init__(self, recipe: PixelRNN, spec: Spec, weights: Iterator[np.ndarray]) -> None:
        self.units, self.residual = recipe.units, recipe.residual
        none = np.zeros((spec["classes"], 1), np.float32)
        self.class_biases = (next(weights) if recipe.by_class else none)[:, None]
        input_to_state, bias = next(weights), next(weights)
        self.input_to_state = Dense(input_to_state.reshape(-1, 4 * self.units), bias)
        self.state_to_state = Dense(next(weights).reshape(-1, 4 * self.units))
        self.up = _dense(weights)

    def start(self, n: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Returns hidden states and cells of the row above the first one: zeros."""
        zeros = np.zeros((n, width, self.units), np.float32)
        return zeros, zeros

    def above(self, h: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Returns the state-to-state part of a row, and what the class adds to it.

        Args:
            h: Hidden states of the row above [n, width, units].
            labels: int [n].
        """
        width = h.shape[1]
        h = np.pad(h, ((0, 0), (1, 1), (0, 0)))
        three = np.concatenate([h[:, i : i + width] for i in range(3)], axis=-1)
        return self.state_to_state(three) + self.class_biases[labels]

    def next_row(self, h: np.ndarray, c: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, ...]:
        """Returns what the stepper keeps for the row below one of hidden states h and cells c."""
        left = np.zeros((len(h), 2 * self.units), np.float32)
        return np.empty_like(h), np.empty_like(c), self.above(h, labels), c, left

    def __call__(
        self, left: np.ndarray, x: np.ndarray, above: np.ndarray, c: np.ndarray
    ) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Computes the layer for pixels of one row.

        Args:
            left: Features of the pixels to their left [..., 2 * units].
            x: Their own features.
            above: What `above` returns for them [..., 4 * units].
            c: Cells of the pixels above them [..., units].

        Returns:
            The features for the next layer, and the hidden states and cells of the pixels.
        """
        gates = self.input_to_state(np.concatenate([left, x], axis=-1)) + above
        i, f, new, o = np.split(gates, 4, axis=-1)
        c = sigmoid(f + 1) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
        return (x + self.up(h) if self.residual else self.up(h)), (h, c)


class RowStepper:
    """Draws images pixel by pixel: what a row needs of those above it is computed once.

    A state holds, for each image: its label; pixels of the rows above and of the row; what the
    first convolution sees above; and for each layer its hidden states and cells in the row, the
    state-to-state part, the cells above, and its input at the last pixel. A step fills arrays
    in place, so each state is used once.

    Args:
        network: The network.
        labels: int [n].
    """

    def __init__(self, network: NumpyPixelRNN, labels: np.ndarray) -> None:
        self.network, self.labels = network, np.asarray(labels)

    def start(self, n: int) -> Any:
        """Returns the state before the first pixel, where all rows above are zeros."""
        network, width, reach = self.network, self.network.shape[1], self.network.reach
        rows = np.zeros((n, reach + 1, reach + width + reach, 1), np.float32)
        layers = [layer.start(n, width) for layer in network.layers]
        return 0, self.labels, rows[:, 1:], rows[:, 0], None, layers

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Takes the level of the last pixel, and returns the logits of the next one."""
        network, reach, width = self.network, self.network.reach, self.network.shape[1]
        position, labels, rows, row, seen, layers = state
        column = position % width
        if position:
            row[:, reach + (position - 1) % width, 0] = tokens / (network.levels - 1)
        if column == 0:
            rows = np.concatenate([rows[:, 1:], row[:, None]], axis=1)
            row, seen = np.zeros_like(row), network.look_above(rows)
            layers = [
                layer.next_row(h, c, labels)
                for layer, (h, c, *_) in zip(network.layers, layers, strict=True)
            ]
        x = seen[:, column] + network.before(row[:, column : column + reach, 0])
        for layer, (h, c, above, c_above, left) in zip(network.layers, layers, strict=True):
            y, (h[:, column], c[:, column]) = layer(left, x, above[:, column], c_above[:, column])
            left[...] = x
            x = y
        return network.logits(x), (position + 1, labels, rows, row, seen, layers)


def _dense(weights: Iterator[np.ndarray]) -> Dense:
    """Takes a 1 x 1 convolution: a dense layer of each pixel."""
    return Dense(next(weights)[0, 0], next(weights))
