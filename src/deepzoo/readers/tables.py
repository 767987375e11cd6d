"""Columns of CSV files by name, with every bad row reported or counted."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import DataError, ResourceError
from ..system import memory
from ..system.files import bytes_in_words
from .encodings import TextFile, open_text, text_lines
from .rows import BadRows

MAX_CELL = 131_072
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
        column: Name of the column; of several names the first present is taken.
        encoding: Used where the file has no byte order mark.
        skip_bad: Leaves out bad rows and counts them in a note, instead of refusing the file.

    Returns:
        The cells in the order of the rows, and notes on what was changed or left out.

    Raises:
        DataError: There is no header, no row or a bad row, or not exactly one such column.
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
    """Reads several columns of a CSV file; see `read_csv`.

    Args:
        path: The file.
        columns: A name for each column; of several names the first present is taken.
        numbers: Names of columns whose cells must be finite numbers.
        encoding: Used where the file has no byte order mark.
        skip_bad: Leaves out bad rows and counts them.

    Returns:
        One list of cells per column, all of the same rows; and notes.
    """
    path = Path(path)
    if path.is_file() and path.stat().st_size == 0:
        raise DataError(f"{path} has no header: 0 bytes.", "Give a CSV file with a header.")
    file = open_text(path, encoding)
    rows = _rows(file, "\t" if path.suffix.lower() == ".tsv" else ",")
    header = [name.strip() for name in next(rows, (0, []))[1]]
    if not any(header):
        raise DataError(f"{path} has no header: its first line is empty.", "Name the columns.")
    wanted = [
        _position(path, header, [item] if isinstance(item, str) else item) for item in columns
    ]
    numeric = {index for index in wanted if header[index] in numbers}
    kept: list[list[str]] = [[] for _ in wanted]
    bad = BadRows(str(path))
    needed, free = 0, memory.available()
    for line, row in rows:
        if problem := _problem(row, header, numeric):
            bad.add(line, problem)
            continue
        for cells, index in zip(kept, wanted, strict=True):
            cells.append(row[index])
            needed += row[index].__sizeof__() + 8
        if free is not None and not len(kept[0]) % _CHECK_EVERY and needed > 0.8 * free:
            raise ResourceError(
                f"{path} ({bytes_in_words(file.size)}) does not fit in memory: "
                f"{bytes_in_words(needed)} after {len(kept[0]):,} rows.",
                "Use a part of the file, or write the column as a text file.",
            )
    return kept, (*file.notes, *bad.report(len(kept[0]), skip_bad))


def _rows(file: TextFile, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yields each row that is not blank, with the number of its first line."""
    ended, line = False, 1

    def lines() -> Iterator[str]:
        nonlocal ended
        yield from (f"{text}\n" for text in text_lines(file))
        ended = True

    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        # The limit is global in the csv module; ours is checked per cell, by `_problem`.
        previous = csv.field_size_limit(2**31 - 1)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(f"{file.path}, line {line:,}: {error}.", "Fix that row.") from None
        finally:
            csv.field_size_limit(previous)
        if ended:  # The row needed more lines than there are: it ends inside a quoted field.
            raise DataError(
                f"{file.path}, line {line:,}: a quote is opened and never closed.",
                "Close the quote; inside a field, write a quote twice.",
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
    received = ", ".join(repr(name[:40]) for name in header[:20])
    close = difflib.get_close_matches(names[0].lower(), [name.lower() for name in header], 1)
    if close:
        nearest = next(name for name in header if name.lower() == close[0])
        hint = f"Did you mean {nearest!r}?"
    elif len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        hint = "The columns seem to be separated by something other than a comma."
    elif len(names) > 1:  # The dataset fixes these names; no setting chooses another.
        hint = f"Rename the column with these values to {names[0]!r}."
    else:
        hint = "Name the column, for example: --set text_column=" + header[0][:40]
    raise DataError(f"{path} has no column {expected}; found {received}.", hint)


def _problem(row: list[str], header: list[str], numeric: set[int]) -> str:
    if len(row) != len(header):
        return f"{len(row)} fields, expected {len(header)}"
    for index, cell in enumerate(row):
        if len(cell) > MAX_CELL:
            return f"column {header[index]!r} has {len(cell):,} characters, at most {MAX_CELL:,}"
    for index in numeric:
        try:
            finite = math.isfinite(float(row[index]))
        except ValueError:
            finite = False
        if not finite:
            return f"column {header[index]!r} is {row[index][:40]!r}, expected a finite number"
    return ""
