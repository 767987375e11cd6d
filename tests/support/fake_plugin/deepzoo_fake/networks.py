"""The networks without Keras: two fitted in closed form, one trained in steps."""

from __future__ import annotations

import numpy as np


class ArraysNetwork:
    """A network whose whole state is a dictionary of arrays."""

    def __init__(self, **shapes: tuple[int, ...]) -> None:
        self.learned = {name: np.zeros(shape, "float32") for name, shape in shapes.items()}

    def arrays(self):
        return {name: array.copy() for name, array in self.learned.items()}

    def load_arrays(self, arrays):
        expected = {name: array.shape for name, array in self.learned.items()}
        received = {name: array.shape for name, array in arrays.items()}
        if received != expected:
            raise ValueError(f"Expected arrays {expected}. Received: {received}.")
        self.learned = {name: np.array(array, "float32") for name, array in arrays.items()}


class Centroids(ArraysNetwork):
    """The centre of each class; the nearer the likelier."""

    def __init__(self, features: int, classes: int) -> None:
        super().__init__(centres=(classes, features))

    def fit_arrays(self, inputs, targets):
        for label in range(len(self.learned["centres"])):
            self.learned["centres"][label] = inputs[targets == label].mean(axis=0)

    def predict(self, inputs):
        return softmax(-((inputs[:, None] - self.learned["centres"]) ** 2).sum(axis=-1))


class Mean(ArraysNetwork):
    """Answers the mean of the training points, whatever it is given."""

    def __init__(self, features: int) -> None:
        super().__init__(mean=(features,))

    def fit_arrays(self, inputs, targets):
        self.learned["mean"] = targets.mean(axis=0).astype("float32")

    def predict(self, inputs):
        return np.repeat(self.learned["mean"][None], len(inputs), axis=0)


class Perceptron(ArraysNetwork):
    """One linear layer trained by gradient descent with momentum."""

    def __init__(self, features: int, classes: int, rate: float, momentum: float) -> None:
        super().__init__(kernel=(features, classes), bias=(classes,))
        self.velocity = self.arrays()
        self.learning_rate, self.momentum = rate, momentum

    def predict(self, inputs):
        return softmax(inputs @ self.learned["kernel"] + self.learned["bias"])

    def train_step(self, inputs, targets, weights):
        weights = np.ones(len(inputs), "float32") if weights is None else weights
        probabilities = self.predict(inputs)
        rows = np.arange(len(inputs))
        loss = -np.average(np.log(probabilities[rows, targets] + 1e-7), weights=weights)
        errors = (probabilities - np.eye(probabilities.shape[1])[targets]) * weights[:, None]
        errors = (errors / weights.sum()).astype("float32")
        gradients = {"kernel": inputs.T @ errors, "bias": errors.sum(axis=0)}
        for name, gradient in gradients.items():
            self.velocity[name] = (
                self.momentum * self.velocity[name] - self.learning_rate * gradient
            )
            self.learned[name] = self.learned[name] + self.velocity[name]
        return {"loss": float(loss)}

    def test_step(self, inputs, targets, weights):
        probabilities = self.predict(inputs)[np.arange(len(inputs)), targets]
        return {"loss": float(-np.log(probabilities + 1e-7).mean())}

    def state(self):
        velocity = {f"velocity/{name}": array.copy() for name, array in self.velocity.items()}
        return {**self.arrays(), **velocity}

    def load_state(self, arrays):
        self.load_arrays({name: arrays[name] for name in self.learned})
        self.velocity = {name: np.array(arrays[f"velocity/{name}"]) for name in self.learned}


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype("float32")
