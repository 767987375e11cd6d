"""Splits of labelled texts: near-duplicates in one split alone, each class in its proportion."""

from __future__ import annotations

import numpy as np

from deepzoo import LabelledText, Splits
from deepzoo.errors import DataError
from deepzoo.readers import stratified


def hold_out(
    train: LabelledText, test: LabelledText, count: int, seed: int
) -> Splits[LabelledText]:
    """Holds out some training texts for validation, and keeps the test texts as they are.

    Training texts come in a mixed order, so that the first N are of all classes.

    Args:
        train: Training texts; near-duplicates of others, or of test texts, are left out.
        test: Test texts.
        count: How many to hold out; 0 takes a tenth.
        seed: Seed of the draw and of the order.

    Raises:
        DataError: There are no more texts than are to be held out.
    """
    seen, kept = set(test.identities()), []
    for index, identity in enumerate(train.identities()):
        if identity not in seen:
            seen.add(identity)
            kept.append(index)
    fresh, notes = train.take(kept), ()
    if dropped := len(train) - len(fresh):
        notes = (
            f"{dropped:,} of {len(train):,} training texts were dropped: near-duplicates of others "
            "or of test texts.",
        )
    if count >= len(fresh):
        raise DataError(
            f"validation is {count:,}, but there are {len(fresh):,} training texts.",
            "Give a smaller number, or --set splits=report to hold nothing out.",
        )
    held = stratified(fresh.labels, count or round(len(fresh) / 10), seed)
    rest = np.setdiff1d(np.arange(len(fresh)), held)
    mixed = np.random.default_rng(seed).permutation(rest)
    return Splits(fresh.take(mixed), fresh.take(held), test, notes)
