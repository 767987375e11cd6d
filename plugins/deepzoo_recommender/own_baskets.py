"""Files of baskets: a basket a line, or a table of baskets and items; gzipped or not."""

from __future__ import annotations

import ast
import re
import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deepzoo import Baskets
from deepzoo.errors import DataError
from deepzoo.readers import Table, check_columns, find_columns, list_files

from .baskets import sparse_rows, spelled
from .layouts import MISSING, Layout, find_layout, is_list, is_marked

_PLAIN = (".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson")
ENDINGS = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
LINES = ("", "")
"""The columns of a file in which each line is a basket."""
EMPTY = -1
"""The number of an empty cell."""

Loaded = tuple[Baskets, tuple[str, ...]]
"""Baskets, and notes on what was changed or left out."""


class Numbering(dict[str, int]):
    """Numbers names in the order they come: `numbering[cell]`.

    Blanks around a name do not count, several inside it count as one, and a letter with its
    accent is one character. An empty cell gets `EMPTY`.

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
        self.in_two: list[str] = []  # with a letter and its accent as two characters

    def __missing__(self, cell: str) -> int:
        name = spelled(cell)
        if not name:
            number = EMPTY
        elif name != cell:
            number = self[name]
            if not unicodedata.is_normalized("NFC", cell):
                self.in_two.append(name)
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

    def add(self, items: Sequence[int], basket: int | None = None) -> None:
        """Puts items into a basket, by default a new one."""
        if basket is None:
            basket, self.count = self.count, self.count + 1
        self.baskets.extend([basket] * len(items))
        self.numbers.extend(items)

    def add_names(self, names: Iterable[str]) -> bool:
        """Puts the items with these names into a new basket, if there are any."""
        numbers = [number for name in names if (number := self.items[name]) != EMPTY]
        if numbers:
            self.add(numbers)
        return bool(numbers)


def read_baskets(
    parts: Mapping[str, Path],
    options: Any,
    columns: tuple[str, str] = LINES,
    layout: str = "lines",
) -> dict[str, Loaded]:
    """Reads the baskets of one split or several over one list of items.

    Items are sorted by name; an item that is repeated in a basket counts once.

    Args:
        parts: For each split a table, or a folder of tables.
        options: The settings of the kind: `encoding` and `skip_bad`.
        columns: Number or name of the columns of basket and item, for a table in which each row
            is an item of a basket; of the items alone, where their cells are lists; `LINES`
            where each line is a basket. Baskets of different files are different ones, even if
            they have the same name.
        layout: `lines` where each cell of a line is an item; `auto` recognises tables of zeros
            and ones, headers and numbers in front, and refuses other tables.

    Returns:
        The baskets in the order they come, and notes on what was changed or left out.

    Raises:
        DataError: A row is bad, with its path, its line and the reason; or there is nothing
            to recommend.
        UsageError: The columns contradict each other.
    """
    basket, item = map(str.strip, columns)
    # Without a column of baskets the cells of the other one are lists, or all cells are items.
    names = {"basket_column": basket, "item_column": item} if basket else {"item_column": item}
    if any(names.values()):
        check_columns(names)
    items = Numbering()
    read = {part: _read_part(path, options, names, layout, items) for part, path in parts.items()}
    if len(items.names) == 1:
        raise DataError(
            f"{', '.join(map(str, parts.values()))}: all baskets hold the same item, "
            f"{items.names[0][:60]!r}; there is nothing to recommend.",
            "Separate items by commas, semicolons, tabs or bars.",
        )
    return _over_one_list(parts, read, items)


def from_lists(rows: Iterable[Iterable[str]]) -> Baskets:
    """Makes baskets of lists of names given in Python."""
    entries = Entries(Numbering())
    for row in rows:
        entries.add([number for name in row if (number := entries.items[name]) != EMPTY])
    return _over_one_list({"all": Path()}, {"all": entries}, entries.items)["all"][0]


def _over_one_list(
    parts: Mapping[str, Path], read: Mapping[str, Entries], items: Numbering
) -> dict[str, Loaded]:
    """Sorts the items by name, and makes sparse rows of all parts over them."""
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


def _read_part(
    path: Path, options: Any, columns: Mapping[str, str], layout: str, items: Numbering
) -> Entries:
    entries, known = Entries(items), len(items.in_two)
    files, entries.notes = list_files(path, ENDINGS)
    for file in files:
        before = entries.count
        table = Table(file, options.encoding, ragged=not any(columns.values()))
        if len(columns) == 2:
            basket, item = find_columns(table, columns)
            _add_table(table, (basket, item), entries)
        elif any(columns.values()):
            _add_lists(table, find_columns(table, columns)[0], entries)
        else:
            _add_lines(table, find_layout(table) if layout == "auto" else Layout(), entries)
        count = entries.count - before
        entries.notes += [*table.notes, *table.bad.report(count, options.skip_bad, "baskets")]
    names = list(dict.fromkeys(items.in_two[known:]))
    if names:
        entries.notes.append(
            f"{path.name}: {len(names):,} name{'s' * (len(names) > 1)} with a letter and its "
            f"accent as two characters, such as {names[0]!r}, read with one for both."
        )
    return entries


def _add_lines(table: Table, layout: Layout, entries: Entries) -> None:
    missing, names = 0, table.header() if layout.header else []
    for line, row in table:
        if layout.marked:
            row = [names[at] for at in layout.marked if at < len(row) and is_marked(row[at])]
            entries.add([entries.items[name] for name in row])
            continue
        width = len(row)
        while row and row[-1].strip().lower() in MISSING | {""}:  # padding at the end of a line
            missing += bool(row.pop().strip())
        if not entries.add_names(row[layout.first :]):
            cells = f"{width} empty cells" if width > 1 else "the line is empty"
            table.bad.add(line, f"{cells}, expected at least one item")
    if layout.note:
        table.notes.append(f"{table.path.name}: {layout.note}. Otherwise: --set layout=lines")
    if missing:
        table.notes.append(
            f"{table.path.name}: {missing:,} cells at the ends of lines, such as 'nan', were read "
            "as empty."
        )


def _add_lists(table: Table, column: int, entries: Entries) -> None:
    """Adds the items of the lists in the cells of a column."""
    for line, row in table:
        if not entries.add_names(_listed(row[column]) if column < len(row) else []):
            table.bad.add(line, f"column {column + 1} has no items, expected a list of names")


def _listed(cell: str) -> list[str]:
    """Takes a list in a cell apart, in brackets or not.

    Examples:
        >>> _listed("['rye bread', 'milk']"), _listed("milk; tea")
        (['rye bread', 'milk'], ['milk', 'tea'])
    """
    if is_list(cell):
        try:
            return [str(name) for name in ast.literal_eval(cell.strip())]
        except (ValueError, SyntaxError, TypeError):
            cell = cell.strip()[1:-1]
    separator = next((mark for mark in ";|," if mark in cell), ",")
    return [re.sub(r"^(['\"])(.*)\1$", r"\2", name.strip()) for name in cell.split(separator)]


def _add_table(table: Table, columns: tuple[int, int], entries: Entries) -> None:
    basket, item = columns
    bad = table.bad
    baskets, first, width = Numbering(), entries.count, max(columns) + 1
    for line, row in table:
        if len(row) >= width and row[basket].strip() and row[item].strip():
            entries.add((entries.items[row[item]],), first + baskets[row[basket]])
        elif not any(cell.strip() for cell in row):
            bad.add(line, "the line is empty, expected a basket and an item")
        elif len(row) < width:
            bad.add(line, f"{len(row)} column{'s'[: len(row) > 1]}, expected at least {width}")
        else:
            name, index = ("item", item) if row[basket].strip() else ("basket", basket)
            bad.add(line, f"the {name} (column {index + 1}) is empty")
    entries.count = first + len(baskets.names)
