"""Splits of labelled texts: copies of a text in one split alone, each class in its proportion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from deepzoo import LabelledText, Splits
from deepzoo.errors import DataError
from deepzoo.readers import split_by_content, stratified

_LISTED = 3


def hold_out(
    train: LabelledText, test: LabelledText, count: int, seed: int
) -> Splits[LabelledText]:
    """Holds out some training texts for validation, and keeps the test texts as they are.

    Training texts come in a mixed order, so that the first N are of all classes.

    Args:
        train: Training texts.
        test: Test texts.
        count: How many to hold out, stratified by class; 0 takes a tenth.
        seed: Seed of the draw and of the order.

    Raises:
        DataError: There are no more texts than are to be held out.
    """
    fresh, notes = without_copies(train, "training texts", test.identities())
    if count >= len(fresh):
        raise DataError(
            f"validation is {count:,}, but there are {len(fresh):,} training texts.",
            "Give a smaller number, or --set splits=report to hold nothing out.",
        )
    held = stratified(fresh.labels, count or round(len(fresh) / 10), seed)
    rest = np.setdiff1d(np.arange(len(fresh)), held)
    mixed = np.random.default_rng(seed).permutation(rest)
    return Splits(fresh.take(mixed), fresh.take(held), test, tuple(notes))


def without_copies(
    part: LabelledText, things: str, others: Iterable[str | bytes] = ()
) -> tuple[LabelledText, list[str]]:
    """Drops the texts that are near-duplicates of an earlier one, or of a text in another split.

    Args:
        part: The texts.
        things: What they are called in the note.
        others: The identities of the texts in other splits.

    Returns:
        The texts that are left, and a note on the others.
    """
    elsewhere, seen = set(others), {}
    kept, contradictions = [], 0
    for index, identity in enumerate(part.identities()):
        label = int(part.labels[index])
        if identity in elsewhere or identity in seen:
            contradictions += seen.get(identity, label) != label
            continue
        seen[identity] = label
        kept.append(index)
    if len(kept) == len(part):
        return part, []
    of_others = " or of texts in other splits" if elsewhere else ""
    note = (
        f"{len(part) - len(kept):,} of {len(part):,} {things} were dropped: near-duplicates of "
        f"earlier ones{of_others}."
    )
    if contradictions:
        note += f" {contradictions:,} of them had another label than the first, which was kept."
    return part.take(kept), [note]


def split_texts(whole: LabelledText, seed: int) -> Splits[LabelledText]:
    """Splits texts 80/10/10 by a hash of each; training has all classes.

    Args:
        whole: All texts.
        seed: Seed of the hash.
    """
    kept, notes = without_copies(whole, "texts")
    parts = split_by_content(kept.identities(), seed, kept.labels)
    train, validation, test = map(kept.take, parts)
    for name, part in (("validation", validation), ("test", test)):
        absent = [kept.classes[label] for label in np.setdiff1d(kept.labels, part.labels)]
        if absent:
            more = ", ..." if len(absent) > _LISTED else ""
            listed = ", ".join(f"{label:.60}" for label in absent[:_LISTED])
            notes.append(f"The {name} split has no text of {listed}{more}: more texts are needed.")
    return Splits(train, validation, test, tuple(notes))


def given_splits(parts: Mapping[str, LabelledText]) -> Splits[LabelledText]:
    """Keeps given splits, but each text in one: in test before validation before training.

    Training texts come in a mixed order: those of folders are sorted by class.
    """
    test, notes = without_copies(parts["test"], "test texts")
    known = set(test.identities())
    validation, more = without_copies(parts["validation"], "validation texts", known)
    known.update(validation.identities())
    train, others = without_copies(parts["train"], "training texts", known)
    mixed = train.take(np.random.default_rng(0).permutation(len(train)))
    return Splits(mixed, validation, test, (*notes, *more, *others))
