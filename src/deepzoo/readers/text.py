"""Running text from text files, folders and tables.

Small files are read into memory; from 64 MiB on, documents stay on disk (`OnDiskText`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from ..errors import DataError
from ..interfaces.kinds import Splits, Text
from ..system import memory
from . import tables
from .columns import read_csv
from .encodings import decode, open_text, opened, text_lines
from .folders import SPLIT_NAMES, list_files, split_notes, split_parts
from .on_disk import ON_DISK_FROM, OnDiskText
from .text_splits import FEW_DOCUMENTS, note_copies, split_documents, split_long_text

Unit = Literal["files", "lines", "paragraphs"]
TEXTS = (".txt", ".text", ".md", ".txt.gz", ".text.gz", ".md.gz")
ENDINGS = (*TEXTS, *tables.ENDINGS)
"""Endings of the files that are read as running text."""
_MARKUP = (
    (re.compile(rb"%PDF-"), "the source of a PDF", "its words: pdftotext FILE.pdf FILE.txt"),
    (re.compile(rb"\{\\rtf"), "the source of an RTF file", "its words, saved as plain text"),
    (
        re.compile(rb"<(!doctype|html|\?xml|head|body|div|p)\b", re.IGNORECASE),
        "HTML or XML with its tags",
        "its words, saved as plain text",
    ),
    (
        re.compile(rb'(\[\s*)?\{\s*"'),
        "JSON with its brackets and names",
        "one object a line, in a file that ends in .jsonl",
    ),
)


class Documents(list[str]):
    """A list of documents, with `notes` on how they were read."""

    def __init__(self, documents: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
        super().__init__(documents)
        self.notes = tuple(notes)


def read_text(path: str | Path, encoding: str = "utf-8") -> str:
    """Reads a whole text file, gzipped or not.

    A byte order mark determines the encoding and is dropped; CRLF and CR become LF.

    Args:
        path: The file.
        encoding: Used where there is no byte order mark.

    Raises:
        DataError: The file is missing, empty, binary or not in this encoding.
    """
    return "".join(decode(open_text(path, encoding)))


def read_documents(
    path: str | Path,
    options: Any = None,
    text_column: str | Sequence[str] = "text",
    unit: Unit = "files",
) -> Documents | OnDiskText:
    """Reads documents from a text file, a table, or a folder of either.

    Args:
        path: A text file, a folder with `.txt`, `.text` or `.md` files at any depth, or a table
            (one document per row), or a folder of tables.
        options: The settings of the kind (`encoding`, `skip_bad`); None takes the defaults.
        text_column: Column of a table; of several names the first present is taken.
        unit: What one document of a text file is: the whole file, a line, or a paragraph.

    Returns:
        A list, or `OnDiskText` if whole files have 64 MiB or more. Both have `notes`.
    """
    path = Path(path)
    encoding = getattr(options, "encoding", "utf-8")
    files, notes = _files(path)
    if not files[0].name.lower().endswith(tables.ENDINGS):
        documents = _read_texts(files, encoding, unit)
        documents.notes = (*notes, *documents.notes)
        return documents
    documents = []
    for file in files:
        skip_bad = getattr(options, "skip_bad", False)
        texts, new_notes = read_csv(file, text_column, encoding=encoding, skip_bad=skip_bad)
        documents += texts
        notes += new_notes
    return Documents(documents, notes)


def read_splits(
    path: str | Path,
    options: Any = None,
    text_column: str | Sequence[str] = "text",
    *,
    every: int = 20,
) -> Splits[Text]:
    """Reads and splits text from a file or a folder.

    Folders or files (`train.txt`, `train.csv`) named like splits are the splits. Otherwise many
    documents are split by document; a few long ones are cut.

    Args:
        path: As in `read_documents`, like the next two.
        options: The settings of the kind.
        text_column: Column of a table.
        every: Distance between two documents of the validation split.
    """
    if splits := given_splits(path, options, text_column):
        return splits
    documents = read_documents(path, options, text_column)
    if len(documents) < FEW_DOCUMENTS:
        return split_long_text(documents)
    return split_documents(documents, every=every)


def given_splits(
    path: str | Path,
    options: Any = None,
    text_column: str | Sequence[str] = "text",
    unit: Unit = "files",
) -> Splits[Text] | None:
    """Reads the parts of a folder that are named like splits; None if there are none."""
    parts = split_parts(path, ENDINGS)
    if not parts:
        return None
    read = {name: read_documents(part, options, text_column, unit) for name, part in parts.items()}
    notes = [*split_notes(parts), *(note for part in read.values() for note in part.notes)]
    texts = {name: Text(read.get(name, [])) for name in SPLIT_NAMES}
    return note_copies(Splits(**texts, notes=tuple(notes)))


def _files(path: Path) -> tuple[list[Path], list[str]]:
    """Lists the text files of a folder; of a folder without any, its tables."""
    if not path.is_dir():
        return [path], []
    files, _ = list_files(path, ENDINGS)
    texts = any(file.name.lower().endswith(TEXTS) for file in files)
    files, notes = list_files(path, TEXTS if texts else tables.ENDINGS)
    empty = [file for file in files if not file.stat().st_size]
    if empty and len(empty) < len(files):
        names = ", ".join(file.name for file in empty[:5]) + (", ..." if len(empty) > 5 else "")
        notes.append(f"{path.name}: {len(empty):,} empty files left out ({names}).")
        files = [file for file in files if file not in set(empty)]
    return files, notes


def _read_texts(paths: list[Path], encoding: str, unit: Unit) -> Documents | OnDiskText:
    documents = OnDiskText.open(paths, encoding)
    notes = list(documents.notes)
    if len(notes) > 3:
        notes[3:] = [f"And {len(notes) - 3:,} more notes of this kind."]
    notes += _markup_notes(paths)
    size = sum(map(documents.byte_size, range(len(documents))))
    if unit != "files":
        memory.require(4 * size, f"{paths[0]} as {unit}", "Use a part of the text.")
        parts = [part for span in documents.spans for part in _parts(span.file, unit)]
        kept = [part for part in parts if part.strip()]
        if empty := len(parts) - len(kept):
            notes.append(f"{empty:,} empty {unit if empty > 1 else unit[:-1]} left out.")
        if not kept:
            raise DataError(f"{paths[0]} has 0 {unit} with text.", "Give a file with text.")
        return Documents(kept, notes)
    documents.notes = tuple(notes)
    return documents if size >= ON_DISK_FROM else Documents(list(documents), notes)


def _parts(file: Any, unit: Unit) -> list[str]:
    if unit == "lines":
        return list(text_lines(file))
    return re.split(r"\n[^\S\n]*\n\s*", "".join(decode(file)).strip())


def _markup_notes(paths: Sequence[Path]) -> list[str]:
    """Tells of files whose markup would be learned as if it were text."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        with opened(path) as stream:
            head = stream.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()
        for pattern, what, better in _MARKUP:
            if pattern.match(head):
                found.setdefault((what, better), []).append(path.name)
    return [
        f"{names[0]}{f' and {len(names) - 1:,} more' if len(names) > 1 else ''}: this is {what}, "
        f"which is learned as it stands. Better give {better}."
        for (what, better), names in found.items()
    ]


def note_documents(path: Path, documents: Sequence[str], unit: Unit) -> str:
    """Says what was taken as a document, with a count, and how to choose otherwise."""
    count = f"{len(documents):,} document{'s'[: len(documents) != 1]}"
    if _files(path)[0][0].name.lower().endswith(tables.ENDINGS):
        return f"{path.name}: {count}, one a row."
    if unit != "files":
        return f"{path.name}: {count}, one a {unit[:-1]}."
    if path.is_dir():
        return f"{path.name}: {count}, one a file."
    return (
        f"{path.name}: one document, the whole file. If each line or paragraph is one: "
        "--set documents=lines or --set documents=paragraphs"
    )
