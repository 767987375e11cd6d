"""Recipes of tiny networks, one for each way in which the core can train."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import Ge, Lt

from deepzoo import Model, setting


class PointDense(Model):
    """A hidden layer with dropout, so that seed states matter, in Keras."""

    name = "point-dense"
    task = "sorting-points"

    epochs: int = setting(3, "passes over the training split")
    batch_size: int = setting(16, "examples per step")
    learning_rate: float = setting(0.05, "step size of the update rule")
    units: Annotated[int, Ge(1)] = setting(8, "units of the hidden layer")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "share of units dropped in training")
    batch_norm: bool = setting(False, "normalise the hidden layer over the batch")
    features: Literal["plain", "squares"] = setting("plain", "whether squares are inputs too")
    noise: Annotated[float, Ge(0)] = setting(0.0, "spread of noise added in training")

    def build(self, spec):
        import keras

        layers = [keras.layers.GaussianNoise(self.noise)] if self.noise else []
        layers.append(keras.layers.Dense(self.units, activation="relu"))
        if self.batch_norm:
            layers.append(keras.layers.BatchNormalization())
        layers.append(keras.layers.Dropout(self.dropout))
        layers.append(keras.layers.Dense(spec["classes"], activation="softmax"))
        return keras.Sequential([keras.Input((spec["features"],)), *layers])


class PointStream(Model):
    """Reads the points in order and carries its state from batch to batch, in Keras."""

    name = "point-stream"
    task = "sorting-points"

    epochs: int = setting(2, "passes over the training split")
    batch_size: int = setting(4, "examples per step")
    order: Literal["shuffled", "streams"] = setting("streams", "row i continues row i")
    learning_rate: float = setting(0.02, "step size of the update rule")
    units: Annotated[int, Ge(1)] = setting(4, "units of the recurrent layer")
    window: Annotated[int, Ge(1)] = setting(4, "points per example")

    def build(self, spec):
        import keras

        from .streams import StreamNetwork

        shape = (spec["batch_size"], self.window, spec["features"])
        layers = [
            keras.Input(batch_shape=shape),
            keras.layers.GRU(self.units, return_sequences=True, stateful=True),
            keras.layers.Dense(spec["classes"], activation="softmax"),
        ]
        return StreamNetwork(keras.Sequential(layers))


class PointPerceptron(Model):
    """One linear layer in NumPy, trained in steps."""

    name = "point-perceptron"
    task = "sorting-points"
    framework = "numpy"

    epochs: int = setting(3, "passes over the training split")
    batch_size: int = setting(16, "examples per step")
    learning_rate: float = setting(0.2, "step size of the update rule")
    momentum: Annotated[float, Ge(0), Lt(1)] = setting(0.9, "momentum of the update rule")

    def build(self, spec):
        from .networks import Perceptron

        return Perceptron(spec["features"], spec["classes"], self.learning_rate, self.momentum)


class PointCentroid(Model):
    """The nearest centre of a class, in closed form."""

    name = "point-centroid"
    task = "sorting-points"
    framework = "numpy"

    def build(self, spec):
        from .networks import Centroids

        return Centroids(spec["features"], spec["classes"])


class PointCopier(Model):
    """Squeezes a point through a narrow layer and restores it, in Keras."""

    name = "point-copier"
    task = "point-copying"

    epochs: int = setting(3, "passes over the training split")
    batch_size: int = setting(16, "examples per step")
    learning_rate: float = setting(0.05, "step size of the update rule")
    code: Annotated[int, Ge(1)] = setting(1, "numbers a point is squeezed to")

    def build(self, spec):
        import keras

        layers = [keras.layers.Dense(self.code), keras.layers.Dense(spec["features"])]
        return keras.Sequential([keras.Input((spec["features"],)), *layers])


class PointMean(Model):
    """The mean of the training points, in closed form."""

    name = "point-mean"
    task = "point-copying"
    framework = "numpy"

    def build(self, spec):
        from .networks import Mean

        return Mean(spec["features"])
