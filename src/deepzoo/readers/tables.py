"""Tables with a separator or of JSON lines: one reader for every kind, which names bad rows."""

from __future__ import annotations

import contextlib
import csv
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, mode
from typing import Any, NamedTuple

from ..errors import DataError
from ..system import memory
from .encodings import TextFile, open_text, text_lines

_PLAIN = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")
ENDINGS = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
"""Endings of files that are tables for every kind."""
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
_SAMPLE_LINES, _SAMPLE_SIZE = 1000, 2**20
_EVEN = 0.9  # so many rows as wide as the first one: a table
_USUAL = 0.75  # so many rows of one width, though the first has another
_DOUBLED = re.compile(r'(?:^|\t)"[^"\t]+""[^\t]*"(?:\t|$)')  # a quote inside quotes
_LONGEST = 2**26  # characters of a cell; the library's own limit is 131,072
_SWALLOWED = 3  # lines inside a cell that look like rows

Row = tuple[int, list[str]]
"""The number of the line in which a row begins, and its cells."""


class Dialect(NamedTuple):
    """How cells are separated, whether quotes enclose them, and blanks follow a separator."""

    separator: str
    quoted: bool = True
    blanks: bool = False

    def parse(self, lines: Iterable[str]) -> Any:
        """Returns a reader of the standard library that refuses what is not in this dialect."""
        return csv.reader(
            lines,
            delimiter=self.separator,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            skipinitialspace=self.blanks,
            strict=True,
        )


@contextlib.contextmanager
def _long_cells() -> Iterator[None]:
    """Lets cells be long; the limit of the library is one for the whole process."""
    before = csv.field_size_limit(_LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class BadRows:
    """Counts bad rows, and keeps what is wrong with the first.

    Args:
        path: The name of the file in errors.
    """

    def __init__(self, path: str) -> None:
        self.path, self.count, self.first, self.hint = path, 0, "", ""

    def add(self, line: int, reason: str) -> None:
        """Records that there is something wrong with a row."""
        self.first = self.first or f"line {line:,}: {reason}"
        self.count += 1

    def report(self, kept: int, skip_bad: bool, things: str = "rows") -> list[str]:
        """Returns a note on what was left out.

        Args:
            kept: How many examples were read.
            skip_bad: Whether bad rows may be left out.
            things: What the examples are called.

        Raises:
            DataError: There is a bad row and none may be left out, or nothing was read.
        """
        if self.count and not skip_bad:
            others = f" ({self.count:,} bad rows in all)" if self.count > 1 else ""
            hint = "Leave bad rows out: --set skip_bad=true"
            raise DataError(f"{self.path}, {self.first}{others}.", f"{self.hint} {hint}".strip())
        if not kept:
            left_out = f", {self.count:,} bad rows left out" if self.count else ""
            raise DataError(f"{self.path} has 0 {things}{left_out}.", f"Give a file with {things}.")
        if not self.count:
            return []
        rows = "rows" if self.count > 1 else "row"
        name = Path(self.path).name
        return [f"{name}: {self.count:,} bad {rows} left out, the first at {self.first}."]


class Table:
    """A table: iterating yields its rows, each with the number of its first line.

    Separator and quotes are found from the text. Empty lines at the end do not count.

    Args:
        path: A file with commas, semicolons, tabs or bars, or of JSON lines if its name ends in
            `.jsonl` or `.ndjson`; gzipped or not.
        encoding: Used where the file has no byte order mark.
        ragged: Whether rows may differ in width, such as baskets.

    Attributes:
        path: The file.
        bad: What was wrong with its rows so far.
        sample: Its first rows.
        separated: How its cells are separated, for messages: "separated by commas".
        width: Cells of a row, of which more are refused; 0 where any number is right.
    """

    def __init__(self, path: str | Path, encoding: str = "utf-8", *, ragged: bool = False) -> None:
        self.path, self.bad = Path(path), BadRows(str(path))
        self.file = open_text(path, encoding)
        # A lower bound: a file this large is refused before it is read.
        memory.require(2 * self.file.size, f"{path}", "Use a part of the file.")
        self.notes = list(self.file.notes)
        self.is_json = ".jsonl" in self.path.suffixes[-2:] or ".ndjson" in self.path.suffixes[-2:]
        head = list(_head(self.file))
        if self.is_json:
            self.keys = _keys(head)
            self.separated = "of JSON lines"
        else:
            self.dialect = find_dialect(head, self.path, ragged)
            self.separated = f"separated by {SEPARATORS[self.dialect.separator]}"
        self.sample = [cells for _, cells in self._parsed(head, BadRows(""), partial=True)]
        # Tabs are not written in texts; what follows a surplus one is a remark.
        even = not ragged and not self.is_json and self.dialect.separator != "\t"
        self.width = len(self.sample[0]) if even and self.sample else 0
        self._rows = self._read()

    def __iter__(self) -> Iterator[Row]:
        """Returns an iterator that goes on where the last one ended."""
        return self._rows

    def header(self) -> list[str]:
        """Reads the names of the columns, surplus blanks removed, from the first row."""
        if self.is_json:
            return self.keys
        return [" ".join(name.split()) for name in next(self._rows, (0, []))[1]]

    def without_header(self) -> None:
        """Takes the first row for one like the others, which may itself be too wide."""
        if self.width:
            self.width = mode(len(row) for row in self.sample if row)

    def _read(self) -> Iterator[Row]:
        blank: list[Row] = []
        for row in self._parsed(text_lines(self.file), self.bad):
            if not row[1]:
                blank.append(row)
                continue
            yield from blank
            blank.clear()
            if self.width and any(map(str.strip, row[1][self.width :])):
                self._refuse_wide(*row)
            else:
                yield row
        if blank:
            lines = "an empty line" if len(blank) == 1 else f"{len(blank):,} empty lines"
            self.notes.append(f"{self.path.name}: {lines} at the end left out.")

    def _refuse_wide(self, line: int, row: list[str]) -> None:
        """Records a row with too many cells: a text in it has separators, and no quotes."""
        self.bad.add(line, f"{len(row)} fields, expected {self.width}")
        separator = self.dialect.separator
        text = separator.join(row) if self.width == 1 else f"one{separator} two"
        quoted = text.replace('"', '""')
        self.bad.hint = self.bad.hint or (
            f'Write a text with {SEPARATORS[separator]} in it in quotes: "{quoted}".'
        )

    @property
    def is_prose(self) -> bool:
        """Whether this is rather running text, a line a text, than a table with commas.

        So it is if each line after the first, which may be a header, has two commas or more,
        all with a blank behind them, and the cells have more than two words on average.
        """
        if self.is_json or self.dialect.separator != "," or self.dialect.blanks:
            return False
        rows = [row for row in self.sample[1:] if row]
        cells = [cell for row in rows for cell in row[1:]]
        return (
            bool(rows)
            and all(len(row) > 2 for row in rows)
            and all(cell[:1].isspace() for cell in cells)
            and fmean(len(cell.split()) for cell in cells) > 2
        )

    def _parsed(self, lines: Iterable[str], bad: BadRows, partial: bool = False) -> Iterator[Row]:
        if self.is_json:
            return self._objects(lines, bad)
        return self._cells(lines, bad, partial)

    def _cells(self, lines: Iterable[str], bad: BadRows, partial: bool) -> Iterator[Row]:
        """Yields rows; what is not in the dialect is a bad row, or ends a part of a file."""
        record: list[str] = []

        def remembered() -> Iterator[str]:
            for text in lines:
                record.append(text)
                yield f"{text}\n"

        reader = self.dialect.parse(remembered())
        while True:
            line = reader.line_num + 1
            record.clear()
            try:
                with _long_cells():
                    row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if partial:
                    return
                self._refuse_open_quote(line, reader.line_num, str(error))
                bad.add(line, f"no CSV: {error}")
            else:
                if len(record) > _SWALLOWED and not partial:
                    self._note_swallowed(line, record)
                yield line, row

    def _refuse_open_quote(self, line: int, last: int, error: str) -> None:
        """Refuses a file whose quote swallowed more than its line, even with `skip_bad`."""
        if "unexpected end" in error:
            what = "never closed, expected another one before the end of the file"
        elif last > line:
            what = f"not closed in its line; line {last:,}: {error}"
        else:
            return
        raise DataError(
            f"{self.path}, line {line:,}: a quote is opened and {what}.",
            "Close the quote, or write a quote inside a field twice.",
        )

    def _note_swallowed(self, line: int, record: Sequence[str]) -> None:
        """Tells of a cell with line ends that seems to hold rows of the table."""
        separators = len(self.sample[0]) - 1 if self.sample else 0
        inner = record[1:-1]
        alike = sum(text.count(self.dialect.separator) == separators for text in inner)
        if separators and alike >= max(_SWALLOWED, 0.8 * len(inner)):
            self.notes.append(
                f"{self.path.name}, line {line:,}: a quote is opened and closed only in line "
                f"{line + len(record) - 1:,}; {alike:,} lines between look like rows and were read "
                "as text. Close the quote where the text ends."
            )

    def _objects(self, lines: Iterable[str], bad: BadRows) -> Iterator[Row]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                yield number, []
                continue
            try:
                value = json.loads(line)
            except ValueError as error:
                bad.add(number, f"no JSON: {error}")
                continue
            if isinstance(value, dict):
                value = list(map(_flat(value).get, self.keys))
            yield number, [_cell(each) for each in (value if isinstance(value, list) else [value])]


def find_dialect(lines: Sequence[str], path: Path, ragged: bool = False) -> Dialect:
    """Finds the separator and the use of quotes in the first lines of a table.

    A separator that gives all rows the width of the first is preferred; then the one that cuts
    most rows, if they may differ in width; then one that gives most rows the same width; then the
    one of the file's ending.

    Examples:
        >>> find_dialect(["id;text", "1;a, b", "2;c, d"], Path("mine.csv")).separator
        ';'
    """

    def merit(separator: str) -> tuple[bool, int, bool, bool]:
        widths = _widths(Dialect(separator), lines) or _widths(Dialect(separator, False), lines)
        cut = ragged * sum(width > 1 for width in widths)
        return _is_even(widths), cut, _is_usual(widths), separator == expected

    expected = "\t" if any(end in path.suffixes[-2:] for end in (".tsv", ".tab", ".txt")) else ","
    separator = max(SEPARATORS, key=merit)
    blanks = any(f'{separator} "' in line for line in lines) and separator != "\t"
    return Dialect(separator, separator != "\t" or _quotes_enclose(lines), blanks)


def _widths(dialect: Dialect, lines: Sequence[str]) -> list[int]:
    widths: list[int] = []
    with contextlib.suppress(csv.Error):  # a quote is open where the sample ends
        widths.extend(len(row) for row in dialect.parse(f"{line}\n" for line in lines) if row)
    return widths


def _quotes_enclose(lines: Sequence[str]) -> bool:
    """Returns whether quotes in a file with tabs enclose cells, and are not part of them."""
    try:
        enclosed = [len(row) for row in Dialect("\t").parse(f"{line}\n" for line in lines) if row]
    except csv.Error:
        return False
    plain = _widths(Dialect("\t", quoted=False), lines)
    return any(map(_DOUBLED.search, lines)) or (_is_even(enclosed) and not _is_even(plain))


def _is_even(widths: Sequence[int]) -> bool:
    """Returns whether there are several columns, and hardly any row with more or fewer."""
    return bool(widths) and widths[0] > 1 and widths.count(widths[0]) >= _EVEN * len(widths)


def _is_usual(widths: Sequence[int]) -> bool:
    """Returns whether most rows have the same columns; the first has several, perhaps others."""
    usual = mode(widths) if widths else 0
    return (
        bool(widths) and min(usual, widths[0]) > 1 and widths.count(usual) >= _USUAL * len(widths)
    )


def _head(file: TextFile) -> Iterator[str]:
    size = 0
    for line in itertools.islice(text_lines(file), _SAMPLE_LINES):
        size += len(line)
        if size > _SAMPLE_SIZE:
            return
        yield line


def _keys(lines: Sequence[str]) -> list[str]:
    """Returns the names in the objects of JSON lines, in the order they come."""
    keys: Counter[str] = Counter()
    for line in lines:
        try:
            value = json.loads(line)
        except ValueError:
            continue  # reported with its line when it is read
        keys.update(_flat(value) if isinstance(value, dict) else ())
    return list(keys)


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """Takes objects in an object apart: {"translation": {"en": ...}} has "translation.en"."""
    flat = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            flat |= {f"{key}.{name}": each for name, each in _flat(inner).items()}
        else:
            flat[key] = inner
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
