"""Networks in Keras: one function for each recipe in `models`.

Each takes the recipe and the spec: `height`, `width`, `levels` of grey, `classes`, and the core's
`seed`. A network gets pixels from 0 to 1 and the number of the class, and returns for each pixel
the logits of its levels, given the pixels before it: those above, and those to its left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork
from deepzoo.errors import UsageError

if TYPE_CHECKING:
    from deepzoo import Stepper

    from .models import PixelCNN, PixelModel, PixelRNN

    Spec = Mapping[str, Any]


class PixelNetwork(KerasNetwork):
    """A Keras network under the core's adapter that also draws.

    It draws in NumPy where its recipe has a NumPy network. Any other network draws by predicting
    the whole image for each pixel, so that a Keras model needs nothing more.

    Args:
        model: The built Keras model: pixels and labels in, logits of levels out.
        recipe: What it was built from, and
        spec: for what; without them it draws by predicting.
    """

    def __init__(self, model: Any, recipe: PixelModel | None = None, spec: Any = None) -> None:
        super().__init__(model)
        self.recipe, self.spec = recipe, spec
        self.shape: tuple[int, int] = tuple(model.output_shape[1:3])
        self.levels: int = model.output_shape[3]

    def stepper(self, labels: np.ndarray) -> Stepper:
        """Returns what draws an image of each label, with the weights as they are now."""
        twin = self.recipe.from_arrays(self.spec, self.arrays()) if self.recipe else None
        return twin.stepper(labels) if twin else PredictingStepper(self, labels)


class PredictingStepper:
    """Draws with any network: it predicts the whole image for each pixel. Slow, but always right.

    Args:
        network: Its `predict` returns logits [n, height, width, levels].
        labels: int [n].
    """

    def __init__(self, network: Any, labels: np.ndarray) -> None:
        self.network, self.labels = network, np.asarray(labels, np.int32)

    def start(self, n: int) -> Any:
        """Returns the state before the first pixel: position, labels and the pixels so far."""
        return 0, self.labels, np.zeros((n, *self.network.shape), np.float32)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Takes the level of the last pixel, and returns the logits of the next one."""
        position, labels, pixels = state
        width = self.network.shape[1]
        if position:
            row, column = divmod(position - 1, width)
            pixels = pixels.copy()
            pixels[:, row, column] = tokens / (self.network.levels - 1)
        logits = self.network.predict((pixels, labels))
        return logits[(slice(None), *divmod(position, width))], (position + 1, labels, pixels)


def pixel_cnn(recipe: PixelCNN, spec: Spec) -> PixelNetwork:
    """Builds a gated PixelCNN (van den Oord et al., 2016b, arXiv 1606.05328, figure 2).

    The vertical stack sees all rows above, the horizontal one the pixels to the left. A single
    stack of masked convolutions (van den Oord et al., 2016a, arXiv 1601.06759) would be blind to
    some pixels above on the right; the two together are not. `numpy_networks` shows what they see.
    """
    import keras
    from keras import layers

    from .layers import Gate

    if recipe.first % 2 == 0:
        raise UsageError(f"first must be an odd number; received {recipe.first}.")
    width = recipe.filters
    pixels, label = inputs_of(spec)
    x = layers.Reshape((spec["height"], spec["width"], 1))(pixels)
    vertical = _conv_above(x, width, 1, recipe.first, "above0")
    horizontal = layers.Add(name="add0")(
        [_row_below(vertical, width, "below0"), _conv_before(x, width, recipe.first, "before0")]
    )
    for number, dilation in enumerate(recipe.dilations, 1):
        v = _conv_above(vertical, 2 * width, dilation, 3, f"above{number}")
        h = _conv_left(horizontal, 2 * width, dilation, f"left{number}")
        h = layers.Add(name=f"join{number}")([h, _row_below(v, 2 * width, f"below{number}")])
        if recipe.by_class:
            v = layers.Add()([v, _bias_of(label, 2 * width, spec, f"class_above{number}")])
            h = layers.Add()([h, _bias_of(label, 2 * width, spec, f"class_left{number}")])
        vertical = layers.Add()([vertical, Gate(name=f"gate_above{number}")(v)])
        h = layers.Conv2D(width, 1, name=f"out{number}")(Gate(name=f"gate_left{number}")(h))
        horizontal = layers.Add(name=f"add{number}")([horizontal, h])
    logits = _logits(horizontal, 2 * width, spec)
    return PixelNetwork(keras.Model([pixels, label], logits, name=recipe.name), recipe, spec)


def pixel_rnn(recipe: PixelRNN, spec: Spec) -> PixelNetwork:
    """Builds a PixelRNN of Row LSTM layers (van den Oord et al., 2016a, table 1 and figure 5).

    Row LSTMs read images row by row from the top, and see a triangle above each pixel.
    """
    import keras
    from keras import layers

    from .layers import RowLSTMCell

    height, width, units = spec["height"], spec["width"], recipe.units
    pixels, label = inputs_of(spec)
    x = layers.Reshape((height, width, 1))(pixels)
    # A masked kernel of 7 x 7 is the sum of these two: it ends at the pixel, without it (mask A).
    above, before = (
        _conv_rows_above(x, 2 * units, 7, "above"),
        _conv_before(x, 2 * units, 7, "before"),
    )
    x = layers.Add(name="add0")([above, before])
    for number in range(1, recipe.layers + 1):
        gates = _conv_left(x, 4 * units, 1, f"input_to_state{number}", use_bias=True)
        if recipe.by_class:
            gates = layers.Add()([gates, _bias_of(label, 4 * units, spec, f"class{number}")])
        rows = layers.Reshape((height, width * 4 * units))(gates)
        cell = RowLSTMCell(width, units)
        rows = layers.RNN(cell, return_sequences=True, name=f"row_lstm{number}")(rows)
        hidden = layers.Reshape((height, width, units))(rows)
        up = layers.Conv2D(2 * units, 1, name=f"up{number}")(hidden)
        x = layers.Add(name=f"add{number}")([x, up]) if recipe.residual else up
    logits = _logits(x, 2 * units, spec)
    return PixelNetwork(keras.Model([pixels, label], logits, name=recipe.name), recipe, spec)


def inputs_of(spec: Spec) -> tuple[Any, Any]:
    """The two inputs of each network: pixels from 0 to 1, and the number of the class."""
    import keras

    pixels = keras.Input((spec["height"], spec["width"]), name="pixels")
    return pixels, keras.Input((), dtype="int32", name="label")


def _conv_above(x: Any, filters: int, dilation: int, size: int, name: str) -> Any:
    """A convolution that sees its own row and rows above, which only rows below may use."""
    from keras import layers

    rows, side = (size + 1) // 2, size // 2 * dilation
    x = layers.ZeroPadding2D((((rows - 1) * dilation, 0), (side, side)))(x)
    return layers.Conv2D(filters, (rows, size), dilation_rate=dilation, name=name)(x)


def _row_below(x: Any, filters: int, name: str) -> Any:
    """Hands features of the vertical stack to the row below, by a 1 x 1 convolution."""
    from keras import layers

    x = layers.Cropping2D(((0, 1), (0, 0)))(layers.ZeroPadding2D(((1, 0), (0, 0)))(x))
    return layers.Conv2D(filters, 1, name=name)(x)


def _conv_rows_above(x: Any, filters: int, size: int, name: str) -> Any:
    """A convolution that sees the rows above alone."""
    from keras import layers

    reach = size // 2
    x = layers.ZeroPadding2D(((reach, 0), (reach, reach)))(x)
    x = layers.Cropping2D(((0, 1), (0, 0)))(x)
    return layers.Conv2D(filters, (reach, size), name=name)(x)


def _conv_before(x: Any, filters: int, size: int, name: str) -> Any:
    """A convolution over the pixels to the left, without the pixel itself (mask A)."""
    from keras import layers

    reach = size // 2
    x = layers.Cropping2D(((0, 0), (0, 1)))(layers.ZeroPadding2D(((0, 0), (reach, 0)))(x))
    return layers.Conv2D(filters, (1, reach), use_bias=False, name=name)(x)


def _conv_left(x: Any, filters: int, dilation: int, name: str, use_bias: bool = False) -> Any:
    """A convolution over a pixel and one to its left (mask B)."""
    from keras import layers

    x = layers.ZeroPadding2D(((0, 0), (dilation, 0)))(x)
    return layers.Conv2D(filters, (1, 2), dilation_rate=dilation, use_bias=use_bias, name=name)(x)


def _bias_of(label: Any, filters: int, spec: Spec, name: str) -> Any:
    from keras import layers

    x = layers.Embedding(spec["classes"], filters, embeddings_initializer="zeros", name=name)(label)
    return layers.Reshape((1, 1, filters))(x)


def _logits(x: Any, hidden: int, spec: Spec) -> Any:
    from keras import layers

    x = layers.Conv2D(hidden, 1, activation="relu", name="hidden")(layers.ReLU()(x))
    return layers.Conv2D(spec["levels"], 1, dtype="float32", name="levels")(x)
