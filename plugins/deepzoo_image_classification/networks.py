"""Networks of image classification, built with Keras layers from a recipe and a spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork
from deepzoo.errors import DataError

from .models import CNN, MLP, CifarCNN, ImageModel, Perceptron, ResNetSmall

if TYPE_CHECKING:
    import numpy as np


class ImageNetwork(KerasNetwork):
    """A Keras network under the core's adapter that also gives probabilities.

    Args:
        model: The built Keras model.
        output: What it ends in: `logits` or `softmax`.
    """

    def __init__(self, model: Any, output: str) -> None:
        super().__init__(model)
        self.output = output

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the probability of each class, float32 [n, classes].

        Args:
            inputs: Pictures, float32 [n, height, width, channels] from 0 to 1.
        """
        outputs = self.predict(inputs)
        return softmax(outputs) if self.output == "logits" else outputs


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turns logits into probabilities, row by row."""
    chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)


def build(model: ImageModel, spec: Mapping[str, Any]) -> ImageNetwork:
    """Builds the network of a recipe.

    Args:
        model: One of the recipes of this plugin, or a subclass of one.
        spec: `height`, `width`, `channels`, `classes`, `mirror`, and the core's `seed`.
    """
    import keras

    inputs = keras.Input((spec["height"], spec["width"], spec["channels"]), name="pictures")
    x = next(body for kind, body in _BODIES.items() if isinstance(model, kind))(model, spec, inputs)
    outputs = keras.layers.Dense(
        spec["classes"],
        activation="softmax" if model.output == "softmax" else None,
        dtype="float32",
        name="classes",
    )(x)
    return ImageNetwork(keras.Model(inputs, outputs, name=model.name), model.output)


def _perceptron(model: Perceptron, spec: Mapping[str, Any], x: Any) -> Any:
    import keras

    return keras.layers.Flatten()(x)


def _mlp(model: MLP, spec: Mapping[str, Any], x: Any) -> Any:
    import keras

    x = keras.layers.Flatten()(x)
    for index in range(model.layers):
        x = keras.layers.Dense(model.units, activation="relu", name=f"dense{index + 1}")(x)
        x = _dropout(model.dropout, spec, index)(x)
    return x


def _cnn(model: CNN, spec: Mapping[str, Any], x: Any) -> Any:
    from keras import layers

    _need(model, spec, 1 + 2 * (1 + model.second_convolution) + model.pooling)
    x = layers.Conv2D(model.filters1, 3, activation="relu", name="conv1")(x)
    if model.second_convolution:
        x = layers.Conv2D(model.filters2, 3, activation="relu", name="conv2")(x)
    if model.pooling:
        x = layers.MaxPooling2D(name="pool")(x)
    x = layers.Flatten()(_dropout(model.pool_dropout, spec, 0)(x))
    x = layers.Dense(model.units, activation="relu", name="dense")(x)
    return _dropout(model.dropout, spec, 1)(x)


def _cifar_cnn(model: CifarCNN, spec: Mapping[str, Any], x: Any) -> Any:
    from keras import layers

    _need(model, spec, 20)
    x = layers.Conv2D(model.channels1, 9, activation="relu", name="conv1")(x)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(model.channels2, 5, activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = _dropout(model.dropout, spec, 0)(layers.Flatten()(x))
    x = layers.Dense(model.units, name="linear")(x)
    return _dropout(model.dropout, spec, 1)(x)


def _resnet_small(model: ResNetSmall, spec: Mapping[str, Any], x: Any) -> Any:
    from keras import layers

    from .layers import Augment

    if model.shift or model.erase or spec["mirror"]:
        x = Augment(model.shift, spec["mirror"], model.erase, spec["seed"], name="augment")(x)
    x = layers.Conv2D(model.width, 3, padding="same", use_bias=False, name="conv0")(x)
    for index, width in enumerate(model.widths, start=1):
        # Normalised after pooling, where there are four times fewer values.
        padding = "valid" if min(x.shape[1:3]) > 1 else "same"
        x = layers.MaxPooling2D(padding=padding, name=f"pool{index}")(x)
        if index == 1:
            x = _normalised(x, "0")
        x = _block(x, width, str(index))
    x = layers.GlobalAveragePooling2D()(x)
    return _dropout(model.dropout, spec, 0)(x)


def _block(x: Any, width: int, name: str) -> Any:
    """Two 3x3 convolutions beside a shortcut, which is 1x1 where the width changes."""
    from keras import layers

    y = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"conv{name}a")(x)
    y = _normalised(y, f"{name}a")
    y = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"conv{name}b")(y)
    y = layers.BatchNormalization(momentum=0.9, name=f"norm{name}b")(y)
    if x.shape[-1] != width:
        x = layers.Conv2D(width, 1, use_bias=False, name=f"shortcut{name}")(x)
    return layers.ReLU(name=f"relu{name}")(layers.Add(name=f"add{name}")([y, x]))


def _normalised(x: Any, name: str) -> Any:
    from keras import layers

    # A short memory: trainings here have few steps.
    x = layers.BatchNormalization(momentum=0.9, name=f"norm{name}")(x)
    return layers.ReLU(name=f"relu_norm{name}")(x)


def _dropout(share: float, spec: Mapping[str, Any], index: int) -> Any:
    import keras

    if not share:
        return lambda x: x
    return keras.layers.Dropout(share, seed=spec["seed"] + index)


def _need(model: ImageModel, spec: Mapping[str, Any], least: int) -> None:
    if min(spec["height"], spec["width"]) < least:
        raise DataError(
            f"The pictures are too small for '{model.name}': expected at least {least}x{least} "
            f"pixels, received {spec['height']}x{spec['width']}.",
            "Use another model: --model resnet-small",
        )


_BODIES: dict[type[ImageModel], Callable[[Any, Mapping[str, Any], Any], Any]] = {
    Perceptron: _perceptron,
    MLP: _mlp,
    CNN: _cnn,
    CifarCNN: _cifar_cnn,
    ResNetSmall: _resnet_small,
}


def _softmax(logits: np.ndarray) -> np.ndarray:
    import numpy as np

    chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)


def scaled(pixels: np.ndarray) -> np.ndarray:
    """Turns bytes into what networks see: float32 from 0 to 1."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)
