"""Outputs: plain data as lines of `name  value`, as a table, or as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeGuard

from ..errors import UsageError
from ..system.files import make_folder, write_text
from .console import console

WIDE = 100
"""Rows longer than this are unreadable as a table."""


def show(row: dict[str, Any], leave_out: tuple[str, ...] = (), indent: str = "") -> None:
    """Shows the items of `row` that are not empty; lists of objects become tables."""
    row = {key: value for key, value in row.items() if key not in leave_out and filled(value)}
    width = max((len(key) for key in row), default=0)
    for key, value in row.items():
        label = f"{indent}{key:<{width}}"
        if isinstance(value, dict) and len(value) > 1:
            console.result(f"{indent}{key}")
            show(value, indent=indent + "  ")
        elif is_matrix(value):
            console.result(f"{indent}{key}")
            matrix(value, next((names for names in row.values() if _labels(names, value)), None))
        elif is_table(value):
            console.result(f"{indent}{key}")
            if any(len(text(list(entry.values()))) > WIDE for entry in value):
                for entry in value:
                    show(entry, indent=indent + "  ")
            else:
                table(value)
        elif isinstance(value, list) and len(text(value)) > 50:
            console.result(f"{indent}{key}")
            for item in value:
                console.result(f"{indent}  {text(item)}")
        else:
            console.result(f"{label}  {text(value)}")


def matrix(values: list[list[Any]], names: Sequence[str] | None = None) -> None:
    """Shows rows of figures with the names, or else the numbers, of rows and columns."""
    heads = list(names or map(str, range(max(map(len, values)))))
    cells = [[name, *map(text, row)] for name, row in zip(heads, values, strict=False)]
    console.table(["", *heads], cells, range(1, len(heads) + 1))


def is_matrix(value: Any) -> TypeGuard[list[list[Any]]]:
    """Tells lists of equally many figures from other answers."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, list) and len(row) == len(value[0]) > 0 for row in value)
        and all(isinstance(item, (int, float)) for row in value for item in row)
    )


def _labels(names: Any, values: list[list[Any]]) -> bool:
    """Tells whether a list names the rows and the columns of a square matrix."""
    return (
        isinstance(names, list)
        and len(names) == len(values) == len(values[0])
        and all(isinstance(name, str) for name in names)
    )


def table(rows: list[dict[str, Any]]) -> None:
    """Shows objects with the same keys as a table."""
    keys = [key for key in rows[0] if any(filled(row.get(key)) for row in rows)]
    numbers = [
        column
        for column, key in enumerate(keys)
        if all(type(row.get(key)) in (int, float, type(None)) for row in rows)
    ]
    cells = [[text(row.get(key)) for key in keys] for row in rows]
    console.table([key.upper().replace("_", " ") for key in keys], cells, numbers)


def text(value: Any) -> str:
    """Writes a value in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}={text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join("-" if item is None else text(item) for item in value)
    # Blanks and line ends would be invisible.
    return repr(value) if isinstance(value, str) and value != value.strip() else str(value)


def filled(value: Any) -> bool:
    """Tells whether there is something to show; 0 and false are something."""
    return value is not None and value not in ("", [], (), {})


def is_table(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Tells lists of objects, which are shown as a table, from other answers."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def table_rows(labels: Sequence[str], answers: Sequence[Any]) -> list[dict[str, str]]:
    """Makes rows of answers: one for each input, or one for each entry of a list in its answer.

    Args:
        labels: The inputs.
        answers: What the verb answered to each: plain data.

    Examples:
        >>> table_rows(["soda"], [{"recommended": [{"item": "milk"}, {"item": "bread"}]}])
        [{'input': 'soda', 'item': 'milk'}, {'input': 'soda', 'item': 'bread'}]
    """
    rows = []
    for label, answer in zip(labels, answers, strict=True):
        fields = dict(answer) if isinstance(answer, dict) else {"output": answer}
        lists = [key for key, value in fields.items() if value == [] or is_table(value)]
        # An input whose list is empty keeps a row, so that none is lost.
        entries = fields.pop(lists[0]) or [{}] if lists else [{}]
        for entry in entries:
            row = {"input": label, **entry, **fields}
            rows.append({key: _cell(value) for key, value in row.items()})
    return rows


def check_table(path: Path) -> None:
    """Refuses a file that cannot become a table, before anything is worked out.

    Raises:
        UsageError: It is a folder, or not named like a table.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder, expected a file.", "Name it: --out answers.csv")
    if path.suffix.lower() not in (".csv", ".tsv"):
        raise UsageError(
            f"{path} is not named like a table, expected .csv or .tsv.",
            "Name it: --out answers.csv",
        )


def write_table(path: Path, rows: Sequence[dict[str, str]], declared: Sequence[str] = ()) -> None:
    """Writes rows with a header: the declared columns first; what a row lacks stays empty."""
    columns = list(dict.fromkeys([*declared, *(key for row in rows for key in row)]))
    stream = io.StringIO()
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    writer = csv.DictWriter(stream, columns, "", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    make_folder(path.absolute().parent)
    write_text(path, stream.getvalue())


def _cell(value: Any) -> str:
    """Writes a number in full, a list so that it can be read again, all else as it is shown."""
    if type(value) in (int, float):
        return repr(value)
    if isinstance(value, list):
        return ", ".join(f'"{cell}"' if "," in cell else cell for cell in map(_cell, value))
    return text(value)
