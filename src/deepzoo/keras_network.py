"""The adapter that makes a `keras.Model` a deepzoo `Network`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .arrays import check_match

if TYPE_CHECKING:
    import keras
    import numpy as np

_COUNTER = re.compile(r"_\d+(?=_|$)")


class KerasNetwork:
    """A `keras.Model` with its weights as plain arrays.

    A plugin may subclass it to give its networks further methods, and return such an
    object from `Model.build`.

    Args:
        model: The built Keras model.
    """

    def __init__(self, model: keras.Model) -> None:
        self.model = model

    def predict(self, inputs: Any, batch_size: int = 256) -> np.ndarray:
        """Returns the outputs for all `inputs`, computed in batches."""
        return self.model.predict(inputs, batch_size=batch_size, verbose=0)  # pyright: ignore[reportArgumentType, reportReturnType]

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
