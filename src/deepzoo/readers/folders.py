"""The files of a user: gzipped, many in one folder, or named after the splits."""

from __future__ import annotations

import contextlib
import gzip
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import DataError, UnsafeFileError

SPLIT_NAMES = ("train", "validation", "test")
_BLOCK = 2**20
_UNPACKED_BYTES, _UNPACKED_RATIO = 100 * 2**20, 300  # the larger one limits a gzipped file


def split_folders(path: str | Path, endings: Sequence[str] = ()) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test.

    Args:
        path: A folder; a file has no parts.
        endings: Allowed endings of files, such as `.csv`; without any only folders are parts.

    Returns:
        Folder or file of each split by its name; empty when there is no part named train.
    """
    path = Path(path)
    names = [name + ending for name in SPLIT_NAMES for ending in ("", *endings)]
    splits = _splits_among({name: path / name for name in names if (path / name).exists()}, endings)
    return splits if "train" in splits else {}


def split_parts(path: str | Path, endings: Sequence[str]) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test, strictly.

    Args:
        path: A folder; a file has no parts.
        endings: Endings of the files that are read, in lower case.

    Returns:
        File or folder of each split by its name; empty when no part is named like a split.

    Raises:
        DataError: There is no part named train, or there is a part that is not a split.
    """
    path = Path(path)
    children = sorted(path.iterdir()) if path.is_dir() else []
    parts = {
        child.name.lower(): child
        for child in children
        if _is_table(child, endings) or (child.is_dir() and not child.name.startswith("."))
    }
    splits = _splits_among(parts, endings)
    if splits and "train" not in splits:
        raise DataError(
            f"{path} has {' and '.join(splits)}, and nothing to train on.",
            "Add a file or folder named train.",
        )
    others = [part.name for part in parts.values() if part not in splits.values()]
    if splits and others:
        raise DataError(
            f"{path} has splits and also {', '.join(others[:5])}, which are not splits.",
            f"Splits are named {', '.join(SPLIT_NAMES)}; move the other files away.",
        )
    return splits


def _splits_among(parts: Mapping[str, Path], endings: Sequence[str]) -> dict[str, Path]:
    """Finds for each split the part with its name: a folder before files, by ending."""
    splits = {}
    for name in SPLIT_NAMES:
        candidates = [name + ending for ending in ("", *endings) if name + ending in parts]
        if candidates:
            splits[name] = parts[candidates[0]]
    return splits


def table_files(path: str | Path, endings: Sequence[str]) -> list[Path]:
    """Lists the files of a folder that have one of the endings, by name; or the file itself.

    Raises:
        DataError: The folder has none.
    """
    path = Path(path)
    if not path.is_dir():
        return [path]
    files = sorted(child for child in path.iterdir() if _is_table(child, endings))
    if not files:
        raise DataError(f"{path} has 0 tables.", f"Put files ending in {', '.join(endings)} there.")
    return files


def _is_table(path: Path, endings: Sequence[str]) -> bool:
    return path.name.lower().endswith(tuple(endings)) and not path.name.startswith(".")


@contextlib.contextmanager
def unpacked(path: str | Path) -> Iterator[Path]:
    """Yields the path of a file, unpacked if it is gzipped; errors name the original file.

    Args:
        path: A file, gzipped if its name ends in `.gz`. It may unpack to 300 times its size,
            or to 100 MiB where that is more.

    Raises:
        DataError: The file is damaged or not a gzip file.
        UnsafeFileError: It unpacks to too much.
    """
    path = Path(path)
    if not path.name.lower().endswith(".gz"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name[: -len(".gz")]
        allowed = max(_UNPACKED_BYTES, _UNPACKED_RATIO * path.stat().st_size)
        try:
            with gzip.open(path) as packed, plain.open("wb") as stream:
                while block := packed.read(_BLOCK):
                    stream.write(block)
                    if stream.tell() > allowed:
                        raise UnsafeFileError(f"{path} unpacks to more than {allowed:,} bytes.")
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{path} is not a complete gzip file: {error}.", "Download it again."
            ) from None
        try:
            yield plain
        except DataError as error:
            raise type(error)(error.message.replace(str(plain), str(path)), error.hint) from None
