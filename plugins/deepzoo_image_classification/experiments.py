"""The published experiments of image classification, as data; those on CIFAR-10 are beside."""

from __future__ import annotations

from deepzoo import Experiment, Figure

from .cifar_experiments import CifarChannels, CifarCNN, CifarCombined, CifarOptimizers

_FASHION = "A report on Fashion-MNIST, after the first convolutional example of Keras"
_MNIST = "A report on MNIST, after the perceptron and convolutional examples of Keras"
_COURSE = "from one run"

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
    source = _FASHION
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
    grid = {
        "model.second_convolution": (True, False),
        "model.pooling": (True, False),
        "model.dropout": (0.5, 0.0),
    }
    figures = (
        Figure(
            "accuracy",
            0.899,
            {"model.second_convolution": True, "model.pooling": True, "model.dropout": 0.5},
        ),
        Figure(
            "accuracy",
            0.897,
            {"model.second_convolution": False, "model.pooling": True, "model.dropout": 0.5},
        ),
        Figure(
            "accuracy",
            0.891,
            {"model.second_convolution": False, "model.pooling": False, "model.dropout": 0.0},
        ),
    )
    claims = ("Dropping layers hardly matters.",)


class MnistPerceptron(Experiment):
    """One dense softmax layer; how it was trained is not in the report."""

    name = "mnist-perceptron"
    source = _MNIST
    dataset = "mnist"
    model = "perceptron"
    settings = {"dataset.splits": "report", "model.loss": "cross_entropy"}
    figures = (Figure("accuracy", 0.87, note="about; optimizer and epochs are not told"),)


class MnistMLP(Experiment):
    """Two dense layers of 512 with dropout, under either loss."""

    name = "mnist-mlp"
    source = _MNIST
    dataset = "mnist"
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
        Figure("accuracy of 8", 0.9415, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 4", 0.9786, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 9", 0.9802, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 5", 0.9619, {"model.loss": "mse"}, _COURSE),
        Figure("accuracy of 8", 0.9682, {"model.loss": "mse"}, _COURSE),
        Figure("accuracy of 9", 0.9720, {"model.loss": "mse"}, _COURSE),
    )
    claims = ("8 and 9 are always among the worst.",)


class MnistCNN(Experiment):
    """Two convolutions, pooling and two dropouts, under either loss."""

    name = "mnist-cnn"
    source = _MNIST
    dataset = "mnist"
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
        Figure("accuracy of 8", 0.9836, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 6", 0.9843, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 9", 0.9851, {"model.loss": "cross_entropy"}, _COURSE),
        Figure("accuracy of 9", 0.9732, {"model.loss": "mse"}, _COURSE),
        Figure("accuracy of 8", 0.9805, {"model.loss": "mse"}, _COURSE),
        Figure("accuracy of 7", 0.9805, {"model.loss": "mse"}, _COURSE),
    )
    claims = (
        "It is steadier between runs than the dense network.",
        "Cross-entropy is consistently above squared error.",
        "8 and 9 are always among the worst.",
    )


_PERMUTED = ("Permuting the pixels has no effect, far below the spread between initialisations.",)


class MnistPermutedMLP(Experiment):
    """The dense network on pixels that one fixed random permutation has moved."""

    name = "mnist-permuted"
    source = _MNIST
    dataset = "mnist"
    model = "mlp"
    settings = {**MnistMLP.settings, "kind.permute_pixels": True}
    grid = {"kind.permute_pixels": (True, False)}
    figures = (Figure("accuracy", 0.98, {"kind.permute_pixels": True}),)
    claims = _PERMUTED


class MnistPermutedCNN(Experiment):
    """The convolutions on pixels that one fixed random permutation has moved."""

    name = "mnist-permuted-cnn"
    source = _MNIST
    dataset = "mnist"
    model = "cnn"
    settings = {**MnistCNN.settings, "kind.permute_pixels": True}
    grid = {"kind.permute_pixels": (True, False)}
    figures = (Figure("accuracy", 0.99, {"kind.permute_pixels": True}),)
    claims = _PERMUTED


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
