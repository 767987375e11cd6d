"""Files of users as they come: gzipped, many in one folder, or named after the splits."""

from __future__ import annotations

import contextlib
import gzip
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import DataError, UnsafeFileError

SPLIT_NAMES = ("train", "validation", "test")
_BLOCK = 2**20
_LEAST, _TIMES = 100 * 2**20, 300  # what a gzipped file may unpack to: bytes, times its size


def split_parts(path: str | Path, endings: Sequence[str]) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test.

    Args:
        path: A folder; a file has no parts.
        endings: How names of files end that are read, in lower case.

    Returns:
        File or folder of each split by its name; empty when no part is named like one.

    Raises:
        DataError: There is no part named train, or one that is no split.
    """
    path = Path(path)
    inside = sorted(path.iterdir()) if path.is_dir() else []
    parts = {one.name.lower(): one for one in inside if _is_part(one, endings)}
    found = {}
    for name in SPLIT_NAMES:
        present = [
            parts[key] for key in (name, *(name + ending for ending in endings)) if key in parts
        ]
        if present:
            found[name] = present[0]
    if found and "train" not in found:
        raise DataError(
            f"{path} has {' and '.join(found)}, and nothing to train on.",
            "Add a file or folder named train.",
        )
    unread = [one.name for one in parts.values() if one not in found.values()] if found else []
    if unread:
        raise DataError(
            f"{path} has splits, and beside them {', '.join(unread[:5])}, which is none of them.",
            f"Splits are named {', '.join(SPLIT_NAMES)}; move away what is not to be read.",
        )
    return found


def table_files(path: str | Path, endings: Sequence[str]) -> list[Path]:
    """Lists the files that are read of a folder, by name; a file is its own list.

    Raises:
        DataError: The folder has none.
    """
    path = Path(path)
    if not path.is_dir():
        return [path]
    found = sorted(one for one in path.iterdir() if _is_table(one, endings))
    if not found:
        raise DataError(f"{path} has 0 tables.", f"Put files ending in {', '.join(endings)} there.")
    return found


@contextlib.contextmanager
def unpacked(path: str | Path) -> Iterator[Path]:
    """Gives a file as it is, or what is in it if it is gzipped; errors name the file itself.

    Args:
        path: A file, gzipped if its name ends in `.gz`. It may unpack to 300 times its size,
            or to 100 MiB where that is more.

    Raises:
        DataError: It is damaged or no gzip file.
        UnsafeFileError: It unpacks to too much.
    """
    path = Path(path)
    if not path.name.lower().endswith(".gz"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name[: -len(".gz")]
        try:
            with gzip.open(path) as packed, plain.open("wb") as stream:
                while block := packed.read(_BLOCK):
                    stream.write(block)
                    if stream.tell() > max(_LEAST, _TIMES * path.stat().st_size):
                        raise UnsafeFileError(
                            f"{path} unpacks to more than {stream.tell():,} bytes."
                        )
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{path} is not a whole gzip file: {error}.", "Fetch it again."
            ) from None
        try:
            yield plain
        except DataError as error:
            raise type(error)(error.message.replace(str(plain), str(path)), error.hint) from None


def _is_part(path: Path, endings: Sequence[str]) -> bool:
    return _is_table(path, endings) or (path.is_dir() and not path.name.startswith("."))


def _is_table(path: Path, endings: Sequence[str]) -> bool:
    return path.name.lower().endswith(tuple(endings)) and not path.name.startswith(".")


def split_folders(path: str | Path, endings: Sequence[str] = ()) -> dict[str, Path]:
    """Finds the parts of a folder that are named train, validation and test.

    Args:
        path: A folder; a file has no parts.
        endings: How names of files may end, such as `.csv`; without any only folders are parts.

    Returns:
        Folder or file of each split by its name; empty when there is no part named train.
        Hidden test or validation parts are simply absent.
    """
    path = Path(path)
    found = {}
    if path.is_dir():
        for name in SPLIT_NAMES:
            candidates = [path / name, *(path / f"{name}{ending}" for ending in endings)]
            present = [candidate for candidate in candidates if candidate.exists()]
            if present:
                found[name] = present[0]
    return found if "train" in found else {}
