"""Running text from text files, folders and tables.

Small files are read into memory; from 64 MiB on, documents stay on disk (`OnDiskText`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..interfaces.kinds import Splits, Text
from .encodings import decode, open_text
from .folders import SPLIT_NAMES, split_folders
from .on_disk import ON_DISK_FROM, OnDiskText
from .tables import read_csv
from .text_splits import FEW_DOCUMENTS, split_documents, split_long_text

_TABLES = (".csv", ".tsv")
_TEXTS = (".txt", ".text", ".md")


class Documents(list[str]):
    """A list of documents, with `notes` on how they were read."""

    def __init__(self, documents: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
        super().__init__(documents)
        self.notes = tuple(notes)


def read_text(path: str | Path, encoding: str = "utf-8") -> str:
    """Reads a whole text file.

    A byte order mark determines the encoding and is dropped; CRLF and CR become LF.

    Args:
        path: The file.
        encoding: Used where there is no byte order mark.

    Raises:
        DataError: The file is missing, empty, binary or not in this encoding.
    """
    return "".join(decode(open_text(path, encoding)))


def read_documents(
    path: str | Path, options: Any = None, text_column: str | Sequence[str] = "text"
) -> Documents | OnDiskText:
    """Reads documents from a text file, a folder or a table.

    Args:
        path: A text file (one document), a folder of `.txt`, `.text` or `.md` files (one
            document each, by path), or a `.csv` or `.tsv` file (one document per row).
        options: The settings of the kind (`encoding`, `skip_bad`); None takes the defaults.
        text_column: Column of a table; of several names the first present is taken.

    Returns:
        A list, or `OnDiskText` if the files have 64 MiB or more. Both have `notes`.
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
    """Reads and splits text from a file or a folder.

    Folders (or files, `train.txt`, `train.csv`) named train, validation and test are the
    splits. Otherwise many documents are split by document; a few long ones are cut.

    Args:
        path: As in `read_documents`, like the next two.
        options: The settings of the kind.
        text_column: Column of a table.
        every: Distance between two documents of the validation split.
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
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    texts = [path for path in files if path.suffix.lower() in _TEXTS]
    if not texts:
        raise DataError(
            f"{folder} has 0 text files among {len(files):,} files.",
            f"Put files ending in {', '.join(_TEXTS)} there.",
        )
    documents = _read_files(texts, encoding)
    if len(texts) < len(files):
        left_out = f"{len(files) - len(texts):,} files that are not text were left out."
        documents.notes = (f"{folder.name}: {left_out}", *documents.notes)
    return documents


def _read_files(paths: list[Path], encoding: str) -> Documents | OnDiskText:
    documents = OnDiskText.open(paths, encoding)
    if len(documents.notes) > 3:
        more = f"And {len(documents.notes) - 3:,} more notes of this kind."
        documents.notes = (*documents.notes[:3], more)
    if sum(map(documents.byte_size, range(len(documents)))) >= ON_DISK_FROM:
        return documents
    return Documents(list(documents), documents.notes)
