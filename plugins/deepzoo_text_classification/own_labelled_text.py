"""The user's own labelled texts: tables with a text and a label a row, or a folder a class."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge

from deepzoo import Dataset, Files, LabelledText, Splits, setting

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = ("train", "validation", "test")


class LabelledTexts(Dataset):
    """Labelled texts, of which `data show` draws the frequent words."""

    kind = LabelledText

    def picture(self, splits: Splits[LabelledText]) -> Figure | None:
        """Draws a cloud of the most frequent training words."""
        from .word_cloud import word_cloud

        return word_cloud(splits.train, self.name)


class UserLabelledText(LabelledTexts):
    """Your own labelled texts: a table with a text and a label in each row, or a folder per class.

    Of two columns, the one with fewer different cells holds the labels; of more, name two. Labels
    that differ in blanks or capitals alone are one. Folders or files named train, validation and
    test are the splits; each text stays in one. Otherwise a hash of each text decides: of ten,
    about eight are for training, one each for validation and test.
    """

    name = "labelled-text"
    license = "your own"

    text_column: str = setting("", "number or name of the column that holds the texts")
    label_column: str = setting("", "number or name of the column that holds the labels")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the hash that splits 80/10/10")

    def load(self, files: Files) -> Splits[LabelledText]:
        """Reads and splits the table or the folder in `files["data"]`."""
        from .reading import read_parts

        columns = {"text_column": self.text_column, "label_column": self.label_column}
        parts, notes = read_parts(files["data"], columns, files.options)
        return self._split(parts, notes)

    def from_python(self, data: Any) -> LabelledText | None:
        """Takes a list of pairs of a text and a label, beside a tuple of texts and labels."""
        import numpy as np

        if not isinstance(data, list) or not data:
            return None
        if not all(isinstance(row, (tuple, list)) and len(row) == 2 for row in data):
            return None
        names = [str(label) for _, label in data]
        classes, labels = np.unique(names, return_inverse=True)
        return LabelledText([text for text, _ in data], labels, tuple(map(str, classes)))

    def split(self, whole: LabelledText) -> Splits[LabelledText]:
        """Splits texts given in Python as those of a file."""
        from .reading import rows_of

        return self._split({"": rows_of(whole, "data")}, [])

    def check_splits(self, splits: Splits[LabelledText]) -> Splits[LabelledText]:
        """Keeps each text in one split."""
        from .reading import rows_of

        rows = {name: rows_of(getattr(splits, name), name) for name in PARTS}
        return self._split(rows, list(splits.notes))

    def sample(self) -> Splits[LabelledText]:
        """Writes 600 short messages on four topics."""
        from . import samples

        return self.split(samples.messages(600, seed=0))

    def _split(self, parts: Any, notes: list[str]) -> Splits[LabelledText]:
        from .labels import labelled
        from .splitting import given_splits, split_texts

        made, merged = labelled(parts)
        if "" in made:
            splits = split_texts(made[""], self.split_seed)
        else:
            empty = made["train"].take([])
            splits = given_splits({name: made.get(name, empty) for name in PARTS})
        return dataclasses.replace(splits, notes=(*notes, *merged, *splits.notes))
