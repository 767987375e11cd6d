"""The files of a user's folder of images: which there are, of which class, size and mode."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from deepzoo.errors import DataError

from .pictures import LARGEST, open_picture

ENDINGS = (".png", ".jpg", ".jpeg")
FORMATS = ("PNG", "JPEG")
_GREYS = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "F")
_ORIENTATION = 274
_LISTED = 3


@dataclasses.dataclass
class Reading:
    """What is read so far: files with their classes, notes, and what could not be read."""

    folder: Path
    skip_bad: bool
    notes: list[str] = dataclasses.field(default_factory=list)
    bad: list[str] = dataclasses.field(default_factory=list)

    def finish(self) -> tuple[str, ...]:
        """Returns the notes, with what was left out before them."""
        if not self.bad:
            return tuple(self.notes)
        first = " | ".join(message.rstrip(".") for message in self.bad[:_LISTED])
        more = f" | and {len(self.bad) - _LISTED:,} more" if len(self.bad) > _LISTED else ""
        return (
            f"{len(self.bad):,} files were left out, as they cannot be read: {first}{more}.",
            *self.notes,
        )

    def refuse(self, error: DataError) -> None:
        """Raises the error, or remembers it if bad files are left out."""
        if not self.skip_bad:
            raise DataError(
                error.message, f"{error.hint} Or leave such files out: --set skip_bad=true.".strip()
            ) from error
        # Notes are stored with runs, which hold no paths of a machine.
        self.bad.append(error.message.replace(f"{self.folder}{os.sep}", ""))


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """One file: its class, its size (width, height) when upright, and whether it has colours."""

    path: Path
    label: int
    size: tuple[int, int]
    colour: bool


def class_names(root: Path) -> tuple[str, ...]:
    """Returns the names of the folders in a folder; those of numbers in their order."""
    names = [path.name for path in root.iterdir() if path.is_dir() and path.name[0] != "."]
    if not names:
        raise DataError(
            f"{root} has no folders in it; expected one folder per class.",
            "Sort the images into folders that are named like their classes.",
        )
    numbers = all(name.isdecimal() for name in names)
    return tuple(sorted(names, key=lambda name: (int(name) if numbers else 0, name)))


def list_files(root: Path, classes: Sequence[str], reading: Reading) -> list[ImageFile]:
    """Lists the images below a folder of classes, after a look at the header of each."""
    unknown = [name for name in class_names(root) if name not in classes]
    if unknown:
        raise DataError(
            f"{root / unknown[0]} is no class of the training images, which are "
            f"{', '.join(classes[:5])}{', ...' if len(classes) > 5 else ''}.",
            "Rename the folder, or add it to train.",
        )
    found, others = [], 0
    for label, name in enumerate(classes):
        if not (root / name).is_dir():
            continue
        files = [path for path in sorted((root / name).rglob("*")) if _visible(path, root)]
        images = [path for path in files if path.suffix.lower() in ENDINGS]
        if not images:
            raise DataError(
                f"{root / name} has 0 images; expected {', '.join(ENDINGS)} files.",
                "Put images there, or remove the folder.",
            )
        others += len(files) - len(images)
        for path in images:
            try:
                found.append(ImageFile(path, label, *_measure(path)))
            except DataError as error:
                reading.refuse(error)
    if others:
        reading.notes.append(f"{root.name}: {others:,} files that are no images were left out.")
    return found


def _visible(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and path.is_file()


def _measure(path: Path) -> tuple[tuple[int, int], bool]:
    """Reads width and height, as seen upright, and whether there are colours, from the header."""
    import warnings

    from PIL import Image

    width, height, mode, turned = LARGEST, LARGEST, "", False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=FORMATS) as image:
                (width, height), mode = image.size, image.mode
                turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        except Exception:  # whatever is wrong with it, the reader below says it in words
            turned = False
    if turned:
        width, height = height, width
    if width * height > LARGEST:
        image = open_picture(path, FORMATS)
        (width, height), mode = image.size, image.mode
    return (width, height), mode not in _GREYS
