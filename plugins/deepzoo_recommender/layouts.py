"""What a file of baskets looks like: a basket a line, zeros and ones, or one item a row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean

from deepzoo.errors import DataError
from deepzoo.readers import Table, could_be_header, is_number, set_line

_NO = {"", "0", "0.0", "false", "f", "no", "n"}
_YES = {"1", "1.0", "true", "t", "yes", "y", "x"}
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d\d(:\d\d)?.*)?")
_ID = re.compile(r"#?[A-Za-z]{0,4}[-_ ]?\d+([.,]0)?")
_ITEM_NAME = re.compile(r"(item|product|article|artikel|produkt)s?\W*s?\W*\d*", re.IGNORECASE)
_BASKET_COLUMN = re.compile(
    r"order|invoice|transact|basket|receipt|bill|ticket|session|member|customer|user|^id$|_id$",
    re.IGNORECASE,
)
_ITEM_COLUMN = re.compile(r"item|product|descr|article|name|title", re.IGNORECASE)
MISSING = {"nan", "null", "none", "<na>"}
"""How other programs write an empty cell."""
_MOST, _SOME = 0.9, 0.2
_LEAST_ROWS = 4
_IN_LINES = "(where each cell is an item: --set layout=lines)"


@dataclasses.dataclass(frozen=True)
class Layout:
    """How the lines of a file hold baskets.

    Args:
        header: Whether the first row is no basket.
        first: How many cells before the items are none.
        marked: Of a table of zeros and ones, the columns that are items.
        note: What was recognised.
    """

    header: bool = False
    first: int = 0
    marked: tuple[int, ...] = ()
    note: str = ""


def find_layout(table: Table) -> Layout:
    """Recognises the layout of a file whose lines are baskets.

    Raises:
        DataError: Each row is one item of a basket, or a column holds lists; the hint has the
            settings that read them.
    """
    if table.is_json and table.keys:
        _refuse_table(table, table.sample, list(table.keys))
    rows = [
        ["" if cell.strip().lower() in MISSING else cell for cell in row] for row in table.sample
    ]
    rows = [row for row in rows if any(map(str.strip, row))]
    if len(rows) < _LEAST_ROWS:
        return Layout()
    even = sum(len(row) == len(rows[0]) for row in rows) >= _MOST * len(rows)
    if even and (layout := _marked(table, rows)):
        return layout
    if even and len(rows[0]) > 1:
        _refuse_lists(table, rows)
        if _is_table(rows):
            _refuse_table(table, rows[1:], rows[0])
    return _numbered_lines(table, rows)


def is_marked(cell: str) -> bool:
    """Returns whether a cell of a table of zeros and ones says that the item is in."""
    return cell.strip().lower() not in _NO


def _share(rows: Sequence[Sequence[str]], at: int, test: Callable[[str], object]) -> float:
    cells = [row[at] for row in rows if len(row) > at]
    return fmean(bool(test(cell.strip())) for cell in cells) if cells else 0.0


def _repeats(rows: Sequence[Sequence[str]], at: int) -> float:
    """Returns how often a cell is that of the row before."""
    return fmean([a[at : at + 1] == b[at : at + 1] for a, b in pairwise(rows)] or [0])


def _is_date(cell: str) -> bool:
    return _DATE.fullmatch(cell) is not None


def _is_value(cell: str) -> bool:
    """Returns whether a cell is a number or a date, which no item is among words."""
    return is_number(cell) or _is_date(cell)


def _marked(table: Table, rows: list[list[str]]) -> Layout | None:
    body, width = rows[1:], len(rows[0])

    def is_item(at: int) -> bool:
        counted = _share(body, at, str.isdecimal) == 1 and _share(body, at, "0".__eq__) > 0
        is_mark = _share(body, at, lambda cell: cell.lower() in _NO | _YES) == 1
        marked = is_mark and _share(body, at, bool) > 0
        return counted or marked

    marked = tuple(at for at in range(width) if is_item(at))
    cells = [row[at].strip() for row in body for at in marked if len(row) > at]
    if len(marked) < 2 or 2 * len(marked) < width or not any(cell in _NO for cell in cells):
        return None
    # Names may be numbers, such as 4711; those of a column never recur among its zeros and ones.
    if any(rows[0][at] == row[at] for row in body if len(row) == width for at in marked):
        raise DataError(
            f"{table.path} is a table of zeros and ones without the names of the items.",
            f"Add a first line with the names of the {width} columns {_IN_LINES}",
        )
    others = [name for at, name in enumerate(rows[0]) if at not in marked]
    left_out = f"; left out: {', '.join(others[:5])}" if others else ""
    note = f"a table of {len(marked):,} items, marked where they are in a basket{left_out}"
    return Layout(header=True, marked=marked, note=note)


def _refuse_lists(table: Table, rows: list[list[str]]) -> None:
    for at, name in enumerate(rows[0]):
        if _share(rows[1:], at, is_list) >= _MOST:
            column = str(at + 1) if is_list(name) else name
            raise DataError(
                f"{table.path} ({table.separated}): the cells of column {column!r} are lists.",
                f"Read their items: {set_line({'item_column': column})}",
            )


def is_list(cell: str) -> bool:
    """Returns whether a cell is a list in brackets."""
    cell = cell.strip()
    return len(cell) > 1 and cell[0] + cell[-1] in ("[]", "()", "{}")


def _is_table(rows: list[list[str]]) -> bool:
    """Returns whether each row is one item of a basket, and not a basket."""
    body, columns = rows[1:], range(len(rows[0]))
    if fmean(all(map(str.strip, row)) for row in body) < _MOST:
        return False
    repeated = [_repeats(rows, at) for at in columns]
    named = could_be_header(rows)
    if len(body) >= 5 and (max(repeated) if named else repeated[0]) >= _SOME:
        return True
    values = [_share(body, at, _is_value) >= _MOST for at in columns]
    return any(values) and not all(values) and named


def _refuse_table(table: Table, body: list[list[str]], names: list[str]) -> None:
    named = table.is_json or could_be_header([names, *body])
    labels = names if named else [str(at) for at in range(1, len(names) + 1)]
    if table.is_json and (lists := [a for a in range(len(names)) if _share(body, a, is_list) > 0]):
        raise DataError(
            f"{table.path} ({table.separated}): the values of {names[lists[0]]!r} are lists.",
            f"Read their items: {set_line({'item_column': names[lists[0]]})}",
        )

    columns = range(len(names))
    words = [at for at in columns if _share(body, at, _is_value) < 0.5] or list(columns)
    item = max(words, key=lambda at: (bool(_ITEM_COLUMN.search(names[at])), -_repeats(body, at)))
    others = [at for at in columns if at != item and _share(body, at, _is_date) < 0.5]
    baskets = others or [at for at in columns if at != item] or [item]
    basket = max(
        baskets, key=lambda at: (bool(_BASKET_COLUMN.search(names[at])), _repeats(body, at))
    )
    chosen = {"basket_column": labels[basket], "item_column": labels[item]}
    listed = ", ".join(map(repr, names[:20]))
    raise DataError(
        f"{table.path} ({table.separated}) is a table with an item of a basket in each row; its "
        f"columns are {listed if named else f'{len(names)}, without names'}.",
        f"Name the columns of baskets and items: {set_line(chosen)} {_IN_LINES}",
    )


def _numbered_lines(table: Table, rows: list[list[str]]) -> Layout:
    """Finds a header, and numbers or dates in front of the items of each line."""
    body, first = rows[1:], 0
    while first < 3 and _is_front(body, first):
        first += 1
    header = first > 0 and not _ID.fullmatch(rows[0][0].strip()) and not _is_date(rows[0][0])
    header = header or all(_ITEM_NAME.fullmatch(cell.strip()) for cell in rows[0] if cell.strip())
    cells = [cell for row in body for cell in row[first:] if cell.strip()]
    values = fmean(map(_is_value, map(str.strip, cells))) if cells else 0.0
    if 0.05 <= values <= 0.95:
        examples = ", ".join(dict.fromkeys(cell for cell in cells if _is_value(cell.strip())))
        raise DataError(
            f"{table.path} ({table.separated}): {values:.0%} of the cells are numbers or dates "
            f"among names, such as {examples[:30]}; they are no items.",
            f"Leave them out of the lines {_IN_LINES}",
        )
    told = []
    if header:
        told.append(f"its first line was read as a header: {', '.join(rows[0][:5])}")
    if first:
        shown = ", ".join(row[0] for row in (body if header else rows)[:3])
        what = "the first cell" if first == 1 else f"the first {first} cells"
        told.append(f"{what} of each line ({shown}, ...) was left out as a number, not an item")
    return Layout(header, first, note="; ".join(told))


def _is_front(body: list[list[str]], at: int) -> bool:
    """Returns whether the cells at a place are numbers or dates, and hardly any behind them."""
    behind = [cell.strip() for row in body for cell in row[at + 1 :] if cell.strip()]
    if not behind or fmean(_is_value(cell) or bool(_ID.fullmatch(cell)) for cell in behind) > 0.5:
        return False
    return _share(body, at, lambda cell: _ID.fullmatch(cell) or _is_date(cell)) >= 0.95
