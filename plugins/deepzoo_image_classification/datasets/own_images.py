"""The user's own images: a folder with one folder per class."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from deepzoo import Dataset, Files, Images, Splits, setting


class UserImages(Dataset):
    """Your own images: a folder with one folder per class, PNG or JPEG files in it.

    Folders train, validation and test, each with a folder per class, are the splits; else
    80/10/10 are drawn by class from a fixed seed, after copies are dropped. All become the
    most frequent size, or `size`; RGB if any has colours, else grey.
    """

    name = "images"
    kind = Images
    license = "your own"

    size: Annotated[int, Ge(0)] = setting(
        0, "height and width of all images; 0 takes the most frequent size, 128 at most"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 80/10/10 draw")

    def load(self, files: Files) -> Splits[Images]:
        """Reads, resizes and splits the images in `files["data"]`."""
        from ..files import folders

        return folders.read_folder(
            files["data"], self.size, self.split_seed, skip_bad=files.options.skip_bad
        )

    def sample(self) -> Splits[Images]:
        """Draws coloured scenes of four classes."""
        import numpy as np

        from ..files.pixels import to_images
        from ..samples import stand_ins as samples

        train, test = samples.drawn(self.name)
        whole, held = to_images(*train, samples.SCENES), to_images(*test, samples.SCENES)
        half = np.arange(len(held)) % 2 == 0
        return Splits(whole, held.take(np.flatnonzero(half)), held.take(np.flatnonzero(~half)))
