"""Two datasets of letters: handwritten ones, and glyphs of computer fonts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from deepzoo import File, Files, Images, Splits
from deepzoo.errors import DataError

from .standard_images import StandardImages

_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_EMNIST = {
    "train": "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f",
    "test": "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d",
}
"""SHA-256 of the two members of images, as they are in the official archive."""
_NOTMNIST = {
    "images": ("70ae9e06201f2827e5b0a3781a3169d735dd2efc69996b9eeaee7f10ed4044d7", 3172375),
    "labels": ("1fa03836e01c862542f8eb83463bb951bebec6fcb3efa28dad748c6b38a9021b", 5118),
}


class EmnistLetters(StandardImages):
    """145,600 handwritten letters, grey, 28 x 28; capital and small letters share a class."""

    name = "emnist-letters"
    folder = "emnist"
    homepage = "https://www.nist.gov/itl/products-and-services/emnist-dataset"
    license = "public domain (NIST)"
    citation = "G. Cohen, S. Afshar, J. Tapson, A. van Schaik (2017), EMNIST"
    classes = _LETTERS
    recommended = 20_800  # as many as there are test images
    files: ClassVar = {
        "letters": File(
            paths=("gzip.zip", "emnist-gzip.zip"),
            mirrors=("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
            sha256="fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
            size=561753746,
        )
    }

    def load(self, files: Files) -> Splits[Images]:
        """Reads four members of the archive; images are turned upright, labels made 0 to 25."""
        import hashlib

        from ..files import formats

        path = files["letters"]
        members = _emnist_members(path)
        parts, others = [], []
        for part, expected in _EMNIST.items():
            name, data = members[part, "images-idx3"]
            if hashlib.sha256(data).hexdigest() != expected:
                others.append(part)
            pixels = formats.read_idx(f"{path}, member {name}", formats.IMAGES, data)
            labels = formats.read_idx(path, formats.LABELS, members[part, "labels-idx1"][1])
            # The archive holds columns before rows.
            parts.append((pixels.transpose(0, 2, 1), labels))
        note = f"The {' and '.join(others)} images are not those of the official archive."
        return self.hold_out(*parts, notes=(note,) if others else (), first=1)


class NotMnistLetters(StandardImages):
    """10,000 letters A to J in the fonts of computers, grey, 28 x 28."""

    name = "notmnist-letters"
    folder = "notmnist_letters"
    homepage = "https://github.com/davidflanagan/notMNIST-to-MNIST"
    license = "posted with the permission of the author; the repository is MIT"
    citation = "Y. Bulatov (2011), notMNIST"
    classes = _LETTERS[:10]
    recommended = 1_000
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
        for name, (sha256, size) in _NOTMNIST.items()
    }

    def load(self, files: Files) -> Splits[Images]:
        """Reads the one part there is; a tenth of each class is held out as the test split."""
        import numpy as np

        from deepzoo.readers import stratified

        from ..files import formats
        from ..files.folders import first_of_each

        pixels = formats.read_idx(files["images"], formats.IMAGES)
        labels = formats.read_idx(files["labels"], formats.LABELS)
        whole = self.images(pixels, labels, "published")
        kept = whole.take(first_of_each(whole.pixels))
        note = f"{len(whole) - len(kept):,} of {len(whole):,} glyphs were dropped: copies."
        test = stratified(kept.labels, len(kept) // 10, self.split_seed)
        train = np.setdiff1d(np.arange(len(kept)), test)
        parts = ((kept.pixels[part], kept.labels[part]) for part in (train, test))
        return self.hold_out(*parts, notes=(note,))


def _emnist_members(path: Path) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Reads the name and the content of the images and the labels of both parts."""
    from deepzoo.readers import read_members

    wanted = {
        f"emnist-letters-{part}-{what}-ubyte.gz": (part, what)
        for part in _EMNIST
        for what in ("images-idx3", "labels-idx1")
    }
    members = {}
    for member, data in read_members(path, lambda name: name.rpartition("/")[2] in wanted):
        name = member.rpartition("/")[2]
        members[wanted[name]] = name, data
    missing = [name for name, key in wanted.items() if key not in members]
    if missing:
        raise DataError(f"{path} has no member {missing[0]}.", "Fetch the official gzip.zip.")
    return members
