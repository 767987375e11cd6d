"""A user's folder of images, one folder per class, as pixels of one size.

First only the headers are read, which tell the sizes and whether there are colours; then
every image is decoded into its row of one array.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import statistics
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from deepzoo import Images, Splits
from deepzoo.errors import DataError
from deepzoo.readers import (
    LARGEST_IMAGE,
    file_sha256,
    image_endings,
    image_formats,
    list_files,
    open_image,
    read_image,
    require_memory,
    split_by_content,
    split_notes,
    split_parts,
)

from .adapt import fitted

SPLIT_NAMES = ("train", "validation", "test")
LARGEST_SIDE = 128
_GREYS = ("1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "F")
_ORIENTATION = 274
_LISTED = 3


@dataclasses.dataclass
class Reading:
    """Notes on what has been read so far, and messages about files that could not be."""

    folder: Path
    skip_bad: bool = False
    notes: list[str] = dataclasses.field(default_factory=list)
    bad: list[str] = dataclasses.field(default_factory=list)

    def leave_out(self, error: DataError) -> None:
        """Keeps the message about a file that cannot be read."""
        # Notes are stored with runs, which hold no paths of a machine.
        self.bad.append(error.message.replace(f"{self.folder}{os.sep}", ""))

    def finish(self, read: int) -> tuple[str, ...]:
        """Returns the notes, with what was left out before them.

        Raises:
            DataError: The images that could be `read` are fewer than those that could not be.
        """
        if not self.bad:
            return tuple(self.notes)
        first = " | ".join(message.rstrip(".") for message in self.bad[:_LISTED])
        more = f" | and {len(self.bad) - _LISTED:,} more" if len(self.bad) > _LISTED else ""
        bad = f"{len(self.bad):,} image{'s' if len(self.bad) > 1 else ''} that cannot be read"
        if len(self.bad) > read and not self.skip_bad:
            raise DataError(
                f"{self.folder} has {bad}, and only {read:,} others: {first}{more}.",
                "Check the files. To train on the others: --set skip_bad=true",
            )
        return (f"{self.folder.name}: {bad} left out: {first}{more}.", *self.notes)


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """An image file: its class, its upright size (width, height), and whether it has colours."""

    path: Path
    label: int
    size: tuple[int, int]
    colour: bool


def read_folder(folder: Path, side: int, split_seed: int, *, skip_bad: bool) -> Splits[Images]:
    """Reads and splits the images of a folder.

    Args:
        folder: One folder per class; or folders of splits with those in them.
        side: Height and width of all images; 0 takes the median of each.
        split_seed: Seed of the hash, where the folder does not hold the splits.
        skip_bad: Read the others even if most files cannot be read.

    Raises:
        DataError: No classes, no images, or most of them cannot be read.
        ResourceError: The images do not fit in memory.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is a file; expected a folder with one folder per class.")
    reading = Reading(folder, skip_bad)
    parts = split_parts(folder)
    if parts and not _folders(parts["train"]):
        parts = {}  # pictures of trains, perhaps
    reading.notes += split_notes(parts)
    above = folder / "data"
    roots = parts or {"": above if _folders(folder) == ["data"] and _folders(above) else folder}
    classes = class_names(next(iter(roots.values())))
    listed = {name: _list_images(root, classes, reading) for name, root in roots.items()}
    files = [file for of_root in listed.values() for file in of_root]
    shape = _shape(files, side, folder, reading)
    decoded = {name: _decode(files, shape, classes, reading) for name, files in listed.items()}
    labels = np.concatenate([part.labels for part, _ in decoded.values()])
    counts = np.bincount(labels, minlength=len(classes))
    if not counts.min():
        raise DataError(
            f"{folder}: {classes[counts.argmin()]} has 0 images that can be read: {reading.bad[0]}",
            "Check the files, or remove the folder.",
        )
    if not parts:
        whole, paths = decoded[""]
        # By the files: the pixels hang on the size and the colours that all images get.
        splits = split_images(whole, map(file_sha256, paths), split_seed)
    else:
        splits = note_copies(_given({name: part for name, (part, _) in decoded.items()}, shape))
        missing = [name for name in SPLIT_NAMES if name not in parts]
        if missing:
            reading.notes.append(f"{folder.name} has no folder {' and no folder '.join(missing)}.")
    return dataclasses.replace(splits, notes=(*reading.finish(len(labels)), *splits.notes))


def class_names(root: Path) -> tuple[str, ...]:
    """Returns the names of the folders in a folder; those of numbers in their order."""
    names = _folders(root)
    if not names:
        raise DataError(
            f"{root} has no folders in it; expected one folder per class.",
            "Sort the images into folders that are named like their classes.",
        )
    numbers = all(name.isdecimal() for name in names)
    return tuple(sorted(names, key=lambda name: (int(name) if numbers else 0, name)))


def _folders(root: Path) -> list[str]:
    if not root.is_dir():
        return []
    return sorted(path.name for path in root.iterdir() if path.is_dir() and path.name[0] != ".")


def _list_images(root: Path, classes: Sequence[str], reading: Reading) -> list[ImageFile]:
    """Lists the images below a folder of classes, and reads the header of each."""
    unknown = [name for name in class_names(root) if name not in classes]
    if unknown:
        raise DataError(
            f"{root / unknown[0]} is not a class of the training images, which are "
            f"{', '.join(classes[:5])}{', ...' if len(classes) > 5 else ''}.",
            "Rename the folder, or add it to train.",
        )
    paths, notes = list_files(root, image_endings(), files_as_parts=False)
    reading.notes += notes
    of_class: dict[str, list[Path]] = {name: [] for name in classes if (root / name).is_dir()}
    stray = [path.name for path in paths if path.parent == root]
    for path in paths:
        if path.parent != root:
            of_class[path.relative_to(root).parts[0]].append(path)
    for name, of_name in of_class.items():
        if not of_name:
            raise DataError(
                f"{root / name} has 0 images; expected {', '.join(image_formats())} files.",
                "Put images there, or remove the folder.",
            )
    if stray:
        more = ", ..." if len(stray) > _LISTED else ""
        count = f"{len(stray):,} image{'s' if len(stray) > 1 else ''}"
        reading.notes.append(
            f"{root.name}: {count} in no class folder left out "
            f"({', '.join(stray[:_LISTED])}{more})."
        )
    listed = []
    for name, of_name in of_class.items():
        for path in of_name:
            try:
                listed.append(ImageFile(path, classes.index(name), *_measure(path)))
            except DataError as error:
                reading.leave_out(error)
    return listed


def first_of_each(pixels: np.ndarray) -> np.ndarray:
    """Returns the indices of the images that are not copies of an earlier one, in order."""
    first: dict[bytes, int] = {}
    for index, image in enumerate(pixels):
        first.setdefault(hashlib.blake2b(image.tobytes(), digest_size=16).digest(), index)
    return np.array(list(first.values()), np.int64)


def _measure(path: Path) -> tuple[tuple[int, int], bool]:
    """Reads width and height, when upright, and whether there are colours, from the header."""
    from PIL import Image

    width, height, mode = LARGEST_IMAGE, LARGEST_IMAGE, ""
    # Whatever is wrong with a file, `open_image` says it in words.
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        with Image.open(path, formats=image_formats()) as image:
            (width, height), mode = image.size, image.mode
            if image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8):
                width, height = height, width
    if width * height > LARGEST_IMAGE:
        image = open_image(path)
        (width, height), mode = image.size, image.mode
    return (width, height), mode not in _GREYS


def _shape(
    files: Sequence[ImageFile], side: int, folder: Path, reading: Reading
) -> tuple[int, int, int]:
    """Decides height, width and channels of all images, and says in a note what changes."""
    if not files:
        raise DataError(f"{folder} has 0 images that can be read: {reading.bad[0]}")
    # The size of most, if most have one; else one between portraits and landscapes.
    width, height = (statistics.median_low(file.size[axis] for file in files) for axis in (0, 1))
    if side:
        width = height = side
    elif max(width, height) > LARGEST_SIDE:
        scale = LARGEST_SIDE / max(width, height)
        width, height = (max(1, round(length * scale)) for length in (width, height))
    changed = sum(file.size != (width, height) for file in files)
    if changed:
        reading.notes.append(
            f"{changed:,} of {len(files):,} images were scaled to {width} x {height} pixels."
        )
    coloured = sum(file.colour for file in files)
    if 0 < coloured < len(files):
        reading.notes.append(
            f"{len(files) - coloured:,} grey images were read as RGB, as {coloured:,} have colours."
        )
    channels = 3 if coloured else 1
    require_memory(
        2 * len(files) * width * height * channels,
        f"{folder} with {len(files):,} images of {width} x {height} pixels",
        "Make them smaller: --set size=32.",
    )
    return height, width, channels


def _decode(
    files: Sequence[ImageFile],
    shape: tuple[int, int, int],
    classes: tuple[str, ...],
    reading: Reading,
) -> tuple[Images, list[Path]]:
    """Reads images, and returns them with the paths of those that could be read."""
    height, width, channels = shape
    pixels = np.empty((len(files), *shape), np.uint8)
    labels, paths = [], []
    for file in files:
        try:
            image = read_image(file.path)
        except DataError as error:
            reading.leave_out(error)
            continue
        image = fitted(image.convert("RGB" if channels == 3 else "L"), (width, height))
        pixels[len(labels)] = np.asarray(image).reshape(shape)
        labels.append(file.label)
        paths.append(file.path)
    return Images(pixels[: len(labels)], np.array(labels, np.int64), classes), paths


def _given(parts: dict[str, Images], shape: tuple[int, int, int]) -> Splits[Images]:
    """Makes splits of what the folders hold; what is sorted by class is mixed."""
    classes = parts["train"].classes
    empty = Images(np.empty((0, *shape), np.uint8), np.empty(0, np.int64), classes)
    mixed = {}
    for name in SPLIT_NAMES:
        part = parts.get(name, empty)
        mixed[name] = part.take(np.random.default_rng(0).permutation(len(part)))
    return Splits(**mixed)


def note_copies(splits: Splits[Images]) -> Splits[Images]:
    """Notes how many held-out images are in training too: the network may have memorised them."""
    known = {image.tobytes() for image in splits.train.pixels}
    notes = list(splits.notes)
    for name in SPLIT_NAMES[1:]:
        part = getattr(splits, name)
        count = sum(image.tobytes() in known for image in part.pixels)
        if count:
            notes.append(f"{count:,} of {len(part):,} {name} images are in the train folder too.")
    return dataclasses.replace(splits, notes=tuple(notes))


def split_images(whole: Images, identities: Iterable[str | bytes], seed: int) -> Splits[Images]:
    """Splits images by what identifies them, after copies are dropped, and tells of both in notes.

    Args:
        whole: All images.
        identities: What identifies each: its file, or its pixels.
        seed: Seed of the hash.
    """
    kept, notes = first_of_each(whole.pixels), []
    if len(kept) < len(whole):
        notes.append(
            f"{len(whole) - len(kept):,} of {len(whole):,} images were dropped as copies of others."
        )
    listed, labels = list(identities), np.asarray(whole.labels)[kept]
    parts = split_by_content((listed[index] for index in kept), seed, labels)
    for name, part in zip(SPLIT_NAMES, parts, strict=True):
        absent = [whole.classes[int(label)] for label in np.setdiff1d(labels, labels[part])]
        if absent:
            more = ", ..." if len(absent) > _LISTED else ""
            notes.append(
                f"The {name} split has no image of {', '.join(absent[:_LISTED])}{more}: more "
                "images are needed."
            )
    return Splits(*(whole.take(kept[part]) for part in parts), notes=tuple(notes))
