"""A user's own images: a folder with one folder per class."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from deepzoo import Dataset, Files, Images, Splits, setting


class UserImages(Dataset):
    """Your own images: a folder with one folder per class, PNG, JPEG, WebP or other files in it.

    Folders train, validation and test, each with a folder per class, are the splits. Else copies
    are dropped, and a hash of each file decides: of ten, about eight are for training, one each
    for validation and test. All get the median width and height, or `size`; RGB if any has
    colours, else grey.
    """

    name = "images"
    kind = Images
    license = "your own"

    size: Annotated[int, Ge(0)] = setting(
        0, "height and width of all images; 0 takes their medians, 128 at most"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the hash that splits 80/10/10")

    def load(self, files: Files) -> Splits[Images]:
        """Reads, resizes and splits the images in `files["data"]`."""
        from ..files.folders import read_folder

        skip_bad = files.options.skip_bad
        return read_folder(files["data"], self.size, self.split_seed, skip_bad=skip_bad)

    def split(self, whole: Images) -> Splits[Images]:
        """Splits images given in Python as those of a folder."""
        from ..files.folders import split_images

        return split_images(whole, whole.identities(), self.split_seed)

    def check_splits(self, splits: Splits[Images]) -> Splits[Images]:
        """Tells of images that are in two splits."""
        from ..files.folders import note_copies

        return note_copies(splits)

    def sample(self) -> Splits[Images]:
        """Draws coloured scenes of four classes."""
        from ..samples.stand_ins import SCENES, stand_in

        train, test = (Images(*part, SCENES) for part in stand_in(self.name))
        return Splits(train, test.take(range(0, len(test), 2)), test.take(range(1, len(test), 2)))
