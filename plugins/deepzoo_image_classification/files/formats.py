"""Files of images as they are published: IDX, `.npz`, and the batches of CIFAR-10.

What a header claims is compared with the size of the file before memory is taken for it.
"""

from __future__ import annotations

import gzip
import io
import math
import pickle
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from deepzoo.errors import DataError, UnsafeFileError
from deepzoo.readers import read_member

IMAGES, LABELS = 3, 1
_MOST_DEFLATED = 1040  # gzip cannot shrink anything to less than this part
_PIXELS = 3 * 32 * 32
_RECORD = 1 + _PIXELS


def read_idx(path: str | Path, dimensions: int, data: bytes | None = None) -> np.ndarray:
    """Reads an IDX file of bytes, plain or gzipped.

    Args:
        path: The file, and what errors call it.
        dimensions: 3 for images [N, height, width], 1 for labels [N].
        data: Its content, where it comes from an archive.

    Raises:
        DataError: It is cut, damaged, or no IDX file of this shape.
    """
    try:
        raw = Path(path).read_bytes() if data is None else data
        stream: BinaryIO = io.BytesIO(raw)
        if raw[:2] == b"\x1f\x8b":
            stream = gzip.GzipFile(fileobj=stream)  # pyright: ignore[reportAssignmentType]
        return _read_idx(stream, dimensions, len(raw), str(path))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is damaged or cut: {error}.", "Fetch it again.") from error


def _read_idx(stream: BinaryIO, dimensions: int, size: int, where: str) -> np.ndarray:
    magic = stream.read(4)
    expected = bytes((0, 0, 8, dimensions))
    if magic != expected:
        raise DataError(
            f"{where}: expected an IDX file of bytes with {dimensions} dimensions (it starts "
            f"{expected.hex(' ')}), received {magic.hex(' ') or 'an empty file'}.",
            "Check that images and labels are not exchanged.",
        )
    header = stream.read(4 * dimensions)
    shape = tuple(int(number) for number in np.frombuffer(header[: len(header) // 4 * 4], ">u4"))
    count = math.prod(shape)
    if len(shape) < dimensions or count > size * _MOST_DEFLATED:
        raise DataError(f"{where}: its header claims {shape}, but it has {size:,} bytes.")
    content = stream.read(count + 1)
    if len(content) != count:
        longer = "more" if len(content) > count else f"{len(content):,}"
        raise DataError(
            f"{where}: its header says {' x '.join(map(str, shape))} = {count:,} bytes, "
            f"received {longer}.",
            "Fetch it again.",
        )
    return np.frombuffer(content, np.uint8).reshape(shape)


def read_npz(path: str | Path, name: str) -> np.ndarray:
    """Reads one array of whole numbers out of an `.npz` file.

    Raises:
        DataError: There is no such array, or it is damaged.
        UnsafeFileError: It contains Python objects.
    """
    where = f"{path}, array {name!r}"
    content = read_member(path, f"{name}.npy")
    try:
        array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except (ValueError, MemoryError) as error:
        if "Object arrays" in str(error):
            raise UnsafeFileError(f"{where} contains Python objects; it is not loaded.") from error
        raise DataError(f"{where} is damaged: {error}.", "Fetch the file again.") from error
    if array.dtype.kind not in "iu":
        raise DataError(f"{where} is of {array.dtype}, expected whole numbers.")
    return array


def read_cifar_binary(data: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads a binary batch, a label before each image: pixels uint8 [N, 32, 32, 3], and labels."""
    if not data or len(data) % _RECORD:
        raise DataError(
            f"{where} has {len(data):,} bytes, expected a multiple of {_RECORD:,}.",
            "Fetch it again.",
        )
    records = np.frombuffer(data, np.uint8).reshape(-1, _RECORD)
    return _channels_last(records[:, 1:]), records[:, 0]


def _channels_last(rows: np.ndarray) -> np.ndarray:
    """Turns rows of 1,024 red, green and blue values into [N, 32, 32, 3]."""
    return np.ascontiguousarray(rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))


class _StandIn:
    """Takes the place of what a pickle names: keeps what it is given, and does nothing."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Array(_StandIn):
    pass


class _Type(_StandIn):
    pass


class _Encoded(_StandIn):
    def __new__(cls, text: str, encoding: str) -> bytes:
        return text.encode("latin-1")


class _BatchUnpickler(pickle._Unpickler):
    """Reads the dictionary of a batch; none of the names in the file is ever looked up.

    The unpickler in C takes memory for as many objects as a damaged file claims to have.
    """

    STAND_INS = {
        "numpy.core.multiarray._reconstruct": _Array,
        "numpy._core.multiarray._reconstruct": _Array,
        "numpy.ndarray": _StandIn,
        "numpy.dtype": _Type,
        "_codecs.encode": _Encoded,
    }

    def __init__(self, data: bytes, where: str) -> None:
        super().__init__(io.BytesIO(data), encoding="bytes")
        self.where = where

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in self.STAND_INS:
            raise UnsafeFileError(
                f"{self.where} contains Python objects ({module}.{name}), which could run code; "
                "it is not loaded."
            )
        return self.STAND_INS[f"{module}.{name}"]


_DAMAGE = (
    ValueError, LookupError, TypeError, AttributeError, OverflowError, EOFError, MemoryError,
    pickle.UnpicklingError,
)  # fmt: skip


def read_cifar_pickle(data: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads a python batch, a dictionary: pixels uint8 [N, 32, 32, 3], and labels.

    Raises:
        DataError: It is damaged, or something else than a batch.
        UnsafeFileError: It contains other objects than such a file needs.
    """
    try:
        batch = {_text(key): value for key, value in _BatchUnpickler(data, where).load().items()}
        labels = batch["labels"]
        if not all(type(label) is int and 0 <= label <= 9 for label in labels):
            raise ValueError("labels are not whole numbers from 0 to 9")
        rows = _rows(batch["data"])
        if len(rows) != len(labels):
            raise ValueError(f"it has {len(rows):,} images and {len(labels):,} labels")
    except _DAMAGE as error:
        raise DataError(
            f"{where} is damaged or not a batch of CIFAR-10: {error}.", "Fetch it again."
        ) from error
    return _channels_last(rows), np.array(labels, np.int64)


def _text(value: Any) -> Any:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _rows(array: Any) -> np.ndarray:
    if not isinstance(array, _Array) or array.state is None:
        raise ValueError("data is not an array")
    _, shape, dtype, fortran, content = array.state
    if not isinstance(dtype, _Type) or _text(dtype.arguments[0]) not in ("u1", "uint8") or fortran:
        raise ValueError("data is not an array of bytes in rows")
    if len(shape) != 2 or shape[1] != _PIXELS:
        raise ValueError(f"data has shape {shape}, expected N x {_PIXELS}")
    return np.frombuffer(content, np.uint8).reshape(shape)
