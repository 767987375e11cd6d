"""The user's own pairs of texts: tables with a source and a target in each row.

Tables have tabs or commas, gzipped or not; every bad row is named or counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge

from deepzoo import Dataset, Files, Splits, TextPairs, setting
from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from deepzoo.readers import BadRows, Table

ENDINGS = (".tsv", ".txt", ".csv", ".tsv.gz", ".txt.gz", ".csv.gz")
_SET_BOTH = "Set both: --set source_column=1 --set target_column=2"


class TextPairsFile(Dataset):
    """Your own pairs: a file with tabs or a CSV file, gzipped or not, one pair a row.

    Columns are numbers, when the first line is a pair like all others, or names in a header.
    Folders or files named train, validation and test are the splits. Otherwise 80/10/10 are
    drawn from a fixed seed by distinct source, so that no source is in two splits.
    """

    name = "text-pairs"
    kind = TextPairs
    license = "your own"

    source_column: str = setting("1", "number or name of the column that is translated")
    target_column: str = setting("2", "number or name of the column it is translated into")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 80/10/10 split")

    def load(self, files: Files) -> Splits[TextPairs]:
        """Reads and splits the table, or the folder of tables, in `files["data"]`."""
        from deepzoo.readers import split_parts

        from .splitting import given_splits, split_pairs

        columns = (self.source_column, self.target_column)
        parts = split_parts(files["data"], ENDINGS)
        if parts:
            return given_splits(
                {name: read_pairs(path, columns, files.options) for name, path in parts.items()}
            )
        pairs, notes = read_pairs(files["data"], columns, files.options)
        return split_pairs(pairs, self.split_seed, notes)

    def sample(self) -> Splits[TextPairs]:
        """Translates 1,500 sentences into a small invented language."""
        from .samples import sentence_pairs
        from .splitting import split_pairs

        return split_pairs(sentence_pairs(1500, seed=1), self.split_seed)


def read_pairs(
    path: str | Path, columns: tuple[str, str], options: Any
) -> tuple[TextPairs, tuple[str, ...]]:
    """Reads the pairs of a file, or of all files in a folder.

    Args:
        path: A file with tabs, or with commas if its name ends in `.csv` or `.csv.gz`.
        columns: Number or name of the columns of source and target.
        options: The settings of the kind: `encoding` and `skip_bad`.

    Returns:
        The pairs, and notes on what was left out.

    Raises:
        DataError: A row is bad, with its path, its line and the reason; or there are none.
    """
    from deepzoo.readers import BadRows, comma_rows, open_text, tab_rows, table_files, unpacked

    sources, targets, notes = [], [], []
    for file in table_files(path, ENDINGS):
        bad = BadRows(str(file))
        comma = file.name.lower().removesuffix(".gz").endswith(".csv")
        with unpacked(file) as plain:
            text = open_text(plain, options.encoding)
            rows = comma_rows(text, bad) if comma else tab_rows(text)
            positions = _positions(bad.path, columns, rows)
            part, left_out = take_pairs(rows, positions, bad, options.skip_bad)
        sources += part.sources
        targets += part.targets
        notes += left_out
    return TextPairs(sources, targets), tuple(notes)


def take_pairs(
    rows: Table, positions: Sequence[int], bad: BadRows, skip_bad: bool = False
) -> tuple[TextPairs, list[str]]:
    """Takes source and target out of rows, runs of blanks made single.

    Args:
        rows: Cells with their line numbers.
        positions: Positions of source and target in a row.
        bad: Counts what is not a pair.
        skip_bad: Leaves bad rows out.

    Returns:
        The pairs, and notes on what was left out.
    """
    sources, targets, width = [], [], max(positions) + 1
    for line, row in rows:
        source, target = (" ".join(row[i].split()) if i < len(row) else "" for i in positions)
        if source and target:
            sources.append(source)
            targets.append(target)
        elif not any(map(str.strip, row)):
            bad.add(line, "the line is empty, expected a source and a target")
        elif len(row) < width:
            bad.add(line, f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {width}")
        else:
            name, position = ("target", positions[1]) if source else ("source", positions[0])
            bad.add(line, f"the {name} (column {position + 1}) is empty")
    try:
        return TextPairs(sources, targets), bad.report(len(sources), skip_bad, "pairs")
    except DataError as error:
        if not sources and bad.count and not skip_bad:
            error.hint = "Is it a table with tabs? Name a table with commas .csv, and its columns."
        raise


def _positions(path: str, columns: tuple[str, str], rows: Table) -> list[int]:
    """Returns the positions of the columns; reads the header if they are names."""
    if columns[0] == columns[1]:
        raise UsageError(
            f"Source and target are the same column, {columns[0]!r}; expected two.", _SET_BOTH
        )
    numbers = [column.isdecimal() for column in columns]
    if any(numbers) and not (all(numbers) and "0" not in columns):
        raise UsageError(
            f"The columns are {columns[0]!r} and {columns[1]!r}; expected two names, or two "
            "numbers from 1 on.",
            _SET_BOTH,
        )
    if all(numbers):
        return [int(column) - 1 for column in columns]
    header = [name.strip() for name in next(rows, (0, []))[1]]
    for column in columns:
        if header.count(column) != 1:
            names = ", ".join(repr(name[:40]) for name in header[:20])
            raise DataError(
                f"{path}, line 1: expected one column named {column!r}, found {names}.",
                "Name the columns, or count them: --set source_column=1 --set target_column=2",
            )
    return [header.index(column) for column in columns]
