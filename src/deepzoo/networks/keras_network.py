"""KerasNetwork, which adapts a `keras.Model` to the interface of networks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DeepzooError
from .weights import check_match

if TYPE_CHECKING:
    import keras


_COUNTER = re.compile(r"_\d+(?=_|$)")


class KerasNetwork:
    """A `keras.Model` with its weights as plain arrays.

    A plugin may subclass it to add methods, and return an instance from `Model.build`.

    Args:
        model: The built Keras model.
    """

    is_keras = True

    def __init__(self, model: keras.Model) -> None:
        self.model = model

    def predict(self, inputs: Any, batch_size: int = 256) -> np.ndarray:
        """Returns the outputs for all `inputs`, computed in batches.

        Args:
            inputs: An array whose first axis is the examples, a tuple of such arrays, or
                anything else that the model's own `predict` takes.
            batch_size: Number of examples in a batch.

        Returns:
            The outputs, first axis the examples; a list of them if the model has several.
        """
        # Each replica would get a whole batch; and Keras knows all forms of inputs.
        parts = inputs if isinstance(inputs, tuple) else (inputs,)
        plain = all(isinstance(part, np.ndarray) for part in parts)
        if replicas(self.model) > 1 or len(self.model.outputs) > 1 or not plain:
            return self.model.predict(inputs, batch_size=batch_size, verbose=0)  # pyright: ignore[reportArgumentType, reportReturnType]
        # One compiled call per batch: for a small network the pipeline of `predict` takes
        # longer to start and to end than the computation.
        count = len(parts[0])
        size = max(1, min(batch_size, count))
        starts = range(0, max(count, 1), size)
        outputs = [self.model.predict_on_batch(_batch(inputs, start, size)) for start in starts]
        return np.concatenate(outputs)[:count]

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights, named by position and the end of their path without counters.

        Keras' own paths contain counters that differ between processes.
        """
        weights = self.model.weights
        return dict(zip(position_keys(weights), read_all(weights), strict=True))

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Loads weights; refuses other names and shapes; converts float16."""
        weights = dict(zip(position_keys(self.model.weights), self.model.weights, strict=True))
        check_match(weights, arrays)
        assign_all(weights.values(), [arrays[key] for key in weights])

    def reset_states(self) -> None:
        """Sets the states of stateful layers to zero."""
        for layer in stateful_layers(self.model):
            layer.reset_state()


def is_keras(network: Any) -> bool:
    """Returns whether a network is a `KerasNetwork`."""
    return getattr(network, "is_keras", False)


def replicas(keras_model: Any) -> int:
    """Returns how many devices a Keras model is copied to."""
    strategy = getattr(keras_model, "distribute_strategy", None)
    return strategy.num_replicas_in_sync if strategy else 1


def _batch(inputs: Any, start: int, size: int) -> Any:
    """Returns a batch; the last one is padded, as every new shape would be compiled again."""
    if isinstance(inputs, tuple):
        return tuple(_batch(part, start, size) for part in inputs)
    part = inputs[start : start + size]
    missing = size - len(part)
    return np.concatenate([part, part[-1:].repeat(missing, axis=0)]) if missing else part


def as_network(built: Any) -> Any:
    """Returns the result of `Model.build` as a network: a `keras.Model` is wrapped."""
    if hasattr(built, "arrays") and hasattr(built, "load_arrays"):
        return built
    return KerasNetwork(built)


def position_keys(variables: Iterable[Any]) -> list[str]:
    """Names variables by position and the end of their path without counters: `0003/kernel`."""
    return [
        f"{position:04d}/{_COUNTER.sub('', variable.path.split('/')[-1])}"
        for position, variable in enumerate(variables)
    ]


def read_all(variables: Iterable[Any]) -> list[np.ndarray]:
    """Copies variables into NumPy arrays; a scalar keeps the shape ()."""
    from keras import ops

    return [np.array(ops.convert_to_numpy(variable)) for variable in variables]


def assign_all(variables: Iterable[Any], arrays: Iterable[np.ndarray]) -> None:
    """Assigns NumPy arrays to variables, converted to their types."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array.astype(variable.dtype) if variable.dtype != "bfloat16" else array)


def stateful_layers(model: keras.Model) -> list[Any]:
    """Returns the layers that carry a state from batch to batch."""
    return [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False)]


def carried_states(model: keras.Model) -> list[Any]:
    """Returns the state variables of stateful layers, which Keras lists nowhere."""
    return [
        state
        for layer in stateful_layers(model)
        for state in (getattr(layer, "states", None) or [])
        if state is not None
    ]


def synchronise(model: keras.Model) -> None:
    """Brings a model's variables up to date inside an epoch.

    With the JAX backend `fit` keeps its state apart from the variables, and reads it from
    them after this call. The other backends need nothing.
    """
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()


def parameters(network: Any) -> int | None:
    """Counts the weights of a network; None if they are unknown before fitting."""
    if is_keras(network):
        return int(network.model.count_params())
    try:
        return sum(int(array.size) for array in network.arrays().values())
    except (DeepzooError, AttributeError, TypeError, ValueError):
        return None


def layers_of(network: Any) -> list[dict[str, Any]]:
    """Lists the layers of a Keras network: name, type, output shape, parameters."""
    if not is_keras(network):
        return []
    return [
        {
            "layer": layer.name,
            "type": type(layer).__name__,
            "output": list(getattr(layer.output, "shape", ())),
            "parameters": int(layer.count_params()),
        }
        for layer in network.model.layers
    ]
