"""Models of image classification: four published networks, and a small residual one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Lt

from deepzoo import Model, setting


class ImageModel(Model):
    """What all networks of image classification share."""

    task: ClassVar[str] = "image-classification"

    batch_size: Annotated[int, Ge(1)] = setting(128, "examples per step")
    loss: Literal["cross_entropy", "mse"] = setting(
        "cross_entropy", "cross-entropy of logits, or squared error of softmax probabilities"
    )
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "share of each training target that is spread over all classes"
    )

    @property
    def output(self) -> Literal["logits", "softmax"]:
        """What the network ends in: squared errors need probabilities, cross-entropy logits."""
        return "softmax" if self.loss == "mse" else "logits"

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for pictures of one size."""
        from . import networks

        return networks.build(self, spec)


class Perceptron(ImageModel):
    """One dense softmax layer from the pixels to the classes."""

    name = "perceptron"

    epochs: Annotated[int, Ge(1)] = setting(2, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "sgd", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(0.01, "step size of the update rule")


class MLP(ImageModel):
    """Dense layers with dropout: 512 and 512 units as published."""

    name = "mlp"

    units: Annotated[int, Ge(1)] = setting(512, "units of each hidden layer")
    layers: Annotated[int, Ge(1)] = setting(2, "hidden layers")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "share dropped after each hidden layer")
    epochs: Annotated[int, Ge(1)] = setting(20, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "rmsprop", "update rule"
    )


class CNN(ImageModel):
    """Two convolutions, a pooling layer and a dense layer, as the first Keras example had them.

    Published on MNIST as it is here, and on Fashion-MNIST with `pool_dropout=0`, in three
    forms: whole, without the second convolution, and without that, pooling and dropout.
    """

    name = "cnn"

    filters1: Annotated[int, Ge(1)] = setting(32, "filters of the first convolution")
    filters2: Annotated[int, Ge(1)] = setting(64, "filters of the second convolution")
    second_convolution: bool = setting(True, "have a second convolution")
    pooling: bool = setting(True, "have a pooling layer after the convolutions")
    pool_dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.25, "share dropped after the convolutions"
    )
    units: Annotated[int, Ge(1)] = setting(128, "units of the dense layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.5, "share dropped after the dense layer")
    epochs: Annotated[int, Ge(1)] = setting(12, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "adadelta", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(1.0, "step size of the update rule")


class CifarCNN(ImageModel):
    """Wide 9x9 and 5x5 convolutions, each with pooling, and a linear layer of 300 units.

    It was published at 1,000 epochs; the default is 30, which take minutes and not a day.
    """

    name = "cifar-cnn"

    channels1: Annotated[int, Ge(1)] = setting(50, "channels of the first convolution, 9x9")
    channels2: Annotated[int, Ge(1)] = setting(60, "channels of the second convolution, 5x5")
    units: Annotated[int, Ge(1)] = setting(300, "units of the linear dense layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "share dropped after flattening and after the dense layer"
    )
    epochs: Annotated[int, Ge(1)] = setting(30, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "sgd", "update rule"
    )


class ResNetSmall(ImageModel):
    """Our default: a small residual network with batch normalisation (He et al., 2016).

    Pooled early, so that most of the work is done on few, wide pictures; trained with AdamW,
    warm-up and cosine decay, shifted and mirrored pictures, smoothed labels and a moving
    average of the weights.
    """

    name = "resnet-small"

    width: Annotated[int, Ge(1)] = setting(32, "channels of the first convolution")
    widths: tuple[Annotated[int, Ge(1)], ...] = setting(
        (48, 96, 192), "channels of the residual blocks; the picture is halved between them"
    )
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.1, "share dropped before the last layer")
    shift: Annotated[int, Ge(0)] = setting(2, "move training pictures by up to N pixels")
    erase: Annotated[int, Ge(0)] = setting(0, "grey out a square of N pixels in training pictures")
    mirror: Literal["auto", "yes", "no"] = setting(
        "auto", "mirror training pictures; auto does if their nearest class mean survives it"
    )
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = setting(
        0.1, "share of each training target that is spread over all classes"
    )
    epochs: Annotated[int, Ge(1)] = setting(15, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "adamw", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(0.003, "step size of the update rule")
    weight_decay: Annotated[float, Ge(0)] = setting(0.05, "decoupled weight decay of adamw")
    schedule: Literal["constant", "cosine", "linear"] = setting(
        "cosine", "how the learning rate falls over the planned steps"
    )
    warmup: Annotated[float, Ge(0), Lt(1)] = setting(0.1, "share of the steps that warm up")
    average: Annotated[float, Ge(0), Lt(1)] = setting(
        0.99, "share that the moving average of the weights keeps each step; 0 is off"
    )


MODELS: tuple[type[Model], ...] = (ResNetSmall, Perceptron, MLP, CNN, CifarCNN)
