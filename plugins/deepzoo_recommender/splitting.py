"""Splits of baskets: drawn from a seed, or as they were given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from deepzoo import Baskets, Splits
from deepzoo.errors import DataError

LEAST = 3

Found = tuple[Baskets, tuple[str, ...]]


def without_small(baskets: Baskets, least: int) -> Found:
    """Leaves out the baskets of fewer than `least` items, and says how many they are."""
    kept = np.flatnonzero(np.diff(baskets.indptr) >= least)
    dropped = len(baskets) - len(kept)
    if not dropped:
        return baskets, ()
    note = f"{dropped:,} of {len(baskets):,} baskets left out, of fewer than {least} items each."
    return baskets.take(kept), (note,)


def split_baskets(
    found: Found,
    least: int,
    seed: int,
    *,
    where: str,
    test: float,
    validation: float,
) -> Splits[Baskets]:
    """Draws test, validation and training baskets, each in the order they are drawn.

    Two people may buy the same things: equal baskets may come to stand on two sides.

    Args:
        found: All baskets, and notes to keep.
        least: Baskets of fewer items are left out first.
        seed: A setting of the dataset, not the seed of the run.
        where: What they were read from, for errors.
        test: Share of all baskets; there is always one of them.
        validation: Share of all baskets; there is always one of them.

    Raises:
        DataError: Fewer than three baskets are left.
    """
    baskets, notes = found
    kept, said = without_small(baskets, least)
    _refuse_none(where, baskets, kept, least)
    count = len(kept)
    if count < LEAST:
        of_all = f" of {len(baskets)}" if count < len(baskets) else ""
        raise DataError(
            f"{where}: {count} basket{'s'[: count > 1]}{of_all} to split, expected at least "
            f"{LEAST}: one each for training, validation and test.",
            "Give more baskets.",
        )
    sizes = [max(1, round(share * count)) for share in (test, validation)]
    drawn = np.split(np.random.default_rng(seed).permutation(count), np.cumsum(sizes))
    tested, validated, trained = (kept.take(part) for part in drawn)
    return Splits(trained, validated, tested, (*notes, *said))


def given_splits(parts: Mapping[str, Found], least: int, where: str) -> Splits[Baskets]:
    """Takes splits as they were given, less the baskets of fewer than `least` items.

    Raises:
        DataError: No training basket is left.
    """
    train, _ = parts["train"]
    notes = [note for _, said in parts.values() for note in said]
    kept = {}
    for name in ("train", "validation", "test"):
        given, _ = parts.get(name, (train.take([]), ()))
        kept[name], said = without_small(given, least)
        notes += [f"{name}: {note}" for note in said]
    _refuse_none(where, train, kept["train"], least)
    return Splits(**kept, notes=tuple(notes))


def _refuse_none(where: str, baskets: Baskets, kept: Baskets, least: int) -> None:
    if not len(kept):
        every = f"every one of the {len(baskets):,} baskets" if len(baskets) > 1 else "its basket"
        raise DataError(
            f"{where}: {every} has fewer than {least} items.",
            "Items are separated by commas, or by tabs in a file that is called .tsv; smaller "
            "baskets are kept with a lower least_items.",
        )
