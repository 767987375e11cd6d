"""Models of image classification: four published networks, and a small residual one."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, Lt

from deepzoo import Model, setting


class ImageModel(Model):
    """Base of all Keras networks of image classification."""

    task: ClassVar[str] = "image-classification"
    defaults = {"batch_size": 128}

    loss: Literal["cross_entropy", "mse"] = setting(
        "cross_entropy", "cross-entropy of logits, or squared error of softmax probabilities"
    )
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "fraction of each training target that is spread over all classes"
    )

    @property
    def output(self) -> Literal["logits", "softmax"]:
        """What the network ends in: squared errors need probabilities, cross-entropy logits."""
        return "softmax" if self.loss == "mse" else "logits"


class Perceptron(ImageModel):
    """One dense softmax layer from the pixels to the classes."""

    name = "perceptron"
    network = "networks:perceptron"
    defaults = {"epochs": 2, "optimizer": "sgd", "learning_rate": 0.01}


class MLP(ImageModel):
    """Dense layers with dropout: 512 and 512 units as published."""

    name = "mlp"
    network = "networks:mlp"
    defaults = {"epochs": 20, "optimizer": "rmsprop"}

    units: Annotated[int, Ge(1)] = setting(512, "units of each hidden layer")
    layers: Annotated[int, Ge(1)] = setting(2, "hidden layers")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "dropout rate after each hidden layer")


class CNN(ImageModel):
    """Two convolutions, a pooling layer and a dense layer, as the first Keras example had them.

    Published on MNIST as it is here, and on Fashion-MNIST with `pool_dropout=0`, in three
    forms: whole, without the second convolution, and without that, pooling and dropout.
    """

    name = "cnn"
    network = "networks:cnn"
    defaults = {"epochs": 12, "optimizer": "adadelta", "learning_rate": 1.0}

    filters1: Annotated[int, Ge(1)] = setting(32, "filters of the first convolution")
    filters2: Annotated[int, Ge(1)] = setting(64, "filters of the second convolution")
    second_convolution: bool = setting(True, "have a second convolution")
    pooling: bool = setting(True, "have a pooling layer after the convolutions")
    pool_dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.25, "dropout rate after the convolutions"
    )
    units: Annotated[int, Ge(1)] = setting(128, "units of the dense layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.5, "dropout rate after the dense layer")


class CifarCNN(ImageModel):
    """9x9 and 5x5 convolutions with many channels, each with pooling, and a linear layer.

    It was published at 1,000 epochs; the default is 30, which take minutes and not a day.
    """

    name = "cifar-cnn"
    network = "networks:cifar_cnn"
    defaults = {"epochs": 30, "optimizer": "sgd"}

    channels1: Annotated[int, Ge(1)] = setting(50, "channels of the first convolution, 9x9")
    channels2: Annotated[int, Ge(1)] = setting(60, "channels of the second convolution, 5x5")
    units: Annotated[int, Ge(1)] = setting(300, "units of the linear dense layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "dropout rate after flattening and after the dense layer"
    )


class ResNetSmall(ImageModel):
    """The default: a small residual network with batch normalisation (He et al., 2016).

    Pooled early, so that most of the work is done on small feature maps with many channels;
    trained with AdamW, warm-up and cosine decay, shifted and mirrored images, smoothed labels
    and a moving average of the weights.
    """

    name = "resnet-small"
    network = "networks:resnet_small"
    numpy_network = "numpy_networks:NumpyResNet"
    numpy_limit = 1_500  # of 64x64 pixels; of 28x28 it would be sooner for six times as many
    defaults = {
        "label_smoothing": 0.1,
        "epochs": 15,
        "optimizer": "adamw",
        "learning_rate": 0.003,
        "weight_decay": 0.05,
        "schedule": "cosine",
        "warmup": 0.1,
        "average": 0.99,
    }

    width: Annotated[int, Ge(1)] = setting(32, "channels of the first convolution")
    widths: tuple[Annotated[int, Ge(1)], ...] = setting(
        (48, 96, 192), "channels of the residual blocks; the image is halved between them"
    )
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.1, "dropout rate before the last layer")
    shift: Annotated[int, Ge(0)] = setting(2, "shift training images by up to N pixels")
    erase: Annotated[int, Ge(0)] = setting(0, "grey out a square of N pixels in training images")
    rotate: Annotated[float, Ge(0), Le(180)] = setting(
        0.0, "turn training images by up to N degrees to either side"
    )
    shear: Annotated[float, Ge(0), Le(1)] = setting(
        0.0, "slant training images by up to this fraction of their height"
    )
    scale: Annotated[float, Ge(0), Le(1)] = setting(
        0.0, "make training images larger or smaller by up to this fraction"
    )
    thicken: Annotated[float, Ge(0), Le(1)] = setting(
        0.0, "make bright strokes of training images thicker or thinner by up to N pixels"
    )
    mirror: Literal["auto", "yes", "no"] = setting(
        "auto", "mirror training images; auto: if they then still lie nearest their class mean"
    )


MODELS: tuple[type[Model], ...] = (ResNetSmall, Perceptron, MLP, CNN, CifarCNN)
