"""Files of baskets: a basket a line, or a table of baskets and items; gzipped or not."""

from __future__ import annotations

import difflib
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deepzoo import Baskets
from deepzoo.errors import DataError, UsageError
from deepzoo.readers import (
    BadRows,
    Table,
    comma_rows,
    open_text,
    require_memory,
    tab_rows,
    table_files,
    unpacked,
)

from .baskets import sparse_rows

_PLAIN = (".csv", ".tsv", ".tab", ".txt")
_TABS = (".tsv", ".tab")
ENDINGS = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
_TABLE_LINES, _TABLE_FRACTION = 5, 0.2  # lines that begin as the line before: a table
LINES = ("", "")
"""The columns of a file in which each line is a basket."""
EMPTY = -1
"""The number of an empty cell."""

Loaded = tuple[Baskets, tuple[str, ...]]
"""Baskets, and notes on what was changed or left out."""


class Numbering(dict[str, int]):
    """Numbers names in the order they come: `numbering[cell]`.

    Blanks around a name do not count, and several inside it count as one. An empty cell
    gets `EMPTY`.

    Examples:
        >>> numbering = Numbering()
        >>> [numbering[cell] for cell in ("rye bread", "milk", " rye  bread", " ")]
        [0, 1, 0, -1]
        >>> numbering.names
        ['rye bread', 'milk']
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, cell: str) -> int:
        name = " ".join(cell.split())
        if not name:
            number = EMPTY
        elif name != cell:
            number = self[name]
        else:
            number = len(self.names)
            self.names.append(name)
        self[cell] = number
        return number


class Entries:
    """Items of baskets in the order they are read; eight bytes each.

    Args:
        items: Numbers the items, of all splits alike.
    """

    def __init__(self, items: Numbering) -> None:
        self.items = items
        self.count = 0  # of baskets
        self.notes: list[str] = []
        self.baskets, self.numbers = array("i"), array("i")

    def add(self, basket: int, items: Sequence[int]) -> None:
        """Puts items into a basket, new or not."""
        self.baskets.extend([basket] * len(items))
        self.numbers.extend(items)


def read_baskets(path: str | Path, options: Any, columns: tuple[str, str] = LINES) -> Loaded:
    """Reads the baskets of a file, or of all files in a folder.

    Items are sorted by name; an item that is repeated in a basket counts once.

    Args:
        path: A file with commas, or with tabs if its name ends in `.tsv` or `.tab`.
        options: The settings of the kind: `encoding` and `skip_bad`.
        columns: Number or name of the columns of basket and item, for a table in which each row
            is an item of a basket; `LINES` where each line is a basket. Baskets of different
            files are different ones, even if they have the same name.

    Returns:
        The baskets in the order they come, and notes on what was changed or left out.

    Raises:
        DataError: A row is bad, with its path, its line and the reason; or there is nothing
            to recommend.
        UsageError: The columns contradict each other.
    """
    return read_parts({"all": Path(path)}, options, columns)["all"]


def read_parts(
    parts: Mapping[str, Path], options: Any, columns: tuple[str, str] = LINES
) -> dict[str, Loaded]:
    """Reads the baskets of several splits over one list of items; see `read_baskets`."""
    checked = _check_columns(columns)
    items = Numbering()
    read = {part: _read_part(path, options, checked, items) for part, path in parts.items()}
    if len(items.names) == 1:
        raise DataError(
            f"{', '.join(map(str, parts.values()))}: all baskets hold the same item, "
            f"{items.names[0][:60]!r}; there is nothing to recommend.",
            "Separate items by commas, or by tabs in a file whose name ends in .tsv.",
        )
    order = sorted(range(len(items.names)), key=items.names.__getitem__)
    positions = np.empty(len(order), np.int32)
    positions[order] = np.arange(len(order), dtype=np.int32)
    names = [items.names[number] for number in order]
    loaded = {}
    for part, entries in read.items():
        numbers = positions[np.asarray(entries.numbers)]
        baskets = sparse_rows(names, entries.baskets, numbers, entries.count)
        repeated = len(numbers) - len(baskets.indices)
        if repeated:
            were = "items were" if repeated > 1 else "item was"
            entries.notes.append(
                f"{parts[part].name}: {repeated:,} {were} in a basket already and counted once."
            )
        loaded[part] = baskets, tuple(entries.notes)
    return loaded


def _check_columns(columns: tuple[str, str]) -> tuple[str, str]:
    basket, item = (" ".join(column.split()) for column in columns)
    hint = "Set both: --set basket_column=1 --set item_column=2"
    if not basket or not item:
        if basket or item:
            raise UsageError(
                f"The columns are {basket!r} for baskets and {item!r} for items; expected both, "
                "or neither where each line is a basket.",
                hint,
            )
        return basket, item
    numbers = [column.isdecimal() for column in (basket, item)]
    if any(numbers) and not (all(numbers) and int(basket) and int(item)):
        raise UsageError(
            f"The columns are {basket!r} and {item!r}; expected two names, or two numbers from "
            "1 on.",
            hint,
        )
    if basket == item or (all(numbers) and int(basket) == int(item)):
        raise UsageError(f"Baskets and items are the same column, {basket!r}; expected two.", hint)
    return basket, item


def _read_part(path: Path, options: Any, columns: tuple[str, str], items: Numbering) -> Entries:
    entries = Entries(items)
    for source in table_files(path, ENDINGS):
        before = entries.count
        with unpacked(source) as plain:
            file = open_text(plain, options.encoding)
            # A lower bound: a file this large is refused before it is read.
            require_memory(2 * file.size, f"{source}", "Use a part of the file.")
            bad = BadRows(str(source))
            tabs = source.name.lower().removesuffix(".gz").endswith(_TABS)
            table = tab_rows(file) if tabs else comma_rows(file, bad)
            if columns == LINES:
                _add_lines(table, entries, bad)
            else:
                _add_table(table, _column_indices(source, columns, table), entries, bad)
        count = entries.count - before
        entries.notes += [*file.notes, *bad.report(count, options.skip_bad, "baskets")]
    return entries


def _column_indices(path: Path, columns: tuple[str, str], table: Table) -> tuple[int, int]:
    """Returns the indices of the two columns; reads the header if they are names."""
    if columns[0].isdecimal():
        return int(columns[0]) - 1, int(columns[1]) - 1
    header = [" ".join(name.split()) for name in next(table, (0, []))[1]]
    basket, item = (_column_index(path, header, column) for column in columns)
    return basket, item


def _column_index(path: Path, header: list[str], column: str) -> int:
    count = header.count(column)
    if count == 1:
        return header.index(column)
    by_number = "the columns by number: --set basket_column=1 --set item_column=2"
    if count:
        raise DataError(
            f"{path}, line 1: {count} columns are named {column!r}, expected one.",
            f"Rename all but one of them, or set {by_number}",
        )
    lower = {name.lower(): name for name in header}
    close = difflib.get_close_matches(column.lower(), list(lower), 1)
    names = ", ".join(repr(name[:40]) for name in header[:20]) or "an empty line"
    raise DataError(
        f"{path}, line 1: expected a column named {column!r}, received {names}.",
        f"Did you mean {lower[close[0]]!r}?" if close else f"Name the columns, or set {by_number}",
    )


def _add_lines(table: Table, entries: Entries, bad: BadRows) -> None:
    number = entries.items.__getitem__
    previous, repeated, rows = "", 0, 0
    for line, row in table:
        items = [item for item in map(number, row) if item >= 0]  # empty cells are padding
        rows += 1
        repeated += len(row) == len(items) == 2 and row[0] == previous
        previous = row[0] if row else ""
        if items:
            entries.add(entries.count, items)
            entries.count += 1
        else:
            cells = f"{len(row)} empty cells" if len(row) > 1 else "the line is empty"
            bad.add(line, f"{cells}, expected at least one item")
    if repeated >= max(_TABLE_LINES, _TABLE_FRACTION * rows):
        entries.notes.append(
            f"{Path(bad.path).name} looks like a table: {repeated:,} of {rows:,} lines begin as "
            "the line before. If each line is one item of a basket: --set basket_column=1 "
            "--set item_column=2"
        )


def _add_table(table: Table, columns: tuple[int, int], entries: Entries, bad: BadRows) -> None:
    basket, item = columns
    baskets, first, width = Numbering(), entries.count, max(columns) + 1
    for line, row in table:
        if len(row) >= width and row[basket].strip() and row[item].strip():
            entries.add(first + baskets[row[basket]], (entries.items[row[item]],))
        elif not any(cell.strip() for cell in row):
            bad.add(line, "the line is empty, expected a basket and an item")
        elif len(row) < width:
            bad.add(line, f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {width}")
        else:
            name, index = ("item", item) if row[basket].strip() else ("basket", basket)
            bad.add(line, f"the {name} (column {index + 1}) is empty")
    entries.count = first + len(baskets.names)
