"""The published experiments of pixel generation, as data."""

from __future__ import annotations

from deepzoo import Experiment, Figure

_REPORT = "A report on drawing digits with a PixelRNN"


class MnistPixelRNN(Experiment):
    """Row LSTMs over binary digits: a sheet of new ones, and halves completed."""

    name = "mnist-pixelrnn"
    source = _REPORT
    dataset = "mnist"
    model = "pixel-rnn"
    settings = {"model.optimizer": "rmsprop", "model.residual": True}
    figures = (Figure("legible", 0.7, note="by eye: an estimated 30 % illegible"),)
    claims = ("About 30 % of the digits it draws are illegible.",)


class PixelRNNResidual(Experiment):
    """One, three and six Row LSTMs, with and without residual connections, on 10,000 digits."""

    name = "pixelrnn-residual"
    source = _REPORT
    dataset = "mnist"
    model = "pixel-rnn"
    settings = {"kind.subset": 10_000, "task.drawn": 0}
    grid = {"model.layers": (1, 3, 6), "model.residual": (True, False)}
    claims = ("Residual connections let the network go deeper.",)


class MnistGenerators(Experiment):
    """A PixelCNN, a variational autoencoder and a GAN on one scale, which a report wished for."""

    name = "mnist-generators"
    source = _REPORT
    dataset = "mnist"
    model = "pixel-cnn"
    grid = {"model": ("pixel-cnn", "pixel-vae", "pixel-gan")}


EXPERIMENTS: tuple[type[Experiment], ...] = (MnistPixelRNN, PixelRNNResidual, MnistGenerators)
