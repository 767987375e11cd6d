"""Labelled texts of a seed: small, and easy to tell apart by their words."""

from __future__ import annotations

import numpy as np

from deepzoo import Dataset, Files, LabelledText, Splits

WORDS = {
    "sea": "boat wave salt anchor sail tide harbour deck".split(),
    "garden": "rose spade seed soil hedge bee leaf root".split(),
    "kitchen": "oven salt spoon flour knife bread stove pan".split(),
}


def texts(count: int, seed: int = 0, classes: int = 3) -> LabelledText:
    """Makes texts of ten words, of which four are of the class and the others say nothing."""
    draw = np.random.default_rng(seed)
    names, made = list(WORDS)[:classes], []
    labels = np.arange(count) % classes
    for label in labels:
        own = draw.choice(WORDS[names[label]], 4).tolist()
        words = own + draw.choice("the a of and to in it was on with".split(), 6).tolist()
        made.append(" ".join(draw.permutation(words)).capitalize() + ".")
    return LabelledText(made, labels, names)


def splits(classes: int = 3) -> Splits:
    """Makes 90, 15 and 30 texts."""
    return Splits(*(texts(n, seed, classes) for seed, n in enumerate((90, 15, 30))))


class Places(Dataset):
    """The splits as a dataset."""

    name = "places"
    kind = LabelledText

    def load(self, files: Files) -> Splits[LabelledText]:
        """Returns the splits."""
        return splits()
