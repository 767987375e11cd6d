"""Tables of text pairs: with tabs or commas, gzipped or not, every bad row named or counted."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deepzoo import TextPairs
from deepzoo.errors import DataError, UsageError
from deepzoo.readers import read_text, split_parts, table_files, unpacked

ENDINGS = (".tsv", ".txt", ".csv", ".tsv.gz", ".txt.gz", ".csv.gz")

Found = tuple[TextPairs, tuple[str, ...]]


def read_pairs(path: str | Path, columns: tuple[str, str], options: Any) -> Found:
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
    path = Path(path)
    if path.is_dir():
        found = [read_pairs(one, columns, options) for one in table_files(path, ENDINGS)]
        sources = [text for pairs, _ in found for text in pairs.sources]
        targets = [text for pairs, _ in found for text in pairs.targets]
        return TextPairs(sources, targets), tuple(note for _, notes in found for note in notes)
    with unpacked(path) as plain:
        text = read_text(plain, options.encoding)
    comma = path.name.lower().removesuffix(".gz").endswith(".csv")
    return parse_table(str(path), text, columns, comma=comma, skip_bad=options.skip_bad)


def pair_folders(path: str | Path) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test."""
    return split_parts(path, ENDINGS)


def parse_table(
    path: str,
    text: str,
    columns: Sequence[str | int],
    *,
    comma: bool = False,
    skip_bad: bool = False,
) -> Found:
    """Takes two columns out of the text of a table.

    Args:
        path: How the table is called in errors.
        text: All of it, with LF at the end of lines.
        columns: Two positions from 0 on, two numbers as text from 1 on, or two names.
        comma: Whether fields are separated by commas, and may be quoted; else by tabs.
        skip_bad: Leaves bad rows out and counts them.
    """
    rows = _comma_rows(path, text) if comma else _tab_rows(text)
    places = _places(path, columns, rows)
    sources, targets, bad = [], [], []
    for line, row in rows:
        problem = _problem(row, places)
        if problem:
            bad.append(f"line {line:,}: {problem}")
            continue
        sources.append(" ".join(row[places[0]].split()))
        targets.append(" ".join(row[places[1]].split()))
    return TextPairs(sources, targets), _report(path, len(sources), bad, skip_bad)


def _tab_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.removesuffix("\n").split("\n"), 1):
        yield line, content.split("\t")


def _comma_rows(path: str, text: str) -> Iterator[tuple[int, list[str]]]:
    # Not `splitlines`: U+2028 and its like end no line.
    reader = csv.reader((f"{line}\n" for line in text.removesuffix("\n").split("\n")), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}, line {line:,}: {error}.", "Mend that row.") from None


def _places(
    path: str, columns: Sequence[str | int], rows: Iterator[tuple[int, list[str]]]
) -> list[int]:
    """Returns the positions of the columns; reads the header if they are names."""
    if columns[0] == columns[1]:
        raise UsageError(
            f"Source and target are the same column, {columns[0]!r}; expected two.",
            "Set both: --set source_column=1 --set target_column=2",
        )
    if all(isinstance(column, int) for column in columns):
        return [int(column) for column in columns]
    numbers = [str(column).isdecimal() for column in columns]
    if any(numbers):
        if not all(numbers) or "0" in columns:
            raise UsageError(
                f"The columns are {columns[0]!r} and {columns[1]!r}; expected two names, or two "
                "numbers from 1 on.",
                "Set both: --set source_column=1 --set target_column=2",
            )
        return [int(column) - 1 for column in columns]
    header = [name.strip() for name in next(rows, (0, []))[1]]
    for column in columns:
        if header.count(str(column)) != 1:
            names = ", ".join(repr(name[:40]) for name in header[:20])
            raise DataError(
                f"{path}, line 1: expected one column named {column!r}, found {names}.",
                "Name the columns, or count them: --set source_column=1 --set target_column=2",
            )
    return [header.index(str(column)) for column in columns]


def _problem(row: list[str], places: Sequence[int]) -> str:
    if not any(cell.strip() for cell in row):
        return "the line is empty, expected a source and a target"
    if len(row) <= max(places):
        return f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {max(places) + 1}"
    for name, place in zip(("source", "target"), places, strict=True):
        if not row[place].strip():
            return f"the {name} (column {place + 1}) is empty"
    return ""


def _report(path: str, count: int, bad: list[str], skip_bad: bool) -> tuple[str, ...]:
    if bad and not skip_bad:
        others = f" ({len(bad):,} bad rows in all)" if len(bad) > 1 else ""
        hint = "Leave bad rows out: --set skip_bad=true"
        if not count:
            hint = "Is it a table with tabs? One with commas is called .csv; name its columns."
        raise DataError(f"{path}, {bad[0]}{others}.", hint)
    if not count:
        left_out = f", {len(bad):,} bad ones left out" if bad else ""
        raise DataError(f"{path} has 0 pairs{left_out}.", "Give a file with a pair in each line.")
    if bad:
        return (f"{Path(path).name}: {len(bad):,} bad rows left out, the first at {bad[0]}.",)
    return ()
