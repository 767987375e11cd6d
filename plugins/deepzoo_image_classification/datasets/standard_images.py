"""The validation images of the standard sets: held out of training, by class and by seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge

from deepzoo import Dataset, Images, Splits, setting

from ..files.pixels import to_images

if TYPE_CHECKING:
    import numpy as np


class StandardImages(Dataset):
    """A published set of images, in a training and a test part.

    Images of the training part are held out for validation, drawn by class and by seed; a
    stand-in holds out a sixth of its own.
    """

    kind = Images

    splits: Literal["held-out", "report"] = setting(
        "held-out", "held-out keeps a validation split apart; report trains on all, as published"
    )
    validation: Annotated[int, Ge(0)] = setting(
        0, "images of the validation split; 0 takes the number the dataset recommends"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the draw of the validation split")

    def recommended_validation(self) -> int:
        """Returns how many training images are held out by default."""
        return 10_000

    def hold_out(
        self,
        train: tuple[np.ndarray, np.ndarray],
        test: tuple[np.ndarray, np.ndarray],
        classes: tuple[str, ...],
        notes: tuple[str, ...] = (),
    ) -> Splits[Images]:
        """Makes splits of pixels and labels of the two published parts."""
        whole, scored = to_images(*train, classes), to_images(*test, classes)
        if self.splits == "report":
            said = "Everything but the test images is training, as published: no validation split."
            return Splits(whole, whole.take([]), scored, (*notes, said))
        held, kept = _drawn(whole, self)
        return Splits(whole.take(kept), whole.take(held), scored, notes)


def _drawn(whole: Images, dataset: StandardImages) -> tuple[np.ndarray, np.ndarray]:
    """Returns the indices of what is held out, and of what is kept."""
    import numpy as np

    from deepzoo.errors import DataError
    from deepzoo.readers import stratified

    count = dataset.validation or dataset.recommended_validation()
    if dataset.validation and count >= len(whole):
        raise DataError(
            f"validation is {count:,}, but {dataset.name} has {len(whole):,} training images.",
            "Give a smaller number, or --set splits=report to hold nothing out.",
        )
    if not dataset.validation and 2 * count > len(whole):
        count = len(whole) // 6  # a stand-in, or a part of the files
    held = stratified(whole.labels, count, dataset.split_seed)
    return held, np.setdiff1d(np.arange(len(whole)), held)
