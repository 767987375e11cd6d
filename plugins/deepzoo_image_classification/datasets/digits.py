"""MNIST and Fashion-MNIST: images and labels in four IDX files, or in one `.npz`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from deepzoo import File, Files, Images, Splits

from .standard_images import StandardImages

if TYPE_CHECKING:
    import numpy as np

_NAMES = {
    "train_images": ("train-images-idx3-ubyte", "x_train"),
    "train_labels": ("train-labels-idx1-ubyte", "y_train"),
    "test_images": ("t10k-images-idx3-ubyte", "x_test"),
    "test_labels": ("t10k-labels-idx1-ubyte", "y_test"),
}
"""For each part its IDX file, and its array in an `.npz` file."""
_MNIST_NPZ = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_MNIST = {
    "train_images": ("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9912422),
    "train_labels": ("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28881),
    "test_images": ("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1648877),
    "test_labels": ("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4542),
}
_FASHION_MNIST = {
    "train_images": ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26421880),
    "train_labels": ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29515),
    "test_images": ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4422102),
    "test_labels": ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5148),
}


def _idx_files(
    mirrors: tuple[str, ...],
    published: Mapping[str, tuple[str, int]],
    npz: Mapping[str, str] | None = None,
) -> dict[str, File]:
    """Declares the four IDX files, gzipped or not, or one `.npz` in their place."""
    return {
        key: File(
            paths=(f"{name}.gz", name, *(npz or {})),
            mirrors=tuple(f"{mirror}/{name}.gz" for mirror in mirrors),
            sha256=published[key][0],
            size=published[key][1],
            hashes=npz or {},
        )
        for key, (name, _) in _NAMES.items()
    }


class _Digits(StandardImages):
    """Images and labels in four IDX files, of a training and of a test part."""

    def load(self, files: Files) -> Splits[Images]:
        """Reads the four files, or the `.npz` that holds them all."""
        train, train_labels, test, test_labels = (_read(files, name) for name in _NAMES)
        return self.hold_out((train, train_labels), (test, test_labels))


def _read(files: Files, name: str) -> np.ndarray:
    from ..files import formats

    path = files[name]
    if path.suffix == ".npz":
        return formats.read_npz(path, _NAMES[name][1])
    return formats.read_idx(path, formats.LABELS if "labels" in name else formats.IMAGES)


class Mnist(_Digits):
    """70,000 handwritten digits, grey, 28 x 28."""

    name = "mnist"
    homepage = "https://en.wikipedia.org/wiki/MNIST_database"
    license = "none stated by the authors; usually given as CC BY-SA 3.0"
    citation = "Y. LeCun, C. Cortes, C. J. C. Burges (1998), The MNIST database"
    classes = tuple("0123456789")
    files: ClassVar = _idx_files(
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
            "https://raw.githubusercontent.com/fgnt/mnist/ae608a02b796c9ee908c082585a5f006fe05258e",
        ),
        _MNIST,
        {"mnist.npz": _MNIST_NPZ},
    )


class FashionMnist(_Digits):
    """70,000 images of clothing, grey, 28 x 28, ten classes."""

    name = "fashion-mnist"
    folder = "fashion_mnist"
    homepage = "https://github.com/zalandoresearch/fashion-mnist"
    license = "MIT"
    citation = "H. Xiao, K. Rasul, R. Vollgraf (2017), Fashion-MNIST"
    classes = tuple(
        "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(",")
    )
    files: ClassVar = _idx_files(
        (
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
            "b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion",
        ),
        _FASHION_MNIST,
    )
