"""The plan of a batch: what each sequence reads and writes at each step, and its noise."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

BLOCK_STEPS, BLOCK_ELEMENTS = 256, 1 << 20  # noise is drawn ahead in blocks of at most 4 MB


def streams(seed: int, n: int) -> list[np.random.Generator]:
    """Returns a generator for each sequence; that of sequence i depends on (seed, i) alone."""
    return [np.random.default_rng([seed, index]) for index in range(n)]


def gumbel(generator: np.random.Generator, steps: int, vocabulary: int) -> np.ndarray:
    """Draws the next `steps` rows of one sequence's Gumbel noise, float32 [steps, vocabulary]."""
    exponential = generator.standard_exponential((steps, vocabulary), dtype=np.float32)
    return -np.log(np.maximum(exponential, np.finfo(np.float32).tiny))


@dataclasses.dataclass
class Plan:
    """What each sequence reads and writes at each step.

    At step t a sequence reads `forced[t]` while t is inside its prompt, then the token it
    wrote last. It writes at the steps from `starts` up to `stops`, exclusive, and may draw
    the token `end` from the step `opens` on.
    """

    forced: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    opens: np.ndarray
    end: int | None = None

    @classmethod
    def of(
        cls,
        prompts: Sequence[np.ndarray],
        lengths: int | Sequence[int] | np.ndarray,
        end: int | None = None,
        least: int | Sequence[int] | np.ndarray = 0,
    ) -> Plan:
        """Makes the plan from prompts and lengths."""
        if not prompts or min(len(prompt) for prompt in prompts) == 0:
            raise ValueError("every sequence needs a prompt of at least one token")
        starts = np.array([len(prompt) - 1 for prompt in prompts])
        lengths = np.broadcast_to(np.asarray(lengths, dtype=np.int64), starts.shape)
        stops = starts + np.maximum(lengths, 0)
        forced = np.zeros((starts.max() + 1, len(prompts)), dtype=np.int64)
        for index, prompt in enumerate(prompts):
            forced[: len(prompt), index] = prompt
        least = np.broadcast_to(np.asarray(least, dtype=np.int64), starts.shape)
        return cls(forced, starts, stops, np.where(least > 0, starts + least, 0), end)

    @property
    def steps(self) -> int:
        """The number of steps until every sequence has its length."""
        return int(np.max(self.stops, where=self.stops > self.starts, initial=0))

    def hold_open(self, logits: np.ndarray, step: int) -> np.ndarray:
        """Forbids the token `end` to sequences that must not end yet."""
        early = step < self.opens
        if self.end is None or not early.any():
            return logits
        logits = logits.copy()
        logits[early, self.end] = -np.inf
        return logits

    def following(self, step: int, chosen: np.ndarray) -> np.ndarray:
        """Returns the tokens to read at step + 1: from the prompts, or those just chosen."""
        if step + 1 >= len(self.forced):
            return chosen
        return np.where(step + 1 <= self.starts, self.forced[step + 1], chosen)

    def counts(self, vocabulary: int) -> np.ndarray:
        """Counts the tokens of each prompt, int [n, vocabulary]."""
        counts = np.zeros((len(self.starts), vocabulary), dtype=np.int64)
        for index, start in enumerate(self.starts):
            np.add.at(counts[index], self.forced[: start + 1, index], 1)
        return counts


def noise_rows(
    plan: Plan, generators: list[np.random.Generator], first: int, steps: int, vocabulary: int
) -> np.ndarray:
    """Draws the noise of the steps `first` to `first + steps`, float32 [steps, n, vocabulary].

    Must be called for consecutive blocks; a sequence draws nothing before it writes.
    """
    noise = np.zeros((steps, len(generators), vocabulary), dtype=np.float32)
    for index, generator in enumerate(generators):
        begin = max(int(plan.starts[index]) - first, 0)
        if begin < steps:
            noise[begin:, index] = gumbel(generator, steps - begin, vocabulary)
    return noise


def block_steps(n: int, vocabulary: int, most: int, elements: int | None = None) -> int:
    """Returns how many steps of noise to draw at once: at most `elements` numbers in all."""
    return max(1, min(most, (elements or BLOCK_ELEMENTS) // (n * vocabulary)))


class Noise:
    """The noise of all sequences, step by step, drawn ahead in blocks."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan, self.generators = plan, streams(seed, len(plan.starts))
        self.first, self.block = 0, np.zeros((0, 0, 0), np.float32)

    def at(self, step: int, vocabulary: int) -> np.ndarray:
        """Returns the noise of one step, [n, vocabulary]; steps must ascend."""
        if step - self.first >= len(self.block):
            most = min(BLOCK_STEPS, self.plan.steps - step)
            size = block_steps(len(self.generators), vocabulary, most)
            self.block = noise_rows(self.plan, self.generators, step, size, vocabulary)
            self.first = step
        return self.block[step - self.first]
