"""Steppers for the tests of sampling: the next token depends on the present one alone."""

from __future__ import annotations

import numpy as np

VOCABULARY = 6


class Chain:
    """A stepper whose next token depends on the present one alone."""

    def __init__(self, logits):
        self.logits, self.read = np.asarray(logits, np.float32), []

    def start(self, n):
        return 0

    def step(self, tokens, state):
        self.read.append(tokens.copy())
        return self.logits[tokens], state + 1


def chain(seed=0, vocabulary=VOCABULARY, scale=1.0):
    """A random chain."""
    return Chain(np.random.default_rng(seed).normal(0, scale, (vocabulary, vocabulary)))


def cycle(vocabulary=VOCABULARY):
    """A chain that counts: after t comes t + 1."""
    return Chain(
        np.where(np.eye(vocabulary, k=1) + np.eye(vocabulary, k=1 - vocabulary), 50.0, 0.0)
    )
