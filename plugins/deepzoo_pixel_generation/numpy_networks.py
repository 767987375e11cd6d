"""The gated PixelCNN in NumPy: whole images at once, or drawn pixel by pixel from cached rows.

         X X X X X X     Pixel ? may depend on what comes before it in raster order: the rows above
         X X X X X X     (X) and the pixels to its left (o) (van den Oord et al., 2016a, arXiv
    row  o o o ? . .     1601.06759). Two stacks see these without a blind spot (2016b, 1606.05328):

- The vertical stack has features for each row, of that row and all above. They are handed one row
  down: at row r, the horizontal stack reads those of row r - 1.
- The horizontal stack goes along the row. Its first layer does not see the pixel itself, only those
  to the left; later layers may look at features of the pixel's own place.

So a row is needed by the vertical stack only when it is full, and drawing computes nothing twice:
the vertical features of a full row at once, from the few rows of their inputs that the kernels
reach; and the horizontal features of a pixel, from those of the pixels to its left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import ordered_weights
from deepzoo.feedforward import Dense, relu

if TYPE_CHECKING:
    from .models import PixelCNN

    Spec = Mapping[str, Any]

BLOCK = 32  # images that are computed at once: more do not stay in the processor's cache


class NumpyPixelCNN:
    """`networks.pixel_cnn` after training.

    Args:
        recipe: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.

    Attributes:
        shape: Height and width of images.
        levels: Levels of grey.
    """

    def __init__(self, recipe: PixelCNN, spec: Spec, arrays: Mapping[str, np.ndarray]) -> None:
        self.shape, self.levels = (spec["height"], spec["width"]), spec["levels"]
        with ordered_weights(arrays) as weights:
            self.above = Above(next(weights), next(weights), 1)
            self.below = _dense(weights)
            before = next(weights)
            self.reach = before.shape[1]
            self.before = Dense(before.reshape(self.reach, -1))
            self.layers = [
                GatedLayer(recipe, spec, weights, number) for number in range(len(recipe.dilations))
            ]
            self.hidden, self.output = _dense(weights), _dense(weights)

    def predict(self, inputs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Returns the logits of all pixels, as the Keras network does.

        Args:
            inputs: Pixels, float32 [n, height, width] from 0 to 1, and labels, int [n].

        Returns:
            float32 [n, height, width, levels].
        """
        pixels, labels = inputs
        starts = range(0, max(len(pixels), 1), BLOCK)
        parts = [slice(start, start + BLOCK) for start in starts]
        return np.concatenate([self._predict(pixels[part], labels[part]) for part in parts])

    def stepper(self, labels: np.ndarray) -> CachedStepper:
        """Returns what draws an image of each label."""
        return CachedStepper(self, labels)

    def _predict(self, pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
        x = pixels[..., None]
        features, _ = self.look_above(x, labels, self.no_rows(len(x)))
        handed = self.hand_down([_row_down(v) for v in features], labels)
        h = self.before(_from_left(x, range(self.reach, 0, -1))) + handed[0]
        for layer, above in zip(self.layers, handed[1:], strict=True):
            h = h + layer.along(_from_left(h, (layer.dilation, 0)), above)
        return self.logits(h)

    def no_rows(self, n: int) -> list[np.ndarray]:
        """Returns the rows above the first one, for each layer of the vertical stack: zeros."""
        inputs = [self.above, *(layer.above for layer in self.layers)]
        return [np.zeros((n, above.rows, self.shape[1], above.channels), "f4") for above in inputs]

    def look_above(
        self, x: np.ndarray, labels: np.ndarray, rows: list[np.ndarray]
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Computes the vertical stack for one row or more.

        Args:
            x: Their pixels [n, count, width, 1].
            labels: int [n].
            rows: For each layer the rows of its input that lie above them.

        Returns:
            The features of each layer [n, count, width, channels], and the rows for what follows.
        """
        seen = np.concatenate([rows[0], x], axis=1)
        vertical = self.above(seen)
        features, kept = [vertical], [seen[:, -self.above.rows :]]
        for layer, before in zip(self.layers, rows[1:], strict=True):
            seen = np.concatenate([before, vertical], axis=1)
            features.append(layer.above(seen))
            kept.append(seen[:, -layer.above.rows :])
            if layer.class_above is not None:  # of the last layer, the row below alone
                vertical = vertical + gate(features[-1] + layer.class_above[labels])
        return features, kept

    def hand_down(self, features: list[np.ndarray], labels: np.ndarray) -> list[np.ndarray]:
        """Converts vertical features of rows to what the horizontal stack adds in those below."""
        layers = zip(self.layers, features[1:], strict=True)
        later = [layer.below(v) + layer.class_left[labels] for layer, v in layers]
        return [self.below(features[0]), *later]

    def logits(self, h: np.ndarray) -> np.ndarray:
        """Computes the logits of levels [..., levels] from the horizontal stack."""
        return self.output(relu(self.hidden(relu(h))))


class GatedLayer:
    """A layer of both stacks, with a gate in each (2016b, equation 2 and figure 2).

    Args:
        recipe: The recipe.
        spec: What the network was built for.
        weights: Its weights, from which those of the layer are taken.
        number: Number of the layer, from 0.
    """

    def __init__(
        self, recipe: PixelCNN, spec: Spec, weights: Iterator[np.ndarray], number: int
    ) -> None:
        def biases() -> np.ndarray:
            """Takes those of each class (equation 4), which are zeros where it has none."""
            none = np.zeros((spec["classes"], 1), "f4")
            return (next(weights) if recipe.by_class else none)[:, None, None]

        self.dilation = dilation = recipe.dilations[number]
        is_last = number + 1 == len(recipe.dilations)  # after which the vertical stack ends
        self.above = Above(next(weights), next(weights), dilation)
        self.class_above = None if is_last else biases()
        left = next(weights)
        self.left = left.reshape(-1, left.shape[-1])
        self.below = _dense(weights)
        self.class_left = biases()
        self.out = _dense(weights)

    def along(self, pair: np.ndarray, above: np.ndarray) -> np.ndarray:
        """Returns what the layer adds to the horizontal stack.

        Args:
            pair: Features of a pixel to the left and of the pixel itself, [..., 2 * filters].
            above: What the vertical stack hands down [..., 2 * filters].
        """
        return self.out(gate(pair @ self.left + above))


class Above:
    """A convolution over rows from above down to a pixel's own, as wide to the left as the right.

    Args:
        kernel: [height, width, channels, filters].
        bias: [filters].
        dilation: Distance of the pixels that it looks at.
    """

    def __init__(self, kernel: np.ndarray, bias: np.ndarray, dilation: int) -> None:
        self.size, self.dilation, self.channels = kernel.shape[:2], dilation, kernel.shape[2]
        self.rows = (kernel.shape[0] - 1) * dilation  # that it reaches up
        self.dense = Dense(kernel.reshape(-1, kernel.shape[-1]), bias)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Returns [n, count, width, filters] for inputs [n, rows + count, width, channels]."""
        count, width, step = x.shape[1] - self.rows, x.shape[2], self.dilation
        side = self.size[1] // 2 * step
        x = np.pad(x, ((0, 0), (0, 0), (side, side), (0, 0)))
        corners = [(i * step, j * step) for i in range(self.size[0]) for j in range(self.size[1])]
        return self.dense(
            np.concatenate([x[:, y : y + count, z : z + width] for y, z in corners], axis=-1)
        )


class CachedStepper:
    """Draws images pixel by pixel and computes nothing twice.

    A state holds, for each image: its label; the last rows of inputs of the vertical stack; what
    that hands down to the row; and the inputs of the horizontal stack along the row. A step
    fills the last in place, so each state is used once.

    Args:
        network: The network.
        labels: int [n].
    """

    def __init__(self, network: NumpyPixelCNN, labels: np.ndarray) -> None:
        self.network, self.labels = network, np.asarray(labels)

    def start(self, n: int) -> Any:
        """Returns the state before the first pixel."""
        network, width = self.network, self.network.shape[1]
        nothing = [np.zeros((n, 1, width, layer.below.kernel.shape[0]), "f4") for layer in
                   (network, *network.layers)]  # fmt: skip
        handed = [part[:, 0] for part in network.hand_down(nothing, self.labels)]
        # Zeros lie to the left of each row; all else is written before it is read.
        along = [np.zeros((n, network.reach + width, 1), "f4")] + [
            np.zeros((n, layer.dilation + width, layer.out.kernel.shape[0]), "f4")
            for layer in network.layers
        ]
        return 0, self.labels, network.no_rows(n), handed, along

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Takes the level of the last pixel, and returns the logits of the next one."""
        network = self.network
        position, labels, rows, handed, along = state
        y, x = divmod(position, network.shape[1])
        n, pixels = len(tokens), along[0]
        if position:
            last = (position - 1) % network.shape[1]
            pixels[:, network.reach + last, 0] = tokens / (network.levels - 1)
        if y and x == 0:
            row = pixels[:, None, network.reach :]
            features, rows = network.look_above(row, labels, rows)
            handed = [part[:, 0] for part in network.hand_down(features, labels)]
        h = network.before(pixels[:, x : x + network.reach, 0]) + handed[0][:, x]
        for layer, kept, above in zip(network.layers, along[1:], handed[1:], strict=True):
            kept[:, x + layer.dilation] = h
            pair = kept[:, x : x + layer.dilation + 1 : layer.dilation].reshape(n, -1)
            h = h + layer.along(pair, above[:, x])
        return network.logits(h), (position + 1, labels, rows, handed, along)


def gate(x: np.ndarray) -> np.ndarray:
    """Returns `tanh(a) * sigmoid(b)` of the two halves of the channels (2016b, equation 2)."""
    half = x.shape[-1] // 2
    return np.tanh(x[..., :half]) * (np.float32(0.5) + np.float32(0.5) * np.tanh(
        np.float32(0.5) * x[..., half:]))  # fmt: skip


def _dense(weights: Iterator[np.ndarray]) -> Dense:
    """Takes a 1 x 1 convolution: a dense layer of each pixel."""
    return Dense(next(weights)[0, 0], next(weights))


def _row_down(x: np.ndarray) -> np.ndarray:
    """Shifts features [n, height, width, channels] one row down."""
    return np.pad(x, ((0, 0), (1, 0), (0, 0), (0, 0)))[:, :-1]


def _from_left(x: np.ndarray, distances: Iterable[int]) -> np.ndarray:
    """Puts beside each other, for each pixel, the features of those at distances to its left."""
    width = x.shape[2]
    moved = [np.pad(x, ((0, 0), (0, 0), (by, 0), (0, 0)))[:, :, :width] for by in distances]
    return np.concatenate(moved, axis=-1)
