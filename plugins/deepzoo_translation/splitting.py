"""Splits of text pairs: by distinct source, so that nothing is tested that was learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from deepzoo import Splits, TextPairs
from deepzoo.errors import DataError
from deepzoo.readers import split_by_content, split_random

LEAST = 3


def group_by_source(pairs: TextPairs) -> list[list[int]]:
    """Groups the pairs whose sources are the same, as `Kind.identity` has it.

    Returns:
        Indices of the pairs of each distinct source, in the order of their first pair; a pair
        that occurs twice is there once.
    """
    groups: dict[str | bytes, list[int]] = {}
    seen: set[tuple[str, str]] = set()
    for index, pair in enumerate(zip(pairs.sources, pairs.targets, strict=True)):
        if pair not in seen:
            seen.add(pair)
            groups.setdefault(pairs.identity(index), []).append(index)
    return list(groups.values())


def split_pairs(
    pairs: TextPairs, seed: int, notes: Iterable[str] = (), *, at_random: bool = False
) -> Splits[TextPairs]:
    """Splits the distinct sources 80/10/10, by their content.

    Training keeps all translations of a source, in a mixed order; validation and test keep
    each source once, with its first translation.

    Args:
        pairs: All pairs.
        seed: Seed of the split.
        notes: Notes to keep.
        at_random: Draw the splits, as those of `english-dutch` were when it was measured.

    Raises:
        DataError: There are fewer than three distinct sources.
    """
    groups = group_by_source(pairs)
    if len(groups) < LEAST:
        raise DataError(
            f"{len(groups)} distinct sources of {len(pairs)} pairs, at least {LEAST} are needed "
            "to split.",
            "Give more pairs.",
        )
    if at_random:
        train, validation, test = split_random(len(groups), seed)
        # Shuffled: the first N of a file that goes from short to long would all be short.
        train = np.random.default_rng(seed).permutation(train)
    else:
        sources = (pairs.identity(group[0]) for group in groups)
        train, validation, test = split_by_content(sources, seed)
    every = [index for group in train for index in groups[group]]
    first = [[groups[group][0] for group in part] for part in (validation, test)]
    repeated = len(pairs) - sum(map(len, groups))
    if repeated:
        notes = (*notes, f"{repeated:,} of {len(pairs):,} pairs were dropped as duplicates.")
    return Splits(*(pairs.take(indices) for indices in (every, *first)), notes=tuple(notes))


def report_splits(pairs: TextPairs, seed: int, notes: Iterable[str] = ()) -> Splits[TextPairs]:
    """Trains on everything, and scores a tenth of it, as the report did."""
    whole = split_pairs(pairs, seed, notes, at_random=True)
    everything = pairs.take([index for group in group_by_source(pairs) for index in group])
    note = "Everything is training, as in the report: the test sentences were learned from."
    return Splits(everything, pairs.take([]), whole.test, (*whole.notes, note))


def given_splits(
    parts: Mapping[str, tuple[TextPairs, tuple[str, ...]]], notes: Iterable[str] = ()
) -> Splits[TextPairs]:
    """Keeps given splits, but each source in one: training before test before validation."""
    notes = [*notes, *(note for _, part_notes in parts.values() for note in part_notes)]
    train, _ = parts["train"]
    seen = set(train.identities())
    kept = {}
    for name in ("test", "validation"):
        given, _ = parts.get(name, (TextPairs([], []), ()))
        first = [group[0] for group in group_by_source(given)]
        fresh = [index for index in first if given.identity(index) not in seen]
        kept[name] = given.take(fresh)
        seen.update(kept[name].identities())
        if len(fresh) < len(given):
            notes.append(
                f"{name}: {len(given) - len(fresh):,} of {len(given):,} pairs were dropped, whose "
                "source is in another split or came before."
            )
    return Splits(train, kept["validation"], kept["test"], tuple(notes))
