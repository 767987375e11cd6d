"""The published experiments of autoencoding and of denoising, as data."""

from __future__ import annotations

from deepzoo import Experiment, Figure

_BLOG = "A report on autoencoders, after the examples of the Keras blog"
_LETTERS = tuple("ABCDEFGHI")
_ADADELTA = {
    "dataset.splits": "report",
    "model.optimizer": "adadelta",
    "model.learning_rate": 1.0,
    "model.batch_size": 256,
    "model.epochs": 50,
    "model.watch_test": True,
}


class MnistAutoencoder(Experiment):
    """784-32-784 on digits, "24.5 times compressed", watched on the test images."""

    name = "mnist-autoencoder"
    source = _BLOG
    dataset = "mnist"
    model = "autoencoder"
    settings = {**_ADADELTA, "task.code": 32}
    figures = (
        Figure("cross_entropy", 0.101, note="validation on the test images, after epoch 50"),
        Figure("loss", 0.103, note="after epoch 50; 0.364 after epoch 1"),
        Figure("test_loss", 0.101, note="after epoch 50; 0.271 after epoch 1"),
    )


class MnistAutoencoderDeep(MnistAutoencoder):
    """784-128-64-32-64-128-784, which the report wished for and never ran."""

    name = "mnist-autoencoder-deep"
    model = "deep-autoencoder"
    settings = {**MnistAutoencoder.settings, "model.widths": (128, 64)}
    figures = ()
    claims = ("Compressing gradually would be better.",)


class Letters2D(Experiment):
    """The two numbers of a variational code as a map of letters.

    The report had EMNIST's letters a to i. Those here are A to I of notMNIST.
    """

    name = "letters-2d"
    source = _BLOG
    dataset = "notmnist-letters"
    model = "variational"
    settings = {
        "dataset.splits": "report",
        "kind.keep_classes": _LETTERS,
        "task.code": 2,
        "model.units": 512,
        "model.batch_size": 128,
        "model.epochs": 50,
    }
    claims = (
        "The letters are not easily separable, at least in two dimensions.",
        "Letters are harder to classify than digits.",
    )


class Letters2DPlain(Letters2D):
    """The same map from 784-2-784, whose code is not drawn."""

    name = "letters-2d-plain"
    model = "autoencoder"
    settings = {
        **_ADADELTA,
        "kind.keep_classes": _LETTERS,
        "task.code": 2,
        "model.batch_size": 128,
        "model.watch_test": False,
    }
    claims = Letters2D.claims[:1]


class OfficeDenoise(Experiment):
    """Two convolutions down and two up, on pages with stains and folds.

    The report trained on the pages of NoisyOffice; here the network learns from 300 drawn ones.
    It states neither its optimizer nor its batch size.
    """

    name = "office-denoise"
    source = _BLOG
    dataset = "noisy-office"
    model = "conv-denoiser"
    settings = {
        "dataset.pages": 300,
        "model.filters": 32,
        "model.batch_size": 8,
        "model.epochs": 10,
    }
    claims = ("All noise is removed, but at the cost of some clarity of the text.",)


EXPERIMENTS: tuple[type[Experiment], ...] = (
    MnistAutoencoder,
    MnistAutoencoderDeep,
    Letters2D,
    Letters2DPlain,
    OfficeDenoise,
)
