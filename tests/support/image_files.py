"""Files in the exact formats of the published sets of images, small and made by tests."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np


def idx(array: np.ndarray) -> bytes:
    """Writes bytes in the IDX format."""
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def pixels(count: int, *shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


def labels(count: int, classes: int = 10) -> np.ndarray:
    return np.arange(count, dtype=np.uint8) % classes


def python_batch(rows: np.ndarray, numbers: list[int]) -> bytes:
    """Writes a batch byte for byte as Python 2 pickled the official ones, protocol 2."""
    listed = b"".join(b"K" + bytes([number]) for number in numbers)
    return b"".join(
        [
            b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5q\x03",
            b"U\x06labelsq\x04]q\x05(" + listed + b"e",
            b"U\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07",
            b"cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\x09(K\x01",
            b"M" + struct.pack("<H", len(rows)) + b"M\x00\x0c\x86q\x0a",
            b"cnumpy\ndtype\nq\x0bU\x02u1K\x00K\x01\x87Rq\x0c(K\x03U\x01|",
            b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89",
            b"T" + struct.pack("<I", rows.size) + rows.tobytes() + b"tb",
            b"U\x09filenamesq\x0d]q\x0e(U\x05a.pngq\x0fU\x05b.pngq\x10eu.",
        ]
    )


def binary_batch(rows: np.ndarray, numbers: list[int]) -> bytes:
    """Writes records of one label and 3,072 values."""
    return np.concatenate([np.array(numbers, np.uint8)[:, None], rows], axis=1).tobytes()


def write_tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def write_digits(folder: Path, train: int = 60, test: int = 20) -> Path:
    """Writes the four files of MNIST."""
    for part, count in (("train", train), ("t10k", test)):
        images = gzip.compress(idx(pixels(count, 28, 28, seed=count)))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(images)
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels(count))))
    return folder


def write_emnist(path: Path, first: int = 1) -> Path:
    """Writes the archive of EMNIST with other members beside those of the letters."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("gzip/emnist-digits-train-images-idx3-ubyte.gz", b"not read")
        for part, count in (("train", 78), ("test", 26)):
            images, numbers = idx(pixels(count, 28, 28)), idx(labels(count, 26) + first)
            name = f"gzip/emnist-letters-{part}"
            archive.writestr(f"{name}-images-idx3-ubyte.gz", gzip.compress(images))
            archive.writestr(f"{name}-labels-idx1-ubyte.gz", gzip.compress(numbers))
    return path


def jpeg(shade: int, side: int = 32) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (side, side), (shade, shade, 0)).save(stream, "JPEG")
    return stream.getvalue()
