"""Fingerprints of data, which tell whether two runs saw the same examples."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..interfaces.kinds import Splits
from ..readers.on_disk import OnDiskText, iterate_chunks

if TYPE_CHECKING:
    from hashlib import _Hash

_BLOCK = 2**20


def fingerprint(splits: Splits) -> str:
    """Hashes every field of every split.

    The same data give the same fingerprint on every machine and however they are stored:
    texts in memory or on disk, an array or a memory map.

    Returns:
        SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256()
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        digest.update(f"{name}:{getattr(part, 'name', '')};".encode())
        for field in dataclasses.fields(part):
            digest.update(f"{field.name}=".encode())
            _add(digest, getattr(part, field.name))
    return digest.hexdigest()


def _add(digest: _Hash, value: Any) -> None:
    """Adds a value: first its type, then its length if it has parts, then its content."""
    if isinstance(value, str):
        digest.update(b"s")
        digest.update(hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest())
    elif value is None or isinstance(value, (bool, int, float)):
        digest.update(f"v{value!r};".encode())
    elif isinstance(value, bytes):
        digest.update(b"b" + hashlib.sha256(value).digest())
    elif hasattr(value, "tocsr"):
        rows = value.tocsr()
        digest.update(b"c")
        for part in (rows.shape, rows.indptr, rows.indices, rows.data):
            _add(digest, part)
    elif hasattr(value, "dtype"):
        _add_array(digest, value)
    elif isinstance(value, OnDiskText):
        digest.update(f"l{len(value)};".encode())
        for index in range(len(value)):
            inner = hashlib.sha256()
            for chunk in iterate_chunks(value, index):
                inner.update(chunk.encode("utf-8", "surrogatepass"))
            digest.update(b"s" + inner.digest())
    elif isinstance(value, Mapping):
        _add(digest, [(str(key), value[key]) for key in sorted(value, key=str)])
    elif isinstance(value, Sequence):
        digest.update(f"l{len(value)};".encode())
        for item in value:
            _add(digest, item)
    else:
        raise DataError(
            f"A split contains a {type(value).__name__}, expected arrays, texts, numbers or lists.",
            "Change what the dataset's load returns.",
        )


def _add_array(digest: _Hash, array: Any) -> None:
    import numpy as np

    if array.dtype.hasobject:
        raise DataError(
            "A split contains an array of Python objects, expected numbers.",
            "Use a list of texts, or an array of numbers.",
        )
    kind = array.dtype.newbyteorder("<")
    digest.update(f"a{kind.str}{tuple(array.shape)};".encode())
    if array.ndim == 0:
        digest.update(np.asarray(array, dtype=kind).tobytes())
        return
    # In blocks of rows, so that a memory map is never copied whole.
    rows = max(1, _BLOCK // max(1, array[:1].nbytes))
    for start in range(0, len(array), rows):
        digest.update(np.ascontiguousarray(array[start : start + rows], dtype=kind).data)
