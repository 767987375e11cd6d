"""What the tests of translation share: a toy dataset, tiny networks, short trainings."""

from __future__ import annotations

import numpy as np
from deepzoo_translation.samples import sentence_pairs
from deepzoo_translation.splitting import split_pairs

from deepzoo import Dataset, Splits, TextPairs

SEQ2SEQ = {"units": 12, "batch_size": 16, "learning_rate": 0.01}
TRANSFORMER = {
    "vocabulary_size": 150,
    "longest": 31,
    "width": 16,
    "heads": 2,
    "hidden": 24,
    "model.layers": 1,
    "batch_size": 4,
    "learning_rate": 0.01,
    "warmup": 0.0,
    "dropout": 0.1,
}


class Toy(Dataset):
    """Two hundred sentences in the invented language."""

    name = "toy"
    kind = TextPairs

    def load(self, files) -> Splits:
        """Makes them."""
        return split_pairs(sentence_pairs(200, seed=3), 0)


def few(settings: dict) -> dict:
    """Returns settings for the conformance kit, which takes plain names of the model's own."""
    return {key.removeprefix("model."): value for key, value in settings.items()}


def ids(count: int, longest: int, vocabulary: int, seed: int = 0) -> list[list[int]]:
    """Draws sentences of tokens, none of them special."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, longest + 1, count)
    return [rng.integers(4, vocabulary, size).tolist() for size in sizes]


def write_pairs(path, pairs: TextPairs):
    """Writes pairs as a file with tabs; returns its path."""
    rows = [f"{a}\t{b}" for a, b in zip(pairs.sources, pairs.targets, strict=True)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def train(folder, model: str, settings: dict, count: int = 200, epochs: int = 1):
    """Trains on a file of pairs, with few to score."""
    from deepzoo import api

    path = write_pairs(folder / "pairs.tsv", sentence_pairs(count, seed=3))
    return api.train(
        "text-pairs",
        data=str(path),
        model=model,
        epochs=epochs,
        settings={**settings, "evaluate_sentences": 20},
        name="quick",
    )
