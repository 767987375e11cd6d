"""Columns of a table by name or number, and messages that say which there are."""

from __future__ import annotations

import difflib
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from ..errors import DataError, UsageError
from .tables import Table

_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?%?", re.IGNORECASE)
_SHOWN = 20


def is_number(cell: str) -> bool:
    """Returns whether a cell is a number, with a decimal point or comma."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def set_line(values: Mapping[str, str]) -> str:
    """Returns the options that set these values, as they can be pasted into a shell."""
    return " ".join(f"--set {shlex.quote(f'{name}={value}')}" for name, value in values.items())


def check_columns(columns: Mapping[str, str]) -> None:
    """Refuses columns that contradict each other, before a file is opened.

    Args:
        columns: Number or name of each column, by the name of its setting.

    Raises:
        UsageError: They are the same, or a number and a name, or a number below 1.
    """
    values = [" ".join(value.split()) for value in columns.values()]
    hint = f"Set {'both' if len(values) > 1 else 'it'}: {set_line(_numbered(columns))}"
    numbers = [value.isdecimal() for value in values]
    said = " and ".join(repr(value) for value in values)
    if not all(values):
        raise UsageError(f"The columns are {said}; expected a name or a number.", hint)
    if any(numbers) and not (all(numbers) and all(map(int, values))):
        raise UsageError(
            f"The columns are {said}; expected two names, or two numbers from 1 on."
            if len(values) > 1
            else f"The column is {said}; expected a name, or a number from 1 on.",
            hint,
        )
    if len({int(value) if value.isdecimal() else value for value in values}) < len(values):
        raise UsageError(f"The columns are the same, {values[0]!r}; expected two.", hint)


def find_columns(table: Table, columns: Mapping[str, str | Sequence[str]]) -> list[int]:
    """Finds columns by number, where each row is an example, or by the names in a header.

    Args:
        table: A table of which nothing was read; its header is read if columns are names.
        columns: Number or name of each column, by the name of the setting that chooses it; of
            several names, which no setting chooses, the first that is there.

    Returns:
        Positions of the columns, from 0 on.

    Raises:
        DataError: There is no such column, or no header, or the name is there twice.
    """
    wanted = {key: [value] if isinstance(value, str) else value for key, value in columns.items()}
    if all(names[0].isdecimal() for names in wanted.values()) and not table.is_json:
        if table.is_prose:
            raise _prose_error(table, wanted)
        table.without_header()
        positions = [int(names[0]) - 1 for names in wanted.values()]
        if looks_like_header(table.sample) and max(positions) < len(table.sample[0]):
            named = {key: table.sample[0][at] for key, at in zip(wanted, positions, strict=True)}
            table.notes.append(
                f"{table.path.name}: line 1 was read as a row like the others. If it names the "
                f"columns: {set_line(named)}"
            )
        return positions
    sample = table.sample
    header = table.header()
    if not any(header):
        raise DataError(
            f"{table.path} has no header: its first line is empty.", "Name the columns."
        )
    chosen = all(isinstance(value, str) for value in columns.values())
    return [_position(table, header, names, wanted, sample, chosen) for names in wanted.values()]


def _position(
    table: Table,
    header: list[str],
    names: Sequence[str],
    wanted: Mapping[str, Sequence[str]],
    sample: list[list[str]],
    chosen: bool,
) -> int:
    for name in (" ".join(name.split()) for name in names):
        if header.count(name) > 1:
            raise DataError(
                f"{table.path}, line 1: {header.count(name)} columns are named {name!r}, expected "
                "one.",
                f"Rename all but one of them, or count the columns: {set_line(_numbered(wanted))}",
            )
        if name in header:
            return header.index(name)
    expected = " or ".join(repr(name) for name in names)
    received = ", ".join(repr(name[:40]) for name in header[:_SHOWN])
    more = f" and {len(header) - _SHOWN} more" if len(header) > _SHOWN else ""
    if not table.is_json and not could_be_header(sample):
        if table.is_prose:
            raise _prose_error(table, wanted)
        places = [str(at + 1) for at in best_columns(sample, len(wanted))]
        raise DataError(
            f"{table.path} ({table.separated}) has no column {expected} and seems to have no "
            f"header: its first line is {received}{more}.",
            f"Count the columns: {set_line(dict(zip(wanted, places, strict=False)))}"
            if chosen
            else f"Add a first line that names the columns, with {names[0]!r} among them.",
        )
    message = f"{table.path} ({table.separated}) has no column {expected}; found {received}{more}."
    if not chosen:
        raise DataError(message, f"Rename the column with these values to {names[0]!r}.")
    raise DataError(message, f"Name the column: {set_line(_named(header, wanted, sample))}")


def _prose_error(table: Table, wanted: Mapping[str, Sequence[str]]) -> DataError:
    or_plain = ", or rename the file to end in .txt" if "text_column" in wanted else ""
    return DataError(
        f"{table.path} looks like running text, not like a table: a blank follows each of its "
        "commas.",
        f"If each line is one text, put it in quotes{or_plain}. If the commas separate columns, "
        "leave out the blanks, or name the columns in a first line.",
    )


def _named(
    header: list[str], wanted: Mapping[str, Sequence[str]], sample: list[list[str]]
) -> dict[str, str]:
    """Returns the columns of a header that were probably meant."""
    lower = {name.lower(): name for name in header}
    named: dict[str, str] = {}
    for key, names in wanted.items():
        close = difflib.get_close_matches(names[0].lower(), list(lower), 1)
        if names[0] in header or close:
            named[key] = names[0] if names[0] in header else lower[close[0]]
    others = [header[at] for at in best_columns(sample, len(wanted)) if header[at : at + 1]]
    for key in wanted:
        if key not in named:
            free = [name for name in others if name not in named.values()]
            named[key] = (free or header)[0]
    return {key: named[key] for key in wanted}


def best_columns(rows: Sequence[Sequence[str]], count: int) -> list[int]:
    """Returns the columns with the longest texts in the rows after the first, in their order."""
    width = len(rows[0]) if rows else 0
    body = rows[1:] or rows

    def length(at: int) -> float:
        return fmean(len(row[at]) if len(row) > at else 0 for row in body)

    return sorted(sorted(range(width), key=length, reverse=True)[:count])


def could_be_header(rows: Sequence[Sequence[str]]) -> bool:
    """Returns whether the first row may name columns: short names that recur nowhere below."""
    first, others = (rows[0] if rows else []), rows[1:]
    return not any(
        is_number(cell)
        or len(cell) > 40
        or cell.rstrip().endswith((".", "!", "?", "…", "。"))
        or any(len(row) > at and row[at] == cell for row in others)
        for at, cell in enumerate(first)
    )


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Returns whether the first row names columns, by the longer texts or numbers below it."""
    if len(rows) < 4 or not all(map(str.strip, rows[0])) or not could_be_header(rows):
        return False
    if len(set(rows[0])) < len(rows[0]) or any(len(cell.split()) > 2 for cell in rows[0]):
        return False
    columns = [[row[at] for row in rows[1:] if len(row) > at] for at in range(len(rows[0]))]
    return any(column and all(map(is_number, column)) for column in columns) or all(
        column
        and fmean(map(len, column)) > 2 * len(name)
        and fmean(len(cell.split()) for cell in column) > 2
        for name, column in zip(rows[0], columns, strict=True)
    )


def _numbered(columns: Mapping[str, object]) -> dict[str, str]:
    return {name: str(number) for number, name in enumerate(columns, 1)}


def read_csv(
    path: str | Path,
    column: str | Sequence[str],
    *,
    encoding: str = "utf-8",
    skip_bad: bool = False,
    setting: str = "text_column",
) -> tuple[list[str], tuple[str, ...]]:
    """Reads one column of a table.

    Args:
        path: A table as `Table` reads it. Fields may hold quoted separators and line ends.
        column: Name of the column, or its number, from 1 on, where there is no header; of
            several names the first present is taken.
        encoding: Used where the file has no byte order mark.
        skip_bad: Leaves out bad rows and counts them in a note, instead of refusing the file.
        setting: Name of the setting that chooses the column, for hints.

    Returns:
        The cells in the order of the rows, and notes on what was changed or left out.

    Raises:
        DataError: There is no header, no row or a bad row, or not exactly one such column.
    """
    columns = {setting: column}
    cells, notes = _read(path, columns, encoding=encoding, skip_bad=skip_bad)
    return cells[0], notes


def read_columns(
    path: str | Path,
    columns: Sequence[str | Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    encoding: str = "utf-8",
    skip_bad: bool = False,
) -> tuple[list[list[str]], tuple[str, ...]]:
    """Reads several columns of a table; see `read_csv`.

    Args:
        path: The file.
        columns: A name for each column; of several names the first present is taken.
        numbers: Names of columns whose cells must be finite numbers.
        encoding: As in `read_csv`, like the next one.
        skip_bad: Leaves out bad rows.

    Returns:
        The cells of each column, and notes.
    """
    names = {str(at): [item] if isinstance(item, str) else item for at, item in enumerate(columns)}
    return _read(path, names, numbers=numbers, encoding=encoding, skip_bad=skip_bad)


def _read(
    path: str | Path,
    columns: Mapping[str, str | Sequence[str]],
    *,
    numbers: Sequence[str] = (),
    encoding: str = "utf-8",
    skip_bad: bool = False,
) -> tuple[list[list[str]], tuple[str, ...]]:
    table = Table(path, encoding)
    first = table.keys if table.is_json else table.sample[0] if table.sample else []
    positions = find_columns(table, columns)
    numeric = [at for at in positions if first[at : at + 1] and first[at].strip() in numbers]
    kept: list[list[str]] = [[] for _ in positions]
    for line, row in table:
        if not row:
            continue
        if problem := _problem(row, first, positions, numeric):
            table.bad.add(line, problem)
            continue
        for cells, at in zip(kept, positions, strict=True):
            cells.append(row[at])
    return kept, (*table.notes, *table.bad.report(len(kept[0]), skip_bad))


def _problem(
    row: list[str], first: list[str], positions: Sequence[int], numeric: Sequence[int]
) -> str:
    if len(row) != len(first):
        return f"{len(row)} fields, expected {len(first)}"
    if max(positions) >= len(row):
        return f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {max(positions) + 1}"
    for at in numeric:
        try:
            finite = math.isfinite(float(row[at]))
        except ValueError:
            finite = False
        if not finite:
            return f"column {first[at]!r} is {row[at][:40]!r}, expected a finite number"
    return ""
