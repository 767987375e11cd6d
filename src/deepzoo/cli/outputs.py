"""Answers of verbs as the rows of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import UsageError
from .facts import text


def rows(labels: Sequence[str], answers: Sequence[Any]) -> list[dict[str, str]]:
    """Makes rows of answers: one for each input, or one for each entry of a list in its answer.

    Args:
        labels: The inputs.
        answers: What the verb answered to each: plain data.

    Example:
        >>> rows(["soda"], [{"recommended": [{"item": "milk"}, {"item": "bread"}]}])
        [{'input': 'soda', 'item': 'milk'}, {'input': 'soda', 'item': 'bread'}]
    """
    found = []
    for label, answer in zip(labels, answers, strict=True):
        fields = dict(answer) if isinstance(answer, dict) else {"output": answer}
        lists = [key for key, value in fields.items() if _is_list(value)]
        # An input whose list is empty keeps a row, so that none is lost.
        entries = fields.pop(lists[0]) or [{}] if lists else [{}]
        for entry in entries:
            row = {"input": label, **entry, **fields}
            found.append({key: _cell(value) for key, value in row.items()})
    return found


def check(path: Path) -> None:
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


def write(path: Path, table: Sequence[dict[str, str]]) -> None:
    """Writes rows with a header; columns that a row lacks stay empty."""
    from ..system.files import make_folder, write_text

    columns = list(dict.fromkeys(key for row in table for key in row))
    stream = io.StringIO()
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    writer = csv.DictWriter(stream, columns, "", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    make_folder(path.absolute().parent)
    write_text(path, stream.getvalue())


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _cell(value: Any) -> str:
    """Writes a number in full, a list so that it can be read again, all else as it is shown."""
    if type(value) in (int, float):
        return repr(value)
    if isinstance(value, list):
        return ", ".join(f'"{one}"' if "," in one else one for one in map(_cell, value))
    return text(value)
