"""Text from files, folders and CSV files: what datasets of running text load from.

Small files are read; from 64 MB on, documents stay on disk (`OnDiskText`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..interfaces.kinds import Splits, Text
from .encodings import decode, open_text
from .folders import SPLIT_NAMES, split_folders
from .on_disk import MAPPED_FROM, OnDiskText
from .tables import read_csv
from .text_splits import FEW_DOCUMENTS, split_documents, split_long_text

_TABLES = (".csv", ".tsv")
_TEXTS = (".txt", ".text", ".md")


class Documents(list[str]):
    """A list of documents with `notes` on how they were read."""

    def __init__(self, documents: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
        super().__init__(documents)
        self.notes = tuple(notes)


def read_text(path: str | Path, encoding: str = "utf-8") -> str:
    """Reads a text file whole.

    A byte order mark decides the encoding and is dropped; CRLF and CR become LF.

    Args:
        path: The file.
        encoding: Used where there is no byte order mark.

    Raises:
        DataError: The file is missing, empty, binary or not in this encoding; says where.
    """
    return "".join(decode(open_text(path, encoding)))


def read_documents(
    path: str | Path, options: Any = None, text_column: str | Sequence[str] = "text"
) -> Documents | OnDiskText:
    """Reads documents from a file, a folder or a CSV file.

    Args:
        path: A text file (one document), a folder of `.txt`, `.text` or `.md` files (one
            document each, by path), or a `.csv` or `.tsv` file (one document a row).
        options: The settings of the kind (`encoding`, `skip_bad`); None takes the defaults.
        text_column: Column of a CSV file; or several names, the first present is taken.

    Returns:
        A list, or `OnDiskText` where the files have 64 MB or more. Both have `notes`.
    """
    path = Path(path)
    encoding = getattr(options, "encoding", "utf-8")
    if path.is_dir():
        return _read_folder(path, encoding)
    if path.suffix.lower() in _TABLES:
        skip_bad = getattr(options, "skip_bad", False)
        texts, notes = read_csv(path, text_column, encoding=encoding, skip_bad=skip_bad)
        return Documents(texts, notes)
    return _read_files([path], encoding)


def read_splits(
    path: str | Path,
    options: Any = None,
    text_column: str | Sequence[str] = "text",
    *,
    every: int = 20,
) -> Splits[Text]:
    """Reads and splits text of any shape: what a dataset of a user's own text does.

    Folders (or files, `train.txt`, `train.csv`) named train, validation and test are the
    splits. Else many documents are split by document, one or a few long ones are cut.
    """
    folders = split_folders(path, (*_TEXTS, *_TABLES))
    if folders:
        parts = {name: read_documents(part, options, text_column) for name, part in folders.items()}
        notes = [note for part in parts.values() for note in part.notes]
        texts = {name: Text(parts.get(name, [])) for name in SPLIT_NAMES}
        return Splits(**texts, notes=tuple(notes))
    documents = read_documents(path, options, text_column)
    if len(documents) < FEW_DOCUMENTS:
        return split_long_text(documents)
    return split_documents(documents, every=every)


def _read_folder(folder: Path, encoding: str) -> Documents | OnDiskText:
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not _hidden(path.relative_to(folder))
    )
    texts = [path for path in files if path.suffix.lower() in _TEXTS]
    if not texts:
        raise DataError(
            f"{folder} has 0 text files among {len(files):,} files.",
            f"Put files ending in {', '.join(_TEXTS)} there.",
        )
    documents = _read_files(texts, encoding)
    if len(texts) < len(files):
        others = (
            f"{folder.name}: {len(files) - len(texts):,} files that are not text were left out."
        )
        documents.notes = (others, *documents.notes)
    return documents


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_files(paths: list[Path], encoding: str) -> Documents | OnDiskText:
    mapped = OnDiskText.open(paths, encoding)
    notes = _shorten(mapped.notes)
    if sum(mapped.byte_size(index) for index in range(len(mapped))) >= MAPPED_FROM:
        mapped.notes = notes
        return mapped
    return Documents(list(mapped), notes)


def _shorten(notes: Sequence[str], most: int = 3) -> tuple[str, ...]:
    if len(notes) <= most:
        return tuple(notes)
    return (*notes[:most], f"And {len(notes) - most:,} more notes of this kind.")
