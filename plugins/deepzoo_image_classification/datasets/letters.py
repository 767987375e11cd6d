"""Two datasets of letters: handwritten ones, and glyphs of computer fonts in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from deepzoo import File, Files, Images, Splits

from ..files.pixels import first_of_each
from .holding_out import StandardImages

if TYPE_CHECKING:
    import numpy as np

    Part = tuple[np.ndarray, np.ndarray]

_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_EMNIST = "emnist-letters-{part}-{what}-ubyte.gz"
_MEMBERS = {
    "train": "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f",
    "test": "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d",
}
"""SHA-256 of the two members of images, as they are in the official archive."""


class EmnistLetters(StandardImages):
    """145,600 handwritten letters, grey, 28 x 28; capital and small letters share a class."""

    name = "emnist-letters"
    folder = "emnist"
    homepage = "https://www.nist.gov/itl/products-and-services/emnist-dataset"
    license = "public domain (NIST)"
    citation = "G. Cohen, S. Afshar, J. Tapson, A. van Schaik (2017), EMNIST"
    files: ClassVar = {
        "letters": File(
            paths=("gzip.zip", "emnist-gzip.zip"),
            mirrors=("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
            sha256="fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
            size=561753746,
        )
    }

    def recommended_validation(self) -> int:
        """Returns as many as there are test images."""
        return 20_800

    def load(self, files: Files) -> Splits[Images]:
        """Reads four members of the archive; images are turned upright, labels made 0 to 25."""
        train, test, notes = _read_emnist(files["letters"])
        return self.hold_out(train, test, _LETTERS, notes)

    def sample(self) -> Splits[Images]:
        """Draws capital and small letters."""
        from ..samples import stand_ins as samples

        return self.hold_out(*samples.drawn(self.name), _LETTERS)


class NotMnistLetters(StandardImages):
    """10,000 letters A to J in the fonts of computers, grey, 28 x 28."""

    name = "notmnist-letters"
    folder = "notmnist_letters"
    homepage = "https://github.com/davidflanagan/notMNIST-to-MNIST"
    license = "posted with the permission of the author; the repository is MIT"
    citation = "Y. Bulatov (2011), notMNIST"
    files: ClassVar = {
        name: File(
            paths=(f"t10k-{name}-idx{3 if name == 'images' else 1}-ubyte.gz",),
            mirrors=(
                "https://raw.githubusercontent.com/davidflanagan/notMNIST-to-MNIST/"
                "17823f4d4a3acd8317c07866702d2eb2ac79c7a0/"
                f"t10k-{name}-idx{3 if name == 'images' else 1}-ubyte.gz",
            ),
            sha256=sha256,
            size=size,
            published=False,
        )
        for name, sha256, size in (
            (
                "images",
                "70ae9e06201f2827e5b0a3781a3169d735dd2efc69996b9eeaee7f10ed4044d7",
                3172375,
            ),
            (
                "labels",
                "1fa03836e01c862542f8eb83463bb951bebec6fcb3efa28dad748c6b38a9021b",
                5118,
            ),
        )
    }

    def recommended_validation(self) -> int:
        """Returns a tenth."""
        return 1_000

    def load(self, files: Files) -> Splits[Images]:
        """Reads the one part there is; a tenth of each class is held out as the test split."""
        train, test, notes = _read_notmnist(files, self.split_seed)
        return self.hold_out(train, test, _LETTERS[:10], notes)

    def sample(self) -> Splits[Images]:
        """Draws capital letters."""
        from ..samples import stand_ins as samples

        return self.hold_out(*samples.drawn(self.name), _LETTERS[:10])


def _read_emnist(path: Path) -> tuple[Part, Part, tuple[str, ...]]:
    import hashlib

    from ..files import formats

    contents = _emnist_members(path)
    parts, others = {}, []
    for part, expected in _MEMBERS.items():
        where = f"{path}, member {_EMNIST.format(part=part, what='images-idx3')}"
        data = contents[part, "images-idx3"]
        if hashlib.sha256(data).hexdigest() != expected:
            others.append(part)
        # The archive holds columns before rows.
        pixels = formats.read_idx(where, formats.IMAGES, data).transpose(0, 2, 1)
        labels = formats.read_idx(path, formats.LABELS, contents[part, "labels-idx1"])
        parts[part] = (pixels, _from_one(labels, len(pixels), where))
    said = f"The {' and '.join(others)} images are not those of the official archive."
    return parts["train"], parts["test"], (said,) if others else ()


def _emnist_members(path: Path) -> dict[tuple[str, str], bytes]:
    from deepzoo.errors import DataError
    from deepzoo.readers import read_members

    wanted = {
        _EMNIST.format(part=part, what=what): (part, what)
        for part in _MEMBERS
        for what in ("images-idx3", "labels-idx1")
    }
    read = read_members(path, lambda name: name.rpartition("/")[2] in wanted)
    found = {wanted[name.rpartition("/")[2]]: data for name, data in read}
    missing = [name for name, key in wanted.items() if key not in found]
    if missing:
        raise DataError(f"{path} has no member {missing[0]}.", "Fetch the official gzip.zip.")
    return found


def _from_one(labels: np.ndarray, images: int, where: str) -> np.ndarray:
    import numpy as np

    from deepzoo.errors import DataError

    wrong = np.flatnonzero((labels < 1) | (labels > 26))
    if len(wrong):
        raise DataError(f"{where}: label {labels[wrong[0]]} at row {wrong[0]:,}, expected 1 to 26.")
    if len(labels) != images:
        raise DataError(f"{where}: {images:,} images, but {len(labels):,} labels.")
    return labels.astype(np.int64) - 1


def _read_notmnist(files: Files, seed: int) -> tuple[Part, Part, tuple[str, ...]]:
    import numpy as np

    from deepzoo.errors import DataError
    from deepzoo.readers import stratified

    from ..files import formats

    pixels = formats.read_idx(files["images"], formats.IMAGES)
    labels = formats.read_idx(files["labels"], formats.LABELS)
    if len(pixels) != len(labels) or labels.max(initial=0) > 9:
        raise DataError(
            f"{files['labels']}: {len(labels):,} labels up to {labels.max(initial=0)} for "
            f"{len(pixels):,} images, expected one of 0 to 9 for each."
        )
    kept = first_of_each(pixels)
    said = f"{len(pixels) - len(kept):,} of {len(pixels):,} glyphs were dropped: copies."
    pixels, labels = pixels[kept], labels[kept]
    tested = stratified(labels, len(labels) // 10, seed)
    rest = np.setdiff1d(np.arange(len(labels)), tested)
    return (pixels[rest], labels[rest]), (pixels[tested], labels[tested]), (said,)
