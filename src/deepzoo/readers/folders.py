"""The files of a user's folder: its splits, the files that are read, and what is left out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import DataError

SPLIT_NAMES = ("train", "validation", "test")
_ALIASES = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid", "dev"),
    "test": ("test", "testing"),
}
_SPLIT_OF = {alias: split for split, aliases in _ALIASES.items() for alias in aliases}
_ABOVE = "data"
_LISTED = 5


def split_parts(path: str | Path, endings: Sequence[str] = ()) -> dict[str, Path]:
    """Finds the parts of a folder that are named like splits, in any capitals.

    The names are train or training; val, valid, validation or dev; test or testing. They are
    looked for in the folder and, if it has none, in a folder `data` in it.

    Args:
        path: A folder; a file has no parts.
        endings: Endings of the files that may be parts, in lower case, such as `.csv`;
            without any, only folders are parts.

    Returns:
        Folder or file of each split by its name (`train`, `validation`, `test`), in this
        order; empty when no part is named like a split. `split_notes` names what is beside them.

    Raises:
        DataError: There is nothing to train on, or a split is there twice.
    """
    path = Path(path)
    found = _named_parts(path, endings)
    if not found and path.is_dir():
        above = [child for child in _visible(path) if child.name.lower() == _ABOVE]
        found = next((parts for child in above if (parts := _named_parts(child, endings))), found)
    if not found:
        return {}
    for split, parts in found.items():
        if len(parts) > 1:
            raise DataError(
                f"{parts[0].parent} has {split} twice: {_listed(parts)}; expected it once.",
                "Move all but one of them away.",
            )
    parts = {split: found[split][0] for split in SPLIT_NAMES if split in found}
    if "train" not in parts:
        held_out = next(iter(parts.values()))
        raise DataError(
            f"{held_out.parent} has {_listed(parts.values())}, and nothing to train on.",
            f"Add a {'folder' if held_out.is_dir() else 'file'} named train; "
            "or rename what is no split.",
        )
    return parts


def split_notes(parts: dict[str, Path]) -> list[str]:
    """Names what lies beside the splits that `split_parts` found: nothing of it is read."""
    if not parts:
        return []
    folder = parts["train"].parent
    others = [child for child in _visible(folder) if child not in parts.values()]
    if not others:
        return []
    was = "was" if len(others) == 1 else "were"
    return [f"{folder.name}: {_listed(others)} beside the splits {was} left out."]


def list_files(
    path: str | Path, endings: Sequence[str], *, files_as_parts: bool = True
) -> tuple[list[Path], list[str]]:
    """Lists the files in a folder and its sub-folders that have one of the endings, by path.

    Hidden files are not looked at. A file is listed as it is, whatever its ending.

    Args:
        path: A folder or a file.
        endings: Endings of the files to list, in lower case.
        files_as_parts: A file may be a split by its name; a picture `test.png` is none.

    Returns:
        The files, and notes with the number and the names of what was left out: other files,
        links that lead nowhere, sub-folders that cannot be read.

    Raises:
        DataError: The folder has no such file, or holds splits further down.
    """
    path = Path(path)
    if not path.is_dir():
        return [path], []
    unreadable: list[Path] = []
    below = sorted(_walk(path, unreadable))
    for child in below:
        names = [*child.relative_to(path).parts[:-1]]
        names += [_stem(child, endings)] if files_as_parts else []
        if held_out := [name for name in names if _SPLIT_OF.get(name.lower()) in SPLIT_NAMES[1:]]:
            raise DataError(
                f"{path} holds a part named {held_out[0]} further down, {child}, which is not "
                "trained on.",
                "Name the folder with the splits, or move that part away.",
            )
    dead = [child for child in below if child.is_symlink() and not child.exists()]
    files = [c for c in below if c.name.lower().endswith(tuple(endings)) and c.is_file()]
    others = sorted(set(below).difference(dead, files))
    if not files:
        raise DataError(
            f"{path} has 0 files ending in {', '.join(e for e in endings if e[-3:] != '.gz')}"
            + (f" among {len(others):,}: {_listed(others)}." if others else "."),
            "Put such files there, or name another folder.",
        )
    left_out = (
        (others, "file of another type", "files of other types"),
        (dead, "link that leads nowhere", "links that lead nowhere"),
        (unreadable, "sub-folder that cannot be read", "sub-folders that cannot be read"),
    )
    return files, [
        f"{path.name}: {len(group):,} {many if len(group) > 1 else one} left out "
        f"({_listed(group)})."
        for group, one, many in left_out
        if group
    ]


def _named_parts(folder: Path, endings: Sequence[str]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for child in _visible(folder):
        split = _SPLIT_OF.get(_stem(child, endings).lower())
        if split and (child.is_dir() or child.name.lower().endswith(tuple(endings))):
            found.setdefault(split, []).append(child)
    return found


def _stem(path: Path, endings: Sequence[str]) -> str:
    ending = max((e for e in endings if path.name.lower().endswith(e)), key=len, default="")
    return path.name if path.is_dir() else path.name[: len(path.name) - len(ending)]


def _visible(folder: Path) -> list[Path]:
    children = sorted(folder.iterdir()) if folder.is_dir() else []
    return [child for child in children if not child.name.startswith(".")]


def _walk(folder: Path, unreadable: list[Path]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        unreadable.append(Path(error.filename))

    seen: set[str] = set()
    for root, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(root)
        folders[:] = [] if real in seen else [name for name in folders if name[0] != "."]
        if real not in seen:
            yield from (Path(root, name) for name in names if name[0] != ".")
        seen.add(real)


def _listed(paths: Iterable[Path]) -> str:
    names = [path.name for path in paths]
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
