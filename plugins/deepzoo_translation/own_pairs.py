"""The user's own pairs of texts: a table with a source and a target in each row."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge

from deepzoo import Dataset, Files, Splits, TextPairs, setting


class TextPairsFile(Dataset):
    """Your own pairs: a file with tabs or a CSV file, gzipped or not, one pair a row.

    Columns are numbers, when the first line is a pair like all others, or names in a header.
    Folders or files named train, validation and test are the splits. Else 80/10/10 are drawn
    from a fixed seed by distinct source, so that no source stands on two sides.
    """

    name = "text-pairs"
    kind = TextPairs
    license = "your own"

    source_column: str = setting("1", "number or name of the column that is translated")
    target_column: str = setting("2", "number or name of the column it is translated into")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 80/10/10 draw")

    def load(self, files: Files) -> Splits[TextPairs]:
        """Reads and splits the table, or the folder of tables, in `files["data"]`."""
        from .pair_files import pair_folders, read_pairs
        from .splitting import given_splits, split_pairs

        columns = (self.source_column, self.target_column)
        folders = pair_folders(files["data"])
        if folders:
            return given_splits(
                {name: read_pairs(path, columns, files.options) for name, path in folders.items()}
            )
        found, notes = read_pairs(files["data"], columns, files.options)
        return split_pairs(found, self.split_seed, notes)

    def sample(self) -> Splits[TextPairs]:
        """Translates 1,500 sentences into a small invented language."""
        from .samples import sentence_pairs
        from .splitting import split_pairs

        return split_pairs(sentence_pairs(1500, seed=1), self.split_seed, ())
