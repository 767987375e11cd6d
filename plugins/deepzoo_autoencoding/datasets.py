"""The pages of NoisyOffice, to test on, with drawn pages to train on; and a user's own pages."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from deepzoo import Dataset, File, Files, ImagePairs, Splits, setting

_NOISY = {
    2: ("ab51d58efb7982ec77a8393677c75e4ac1296d2c34a38841f6db7eb9b7ac35b8", 100_810),
    3: ("9588de8ead80f90463f041ca6d356f108de59e14ddc09aacddc38f0148f88cd3", 99_267),
    5: ("0556abfca4519fb8646cbddeebc933d2016536d8cede856fd73a7c340d149a54", 99_202),
    6: ("536b8383259a746431241f19596f2f9db388a713a58b4a944eed5cc1feaac800", 98_391),
}
_FIRST = ("11cac94bc50a2bcd9bb03bf246a77c3a8b4aa65fe2d1633d083acae440e65817", 39_053)
_SECOND = ("fc523e0357f66b5f52be2952f9d9eb6d281f7a262e9c9927e61c726777ca8def", 37_693)
_CLEAN = {2: _FIRST, 3: _SECOND, 5: _FIRST, 6: _SECOND}
"""Two pages of text, each with stains and with folds."""


def _files(folder: str, pages: dict[int, tuple[str, int]]) -> dict[str, File]:
    return {
        f"{folder}/{number}": File((f"{folder}/{number}.png",), (), *known, published=False)
        for number, known in pages.items()
    }


class NoisyOffice(Dataset):
    """Pages with stains and folds: drawn ones to train on, four real ones of NoisyOffice to test.

    The four are of the 144 pairs of a public competition, in its folders train and train_cleaned;
    put them into the folder noisy_office below DEEPZOO_DATA.
    """

    name = "noisy-office"
    kind = ImagePairs
    folder = "noisy_office"
    homepage = "https://archive.ics.uci.edu/dataset/318/noisyoffice"
    license = "CC-BY-4.0"
    citation = (
        "F. Zamora-Martínez, S. España-Boquera, M. J. Castro-Bleda. Behaviour-based Clustering of "
        "Neural Networks applied to Document Enhancement. Computational and Ambient Intelligence, "
        "144-151, 2007."
    )
    files = {**_files("train", _NOISY), **_files("train_cleaned", _CLEAN)}

    pages: Annotated[int, Ge(1)] = setting(600, "pages of 320 x 320 pixels drawn to train on")
    page_seed: Annotated[int, Ge(0)] = setting(0, "seed of the drawn pages")

    def load(self, files: Files) -> Splits[ImagePairs]:
        """Draws pages for training and validation, and reads the real ones."""
        from .inference import read_page

        read = {name: read_page(path) for name, path in files.items()}
        noisy, clean = ([read[f"{part}/{number}"] for number in _NOISY] for part in PARTS)
        return self._with_drawn(ImagePairs(noisy, clean), self.pages, 320)

    def sample(self) -> Splits[ImagePairs]:
        """Draws small pages, to test on, too."""
        from .samples import draw_pages

        return self._with_drawn(draw_pages(8, 2, 96, 128), 60, 96)

    def _with_drawn(self, test: ImagePairs, count: int, side: int) -> Splits[ImagePairs]:
        from .samples import draw_pages

        seeds = 2 * self.page_seed + 10, 2 * self.page_seed + 11
        train = draw_pages(count, seeds[0], side, side)
        return Splits(train, draw_pages(max(1, count // 10), seeds[1], side, side), test)


PARTS = ("train", "train_cleaned")
"""The folders of noisy and of clean pages."""


class UserPages(Dataset):
    """Your own pages: a folder with two folders, noisy and clean, of images with the same names.

    Folders train, validation and test with these two in them are the splits. Else a hash of each
    clean page decides: of ten, about eight are for training, one each for validation and test.
    Colours become grey.
    """

    name = "image-pairs"
    kind = ImagePairs
    license = "your own"

    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the hash that splits 80/10/10")

    def load(self, files: Files) -> Splits[ImagePairs]:
        """Reads and splits the pages in `files["data"]`."""
        from .own_pages import read_folder

        return read_folder(files["data"], self.split_seed)

    def split(self, whole: ImagePairs) -> Splits[ImagePairs]:
        """Splits pages given in Python as those of a folder."""
        from .own_pages import check_pairs, split_pages

        return split_pages(check_pairs(whole), self.split_seed)

    def check_splits(self, splits: Splits[ImagePairs]) -> Splits[ImagePairs]:
        """Refuses pages that are no pairs."""
        from .own_pages import check_pairs

        return splits.map(check_pairs)

    def sample(self) -> Splits[ImagePairs]:
        """Draws many small pages."""
        from .own_pages import split_pages
        from .samples import draw_pages

        return split_pages(draw_pages(220, 3, 64, 96), self.split_seed)


DATASETS: tuple[type[Dataset], ...] = (NoisyOffice, UserPages)
