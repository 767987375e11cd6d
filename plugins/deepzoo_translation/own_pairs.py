"""The user's own pairs of texts: tables with a source and a target in each row.

Every form of table is read, gzipped or not; every bad row is named or counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge

from deepzoo import Dataset, Files, Splits, TextPairs, setting
from deepzoo.errors import DataError

if TYPE_CHECKING:
    from deepzoo.readers import BadRows

_PLAIN = (".tsv", ".txt", ".csv", ".tab", ".jsonl", ".ndjson")
ENDINGS = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))


class TextPairsFile(Dataset):
    """Your own pairs: a table with tabs, commas, semicolons or bars, or JSON lines; one pair a row.

    Name columns by their header, or by number if the first line is a pair like the others.
    Folders or files named train, validation and test are the splits. Otherwise a hash of each
    source decides: of ten, about eight are for training, one each for validation and test.
    """

    name = "text-pairs"
    kind = TextPairs
    license = "your own"

    source_column: str = setting("1", "number or name of the column that is translated")
    target_column: str = setting("2", "number or name of the column it is translated into")
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the hash that splits 80/10/10")

    def load(self, files: Files) -> Splits[TextPairs]:
        """Reads and splits the table, or the folder of tables, in `files["data"]`."""
        from deepzoo.readers import check_columns, split_notes, split_parts

        from .splitting import given_splits, split_pairs

        columns = {"source_column": self.source_column, "target_column": self.target_column}
        check_columns(columns)
        parts = split_parts(files["data"], ENDINGS)
        if parts:
            read = {name: read_pairs(path, columns, files.options) for name, path in parts.items()}
            return given_splits(read, split_notes(parts))
        pairs, notes = read_pairs(files["data"], columns, files.options)
        return split_pairs(pairs, self.split_seed, notes)

    def from_python(self, data: Any) -> TextPairs | None:
        """Takes a list of pairs, beside a tuple of sources and targets."""
        if not isinstance(data, list):
            return None
        if not all(isinstance(row, (tuple, list)) and len(row) == 2 for row in data):
            return None
        return TextPairs([source for source, _ in data], [target for _, target in data])

    def split(self, whole: TextPairs) -> Splits[TextPairs]:
        """Splits pairs given in Python as those of a file."""
        from deepzoo.readers import BadRows

        from .splitting import split_pairs

        rows = enumerate(map(list, zip(whole.sources, whole.targets, strict=True)), 1)
        pairs, notes = take_pairs(rows, (0, 1), BadRows("data"))
        return split_pairs(pairs, self.split_seed, notes)

    def check_splits(self, splits: Splits[TextPairs]) -> Splits[TextPairs]:
        """Keeps each source in one split."""
        from .splitting import given_splits

        names = ("train", "validation", "test")
        return given_splits({name: (getattr(splits, name), ()) for name in names}, splits.notes)

    def sample(self) -> Splits[TextPairs]:
        """Translates 1,500 sentences into a small invented language."""
        from .samples import sentence_pairs
        from .splitting import split_pairs

        return split_pairs(sentence_pairs(1500, seed=1), self.split_seed)


def read_pairs(
    path: str | Path, columns: Mapping[str, str], options: Any
) -> tuple[TextPairs, tuple[str, ...]]:
    """Reads the pairs of a file, or of all files in a folder.

    Args:
        path: A table, or a folder of tables.
        columns: Number or name of the columns of source and target, by their settings.
        options: The settings of the kind: `encoding` and `skip_bad`.

    Returns:
        The pairs, and notes on what was left out.

    Raises:
        DataError: A row is bad, with its path, its line and the reason; or there are none.
    """
    from deepzoo.readers import Table, find_columns, list_files

    sources, targets = [], []
    files, notes = list_files(path, ENDINGS)
    for file in files:
        table = Table(file, options.encoding)
        positions = find_columns(table, columns)
        part, left_out = take_pairs(table, positions, table.bad, options.skip_bad)
        sources += part.sources
        targets += part.targets
        notes += [*table.notes, *left_out]
    return TextPairs(sources, targets), tuple(notes)


def take_pairs(
    rows: Iterable[tuple[int, list[str]]],
    positions: Sequence[int],
    bad: BadRows,
    skip_bad: bool = False,
) -> tuple[TextPairs, list[str]]:
    """Takes source and target out of rows, with runs of blanks collapsed.

    Args:
        rows: Cells with their line numbers.
        positions: Positions of source and target in a row.
        bad: Collects the rows that are not pairs.
        skip_bad: Leaves bad rows out.

    Returns:
        The pairs, and notes on what was left out.
    """
    from deepzoo.readers import Table

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
    if bad.count and not sources and not skip_bad and isinstance(rows, Table):
        raise DataError(
            f"{bad.path}, {bad.first}; the table is {rows.separated}.",
            "Check the separator, and name the columns: "
            "--set source_column=1 --set target_column=2",
        )
    return TextPairs(sources, targets), bad.report(len(sources), skip_bad, "pairs")
