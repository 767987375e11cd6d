"""CSV files: columns by name, with every bad row named or counted."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import DataError, ResourceError
from ..system import memory
from .encodings import TextFile, decode, open_text

LONGEST_CELL = 131_072
_CHECK_EVERY = 4096


def read_csv(
    path: str | Path,
    column: str | Sequence[str],
    *,
    encoding: str = "utf-8",
    skip_bad: bool = False,
) -> tuple[list[str], tuple[str, ...]]:
    """Reads one column of a CSV file with a header.

    Args:
        path: The file. Fields may hold quoted commas and line ends.
        column: Name of the column, or several names of which the first present is taken.
        encoding: Used where the file has no byte order mark.
        skip_bad: Leaves bad rows out and counts them in a note, instead of refusing the file.

    Returns:
        The cells in the order of the rows, and notes on what was changed or left out.

    Raises:
        DataError: No header, no rows, the column is missing or there twice, or a bad row.
    """
    names = [column] if isinstance(column, str) else list(column)
    cells, notes = read_columns(path, [names], encoding=encoding, skip_bad=skip_bad)
    return cells[0], notes


def read_columns(
    path: str | Path,
    columns: Sequence[str | Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    encoding: str = "utf-8",
    skip_bad: bool = False,
) -> tuple[list[list[str]], tuple[str, ...]]:
    """Reads several columns of a CSV file, row by row in step; see `read_csv`.

    Args:
        path: The file.
        columns: Each a name, or several names of which the first present is taken.
        numbers: Those of the columns whose cells must be finite numbers.
        encoding: Used where the file has no byte order mark.
        skip_bad: Leaves bad rows out and counts them.

    Returns:
        One list of cells per column, and notes.
    """
    path = Path(path)
    file = _open(path, encoding)
    rows = _rows(file, "\t" if path.suffix.lower() == ".tsv" else ",")
    header = _header(path, rows)
    wanted = [
        _position(path, header, [item] if isinstance(item, str) else item) for item in columns
    ]
    numeric = {index for index in wanted if header[index] in numbers}
    kept: list[list[str]] = [[] for _ in wanted]
    bad: list[str] = []
    budget = _Budget(file)
    for line, row in rows:
        if problem := _problem(row, header, numeric):
            bad.append(f"line {line:,}: {problem}")
            continue
        for cells, index in zip(kept, wanted, strict=True):
            cells.append(row[index])
            budget.spend(row[index])
    return kept, (*file.notes, *_report(path, len(kept[0]), bad, skip_bad))


def _header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    header = [name.strip() for name in next(rows, (0, []))[1]]
    if not any(header):
        raise DataError(f"{path} has no header: its first line is empty.", "Name the columns.")
    return header


def _open(path: Path, encoding: str) -> TextFile:
    if path.is_file() and path.stat().st_size == 0:
        raise DataError(f"{path} has no header: 0 bytes.", "Give a CSV file with a header.")
    return open_text(path, encoding)


def _lines(file: TextFile) -> Iterator[str]:
    """Yields lines with their LF; only LF ends a line, not U+2028 and its like."""
    rest = ""
    for piece in decode(file):
        *whole, last = piece.split("\n")
        if whole:
            yield rest + whole[0] + "\n"
            yield from (line + "\n" for line in whole[1:])
            rest = last
        else:
            rest += last
    if rest:
        yield rest


class _Lines:
    """The lines of a file, with a word on whether they were asked for beyond the last."""

    def __init__(self, file: TextFile) -> None:
        self.lines = _lines(file)
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self.lines:
            return line
        self.ended = True
        raise StopIteration


def _rows(file: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields each row that is not blank with the number of its first line."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    while True:
        # The limit is global in the csv module; ours is checked per cell, by `_problem`.
        previous = csv.field_size_limit(2**31 - 1)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(f"{file.path}, line {line:,}: {error}.", "Mend that row.") from None
        finally:
            csv.field_size_limit(previous)
        if lines.ended:  # The reader wanted more for this row: it ends inside a quoted field.
            raise DataError(
                f"{file.path}, line {line:,}: a quote is opened and never closed, expected "
                "another one before the end of the file.",
                "Close the quote, or write a quote inside a field twice.",
            )
        if row:
            yield line, row
        line = reader.line_num + 1


def _position(path: Path, header: list[str], names: Sequence[str]) -> int:
    for name in names:
        if header.count(name) > 1:
            raise DataError(
                f"{path} has {header.count(name)} columns named {name!r}, expected one.",
                "Rename all but one of them.",
            )
        if name in header:
            return header.index(name)
    expected = " or ".join(repr(name) for name in names)
    found = ", ".join(repr(name[:40]) for name in header[:20])
    close = difflib.get_close_matches(names[0].lower(), [name.lower() for name in header], 1)
    if close:
        nearest = next(name for name in header if name.lower() == close[0])
        hint = f"Did you mean {nearest!r}?"
    elif len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        hint = "The columns seem to be separated by something else than a comma."
    elif len(names) > 1:  # These names are the dataset's own; no setting chooses another one.
        hint = f"Rename the column that holds it to {names[0]!r}."
    else:
        hint = "Name the column, for example: --set text_column=" + header[0][:40]
    raise DataError(f"{path} has no column {expected}; found {found}.", hint)


def _problem(row: list[str], header: list[str], numeric: set[int]) -> str:
    if len(row) != len(header):
        return f"{len(row)} fields, expected {len(header)}"
    for index, cell in enumerate(row):
        if len(cell) > LONGEST_CELL:
            return (
                f"column {header[index]!r} has {len(cell):,} characters, at most {LONGEST_CELL:,}"
            )
    for index in numeric:
        try:
            finite = math.isfinite(float(row[index]))
        except ValueError:
            finite = False
        if not finite:
            return f"column {header[index]!r} is {row[index][:40]!r}, expected a finite number"
    return ""


def _report(path: Path, count: int, bad: list[str], skip_bad: bool) -> tuple[str, ...]:
    if bad and not skip_bad:
        others = f" ({len(bad):,} such rows in all)" if len(bad) > 1 else ""
        raise DataError(f"{path}, {bad[0]}{others}.", "Leave bad rows out: --set skip_bad=true")
    if not count:
        left_out = f", {len(bad):,} bad ones left out" if bad else ""
        raise DataError(f"{path} has a header but 0 rows{left_out}.", "Give a file with rows.")
    if bad:
        return (f"{path.name}: {len(bad):,} bad rows left out, the first at {bad[0]}.",)
    return ()


class _Budget:
    """Stops before the cells take more memory than there is."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.spent = 0
        self.cells = 0
        self.limit = memory.available()

    def spend(self, cell: str) -> None:
        self.spent += cell.__sizeof__() + 8
        self.cells += 1
        if self.limit is None or self.cells % _CHECK_EVERY or self.spent < 0.8 * self.limit:
            return
        raise ResourceError(
            f"{self.file.path} ({self.file.size / memory.GIBIBYTE:.1f} GB) does not fit in memory: "
            f"{self.spent / memory.GIBIBYTE:.1f} GB after {self.cells:,} cells.",
            "Use a part of the file, or write the column as a text file.",
        )
