"""The published experiments on CIFAR-10, as data: one network in 25 sizes and under five rules."""

from __future__ import annotations

from deepzoo import Experiment, Figure

_CIFAR = "A report on CIFAR-10, after an assignment of a course on neural networks"
_EPOCHS = 1000
_CIFAR_CNN = {
    "dataset.training": "batch-1",
    "dataset.splits": "report",
    "model.units": 300,
    "model.dropout": 0.0,
    "model.optimizer": "sgd",
    "model.momentum": 0.0,
    "model.learning_rate": 0.001,
    "model.batch_size": 128,
    "model.epochs": _EPOCHS,
    "model.watch_test": True,
}
_MEAN = "mean of the last 200 of 1,000 epochs"
SETTLED = "mean test accuracy of the last 200 epochs"
"""The metric of the report on CIFAR-10: no column of the history, a mean over one."""


class CifarCNN(Experiment):
    """Wide convolutions on 10,000 small photos; feature maps of the first two test images."""

    name = "cifar10-cnn"
    source = _CIFAR
    dataset = "cifar10"
    model = "cifar-cnn"
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


class CifarChannels(Experiment):
    """The same network with 25 pairs of channels.

    The report drops each pair whose test accuracy spans 0.15 or more in the last 200 epochs.
    10-20, 10-40, 10-60, 30-40, 50-20, 50-60 and 90-40 stay, and 90-40 is best again.
    """

    name = "cifar10-channels"
    source = _CIFAR
    dataset = "cifar10"
    model = "cifar-cnn"
    settings = {**_CIFAR_CNN, "model.channels1": 90, "model.channels2": 40}
    grid = {"model.channels1": _FIRST, "model.channels2": _SECOND}
    figures = tuple(
        Figure(SETTLED, value, {"model.channels1": first, "model.channels2": second}, _MEAN)
        for second, row in _TABLE.items()
        for first, value in zip(_FIRST, row, strict=True)
    )
    claims = ("Wide first and narrow second is best.",)


class CifarOptimizers(Experiment):
    """The best pair of channels under four rules, and with dropout."""

    name = "cifar10-optimizers"
    source = _CIFAR
    dataset = "cifar10"
    model = "cifar-cnn"
    settings = CifarChannels.settings
    grid = {
        "model.optimizer": ("sgd", "rmsprop", "adam"),
        "model.momentum": (0.0, 0.1),
        "model.dropout": (0.0, 0.5),
    }
    figures = tuple(
        Figure(
            SETTLED,
            value,
            {"model.optimizer": rule, "model.momentum": momentum, "model.dropout": dropout},
            _MEAN,
        )
        for rule, momentum, dropout, value in (
            ("sgd", 0.0, 0.0, 0.5589),
            ("sgd", 0.1, 0.0, 0.5681),
            ("rmsprop", 0.0, 0.0, 0.4953),
            ("adam", 0.0, 0.0, 0.4953),
            ("sgd", 0.0, 0.5, 0.5597),
        )
    )
    claims = (
        "Momentum settles sooner: accuracy by epoch 600, the loss by epoch 500.",
        "The training loss of RMSprop goes to 0 while its test loss climbs.",
        "Adam peaks early, then spikes to losses near 16.",
        "With dropout, training and test agree.",
        "Dropout is the best on average (its own table says momentum).",
    )


class CifarCombined(Experiment):
    """A wish of the report, never run: dropout together with each of the other rules."""

    name = "cifar10-combined"
    source = _CIFAR
    dataset = "cifar10"
    model = "cifar-cnn"
    settings = {**CifarChannels.settings, "model.dropout": 0.5, "model.momentum": 0.1}
    grid = {"model.optimizer": ("sgd", "adam", "rmsprop"), "model.momentum": (0.1, 0.0)}
    claims = ("Combining them would be much better.",)
