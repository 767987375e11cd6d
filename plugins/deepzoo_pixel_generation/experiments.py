"""The published experiments of pixel generation, as data."""

from __future__ import annotations

from deepzoo import Experiment, Figure

_REPORT = "A report on drawing digits with a PixelRNN, after van den Oord et al. (2016a)"


class MnistPixelRNN(Experiment):
    """Digits drawn by Row LSTMs with residual connections, RMSprop and cross-entropy.

    The report says neither how large its network was nor how long it was trained. Ours is small,
    so that two processor cores train it in a quarter of an hour.
    """

    name = "mnist-pixelrnn"
    source = _REPORT
    dataset = "mnist"
    model = "pixel-rnn"
    settings = {
        "task.binarisation": "sampled",
        "model.layers": 2,
        "model.units": 32,
        "model.residual": True,
        "model.optimizer": "rmsprop",
        "model.batch_size": 16,
        "model.epochs": 4,
    }
    figures = (
        Figure("nll", 80.54, note="the Row LSTM of van den Oord et al. (2016a), table 4"),
        Figure("legible", 0.7, note="an estimate by eye: 30 % illegible"),
    )
    claims = ("An estimated 30 % of the digits that it draws are illegible.",)


class PixelRNNResidual(Experiment):
    """The same with and without residual connections, in networks of two, four and eight layers.

    Each is trained for three epochs on 12,800 digits.
    """

    name = "pixelrnn-residual"
    source = _REPORT
    dataset = "mnist"
    model = "pixel-rnn"
    settings = {
        **MnistPixelRNN.settings,
        "kind.subset": 12_800,
        "model.units": 16,
        "model.epochs": 3,
    }
    grid = {"model.layers": (2, 4, 8), "model.residual": (True, False)}
    claims = ("Residual connections let the network go deeper.",)


class MnistGenerators(Experiment):
    """A variational autoencoder and a GAN beside a network that draws pixel by pixel.

    Their scores are those of drawn images, for they have no likelihood. Each is trained for as
    many epochs as it has by default.
    """

    name = "mnist-generators"
    source = f"{_REPORT}, which wished for it"
    dataset = "mnist"
    model = "pixel-cnn"
    settings = {"task.binarisation": "sampled"}
    grid = {"model": ("pixel-cnn", "pixel-vae", "pixel-gan")}


EXPERIMENTS: tuple[type[Experiment], ...] = (MnistPixelRNN, PixelRNNResidual, MnistGenerators)
