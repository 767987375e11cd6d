"""Weights on disk: named NumPy arrays in safetensors files, never pickled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CheckpointError

if TYPE_CHECKING:
    import numpy as np


def to_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Returns arrays as the contents of a safetensors file."""
    import numpy as np
    from safetensors.numpy import save

    # `ascontiguousarray` would turn a scalar into a vector of length 1.
    return save({key: np.asarray(value, order="C") for key, value in arrays.items()})


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """Reads the arrays of a safetensors file.

    Raises:
        CheckpointError: The file is missing, empty, truncated or of another format.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CheckpointError(f"There are no weights at {path}.") from None
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"{path} is not a weights file: {len(content):,} bytes, {error}."
        ) from None


@contextlib.contextmanager
def ordered_weights(arrays: Mapping[str, np.ndarray]) -> Iterator[Iterator[np.ndarray]]:
    """Hands out the weights of a `KerasNetwork` in their order, to rebuild it in NumPy.

    Args:
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.

    Raises:
        CheckpointError: More are asked for than there are, or some are left over at the end.

    Examples:
        >>> import numpy as np
        >>> arrays = {"0000/kernel": np.ones((2, 3)), "0001/bias": np.zeros(3)}
        >>> with ordered_weights(arrays) as weights:
        ...     kernel, bias = next(weights), next(weights)
    """
    import numpy as np

    weights = iter([np.asarray(arrays[key], np.float32) for key in sorted(arrays)])
    try:
        yield weights
    except StopIteration:
        raise CheckpointError(
            f"The weights do not fit the model: {len(arrays)} arrays are too few, some are missing."
        ) from None
    left = len(list(weights))
    if left:
        raise CheckpointError(f"The weights do not fit the model: {left} arrays are left over.")


def check_match(expected: Mapping[str, np.ndarray], received: Mapping[str, np.ndarray]) -> None:
    """Compares names and shapes of two sets of arrays; an expected dimension of 0 takes any size.

    Raises:
        CheckpointError: An array is missing, unexpected, or of another shape.
    """
    missing = [name for name in expected if name not in received]
    extra = [name for name in received if name not in expected]
    if missing or extra:
        raise CheckpointError(
            f"The weights do not fit the network: expected {len(expected)} arrays, received "
            f"{len(received)}; missing {missing[:3] or 'none'}, unexpected {extra[:3] or 'none'}."
        )
    for name, array in expected.items():
        shape, other = tuple(array.shape), tuple(received[name].shape)
        fits = len(shape) == len(other) and all(
            size in (0, size_there) for size, size_there in zip(shape, other, strict=True)
        )
        if not fits:
            raise CheckpointError(
                f"The weights do not fit the network: expected {name} of shape {shape}, "
                f"received {other}."
            )
