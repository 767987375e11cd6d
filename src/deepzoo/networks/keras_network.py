"""The adapter that makes a `keras.Model` a deepzoo `Network`."""

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

    A plugin may subclass it to give its networks further methods, and return such an
    object from `Model.build`.

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
                whatever else the model's own `predict` takes.
            batch_size: Examples at a time.

        Returns:
            The outputs, first axis the examples; a list of them if the model has several.
        """
        # Each replica would get the whole of a single batch; Keras knows all forms of inputs.
        if replicas(self.model) > 1 or len(self.model.outputs) > 1 or not _plain(inputs):
            return self.model.predict(inputs, batch_size=batch_size, verbose=0)  # pyright: ignore[reportArgumentType, reportReturnType]
        # One compiled call per batch: the pipeline of `predict` takes longer to set up and to
        # end than a small network to answer.
        count = len(inputs[0] if isinstance(inputs, tuple) else inputs)
        size = max(1, min(batch_size, count))
        starts = range(0, max(count, 1), size)
        parts = [self.model.predict_on_batch(_batch(inputs, start, size)) for start in starts]
        return np.concatenate(parts)[:count]

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights, by position and the unnumbered end of their path.

        Keras' own paths carry a counter of the process and would not fit in another one.
        """
        return dict(zip(self._keys(), read_all(self.model.weights), strict=True))

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over weights; refuses other names and shapes; converts float16 files."""
        check_match(dict(zip(self._keys(), self.model.weights, strict=True)), arrays)
        assign_all(self.model.weights, [arrays[key] for key in self._keys()])

    def reset_states(self) -> None:
        """Sets the carried states of stateful layers to zero."""
        for layer in stateful_layers(self.model):
            layer.reset_state()

    def _keys(self) -> list[str]:
        return position_keys(self.model.weights)


def is_keras(network: Any) -> bool:
    """Says whether a network is a Keras model under the adapter."""
    return getattr(network, "is_keras", False)


def replicas(keras_model: Any) -> int:
    """Returns how many devices a Keras model is copied to."""
    strategy = getattr(keras_model, "distribute_strategy", None)
    return strategy.num_replicas_in_sync if strategy else 1


def _plain(inputs: Any) -> bool:
    """Says whether inputs are an array, or a tuple of arrays."""
    parts = inputs if isinstance(inputs, tuple) else (inputs,)
    return all(isinstance(part, np.ndarray) for part in parts)


def _batch(inputs: Any, start: int, size: int) -> Any:
    """Cuts a batch; the last one is filled up, for each new shape is compiled again."""
    if isinstance(inputs, tuple):
        return tuple(_batch(part, start, size) for part in inputs)
    part = inputs[start : start + size]
    missing = size - len(part)
    return np.concatenate([part, part[-1:].repeat(missing, axis=0)]) if missing else part


def as_network(built: Any) -> Any:
    """Wraps what `Model.build` returned: a bare `keras.Model` gets the adapter."""
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
    import numpy as np
    from keras import ops

    return [np.array(ops.convert_to_numpy(variable)) for variable in variables]


def assign_all(variables: Iterable[Any], arrays: Iterable[np.ndarray]) -> None:
    """Writes NumPy arrays into variables, converted to their types."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array.astype(variable.dtype) if variable.dtype != "bfloat16" else array)


def stateful_layers(model: keras.Model) -> list[Any]:
    """Finds the layers that carry a state from batch to batch."""
    return [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False)]


def carried_states(model: keras.Model) -> list[Any]:
    """Lists the state variables of stateful layers, which are in no list of Keras."""
    return [
        state
        for layer in stateful_layers(model)
        for state in (getattr(layer, "states", None) or [])
        if state is not None
    ]


def synchronise(model: keras.Model) -> None:
    """Brings a model's variables up to date inside an epoch.

    On the JAX backend `fit` keeps the state apart from the variables, and reads it back
    from them after this call; the other backends have nothing to do.
    """
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()


def parameters(network: Any) -> int | None:
    """Counts the weights of a network; None where they are not known before fitting."""
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
