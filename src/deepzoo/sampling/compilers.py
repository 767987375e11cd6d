"""Compiling a function of Keras operations, with one function for each backend."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import Any

_programs: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()


def compiled_once(
    network: Any, key: Hashable, function: Callable[[Any, Any, Any], Any]
) -> Callable[[Any, Any], Any]:
    """Compiles a function for a network, once per key; the backend keeps a program per shape.

    Args:
        network: Its `variables` are all Keras variables that the function reads. The program
            is freed with the network.
        key: Identifies the function: equal keys share a program.
        function: `function(network, given, carried)` in Keras operations. Arguments and
            results are nested tuples, lists and dictionaries of arrays or tensors.

    Returns:
        The program, `program(given, carried)`.
    """
    import keras

    known = _programs.setdefault(network, {})
    key = (keras.config.backend(), key)
    if key not in known:
        # A strong reference would keep the network alive as long as its program.
        reference = weakref.ref(network)

        def bound(given: Any, carried: Any) -> Any:
            return function(reference(), given, carried)

        known[key] = _COMPILE[keras.config.backend()](bound, network.variables)
    return known[key]


def _compile_tensorflow(
    function: Callable[..., Any], variables: Sequence[Any]
) -> Callable[..., Any]:
    """Compiles to one graph; variables are read when it runs."""
    import tensorflow

    program: Any = tensorflow.function(function, autograph=False)
    # A program per shape is intended; TensorFlow would warn of it.
    program._omit_frequent_tracing_warning = True
    return program


def _compile_jax(function: Callable[..., Any], variables: Sequence[Any]) -> Callable[..., Any]:
    """Compiles with XLA; variables are passed as arguments, or they would become constants."""
    import jax  # pyright: ignore[reportMissingImports]
    import keras

    def pure(values: list[Any], given: dict[str, Any], carried: tuple[Any, ...]) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return function(given, carried)

    program = jax.jit(pure)
    return lambda given, carried: program([item.value for item in variables], given, carried)


def _compile_torch(function: Callable[..., Any], variables: Sequence[Any]) -> Callable[..., Any]:
    """Runs eagerly: PyTorch cannot compile the loop, and its calls cost little."""
    import torch  # pyright: ignore[reportMissingImports]

    def without_gradients(given: dict[str, Any], carried: tuple[Any, ...]) -> Any:
        import keras

        with torch.no_grad():
            return function(given, keras.tree.map_structure(keras.ops.convert_to_tensor, carried))

    return without_gradients


_COMPILE = {"tensorflow": _compile_tensorflow, "jax": _compile_jax, "torch": _compile_torch}
