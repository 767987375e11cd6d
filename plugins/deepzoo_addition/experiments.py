"""The published experiments on addition, as data."""

from __future__ import annotations

from typing import ClassVar

from deepzoo import Experiment, Figure, Published


class BinaryAddition(Experiment):
    """A recurrent network in plain NumPy that learns to add two numbers below 128."""

    name = "binary-addition"
    source = "A report on recurrent networks, after a program of a few dozen lines"
    dataset = "addition"
    model = "binary-adder"
    settings: ClassVar = {
        "dataset.base": 2,
        "dataset.digits": 7,
        "dataset.draw": "values",
        "dataset.distinct": False,
        "dataset.examples": 10_000,
        "model.units": 16,
        "model.learning_rate": 0.1,
        "model.batch_size": 1,
        "model.epochs": 1,
    }
    figures = (
        Figure("summed error of the first printed sum", 3.45638663),
        Figure("summed error of the last printed sum", 0.21595037),
        Figure("examples before the first right sums", 6_000, note="about"),
    )
    samples = (
        Published("9+60", "1", {"model.epochs": 0}),
        Published("11+3", "14"),
    )
    claims = ("The first sums are right after about 6,000 examples.",)


class TextAddition(Experiment):
    """An encoder and a decoder that add numbers of up to three digits, in two bases."""

    name = "addition"
    source = "A report on sequence to sequence learning, after an example of Keras"
    dataset = "addition"
    model = "seq2seq-lstm"
    settings: ClassVar = {
        "dataset.digits": 3,
        "dataset.base": 10,
        "dataset.operation": "plus",
        "dataset.draw": "lengths",
        "dataset.examples": 45_000,
        "dataset.validation_examples": 5_000,
        "model.units": 128,
        "model.layers": 1,
        "model.reverse": True,
        "model.optimizer": "adam",
        "model.learning_rate": 0.001,
        "model.batch_size": 128,
        "model.epochs": 200,
    }
    grid: ClassVar = {"dataset.base": (10, 16)}
    figures = (
        Figure("val_accuracy", 0.9992, {"dataset.base": 10, "model.epochs": 200}, "per character"),
        Figure("val_accuracy", 0.9987, {"dataset.base": 16, "model.epochs": 200}, "per character"),
    )
    claims = (
        "The accuracy climbs fast and then fluctuates.",
        "Fifty iterations suffice.",
    )


EXPERIMENTS: tuple[type[Experiment], ...] = (BinaryAddition, TextAddition)
