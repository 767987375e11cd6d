"""check_dataset: what a dataset promises to every task."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from ..interfaces.dataset import Dataset
from ..interfaces.kinds import Splits
from .assertions import attempt, check_recipe, expect, recipe_of
from .kind_rules import TEXTS, check_part, identities, shared_fields

PARTS = ("train", "validation", "test")


def check_dataset(
    dataset: type[Dataset] | Dataset | str,
    *,
    data: str | Path | None = None,
    duplicates: float | None = None,
) -> list[str]:
    """Checks a dataset: declaration, types and shapes, determinism, no leakage between splits.

    Args:
        dataset: The class, an instance with other settings, or a registered name.
        data: A file or folder to load, as `--data` gives it. Without it the `sample`
            stands in for files; generated data are loaded as they are.
        duplicates: Share of validation and test that may also be in the training split;
            by default 0 for texts, 0.01 for other data, in which chance makes a few.

    Returns:
        What was checked, a sentence each; an `AssertionError` says what is broken.

    Examples:
        >>> from deepzoo import Dataset, Splits
        >>> from deepzoo import Text
        >>> class Ponds(Dataset):
        ...     '''Old ponds.'''
        ...     name, kind = "ponds", Text
        ...     def load(self, files):
        ...         return Splits(Text(["an old pond"]), Text([]), Text(["a frog jumps in"]))
        >>> check_dataset(Ponds)[-1]
        'No example of validation or test is in the training split.'
    """
    recipe = recipe_of(dataset, Dataset, "dataset")
    check_recipe(recipe, "dataset")
    _check_files(recipe)
    name = type(recipe).__name__
    splits = load_twice(recipe, data)
    return [
        f"{name} is declared as it should be.",
        "Loading it twice gives the same data.",
        _check_parts(splits, name),
        _check_leakage(splits, name, duplicates),
    ]


def load(recipe: Dataset, data: str | Path | None = None) -> Any:
    """Loads a dataset without the network: given files, generated, or the sample."""
    from ..data.load import load_data

    needs_files = recipe.files or recipe.name == recipe.kind.name
    has_sample = type(recipe).sample is not Dataset.sample
    sample = True if needs_files and has_sample and data is None else None
    with attempt(f"{type(recipe).__name__}.load()"):
        return load_data(recipe, path=data, sample=sample)


def load_twice(recipe: Dataset, data: str | Path | None = None) -> Splits:
    """Loads a dataset under two states of the global random generators, and compares."""
    with _global_seeds(1):
        first = load(recipe, data)
    with _global_seeds(2):
        second = load(recipe, data)
    expect(
        first.fingerprint == second.fingerprint,
        f"{type(recipe).__name__} loads other data the second time: shuffle and draw with a "
        "generator of your own and a fixed seed, `numpy.random.default_rng(0)`.",
    )
    return first.splits


@contextlib.contextmanager
def _global_seeds(seed: int) -> Iterator[None]:
    import random

    import numpy as np

    kept = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])


def _check_files(recipe: Dataset) -> None:
    name = type(recipe).__name__
    for key, file in recipe.files.items():
        where = f"{name}.files[{key!r}]"
        expect(file.paths, f"{where} needs at least one path.")
        for path in file.paths:
            parts = PurePosixPath(path)
            expect(
                not parts.is_absolute() and ".." not in parts.parts and "\\" not in path,
                f"{where}: the path {path!r} must be relative, with `/` and without `..`.",
            )
        for mirror in file.mirrors:
            expect(
                mirror.startswith(("https://", "file:", "http://127.0.0.1", "http://localhost")),
                f"{where}: the mirror {mirror!r} must be an https address.",
            )
        if file.mirrors:
            expect(
                re.fullmatch(r"[0-9a-f]{64}", file.sha256),
                f"{where}: give the sha256 of what the mirrors serve, 64 hexadecimal digits.",
            )
            expect(file.size > 0, f"{where}: give the size in bytes of what the mirrors serve.")


def _check_parts(splits: Splits, name: str) -> str:
    shared = shared_fields(splits.train)
    for part in PARTS:
        check_part(getattr(splits, part), f"{name}, {part}")
        expect(
            shared_fields(getattr(splits, part)) == shared,
            f"{name}: give train, validation and test the same {', '.join(shared)}.",
        )
    with attempt(f"{name}: taking one training example", "Mark shared fields: deepzoo.shared()."):
        one = splits.train.take([0])
        expect(len(one) == 1, f"{name}: take([0]) of the training split gave {len(one)} examples.")
    return "Its splits have the types and shapes of their kind."


def _check_leakage(splits: Splits, name: str, duplicates: float | None) -> str:
    known = identities(splits.train)
    if known is None:
        return "Skipped: examples of this kind are not compared between splits."
    seen = set(known)
    allowed = (0.0 if splits.train.name in TEXTS else 0.01) if duplicates is None else duplicates
    for part in ("validation", "test"):
        held_out = list(identities(getattr(splits, part)) or [])
        again = [index for index, identity in enumerate(held_out) if identity in seen]
        expect(
            len(again) <= allowed * len(held_out),
            f"{name}: {len(again)} of {len(held_out)} {part} examples are in the training split "
            f"too (the first is {part} {again[:1]}). Drop the copies before splitting; "
            "deepzoo.splits.split_documents does so for texts.",
        )
    return "No example of validation or test is in the training split."
