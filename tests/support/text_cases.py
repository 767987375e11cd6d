"""What the tests of text generation share: settings, texts and trainings, all small."""

from __future__ import annotations

import numpy as np

SMALL = {
    "units": 12,
    "embedding": 8,
    "sequence_length": 10,
    "batch_size": 8,
    "evaluate_texts": 4,
    "evaluate_characters": 2_000,
}
QUICK = {**SMALL, "evaluate_texts": 0}


def documents(count: int = 300) -> list[str]:
    """Makes texts that begin with Q, and end after the first full stop."""
    rng = np.random.default_rng(0)
    return [f"Q{''.join(rng.choice(list('aeiou nt'), rng.integers(6, 12)))}." for _ in range(count)]


def train(data, model: str = "char-rnn"):
    """Trains as small a network as there is, with nothing to score but bits."""
    from deepzoo import api

    return api.train("text", data=data, model=model, epochs=1, settings=QUICK)
