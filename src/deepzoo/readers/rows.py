"""Rows of files with commas or tabs, row by row, and reports on the bad ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ..errors import DataError
from .encodings import TextFile, text_lines

Table = Iterator[tuple[int, list[str]]]
"""Cells of each row, with the number of the line in which it begins."""


class BadRows:
    """Counts bad rows, and keeps what is wrong with the first.

    Args:
        path: The name of the file in errors.
    """

    def __init__(self, path: str) -> None:
        self.path, self.count, self.first = path, 0, ""

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
            raise DataError(
                f"{self.path}, {self.first}{others}.", "Leave bad rows out: --set skip_bad=true"
            )
        if not kept:
            left_out = f", {self.count:,} bad rows left out" if self.count else ""
            raise DataError(f"{self.path} has 0 {things}{left_out}.", f"Give a file with {things}.")
        if not self.count:
            return []
        rows = "rows" if self.count > 1 else "row"
        name = Path(self.path).name
        return [f"{name}: {self.count:,} bad {rows} left out, the first at {self.first}."]


def tab_rows(file: TextFile) -> Table:
    """Yields the cells of each line with its number; quotes are ordinary characters."""
    for line, content in enumerate(text_lines(file), 1):
        yield line, content.split("\t")


def comma_rows(file: TextFile, bad: BadRows) -> Table:
    """Yields each row with the number of its first line; what is no CSV is a bad row."""
    reader = csv.reader(
        (f"{line}\n" for line in text_lines(file)), strict=True, skipinitialspace=True
    )
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _refuse_open_quote(bad.path, line, reader.line_num, str(error))
            bad.add(line, f"no CSV: {error}")
        else:
            yield line, row


def _refuse_open_quote(path: str, line: int, last: int, error: str) -> None:
    """Refuses a file whose quote swallowed more than its line, even with `skip_bad`."""
    if "unexpected end" in error:
        what = "never closed, expected another one before the end of the file"
    elif last > line:
        what = f"not closed in its line; line {last:,}: {error}"
    else:
        return
    raise DataError(
        f"{path}, line {line:,}: a quote is opened and {what}.",
        "Close the quote, or write a quote inside a field twice.",
    )
