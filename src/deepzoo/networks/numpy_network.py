"""NumpyNetwork: a network without Keras that keeps its weights in a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from .weights import check_match


class NumpyNetwork:
    """Base of networks without Keras: what is stored and loaded follows from `weights`.

    A subclass writes `predict`, and `fit_arrays(inputs, targets)` if it is fitted in closed form
    or `train_step(inputs, targets, weights) -> logs` if it is trained in steps.

    Attributes:
        weights: The weights by name, as they are before the training. A dimension of 0 takes
            any size: what is fitted may replace the array by a larger one.
        slots: Whatever else decides how a training goes on, such as the state of an optimizer.

    Examples:
        >>> class Mean(NumpyNetwork):
        ...     def __init__(self, spec):
        ...         self.weights = {"mean": np.zeros(spec["targets"]["shape"])}
        ...     def fit_arrays(self, inputs, targets):
        ...         self.weights["mean"] = targets.mean(axis=0)
        ...     def predict(self, inputs):
        ...         return np.tile(self.weights["mean"], (len(inputs), 1))
    """

    weights: dict[str, np.ndarray]
    slots: dict[str, np.ndarray]

    def __new__(cls, *arguments: Any, **options: Any) -> Self:
        """Makes both dictionaries, so that an `__init__` need not call that of this class."""
        network = super().__new__(cls)
        network.weights, network.slots = {}, {}
        return network

    def predict(self, inputs: Any) -> Any:
        """Returns the outputs for a batch of inputs."""
        raise NotImplementedError(f"{type(self).__name__} does not implement predict")

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns copies of the weights."""
        return {name: np.array(array) for name, array in self.weights.items()}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Loads weights; refuses other names and shapes. Arrays of the same shape are filled."""
        check_match(self.weights, arrays)
        for name, array in self.weights.items():
            if array.shape == arrays[name].shape:
                array[...] = arrays[name]
            else:
                self.weights[name] = np.array(arrays[name], array.dtype)

    def state(self) -> dict[str, np.ndarray]:
        """Returns copies of the weights and of the slots."""
        return self.arrays() | {name: np.array(slot) for name, slot in self.slots.items()}

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Restores what `state` returned; what is not a weight is a slot."""
        self.load_arrays({name: arrays[name] for name in self.weights if name in arrays})
        self.slots = {
            name: np.array(slot) for name, slot in arrays.items() if name not in self.weights
        }


class RuleNetwork(NumpyNetwork):
    """A function of the inputs as a network: it has no weights, and nothing to learn.

    Args:
        function: Called with the inputs of a batch.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def fit_arrays(self, inputs: Any, targets: Any) -> None:
        """Learns nothing."""

    def predict(self, inputs: Any) -> Any:
        """Returns what the function answers."""
        return self.function(inputs)
