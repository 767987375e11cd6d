"""CIFAR-10 in each of its forms: python batches, binary batches, or an archive of JPEG files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from deepzoo import File, Files, Images, Splits, setting
from deepzoo.errors import DataError

from .standard_images import StandardImages

if TYPE_CHECKING:
    import numpy as np

    Part = tuple[np.ndarray, np.ndarray]

CLASSES = tuple("airplane automobile bird cat deer dog frog horse ship truck".split())
_PYTHON = {
    "mirrors": ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
    "sha256": "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    "size": 170498071,
}
_BINARY_SHA256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
_FULL = {
    "archive": File(
        paths=(
            "cifar-10-python.tar.gz",
            "cifar-10-binary.tar.gz",
            "cifar-10-batches-py",
            "cifar-10-batches-bin",
            "cifar10_jpg.tar.gz",
        ),
        hashes={"cifar-10-binary.tar.gz": _BINARY_SHA256},
        **_PYTHON,
    )
}
# The two files of the published experiment have no known hash, so these are never `full`.
_BATCH_1 = {
    name: File(paths=("cifar-10-python.tar.gz", *paths), published=False, **_PYTHON)
    for name, paths in {
        "batch": ("data_batch_1", "cifar-10-batches-py/data_batch_1"),
        "test_batch": ("test_batch_trim", "cifar-10-batches-py/test_batch"),
    }.items()
}
_BATCH = re.compile(r"(?:data_batch_[1-5]|test_batch)(?:\.bin)?")
_NAMES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
_TRIMMED = 2000


class _FilesOfTraining:
    """The files that a setting asks for; of the class, those of all settings."""

    def __get__(self, dataset: Cifar10 | None, owner: type) -> Mapping[str, File]:
        if dataset is None:
            return {**_FULL, **_BATCH_1}
        return _FULL if dataset.training == "full" else _BATCH_1


class Cifar10(StandardImages):
    """60,000 small colour photos, 32 x 32, ten classes."""

    name = "cifar10"
    folder = "cifar10"
    homepage = "https://www.cs.toronto.edu/~kriz/cifar.html"
    license = "none stated; free for research"
    citation = "A. Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images"
    classes = CLASSES
    files: ClassVar[Any] = _FilesOfTraining()

    training: Literal["full", "batch-1"] = setting(
        "full", "full trains on 50,000 images; batch-1 on 10,000, and tests on 2,000, as published"
    )

    @property
    def recommended(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        """A tenth of the training images."""
        return 5_000 if self.training == "full" else 1_000

    def load(self, files: Files) -> Splits[Images]:
        """Reads whichever form is there; a note says when it was decoded from JPEG."""
        if self.training == "batch-1":
            train = _read_file(files["batch"], "data_batch_1")
            pixels, labels = _read_file(files["test_batch"], "test_batch")
            note = f"Tested on the first {_TRIMMED:,} images of the official test batch."
            notes = (note,) if len(pixels) > _TRIMMED else ()
            return self.hold_out(train, (pixels[:_TRIMMED], labels[:_TRIMMED]), notes)
        import numpy as np

        path = files["archive"]
        batches = _batches(path)
        if not batches:
            note = "The pixels went through JPEG: they differ from the official ones."
            return self.hold_out(*_read_jpeg(path), notes=(note,))
        *training, test = [_read_member(path, batches, name) for name in _NAMES]
        pixels, labels = (np.concatenate(arrays) for arrays in zip(*training, strict=True))
        return self.hold_out((pixels, labels), test)


def _batches(path: Path) -> dict[str, bytes]:
    """Reads the batches of an archive or a folder by name, without `.bin`."""
    if path.is_dir():
        files = (file for file in sorted(path.iterdir()) if _BATCH.fullmatch(file.name))
        return {file.stem: file.read_bytes() for file in files}
    from deepzoo.readers import read_members

    members = read_members(path, lambda name: bool(_BATCH.fullmatch(PurePosixPath(name).name)))
    return {PurePosixPath(name).stem: data for name, data in members}


def _read_member(path: Path, batches: Mapping[str, bytes], name: str) -> Part:
    if name not in batches:
        raise DataError(f"{path} has no {name}.", "Fetch the official archive.")
    return _read_batch(batches[name], f"{path}, {name}")


def _read_file(path: Path, name: str) -> Part:
    """Reads one batch, a file of its own or a member of an archive."""
    if path.suffix in (".gz", ".tgz", ".tar"):
        return _read_member(path, _batches(path), name)
    return _read_batch(path.read_bytes(), f"{path}, {name}" if path.name != name else str(path))


def _read_batch(data: bytes, where: str) -> Part:
    from ..files.formats import read_cifar_binary, read_cifar_pickle

    # A record of the binary form begins with a label below 10, a pickle with a larger byte.
    if data[:1] > b"\x09":
        return read_cifar_pickle(data, where)
    return read_cifar_binary(data, where)


def _read_jpeg(path: Path) -> tuple[Part, Part]:
    """Reads `train/CLASS/NAME.jpg` and `test/CLASS/NAME.jpg`, below any folder."""
    import numpy as np

    from deepzoo.readers import read_members

    parts: dict[str, list[tuple[str, int, bytes]]] = {"train": [], "test": []}
    for name, data in read_members(path, lambda name: name.lower().endswith((".jpg", ".jpeg"))):
        part, label = PurePosixPath(name).parts[-3:-1] if name.count("/") > 1 else ("", "")
        if part not in parts or label not in CLASSES:
            raise DataError(f"{path}: {name} is not in train/CLASS or test/CLASS of CIFAR-10.")
        parts[part].append((name, CLASSES.index(label), data))
    if not all(parts.values()):
        raise DataError(
            f"{path} has neither batches nor folders train and test of JPEG files.",
            "Fetch the official archive.",
        )
    decoded = []
    for rows in parts.values():
        rows.sort()
        # The files are sorted by class: a fixed shuffle makes every part of them mixed.
        order = np.random.default_rng(0).permutation(len(rows))
        pixels = np.stack([_decoded(rows[i][2], f"{path}, {rows[i][0]}") for i in order])
        decoded.append((pixels, np.array([rows[i][1] for i in order], np.int64)))
    return decoded[0], decoded[1]


def _decoded(data: bytes, where: str) -> np.ndarray:
    import io

    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.size != (32, 32):
                raise DataError(f"{where} has {image.size} pixels, expected (32, 32).")
            return np.asarray(image.convert("RGB"))
    except OSError as error:
        raise DataError(f"{where} is damaged: {error}.", "Fetch it again.") from error
