"""Transfer: the weights of a trained text network, fitted to another vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from deepzoo.errors import CheckpointError

from .vocabulary import Vocabulary

FEWEST_LETTERS = 0.5  # of the new vocabulary that the old one must have


def unfamiliar(before: Vocabulary, tokens: Iterable[str]) -> str:
    """Says how few of the letters, or words, among these tokens a vocabulary has; else nothing."""
    letters = [token for token in tokens if token.isalpha()]
    known = sum(letter in before.numbers for letter in letters)
    if known >= FEWEST_LETTERS * len(letters):
        return ""
    words = "letters" if before.level == "character" else "words"
    return f"it knows only {known} of {len(letters)} {words}"


def transfer(
    trained: Mapping[str, np.ndarray],
    fresh: Mapping[str, np.ndarray],
    before: Vocabulary,
    after: Vocabulary,
) -> tuple[dict[str, np.ndarray], str]:
    """Takes over the weights of a text network, with tokens matched by their text.

    The first array has a row for each token; of the last two, the kernel and the bias of the
    logits, the last axis is the tokens. Tables of n-grams are taken over as they are, if both
    vocabularies hash code points.

    Args:
        trained: The trained weights, by position.
        fresh: The weights of the new network before its training.
        before: The vocabulary of the trained network.
        after: The vocabulary of the new one.

    Returns:
        The weights to start from, where the architecture is the same, and a line that says how
        many tokens were matched.

    Raises:
        CheckpointError: The two vocabularies are of different levels.
    """
    if before.level != after.level:
        raise CheckpointError(
            f"It reads {before.level}s, and the new network {after.level}s: they share no tokens.",
            "Start from a run of the same level, or train from scratch.",
        )
    matched = [number for number, token in enumerate(after.tokens) if token in before.numbers]
    if few := unfamiliar(before, after.tokens):
        return dict(fresh), f"{few}; all begin anew."
    source = [before.numbers[after.tokens[number]] for number in matched]
    # Counts of n-grams are left behind: they are those of the other text.
    arrays = {key: trained[key] for key in fresh if key in trained}
    first, *others, kernel, bias = sorted(fresh)
    for key, axis in ((first, 0), (kernel, 1), (bias, 0)):
        rows = np.moveaxis(fresh[key].copy(), axis, 0)
        if (
            key in trained
            and (old := np.moveaxis(trained[key], axis, 0)).shape[1:] == rows.shape[1:]
        ):
            rows[matched] = old[source]
            arrays[key] = np.moveaxis(rows, 0, axis)
    line = f"{len(matched):,} of {len(after):,} tokens were matched"
    line += f", {len(after) - len(matched):,} begin fresh, {len(before) - len(matched):,} are gone"
    if before.code_points != after.code_points:
        tables = [key for key in others if key.endswith("/table")]
        arrays |= {key: fresh[key] for key in tables}
        line += "; n-grams begin fresh" if tables else ""
    return arrays, f"{line}."
