"""The published experiments of image classification, as data."""

from __future__ import annotations

from deepzoo import Experiment, Figure

_ONE_RUN = "from one run"
_LAYERS = ("model.second_convolution", "model.pooling", "model.dropout")
_PERMUTED = ("Permuting the pixels has no effect, far below the spread between initialisations.",)

_CNN = {
    "dataset.splits": "report",
    "model.optimizer": "adadelta",
    "model.learning_rate": 1.0,
    "model.batch_size": 128,
    "model.filters1": 32,
    "model.filters2": 64,
    "model.units": 128,
    "model.label_smoothing": 0.0,
}


class FashionCNN(Experiment):
    """Two convolutions on clothing; then without the second, and without pooling and dropout."""

    name = "fashion-cnn"
    source = "A report on Fashion-MNIST, after the first convolutional example of Keras"
    dataset = "fashion-mnist"
    model = "cnn"
    settings = {
        **_CNN,
        "model.second_convolution": True,
        "model.pooling": True,
        "model.pool_dropout": 0.0,
        "model.dropout": 0.5,
        "model.epochs": 5,
    }
    grid = dict(zip(_LAYERS, ((True, False), (True, False), (0.5, 0.0)), strict=True))
    figures = tuple(
        Figure("accuracy", value, dict(zip(_LAYERS, layers, strict=True)))
        for value, *layers in (
            (0.899, True, True, 0.5),
            (0.897, False, True, 0.5),
            (0.891, False, False, 0.0),
        )
    )
    claims = ("Dropping layers hardly matters.",)


class _OnMnist(Experiment):
    source = "A report on MNIST, after the perceptron and convolutional examples of Keras"
    dataset = "mnist"


class MnistPerceptron(_OnMnist):
    """One dense softmax layer; how it was trained is not in the report."""

    name = "mnist-perceptron"
    model = "perceptron"
    settings = {"dataset.splits": "report", "model.loss": "cross_entropy"}
    figures = (Figure("accuracy", 0.87, note="approximate; optimizer and epochs are not stated"),)


class MnistMLP(_OnMnist):
    """Two dense layers of 512 with dropout, under either loss."""

    name = "mnist-mlp"
    model = "mlp"
    settings = {
        "dataset.splits": "report",
        "kind.permute_pixels": False,
        "model.loss": "cross_entropy",
        "model.units": 512,
        "model.layers": 2,
        "model.dropout": 0.2,
        "model.optimizer": "rmsprop",
        "model.learning_rate": 0.001,
        "model.batch_size": 128,
        "model.epochs": 20,
    }
    grid = {"model.loss": ("cross_entropy", "mse")}
    figures = (
        Figure("accuracy", 0.98, {"model.loss": "cross_entropy"}, "over several runs"),
        Figure("accuracy", 0.98, {"model.loss": "mse"}, "over several runs"),
        Figure("accuracy of 8", 0.9415, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 4", 0.9786, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 9", 0.9802, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 5", 0.9619, {"model.loss": "mse"}, _ONE_RUN),
        Figure("accuracy of 8", 0.9682, {"model.loss": "mse"}, _ONE_RUN),
        Figure("accuracy of 9", 0.9720, {"model.loss": "mse"}, _ONE_RUN),
    )
    claims = ("8 and 9 are always among the worst.",)


class MnistCNN(_OnMnist):
    """Two convolutions, pooling and two dropouts, under either loss."""

    name = "mnist-cnn"
    model = "cnn"
    settings = {
        **_CNN,
        "kind.permute_pixels": False,
        "model.loss": "cross_entropy",
        "model.second_convolution": True,
        "model.pooling": True,
        "model.pool_dropout": 0.25,
        "model.dropout": 0.5,
        "model.epochs": 12,
    }
    grid = {"model.loss": ("cross_entropy", "mse")}
    figures = (
        Figure("accuracy", 0.99, {"model.loss": "cross_entropy"}),
        Figure("accuracy", 0.985, {"model.loss": "mse"}),
        Figure("accuracy of 8", 0.9836, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 6", 0.9843, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 9", 0.9851, {"model.loss": "cross_entropy"}, _ONE_RUN),
        Figure("accuracy of 9", 0.9732, {"model.loss": "mse"}, _ONE_RUN),
        Figure("accuracy of 8", 0.9805, {"model.loss": "mse"}, _ONE_RUN),
        Figure("accuracy of 7", 0.9805, {"model.loss": "mse"}, _ONE_RUN),
    )
    claims = (
        "It is steadier between runs than the dense network.",
        "Cross-entropy is consistently above squared error.",
        "8 and 9 are always among the worst.",
    )


class MnistPermutedMLP(_OnMnist):
    """The dense network on pixels that one fixed random permutation has moved."""

    name = "mnist-permuted"
    model = "mlp"
    settings = {**MnistMLP.settings, "kind.permute_pixels": True}
    grid = {"kind.permute_pixels": (True, False)}
    figures = (Figure("accuracy", 0.98, {"kind.permute_pixels": True}),)
    claims = _PERMUTED


class MnistPermutedCNN(_OnMnist):
    """The convolutions on pixels that one fixed random permutation has moved."""

    name = "mnist-permuted-cnn"
    model = "cnn"
    settings = {**MnistCNN.settings, "kind.permute_pixels": True}
    grid = {"kind.permute_pixels": (True, False)}
    figures = (Figure("accuracy", 0.99, {"kind.permute_pixels": True}),)
    claims = _PERMUTED


_CIFAR_CNN = {
    "dataset.training": "batch-1",
    "dataset.splits": "report",
    "model.units": 300,
    "model.dropout": 0.0,
    "model.optimizer": "sgd",
    "model.momentum": 0.0,
    "model.learning_rate": 0.001,
    "model.batch_size": 128,
    "model.epochs": 1000,
    "model.watch_test": True,
}
_MEAN = "mean of the last 200 of 1,000 epochs"
SETTLED = "mean test accuracy of the last 200 epochs"
"""The metric of the report on CIFAR-10: a mean over a column of the history."""


class _OnCifar(Experiment):
    source = "A report on CIFAR-10, after an assignment of a course on neural networks"
    dataset = "cifar10"
    model = "cifar-cnn"


class CifarCNN(_OnCifar):
    """Two convolutions on 10,000 small photos; feature maps of the first two test images."""

    name = "cifar10-cnn"
    settings = {**_CIFAR_CNN, "model.channels1": 50, "model.channels2": 60}
    figures = (
        Figure(SETTLED, 0.5448, note=_MEAN),
        Figure("parameters", 378_570, note="307,310 with 90 and 40 channels"),
    )
    claims = (
        "Accuracy has settled by epoch 800, the loss by epoch 600.",
        "The first maps show edges, the second look like noise.",
    )


_FIRST, _SECOND = (10, 30, 50, 70, 90), (20, 40, 60, 80, 100)
_TABLE = {
    20: (0.5072, 0.5304, 0.5372, 0.5478, 0.5527),
    40: (0.5165, 0.5441, 0.5496, 0.5489, 0.5589),
    60: (0.5079, 0.5438, 0.5448, 0.5548, 0.5554),
    80: (0.5130, 0.5301, 0.5449, 0.5480, 0.5434),
    100: (0.5093, 0.5357, 0.5433, 0.5575, 0.5468),
}


class CifarChannels(_OnCifar):
    """The same network with 25 pairs of channels.

    The report drops each pair whose test accuracy spans 0.15 or more in the last 200 epochs.
    10-20, 10-40, 10-60, 30-40, 50-20, 50-60 and 90-40 stay, and 90-40 is best again.
    """

    name = "cifar10-channels"
    settings = {**_CIFAR_CNN, "model.channels1": 90, "model.channels2": 40}
    grid = {"model.channels1": _FIRST, "model.channels2": _SECOND}
    figures = tuple(
        Figure(SETTLED, value, {"model.channels1": first, "model.channels2": second}, _MEAN)
        for second, row in _TABLE.items()
        for first, value in zip(_FIRST, row, strict=True)
    )
    claims = ("Wide first and narrow second is best.",)


_RULES = {
    "model.optimizer": ("sgd", "rmsprop", "adam"),
    "model.momentum": (0.0, 0.1),
    "model.dropout": (0.0, 0.5),
}


class CifarOptimizers(_OnCifar):
    """The best pair of channels with four optimizers, and with dropout."""

    name = "cifar10-optimizers"
    settings = CifarChannels.settings
    grid = _RULES
    figures = tuple(
        Figure(SETTLED, value, dict(zip(_RULES, settings, strict=True)), _MEAN)
        for value, *settings in (
            (0.5589, "sgd", 0.0, 0.0),
            (0.5681, "sgd", 0.1, 0.0),
            (0.4953, "rmsprop", 0.0, 0.0),
            (0.4953, "adam", 0.0, 0.0),
            (0.5597, "sgd", 0.0, 0.5),
        )
    )
    claims = (
        "Momentum settles sooner: accuracy by epoch 600, the loss by epoch 500.",
        "The training loss of RMSprop goes to 0 while its test loss climbs.",
        "Adam peaks early, then spikes to losses near 16.",
        "With dropout, training and test agree.",
        "Dropout is the best on average (its own table says momentum).",
    )


class CifarCombined(_OnCifar):
    """Proposed by the report, never run: dropout together with each optimizer."""

    name = "cifar10-combined"
    settings = {**CifarChannels.settings, "model.dropout": 0.5, "model.momentum": 0.1}
    grid = {"model.optimizer": ("sgd", "adam", "rmsprop"), "model.momentum": (0.1, 0.0)}
    claims = ("Combining them would be much better.",)


EXPERIMENTS: tuple[type[Experiment], ...] = (
    FashionCNN,
    MnistPerceptron,
    MnistMLP,
    MnistCNN,
    MnistPermutedMLP,
    MnistPermutedCNN,
    CifarCNN,
    CifarChannels,
    CifarOptimizers,
    CifarCombined,
)
