"""Files of baskets: a basket a line, or a table of baskets and items; gzipped or not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepzoo import Baskets
from deepzoo.errors import DataError, UsageError
from deepzoo.readers import (
    BadRows,
    Table,
    comma_rows,
    open_text,
    require_memory,
    split_parts,
    tab_rows,
    table_files,
    unpacked,
)

from .collecting import Entries, Numbering

_PLAIN = (".csv", ".tsv", ".tab", ".txt")
_TABS = (".tsv", ".tab")
ENDINGS = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
_FEW_ROWS, _TABLE_SHARE = 5, 0.2  # lines that begin as the one before, as rows of tables do
LINES = ("", "")
"""The columns of a file in which each line is a basket."""

Found = tuple[Baskets, tuple[str, ...]]


def read_baskets(path: str | Path, options: Any, columns: tuple[str, str] = LINES) -> Found:
    """Reads the baskets of a file, or of all files in a folder.

    Items are sorted by name; an item that is repeated in a basket counts once.

    Args:
        path: A file with commas, or with tabs if its name ends in `.tsv` or `.tab`.
        options: The settings of the kind: `encoding` and `skip_bad`.
        columns: Number or name of the columns of basket and item, for a table in which each row
            is an item of a basket; `LINES` where each line is a basket. Baskets of different
            files are different ones, even if they are called the same.

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
) -> dict[str, Found]:
    """Reads the baskets of several splits over one list of items; see `read_baskets`."""
    names = _columns(columns)
    items = Numbering()
    read = {part: _read_part(path, options, names, items) for part, path in parts.items()}
    if len(items.names) == 1:
        raise DataError(
            f"{', '.join(map(str, parts.values()))}: all baskets hold the one item "
            f"{items.names[0][:60]!r}; there is nothing to recommend.",
            "Items are separated by commas, or by tabs in a file that is called .tsv.",
        )
    sorted_names, places = items.by_name()
    found = {}
    for part, entries in read.items():
        baskets = entries.baskets(sorted_names, places)
        repeated = len(entries) - len(baskets.indices)
        if repeated:
            were = "items were" if repeated > 1 else "item was"
            entries.notes.append(
                f"{parts[part].name}: {repeated:,} {were} in a basket already and counted once."
            )
        found[part] = baskets, tuple(entries.notes)
    return found


def basket_parts(path: str | Path) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test."""
    return split_parts(path, ENDINGS)


def _columns(columns: tuple[str, str]) -> tuple[str, str]:
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
    for one in table_files(path, ENDINGS):
        before = entries.count
        with unpacked(one) as plain:
            file = open_text(plain, options.encoding)
            # Not all that it may take, but a file this large is refused before it is read.
            require_memory(2 * file.size, f"{one}", "Use a part of the file.")
            bad = BadRows(str(one))
            tabs = one.name.lower().removesuffix(".gz").endswith(_TABS)
            table = tab_rows(file) if tabs else comma_rows(file, bad)
            if columns == LINES:
                _add_lines(table, entries, bad)
            else:
                _add_table(table, _places(one, columns, table), entries, bad)
        entries.notes += [*file.notes, *bad.report(entries.count - before, options.skip_bad)]
    return entries


def _places(path: Path, columns: tuple[str, str], table: Table) -> tuple[int, int]:
    """Returns the positions of basket and item; reads the header if they are names."""
    if columns[0].isdecimal():
        return int(columns[0]) - 1, int(columns[1]) - 1
    header = [" ".join(name.split()) for name in next(table, (0, []))[1]]
    basket, item = (_place(path, header, column) for column in columns)
    return basket, item


def _place(path: Path, header: list[str], column: str) -> int:
    if header.count(column) == 1:
        return header.index(column)
    if column in header:
        raise DataError(
            f"{path}, line 1: {header.count(column)} columns are named {column!r}, expected one.",
            "Rename all but one of them, or count: --set basket_column=1 --set item_column=2",
        )
    lower = {name.lower(): name for name in header}
    close = difflib.get_close_matches(column.lower(), list(lower), 1)
    names = ", ".join(repr(name[:40]) for name in header[:20]) or "an empty line"
    hint = "Name the columns, or count them: --set basket_column=1 --set item_column=2"
    if close:
        hint = f"Did you mean {lower[close[0]]!r}?"
    raise DataError(f"{path}, line 1: expected a column named {column!r}, found {names}.", hint)


def _add_lines(table: Table, entries: Entries, bad: BadRows) -> None:
    number = entries.items.__getitem__
    before, again, rows = "", 0, 0
    for line, row in table:
        found = [item for item in map(number, row) if item >= 0]  # empty cells are padding
        rows += 1
        again += len(row) == len(found) == 2 and row[0] == before
        before = row[0] if row else ""
        if found:
            entries.add(entries.count, found)
            entries.count += 1
        else:
            cells = f"{len(row)} empty cells" if len(row) > 1 else "the line is empty"
            bad.add(line, f"{cells}, expected at least one item")
    if again >= max(_FEW_ROWS, _TABLE_SHARE * rows):
        entries.notes.append(
            f"{Path(bad.path).name} looks like a table: {again:,} of {rows:,} lines begin as the "
            "line before. If each is one item of a basket: --set basket_column=1 "
            "--set item_column=2"
        )


def _add_table(table: Table, places: tuple[int, int], entries: Entries, bad: BadRows) -> None:
    basket, item = places
    baskets, first, width = Numbering(), entries.count, max(places) + 1
    for line, row in table:
        if len(row) >= width and row[basket].strip() and row[item].strip():
            entries.add(first + baskets[row[basket]], (entries.items[row[item]],))
        elif not any(cell.strip() for cell in row):
            bad.add(line, "the line is empty, expected a basket and an item")
        elif len(row) < width:
            bad.add(line, f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {width}")
        else:
            name, place = ("item", item) if row[basket].strip() else ("basket", basket)
            bad.add(line, f"the {name} (column {place + 1}) is empty")
    entries.count = first + len(baskets.names)
