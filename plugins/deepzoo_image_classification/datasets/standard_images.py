"""What the published sets of images share: validation images held out, and stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from annotated_types import Ge

from deepzoo import Dataset, Images, Splits, setting
from deepzoo.errors import DataError

if TYPE_CHECKING:
    import numpy as np

    Part = tuple[np.ndarray, np.ndarray]


class StandardImages(Dataset):
    """A published set of images, in a training and a test part.

    Some training images are held out for validation, stratified by class and drawn by seed; a
    stand-in holds out a sixth of its training images.

    Attributes:
        classes: The names of the classes, in the order of the labels.
        recommended: How many training images are held out by default.
    """

    kind = Images
    classes: ClassVar[tuple[str, ...]] = ()
    recommended: ClassVar[int] = 10_000

    splits: Literal["held-out", "report"] = setting(
        "held-out", "held-out keeps a validation split apart; report trains on all, as published"
    )
    validation: Annotated[int, Ge(0)] = setting(
        0, "images of the validation split; 0 takes the number the dataset recommends"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the draw of the validation split")

    def sample(self) -> Splits[Images]:
        """Draws a small set with the same shapes and classes."""
        from ..samples.stand_ins import stand_in

        return self.hold_out(*stand_in(self.name))

    def hold_out(
        self, train: Part, test: Part, notes: tuple[str, ...] = (), first: int = 0
    ) -> Splits[Images]:
        """Makes splits of pixels and labels of the two published parts; see `images`."""
        whole, tested = self.images(*train, "training", first), self.images(*test, "test", first)
        if self.splits == "report":
            note = "As published, all but the test images are for training: no validation split."
            return Splits(whole, whole.take([]), tested, (*notes, note))
        held, kept = self._draw(whole)
        return Splits(whole.take(kept), whole.take(held), tested, notes)

    def images(self, pixels: np.ndarray, labels: np.ndarray, part: str, first: int = 0) -> Images:
        """Makes `Images` of a part whose labels count from `first`; grey pixels get a channel.

        Raises:
            DataError: There are more images than labels or vice versa, or labels of no class.
        """
        import numpy as np

        if len(pixels) != len(labels):
            raise DataError(
                f"The {part} files of {self.name} have {len(pixels):,} images and "
                f"{len(labels):,} labels.",
                "Take all files from one source.",
            )
        numbers = labels.astype(np.int64) - first
        wrong = np.flatnonzero((numbers < 0) | (numbers >= len(self.classes)))
        if len(wrong):
            raise DataError(
                f"The {part} labels of {self.name} have {labels[wrong[0]]} at row {wrong[0]:,}, "
                f"expected {first} to {first + len(self.classes) - 1}."
            )
        return Images(pixels[..., None] if pixels.ndim == 3 else pixels, numbers, self.classes)

    def _draw(self, whole: Images) -> tuple[np.ndarray, np.ndarray]:
        """Returns the indices of what is held out, and of what is kept."""
        import numpy as np

        from deepzoo.readers import stratified

        count = self.validation or self.recommended
        if self.validation and count >= len(whole):
            raise DataError(
                f"validation is {count:,}, but {self.name} has {len(whole):,} training images.",
                "Give a smaller number, or --set splits=report to hold nothing out.",
            )
        if not self.validation and 2 * count > len(whole):
            count = len(whole) // 6  # a stand-in, or a part of the files
        held = stratified(whole.labels, count, self.split_seed)
        return held, np.setdiff1d(np.arange(len(whole)), held)
