"""Files of images as they are published: IDX, `.npz` and the binary batches of CIFAR-10.

What a header claims is compared with the size of the file before memory is taken for it.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from deepzoo.errors import DataError, UnsafeFileError
from deepzoo.readers import read_member

if TYPE_CHECKING:
    import numpy as np

IMAGES, LABELS = 3, 1
_MOST_DEFLATED = 1040  # gzip cannot shrink anything to less than this part
_RECORD = 1 + 3 * 32 * 32


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
    import numpy as np

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
    import numpy as np

    where = f"{path}, array {name!r}"
    content = read_member(path, f"{name}.npy")
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        reader = getattr(np.lib.format, f"read_array_header_{version[0]}_0")
        shape, fortran, dtype = reader(stream)
    except (ValueError, AttributeError) as error:
        raise DataError(f"{where} is damaged: {error}.", "Fetch the file again.") from error
    if dtype.hasobject:
        raise UnsafeFileError(f"{where} contains Python objects; it is not loaded.")
    start = stream.tell()
    if dtype.kind not in "iu" or len(content) - start != math.prod(shape) * dtype.itemsize:
        raise DataError(
            f"{where}: its header says {dtype} {shape}, received {len(content) - start:,} bytes.",
            "Expected whole numbers.",
        )
    return np.frombuffer(content, dtype, offset=start).reshape(shape, order="F" if fortran else "C")


def read_cifar_binary(data: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads a binary batch: records of one label and 3,072 values.

    Returns:
        Pixels uint8 [N, 32, 32, 3], and labels.
    """
    import numpy as np

    if not data or len(data) % _RECORD:
        raise DataError(
            f"{where} has {len(data):,} bytes, expected a multiple of {_RECORD:,}.",
            "Fetch it again.",
        )
    records = np.frombuffer(data, np.uint8).reshape(-1, _RECORD)
    return cifar_pixels(records[:, 1:]), records[:, 0]


def cifar_pixels(rows: np.ndarray) -> np.ndarray:
    """Turns rows of 1,024 red, green and blue values into [N, 32, 32, 3]."""
    import numpy as np

    return np.ascontiguousarray(rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
