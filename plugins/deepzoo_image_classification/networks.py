"""Networks of image classification in Keras: one function for each recipe in `models`.

Each takes the recipe and the spec, which is `height`, `width`, `channels`, `classes`,
`mirror`, and the core's `seed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deepzoo import KerasNetwork
from deepzoo.errors import DataError

from .numpy_networks import ProbabilityMixin

if TYPE_CHECKING:
    from .models import CNN, MLP, CifarCNN, ImageModel, Perceptron, ResNetSmall

    Spec = Mapping[str, Any]


class ImageNetwork(ProbabilityMixin, KerasNetwork):
    """A Keras network under the core's adapter that also gives probabilities.

    Args:
        model: The built Keras model.
        output: What it ends in: `logits` or `softmax`.
    """

    def __init__(self, model: Any, output: str) -> None:
        super().__init__(model)
        self.output = output


def perceptron(recipe: Perceptron, spec: Spec) -> ImageNetwork:
    """Builds one dense layer from the pixels to the classes."""
    from keras import layers

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    outputs = _class_layer(recipe, spec)(x)
    return _network(recipe, inputs, outputs)


def mlp(recipe: MLP, spec: Spec) -> ImageNetwork:
    """Builds dense layers with dropout."""
    from keras import layers

    inputs = _images(spec)
    x = layers.Flatten()(inputs)
    for index in range(recipe.layers):
        x = layers.Dense(recipe.units, activation="relu", name=f"dense{index + 1}")(x)
        x = _dropout(x, recipe.dropout, spec["seed"] + index)
    outputs = _class_layer(recipe, spec)(x)
    return _network(recipe, inputs, outputs)


def cnn(recipe: CNN, spec: Spec) -> ImageNetwork:
    """Builds two convolutions, pooling and a dense layer; each can be left out."""
    from keras import layers

    _require_side(recipe, spec, 1 + 2 * (1 + recipe.second_convolution) + recipe.pooling)
    inputs = _images(spec)
    x = layers.Conv2D(recipe.filters1, 3, activation="relu", name="conv1")(inputs)
    if recipe.second_convolution:
        x = layers.Conv2D(recipe.filters2, 3, activation="relu", name="conv2")(x)
    if recipe.pooling:
        x = layers.MaxPooling2D(name="pool")(x)
    x = _dropout(x, recipe.pool_dropout, spec["seed"])
    x = layers.Flatten()(x)
    x = layers.Dense(recipe.units, activation="relu", name="dense")(x)
    x = _dropout(x, recipe.dropout, spec["seed"] + 1)
    outputs = _class_layer(recipe, spec)(x)
    return _network(recipe, inputs, outputs)


def cifar_cnn(recipe: CifarCNN, spec: Spec) -> ImageNetwork:
    """Builds a 9x9 and a 5x5 convolution, each with pooling, and a linear layer."""
    from keras import layers

    _require_side(recipe, spec, 20)
    inputs = _images(spec)
    x = layers.Conv2D(recipe.channels1, 9, activation="relu", name="conv1")(inputs)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(recipe.channels2, 5, activation="relu", name="conv2")(x)
    x = layers.MaxPooling2D(name="pool2")(x)
    x = layers.Flatten()(x)
    x = _dropout(x, recipe.dropout, spec["seed"])
    x = layers.Dense(recipe.units, name="linear")(x)
    x = _dropout(x, recipe.dropout, spec["seed"] + 1)
    outputs = _class_layer(recipe, spec)(x)
    return _network(recipe, inputs, outputs)


def resnet_small(recipe: ResNetSmall, spec: Spec) -> ImageNetwork:
    """Builds residual blocks with pooling before each."""
    from keras import layers

    from .layers import Augment

    x = inputs = _images(spec)
    chosen = ("shift", "erase", "rotate", "shear", "scale", "thicken")
    augmented = {name: getattr(recipe, name) for name in chosen}
    if any(augmented.values()) or spec["mirror"]:
        x = Augment(mirror=spec["mirror"], seed=spec["seed"], name="augment", **augmented)(x)
    x = layers.Conv2D(recipe.width, 3, padding="same", use_bias=False, name="conv0")(x)
    for index, width in enumerate(recipe.widths, start=1):
        padding = "valid" if min(x.shape[1:3]) > 1 else "same"
        x = layers.MaxPooling2D(padding=padding, name=f"pool{index}")(x)
        if index == 1:  # normalised after pooling, where there are four times fewer values
            x = _norm_relu(x, "0")
        x = _residual_block(x, width, str(index))
    x = layers.GlobalAveragePooling2D()(x)
    x = _dropout(x, recipe.dropout, spec["seed"])
    outputs = _class_layer(recipe, spec)(x)
    return _network(recipe, inputs, outputs)


def _residual_block(x: Any, width: int, name: str) -> Any:
    """Two 3x3 convolutions beside a shortcut, which is 1x1 where the width changes."""
    from keras import layers

    y = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"conv{name}a")(x)
    y = _norm_relu(y, f"{name}a")
    y = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"conv{name}b")(y)
    y = layers.BatchNormalization(momentum=0.9, name=f"norm{name}b")(y)
    if x.shape[-1] != width:
        x = layers.Conv2D(width, 1, use_bias=False, name=f"shortcut{name}")(x)
    return layers.ReLU(name=f"relu{name}")(layers.Add(name=f"add{name}")([y, x]))


def _norm_relu(x: Any, name: str) -> Any:
    from keras import layers

    # A low momentum: trainings here have few steps.
    x = layers.BatchNormalization(momentum=0.9, name=f"norm{name}")(x)
    return layers.ReLU(name=f"relu_norm{name}")(x)


def _images(spec: Spec) -> Any:
    import keras

    return keras.Input((spec["height"], spec["width"], spec["channels"]), name="pictures")


def _dropout(x: Any, rate: float, seed: int) -> Any:
    from keras import layers

    return layers.Dropout(rate, seed=seed)(x) if rate else x


def _class_layer(recipe: ImageModel, spec: Spec) -> Any:
    from keras import layers

    activation = "softmax" if recipe.output == "softmax" else None
    return layers.Dense(spec["classes"], activation=activation, dtype="float32", name="classes")


def _network(recipe: ImageModel, inputs: Any, outputs: Any) -> ImageNetwork:
    import keras

    return ImageNetwork(keras.Model(inputs, outputs, name=recipe.name), recipe.output)


def _require_side(recipe: ImageModel, spec: Spec, least: int) -> None:
    if min(spec["height"], spec["width"]) < least:
        raise DataError(
            f"The images are too small for '{recipe.name}': expected at least {least}x{least} "
            f"pixels, received {spec['height']}x{spec['width']}.",
            "Use another model: --model resnet-small",
        )
