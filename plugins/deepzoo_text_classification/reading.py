"""Reading labelled texts: tables with a text and a label a row, and a folder for each class."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from deepzoo import LabelledText
from deepzoo.errors import DataError
from deepzoo.readers import (
    Table,
    check_columns,
    could_be_header,
    find_columns,
    list_files,
    read_text,
    require_memory,
    set_line,
    split_notes,
    split_parts,
)

from .labels import Rows, spelled

_PLAIN = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")
TABLES = (*_PLAIN, *(f"{ending}.gz" for ending in _PLAIN))
TEXTS = (".txt", ".text", ".md", ".txt.gz", ".text.gz", ".md.gz")
_USUAL = {"text_column": "text", "label_column": "label"}
_LISTED, _NAMED = 3, 20


def read_parts(
    path: Path, columns: Mapping[str, str], options: Any
) -> tuple[dict[str, Rows], list[str]]:
    """Reads a table, a folder of tables, or a folder with a folder for each class.

    Args:
        path: The file or the folder.
        columns: Number or name of the columns of text and label, by their settings; those that
            are empty are found.
        options: The settings of the kind: `encoding` and `skip_bad`.

    Returns:
        Texts and labels of each split, or all of them under the name "", and notes.

    Raises:
        DataError: A row or a file is bad, and is named; or there is nothing to read.
    """
    check_columns({key: value for key, value in columns.items() if value} or {"": "1"})
    paths = split_parts(path, TABLES)
    if paths and paths["train"].is_dir() and not _holds(paths["train"], TABLES):
        # A folder of texts that is named train may be a class.
        paths = paths if _class_folders(paths["train"]) else {}
    read, notes = {}, split_notes(paths)
    for name, part in (paths or {"": path}).items():
        of_classes = part.is_dir() and _class_folders(part)
        read[name], more = (
            _read_folders(part, options) if of_classes else _read_tables(part, columns, options)
        )
        notes += more
    return read, notes


def rows_of(part: LabelledText, where: str) -> Rows:
    """Returns the texts of a part, and their labels in words.

    Args:
        part: Labelled texts, such as a user gives in Python.
        where: What they are called in errors.

    Raises:
        DataError: A label is none of a class, or a text is empty.
    """
    import numpy as np

    labels = np.asarray(part.labels)
    if labels.dtype.kind not in "iub" or labels.shape != (len(part),):
        raise DataError(
            f"The labels of {where} are {labels.dtype} {list(labels.shape)}; expected an integer "
            f"for each of the {len(part):,} texts."
        )
    wrong = np.flatnonzero((labels < 0) | (labels >= len(part.classes)))
    if len(wrong):
        raise DataError(
            f"Label {wrong[0]:,} of {where} is {labels[wrong[0]]}, expected 0 to "
            f"{len(part.classes) - 1}, the {len(part.classes)} classes."
        )
    for number, text in enumerate(part.texts):
        if not text.strip():
            raise DataError(f"Text {number:,} of {where} is empty.", "Leave it out.")
    return list(part.texts), [str(part.classes[label]) for label in labels]


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")


def _holds(folder: Path, endings: Sequence[str]) -> bool:
    return any(path.name.lower().endswith(tuple(endings)) for path in folder.rglob("*"))


def _class_folders(root: Path) -> list[Path]:
    """Returns the folders in a folder, if there are texts in any of them."""
    folders = _folders(root)
    return folders if any(_holds(folder, TEXTS) for folder in folders) else []


def _read_folders(root: Path, options: Any) -> tuple[Rows, list[str]]:
    """Reads the texts below each folder, which is named like their class."""
    texts, labels, bad = [], [], []
    paths, notes = list_files(root, TEXTS, files_as_parts=False)
    stray = [path.name for path in paths if path.parent == root]
    if stray:
        notes.append(
            f"{root.name}: {len(stray):,} text{'s'[: len(stray) > 1]} in no class folder left out "
            f"({_listed(stray)})."
        )
    require_memory(4 * sum(path.stat().st_size for path in paths), f"{root}", "Use a part of it.")
    for path in paths:
        if path.parent == root:
            continue
        try:
            text = read_text(path, options.encoding).strip()
            if not text:
                raise DataError(f"{path} has no text, only blanks.")
        except DataError as error:
            if not options.skip_bad:
                hint = f"{error.hint} Leave bad files out: --set skip_bad=true".strip()
                raise DataError(error.message, hint) from error
            # Notes are stored with runs, which hold no paths of a machine.
            bad.append(error.message.replace(f"{root}{os.sep}", "").rstrip("."))
            continue
        texts.append(text)
        labels.append(path.relative_to(root).parts[0])
    if empty := [folder.name for folder in _folders(root) if folder.name not in labels]:
        raise DataError(
            f"{root / empty[0]} has 0 texts; expected files ending in {', '.join(TEXTS[:3])}.",
            "Put texts there, or remove the folder.",
        )
    if bad:
        notes.append(f"{root.name}: {len(bad):,} bad file{'s'[: len(bad) > 1]} left out: {bad[0]}.")
    return (texts, labels), notes


def _read_tables(path: Path, columns: Mapping[str, str], options: Any) -> tuple[Rows, list[str]]:
    """Reads the rows of a table, or of all tables in a folder."""
    files, notes = list_files(path, TABLES)
    texts, labels, column = [], [], ""
    for file in files:
        table = Table(file, options.encoding)
        chosen = choose_columns(table, columns)
        if chosen != columns:
            notes.append(
                f"{file.name}: texts are in column {chosen['text_column']!r:.60}, labels in column "
                f"{chosen['label_column']!r:.60}. Otherwise: {set_line(_swapped(chosen))}"
            )
        column = chosen["label_column"]
        part, more = _take_rows(table, find_columns(table, chosen), options.skip_bad)
        texts += part[0]
        labels += part[1]
        notes += [*table.notes, *more]
    distinct = len(set(labels))
    if distinct > max(2, len(labels) / 2):
        raise DataError(
            f"{path}: column {column!r:.60} has {distinct:,} different labels in {len(labels):,} "
            "rows; expected a few classes with several texts each.",
            "It may be the text, or an id. Name the columns: --set text_column=... "
            "--set label_column=...",
        )
    return (texts, labels), notes


def _swapped(columns: Mapping[str, str]) -> dict[str, str]:
    return dict(zip(columns, reversed([*columns.values()]), strict=True))


def choose_columns(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Finds the columns that are not named: of two, or by the names text and label.

    Args:
        table: A table of which nothing was read.
        columns: Number or name of the columns of text and label; empty where none is named.

    Returns:
        Number or name of both.

    Raises:
        DataError: There are more columns or fewer, and none with these names.
    """
    missing = [key for key, value in columns.items() if not value]
    first = table.keys if table.is_json else next(filter(None, table.sample), [])
    numbered = any(value.isdecimal() for value in columns.values()) and not table.is_json
    # As labels are compared: a first row whose label has other capitals is no header.
    alike = [[spelled(cell).casefold() for cell in row] for row in table.sample]
    named = table.is_json or (not numbered and could_be_header(alike))
    names = [" ".join(name.split()) if named else str(at) for at, name in enumerate(first, 1)]
    free = [name for name in names if name not in columns.values()]
    if len(free) == len(missing):
        by_variety = sorted(free, key=lambda name: _variety(table, names.index(name)))
        return {**columns, **dict(zip(missing, reversed(by_variety), strict=True))}
    usual = {key: name for key in missing for name in free if name.lower() == _USUAL[key]}
    if len(usual) == len(missing):
        return {**columns, **usual}
    if table.is_prose:
        find_columns(table, {"text_column": "1", "label_column": "2"})  # raises what to do
    raise _unclear(table, columns, names, free)


def _variety(table: Table, at: int) -> tuple[int, float]:
    """Returns how many different cells a column has in the first rows, and their mean length."""
    rows = table.sample if table.is_json else table.sample[1:]
    cells = [row[at] for row in rows if len(row) > at]
    return len(set(cells)), fmean(map(len, cells)) if cells else 0.0


def _unclear(
    table: Table, columns: Mapping[str, str], names: Sequence[str], free: Sequence[str]
) -> DataError:
    listed = ", ".join(repr(name[:40]) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    message = (
        f"{table.path} ({table.separated}) has {len(names)} column{'s'[: len(names) != 1]}: "
        f"{listed}{more}; expected a text and a label."
    )
    if len(names) < 2:
        return DataError(message, "Check the separator: commas, semicolons, tabs or bars.")
    varieties = {name: _variety(table, names.index(name)) for name in free}
    text = columns["text_column"] or max(free, key=lambda name: varieties[name][1])
    labels = [name for name in free if name != text and varieties[name][0] > 1] or free
    label = columns["label_column"] or min(labels, key=lambda name: varieties[name][0])
    guess = {"text_column": text, "label_column": label}
    return DataError(message, f"Name the two columns, such as: {set_line(guess)}")


def _take_rows(table: Table, positions: Sequence[int], skip_bad: bool) -> tuple[Rows, list[str]]:
    """Takes text and label out of the rows, and records those that lack one."""
    texts, labels, width = [], [], max(positions) + 1
    for line, row in table:
        text, label = (row[at].strip() if at < len(row) else "" for at in positions)
        if text and label:
            texts.append(text)
            labels.append(label)
        elif not any(map(str.strip, row)):
            table.bad.add(line, "the line is empty, expected a text and a label")
        elif len(row) < width:
            columns = f"{len(row)} column{'s'[: len(row) > 1]}"
            table.bad.add(line, f"{columns}, expected at least {width}")
        else:
            name, at = ("label", positions[1]) if text else ("text", positions[0])
            table.bad.add(line, f"the {name} (column {at + 1}) is empty")
    return (texts, labels), table.bad.report(len(texts), skip_bad)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
