"""Models of pixel generation: the default and the published networks."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import Ge, MinLen

from deepzoo import Model, setting


class PixelModel(Model):
    """Base of all networks that tell each pixel from those before it.

    One that learns the classes apart, so that `--label` can ask for one, has `by_class = True`, as
    a setting or as an attribute. A Keras model draws without further code.
    """

    task: ClassVar[str] = "pixel-generation"


class PixelCNN(PixelModel):
    """The default: a gated PixelCNN of two stacks, which draws images of a class."""

    name = "pixel-cnn"
    network = "networks:pixel_cnn"
    numpy_network = "numpy_networks:NumpyPixelCNN"
    defaults = {
        "epochs": 5,
        "batch_size": 16,
        "optimizer": "adamw",
        "learning_rate": 0.006,
        "schedule": "cosine",
        "warmup": 0.05,
        "average": 0.999,
    }

    filters: Annotated[int, Ge(1)] = setting(32, "channels of each layer")
    first: Annotated[int, Ge(3)] = setting(7, "width of the first convolution, an odd number")
    dilations: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = setting(
        (1, 2, 4, 8, 1, 2, 4, 8), "distance of the pixels that each gated layer looks at"
    )
    by_class: bool = setting(True, "learn each class apart, so that `--label` can ask for one")


class PixelRNN(PixelModel):
    """Row LSTMs with residual connections (van den Oord et al., 2016a), smaller than published."""

    name = "pixel-rnn"
    network = "networks:pixel_rnn"
    numpy_network = "numpy_row_lstm:NumpyPixelRNN"
    defaults = {
        "epochs": 4,
        "batch_size": 16,
        "optimizer": "rmsprop",
        "learning_rate": 0.004,
        "schedule": "cosine",
    }

    layers: Annotated[int, Ge(1)] = setting(2, "Row LSTM layers")
    units: Annotated[int, Ge(1)] = setting(32, "units of each pixel in a layer")
    residual: bool = setting(True, "add the input of each layer to its output")
    by_class: bool = setting(False, "learn each class apart, so that `--label` can ask for one")


class PixelVAE(PixelModel):
    """A variational autoencoder of dense layers (Kingma and Welling, 2014), beside the others."""

    name = "pixel-vae"
    network = "whole_images:pixel_vae"
    by_class: ClassVar[bool] = False
    defaults = {"epochs": 40, "batch_size": 128}

    code: Annotated[int, Ge(1)] = setting(20, "how many numbers the code of an image has")
    units: Annotated[int, Ge(1)] = setting(400, "units of each of two layers, before and after")


class PixelGAN(PixelModel):
    """A generative adversarial network of dense layers (Goodfellow et al., 2014)."""

    name = "pixel-gan"
    network = "whole_images:pixel_gan"
    by_class: ClassVar[bool] = False
    training_settings: ClassVar[tuple[str, ...] | None] = tuple(  # its loss is its own
        item.name for item in Model.settings() if item.name not in ("order", "loss")
    )
    keeps_last = True  # its losses do not say which epoch draws best
    defaults = {"epochs": 40, "batch_size": 64, "optimizer": "rmsprop", "learning_rate": 0.0002}

    code: Annotated[int, Ge(1)] = setting(64, "how many random numbers an image is drawn from")
    units: Annotated[int, Ge(1)] = setting(400, "units of each of two layers, of both players")


MODELS: tuple[type[Model], ...] = (PixelCNN, PixelRNN, PixelVAE, PixelGAN)
