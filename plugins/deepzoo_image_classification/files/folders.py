"""A user's folder of images, one folder per class, as pixels of one size.

First only the headers are read, which tell the sizes and whether there are colours; then
every image is decoded into its place.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from deepzoo import Images, Splits
from deepzoo.errors import DataError
from deepzoo.readers import require_memory as require
from deepzoo.readers import split_random

from .listing import FORMATS, ImageFile, Reading, class_names, list_files
from .photos import fitted
from .pictures import flatten, open_picture
from .pixels import first_of_each, to_images

SPLIT_NAMES = ("train", "validation", "test")
LARGEST_SIDE = 128
_ALIASES = ("val", "valid", "dev", "training", "testing")


def read_folder(folder: Path, side: int, split_seed: int, *, skip_bad: bool) -> Splits[Images]:
    """Reads and splits the images of a folder.

    Args:
        folder: One folder per class; or folders train, validation and test with those in them.
        side: Height and width of all images; 0 takes the most frequent size.
        split_seed: Seed of the draw, where the folder does not hold the splits.
        skip_bad: Leave out files that cannot be read, and say in a note which.

    Raises:
        DataError: No classes, no images, or a file that cannot be read; with its path.
        ResourceError: The images do not fit in memory.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is a file; expected a folder with one folder per class.")
    reading = Reading(folder, skip_bad)
    given = (folder / "train").is_dir()
    roots = {name: folder / name for name in SPLIT_NAMES if (folder / name).is_dir()}
    roots = roots if given else {"": folder}
    classes = class_names(roots["train"] if given else folder)
    found = {name: list_files(root, classes, reading) for name, root in roots.items()}
    shape = _shape([file for files in found.values() for file in files], side, folder, reading)
    parts = {name: _decode(files, shape, reading) for name, files in found.items()}
    if given:
        splits = _given(parts, classes, shape)
        reading.notes += _copied(splits)
        _note_others(folder, roots, reading)
    else:
        splits = _drawn(*parts[""], classes, split_seed, reading)
    return dataclasses.replace(splits, notes=reading.finish())


def _shape(
    files: Sequence[ImageFile], side: int, folder: Path, reading: Reading
) -> tuple[int, int, int]:
    """Decides height, width and channels of all images, and says in a note what changes."""
    if not files:
        raise DataError(f"{folder} has 0 images that can be read.", "Check the files.")
    sizes = Counter(file.size for file in files)
    most = max(sizes.values())
    width, height = min(size for size, count in sizes.items() if count == most)
    if side:
        width = height = side
    elif max(width, height) > LARGEST_SIDE:
        scale = LARGEST_SIDE / max(width, height)
        width, height = (max(1, round(length * scale)) for length in (width, height))
    changed = sum(count for size, count in sizes.items() if size != (width, height))
    if changed:
        reading.notes.append(
            f"{changed:,} of {len(files):,} images were scaled to {width} x {height} pixels."
        )
    coloured = sum(file.colour for file in files)
    if 0 < coloured < len(files):
        reading.notes.append(
            f"{len(files) - coloured:,} grey images were read as RGB, as {coloured:,} have colours."
        )
    require(
        2 * len(files) * width * height * (3 if coloured else 1),
        f"{folder} with {len(files):,} images of {width} x {height} pixels",
        "Make them smaller: --set size=32.",
    )
    return height, width, 3 if coloured else 1


def _decode(
    files: Sequence[ImageFile], shape: tuple[int, int, int], reading: Reading
) -> tuple[np.ndarray, np.ndarray]:
    height, width, channels = shape
    pixels = np.empty((len(files), *shape), np.uint8)
    labels = []
    for file in files:
        try:
            image = flatten(open_picture(file.path, FORMATS))
        except DataError as error:
            reading.refuse(error)
            continue
        image = fitted(image.convert("RGB" if channels == 3 else "L"), (width, height))
        pixels[len(labels)] = np.asarray(image).reshape(shape)
        labels.append(file.label)
    return pixels[: len(labels)], np.array(labels, np.int64)


def _given(
    parts: dict[str, tuple[np.ndarray, np.ndarray]],
    classes: tuple[str, ...],
    shape: tuple[int, int, int],
) -> Splits[Images]:
    """Makes splits of what the folders hold; what is sorted by class is mixed."""
    empty = np.empty((0, *shape), np.uint8), np.empty(0, np.int64)
    made = {}
    for name in SPLIT_NAMES:
        part = to_images(*parts.get(name, empty), classes)
        made[name] = part.take(np.random.default_rng(0).permutation(len(part)))
    return Splits(**made)


def _copied(splits: Splits[Images]) -> list[str]:
    """Says how many images are held out in vain: they can be learned by heart."""
    known = {image.tobytes() for image in splits.train.pixels}
    notes = []
    for name in SPLIT_NAMES[1:]:
        part = getattr(splits, name)
        count = sum(image.tobytes() in known for image in part.pixels)
        if count:
            notes.append(f"{count:,} of {len(part):,} {name} images are in the train folder too.")
    return notes


def _note_others(folder: Path, roots: Iterable[str], reading: Reading) -> None:
    missing = [name for name in SPLIT_NAMES if name not in roots]
    if missing:
        reading.notes.append(f"{folder.name} has no folder {' and no folder '.join(missing)}.")
    ignored = [name for name in _ALIASES if (folder / name).is_dir()]
    if ignored:
        reading.notes.append(
            f"{folder.name}: the folder {ignored[0]} was left out; "
            f"splits are named {', '.join(SPLIT_NAMES)}."
        )


def _drawn(
    pixels: np.ndarray, labels: np.ndarray, classes: tuple[str, ...], seed: int, reading: Reading
) -> Splits[Images]:
    kept = first_of_each(pixels)
    if len(kept) < len(pixels):
        reading.notes.append(
            f"{len(pixels) - len(kept):,} of {len(pixels):,} images were dropped: copies."
        )
    # Files are sorted by class: a shuffle makes the first of them a fair part.
    kept = np.random.default_rng(seed).permutation(kept)
    whole = to_images(pixels[kept], labels[kept], classes)
    counts = np.bincount(whole.labels, minlength=len(classes))
    if counts.min() < 5:  # a tenth of fewer rounds to nothing
        few = int(counts.argmin())
        reading.notes.append(
            f"The smallest class, {classes[few]}, has {counts[few]:,} images: "
            "too few for validation and test."
        )
    train, validation, test = split_random(len(whole), seed, whole.labels)
    return Splits(whole.take(train), whole.take(validation), whole.take(test))
