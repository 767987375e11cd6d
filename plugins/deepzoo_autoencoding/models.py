"""Models of autoencoding and of denoising: the published networks and the defaults."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import Ge, MaxLen, MinLen

from deepzoo import Model, setting

_KERAS_BLOG = {"epochs": 50, "batch_size": 256, "optimizer": "adadelta", "learning_rate": 1.0}


class AutoencoderModel(Model):
    """Base of all networks that compress images; the size of the code is the task's setting."""

    task: ClassVar[str] = "autoencoding"
    generative: ClassVar[bool] = False  # whether its codes are normally distributed


class CompressorMLP(AutoencoderModel):
    """The default: dense layers down to the code and up again, with AdamW and cosine decay."""

    name = "compressor-mlp"
    network = "networks:compressor_mlp"
    numpy_network = "numpy_networks:NumpyCompressor"
    defaults = {
        "epochs": 15,
        "batch_size": 128,
        "optimizer": "adamw",
        "learning_rate": 0.002,
        "schedule": "cosine",
        "warmup": 0.05,
        "average": 0.99,
    }

    widths: tuple[Annotated[int, Ge(1)], ...] = setting(
        (512, 256), "units of the layers from the pixels to the code; back they are reversed"
    )


class Autoencoder(AutoencoderModel):
    """One dense layer from the pixels to the code and one back: 784-32-784 as published."""

    name = "autoencoder"
    network = "networks:autoencoder"
    defaults = _KERAS_BLOG

    sparsity: Annotated[float, Ge(0)] = setting(
        0.0, "weight in the loss of the sum of the code's numbers; above 0 many of them are 0"
    )


class DeepAutoencoder(AutoencoderModel):
    """Compresses gradually: 784-128-64-32-64-128-784, the wish of a report."""

    name = "deep-autoencoder"
    network = "networks:deep_autoencoder"
    defaults = _KERAS_BLOG

    widths: tuple[Annotated[int, Ge(1)], ...] = setting(
        (128, 64), "units of the layers from the pixels to the code; back they are reversed"
    )


class Variational(AutoencoderModel):
    """A variational autoencoder (Kingma and Welling, 2014): with `--set code=2` as published."""

    name = "variational"
    network = "networks:variational"
    generative = True
    defaults = {"epochs": 50, "batch_size": 128, "optimizer": "rmsprop"}

    units: Annotated[int, Ge(1)] = setting(512, "units of the hidden layers, before and after")


class PageModel(Model):
    """Base of all networks that clean pages; they take pages of any size."""

    task: ClassVar[str] = "denoising"


class PageUNet(PageModel):
    """The default: a small U-Net (Ronneberger et al., 2015) whose shortcuts are added."""

    name = "page-unet"
    network = "networks:page_unet"
    numpy_network = "numpy_networks:NumpyPageUNet"
    defaults = {
        "epochs": 12,
        "batch_size": 16,
        "optimizer": "adamw",
        "learning_rate": 0.004,
        "schedule": "cosine",
        "warmup": 0.05,
        "average": 0.99,
    }

    widths: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1), MaxLen(5)] = setting(
        (12, 16, 32, 48, 64), "channels of each level, from whole pages to the smallest"
    )


class ConvDenoiser(PageModel):
    """Convolutions with two poolings and two upsamplings, as published."""

    name = "conv-denoiser"
    network = "networks:conv_denoiser"
    defaults = {"epochs": 10, "batch_size": 8}

    filters: Annotated[int, Ge(1)] = setting(32, "filters of each convolution but the last")


MODELS: tuple[type[Model], ...] = (
    CompressorMLP,
    Autoencoder,
    DeepAutoencoder,
    Variational,
    PageUNet,
    ConvDenoiser,
)
