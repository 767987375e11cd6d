"""A user's folder of noisy and clean pages, paired by their names."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from deepzoo import ImagePairs, Splits
from deepzoo.errors import DataError
from deepzoo.readers import (
    image_endings,
    list_files,
    split_by_content,
    split_notes,
    split_parts,
)

from .inference import read_page

NOISY, CLEAN = "noisy", "clean"
_LAYOUT = "Put the noisy pages into a folder named noisy, the clean ones into one named clean."


def read_folder(folder: Path, split_seed: int) -> Splits[ImagePairs]:
    """Reads and splits the pages of a folder.

    Args:
        folder: It has folders noisy and clean; or folders of splits with those in them.
        split_seed: Seed of the hash, where the folder does not hold the splits.

    Raises:
        DataError: A page cannot be read, has no partner, or one of another size.
    """
    parts = split_parts(folder) if folder.is_dir() and not (folder / NOISY).is_dir() else {}
    if not parts:
        pages, notes = read_pairs(folder)
        splits = split_pages(pages, split_seed)
        return dataclasses.replace(splits, notes=(*notes, *splits.notes))
    read = {name: read_pairs(path) for name, path in parts.items()}
    given = {name: pages for name, (pages, _) in read.items()}
    empty = ImagePairs([], [])
    notes = [note for _, of_part in read.values() for note in of_part]
    return Splits(
        given["train"],
        given.get("validation", empty),
        given.get("test", empty),
        notes=(*split_notes(parts), *notes),
    )


def read_pairs(folder: Path) -> tuple[ImagePairs, list[str]]:
    """Reads the pages of the folders noisy and clean, and returns them with notes.

    Partners have the same name up to the ending, in the same sub-folder.
    """
    pages, notes = {}, []
    for part in (NOISY, CLEAN):
        if not (folder / part).is_dir():
            raise DataError(f"{folder} has no folder named {part}.", _LAYOUT)
        paths, left_out = list_files(folder / part, image_endings(), files_as_parts=False)
        pages[part] = {path.relative_to(folder / part).with_suffix(""): path for path in paths}
        notes += left_out
    for part, other in ((NOISY, CLEAN), (CLEAN, NOISY)):
        alone = [path for name, path in pages[part].items() if name not in pages[other]]
        if alone:
            more = f", and so have {len(alone) - 1:,} more" if len(alone) > 1 else ""
            raise DataError(
                f"{alone[0]} has no partner of its name in {folder / other}{more}.",
                "Add the missing page, or move this one away.",
            )
    noisy, clean = (
        [read_page(pages[part][name]) for name in pages[NOISY]] for part in (NOISY, CLEAN)
    )
    names = [str(path) for path in pages[NOISY].values()]
    return check_pairs(ImagePairs(noisy, clean), names), notes


def check_pairs(pages: ImagePairs, names: list[str] | None = None) -> ImagePairs:
    """Returns pages after checks: each has a clean partner of its size, uint8 [height, width].

    Args:
        pages: The pages.
        names: What errors call them.

    Raises:
        DataError: They are no such pairs.
    """
    if pages.clean is None:
        raise DataError("There are noisy pages without clean ones.", "Give both: (noisy, clean).")
    for index, (noisy, clean) in enumerate(zip(pages.noisy, pages.clean, strict=True)):
        name = names[index] if names else f"Page {index}"
        for page in (noisy, clean):
            if str(page.dtype) != "uint8" or page.ndim != 2:
                raise DataError(
                    f"{name} is {page.dtype} {list(page.shape)}, expected uint8 [height, width]."
                )
        if noisy.shape != clean.shape:
            sizes = [f"{page.shape[1]} x {page.shape[0]}" for page in (noisy, clean)]
            raise DataError(
                f"{name} has {sizes[0]} pixels, its clean partner {sizes[1]}; expected one size.",
                "Scale or cut one of them, so that both show the same.",
            )
    return pages


def split_pages(pages: ImagePairs, seed: int) -> Splits[ImagePairs]:
    """Splits pairs by a hash of the clean page: one page below two noises stays in one split."""
    identities = [page.tobytes() for page in pages.clean or ()]
    train, validation, test = map(pages.take, split_by_content(identities, seed))
    return Splits(train, validation, test)
