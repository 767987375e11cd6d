"""The user's own text: a file, a folder of text files, or a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge

from deepzoo import Dataset, Files, Splits, Text, setting

from . import samples

if TYPE_CHECKING:
    import numpy as np


class UserText(Dataset):
    """Your own text: a file, a folder of text files, or a CSV file with one document a row.

    Folders named train, validation and test are the splits. Otherwise many documents are split
    80/10/10 by a fixed seed after near-duplicates are dropped; of fewer than ten, or of one
    long text, the last two tenths are held out.
    """

    name = "text"
    kind = Text
    license = "your own"

    text_column: str = setting("text", "column of a CSV file with the documents")
    split_every: Annotated[int, Ge(0)] = setting(
        0, "validation takes every N-th document, test the ones half-way; 0 splits at random"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the random 80/10/10 split")

    def load(self, files: Files) -> Splits[Text]:
        """Reads and splits `files["data"]`; large files stay on disk."""
        from deepzoo.readers import read_documents, read_splits, split_folders

        path, options = files["data"], files.options
        if split_folders(path):
            return read_splits(path, options, self.text_column)
        documents = read_documents(path, options, self.text_column)
        return self._split(documents, documents.notes)

    def sample(self) -> Splits[Text]:
        """Invents 1,200 tweet-like texts, different from those of `tweets`."""
        return self._split(samples.tweets(1200, seed=1), ())

    def _split(self, documents: Sequence[str], notes: Sequence[str]) -> Splits[Text]:
        from deepzoo.readers import (
            FEW_DOCUMENTS,
            distinct,
            split_documents,
            split_long_text,
            split_random,
        )

        if len(documents) < FEW_DOCUMENTS:
            return split_long_text(documents)
        if self.split_every:
            return split_documents(documents, every=self.split_every)
        kept = distinct(documents)
        parts = split_random(len(kept), self.split_seed)
        texts = [Text(_select(documents, [kept[index] for index in part])) for part in parts]
        dropped = len(documents) - len(kept)
        if dropped:
            counts = f"{dropped:,} of {len(documents):,}"
            notes = (*notes, f"{counts} documents were dropped: near-duplicates or empty.")
        return Splits(*texts, notes=tuple(notes))


def _select(documents: Sequence[str], indices: Sequence[int] | np.ndarray) -> Sequence[str]:
    take = getattr(documents, "take_documents", None)
    return take(indices) if take else [documents[index] for index in indices]
