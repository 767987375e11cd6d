"""The user's own text: files, folders and tables of documents, or lists given in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from annotated_types import Ge

from deepzoo import Dataset, Files, Splits, Text, setting

from . import samples

LITTLE = 60_000  # characters


class UserText(Dataset):
    """Your own text: text files, tables with a document a row, or folders of either.

    Folders or files named train, validation and test are the splits. Otherwise near-duplicates
    are dropped, and a hash of each document decides: of ten, about eight are for training, one
    each for validation and test. Of fewer than ten documents, or of one long text, the last two
    tenths are held out.
    """

    name = "text"
    kind = Text
    license = "your own"
    start_from = "tweets@shipped"

    documents: Literal["files", "lines", "paragraphs"] = setting(
        "files", "what one document of a text file is"
    )
    text_column: str = setting(
        "text", "table column that holds the documents; its number where there is no header"
    )
    split_every: Annotated[int, Ge(0)] = setting(
        0, "validation takes every N-th document, test those half-way between; 0 splits by content"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the hash that splits 80/10/10")

    def load(self, files: Files) -> Splits[Text]:
        """Reads and splits `files["data"]`; large files stay on disk."""
        from deepzoo.readers import check_columns, given_splits, note_documents, read_documents

        from .prepare import count_characters

        check_columns({"text_column": self.text_column})
        path, options = files["data"], files.options
        if splits := given_splits(path, options, self.text_column, self.documents):
            return splits
        documents = read_documents(path, options, self.text_column, self.documents)
        notes = [note_documents(path, documents, self.documents)]
        size = count_characters(documents, LITTLE)
        if size < LITTLE:
            notes.append(
                f"{path.name}: {size:,} characters are little to learn from: expect its words and "
                "turns of phrase, put together anew, and hardly a sentence that makes sense."
            )
        return self._split(documents, tuple(notes))

    def split(self, whole: Text) -> Splits[Text]:
        """Splits documents given in Python as those of a file."""
        return self._split(whole.documents, ())

    def check_splits(self, splits: Splits[Text]) -> Splits[Text]:
        """Tells of documents that are in two splits."""
        from deepzoo.readers import note_copies

        return note_copies(splits)

    def sample(self) -> Splits[Text]:
        """Invents 1,200 tweet-like texts, different from those of `tweets`."""
        return self._split(samples.tweets(1200, seed=1), ())

    def _split(self, documents: Sequence[str], notes: Sequence[str]) -> Splits[Text]:
        from deepzoo import readers

        if len(documents) < readers.FEW_DOCUMENTS:
            return readers.split_long_text(documents, notes=notes)
        how = {"every": self.split_every, "seed": self.split_seed}
        return readers.split_documents(documents, **how, notes=notes)
