"""The n-gram network: interpolated back-off over characters, in NumPy.

The n-grams of every order form a trie. An n-gram is known by its number in the sorted
table of its order, and its key is `number of its first n - 1 tokens * V + last token`, so
that one sorted array per order serves scoring (look keys up) and generation (the keys of
one context are neighbours).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepzoo.errors import CheckpointError, DataError

LIMIT = 8_000_000
_BLOCK = 1_000_000


@dataclasses.dataclass
class Order:
    """All n-grams of one length: what was counted and what follows from it.

    Args:
        keys: int64 [N], sorted.
        counts: int32 [N]; how often an n-gram occurs, or after how many different tokens.
        share: float64 [N], discounted count over the count of the context.
        left: float64 [contexts], what discounting leaves to the next shorter context.
        starts: int64 [contexts + 1], bounds of each context's n-grams in `keys`.
    """

    keys: np.ndarray
    counts: np.ndarray
    share: np.ndarray
    left: np.ndarray
    starts: np.ndarray


class NGramNetwork:
    """Predicts a token from the five before it, mixed with what fewer of them say.

    `p(w | h) = share(hw) + left(h) * p(w | h without its first token)`.

    Witten-Bell: `share = c(hw) / (c(h) + t(h))`, where c counts and t(h) is how many different
    tokens follow h. Kneser-Ney (Chen and Goodman, 1999): `share = (a(hw) - D) / a(h)` with
    three discounts D per order, for a of 1, 2 and more, estimated from the counts. There a is
    the count at the longest order and where h starts a document, elsewhere the number of
    different tokens that were seen before hw. Neither has a constant to tune.

    Of a text of more than `LIMIT` tokens the last ones are counted.
    """

    def __init__(
        self, vocabulary: int, length: int = 6, separator: int = 0, smoothing: str = "kneser-ney"
    ) -> None:
        self.vocabulary = vocabulary
        self.length = length
        self.separator = separator
        self.smoothing = smoothing
        self.orders: list[Order] = []

    def fit_arrays(self, inputs: np.ndarray, targets: Any = None) -> None:
        """Counts the n-grams of one long array of tokens, documents apart by separators."""
        tokens = np.asarray(inputs[-LIMIT:]).astype(np.int64)
        if not len(tokens):
            raise DataError("The training text has 0 characters, expected at least 1.")
        numbers = tokens.astype(np.int32)
        keys, counts = (
            [np.arange(self.vocabulary)],
            [np.bincount(tokens, minlength=self.vocabulary)],
        )
        first = np.arange(self.vocabulary)
        for order in range(2, self.length + 1):
            if len(tokens) < order:
                break
            found, at, seen = np.unique(
                numbers[:-1] * np.int64(self.vocabulary) + tokens[order - 1 :],
                return_inverse=True,
                return_counts=True,
            )
            if self.smoothing == "kneser-ney":
                suffix_of = np.empty(len(found), np.int32)
                suffix_of[at] = numbers[1:]
                preceded = np.bincount(suffix_of, minlength=len(counts[-1]))
                at_start = (first == self.separator) & (order > 2)
                counts[-1] = np.where(at_start, counts[-1], preceded)
            first = first[found // self.vocabulary]
            keys.append(found)
            counts.append(seen)
            numbers = at.astype(np.int32)
        self._build(keys, [part.astype(np.int32) for part in counts])

    def _build(self, keys: list[np.ndarray], counts: list[np.ndarray]) -> None:
        self.orders = []
        contexts = 1
        for key, count in zip(keys, counts, strict=True):
            context = key // self.vocabulary if self.orders else np.zeros(len(key), np.int64)
            taken = _discounts(count) if self.smoothing == "kneser-ney" else None
            self.orders.append(_smooth(key, count, context, contexts, taken))
            contexts = len(key)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns keys and counts of each order; all else follows from them."""
        stored = {}
        for number, order in enumerate(self.orders, 1):
            stored[f"keys/{number}"] = order.keys
            stored[f"counts/{number}"] = order.counts
        return stored

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over stored keys and counts."""
        numbers = range(1, len(arrays) // 2 + 1)
        expected = {f"{kind}/{number}" for kind in ("keys", "counts") for number in numbers}
        if set(arrays) != expected or not expected or len(arrays["keys/1"]) != self.vocabulary:
            raise CheckpointError(
                f"Weights of {self.vocabulary} tokens named keys/1, counts/1, ... were expected, "
                f"received {', '.join(sorted(arrays)) or 'none'}."
            )
        self._build(
            [np.asarray(arrays[f"keys/{number}"], np.int64) for number in numbers],
            [np.asarray(arrays[f"counts/{number}"], np.int32) for number in numbers],
        )

    def bits(self, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns the bits of each symbol of each document, its closing separator included."""
        edge = np.array([self.separator], np.int32)
        stream = np.concatenate([edge, *(part for text in documents for part in (text, edge))])
        ends = np.cumsum([len(text) + 1 for text in documents])
        starts = np.concatenate([[0], ends]).astype(np.int64)
        costs = [np.zeros(0)]
        for begin in range(1, len(stream), _BLOCK):
            at = np.arange(max(0, begin - self.length), min(begin + _BLOCK, len(stream)))
            owner = np.searchsorted(starts, at) - 1
            age = at - np.maximum(starts[owner], at[0])
            chance = self._probabilities(stream[at].astype(np.int64), age)
            costs.append(-np.log2(chance[at >= begin]))
        return np.split(np.concatenate(costs), ends[:-1]) if len(ends) else []

    def _probabilities(self, tokens: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Returns p of each token given the `age` tokens before it, of which few are used."""
        chance = np.full(len(tokens), 1 / self.vocabulary)
        context, numbers = np.zeros(len(tokens), np.int64), tokens
        for order, table in enumerate(self.orders, 1):
            if order > 1:
                context = np.concatenate([[-1], numbers[:-1]])
                context[age < order - 1] = -1
                numbers = self._number(order, context, tokens)
            chance = _mix(table, context, numbers, chance)
        return chance

    def _number(self, order: int, context: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """Looks up the n-grams made of a context and a token; -1 where unseen."""
        keys = self.orders[order - 1].keys
        wanted = context * self.vocabulary + tokens
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((context >= 0) & (keys[at] == wanted), at, -1)

    def start(self, n: int) -> list[np.ndarray]:
        """Returns the state before any token: no context of any length is known."""
        return [np.full(n, -1, np.int64) for _ in range(len(self.orders) - 1)]

    def step(self, tokens: np.ndarray, state: list[np.ndarray]) -> tuple[np.ndarray, Any]:
        """Reads one token per sequence; the logits are natural logarithms of p."""
        tokens = np.asarray(tokens, np.int64)
        contexts = [tokens][: len(state)]
        for order in range(2, len(state) + 1):
            contexts.append(self._number(order, state[order - 2], tokens))
        chance = np.full((len(tokens), self.vocabulary), 1 / self.vocabulary)
        known = [np.zeros(len(tokens), np.int64), *contexts]
        for table, context in zip(self.orders, known, strict=True):
            chance = _mix_all(table, context, chance, self.vocabulary)
        return np.log(chance).astype(np.float32), contexts

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits [n, length, vocabulary] after each token of int [n, length]."""
        inputs, state, steps = np.asarray(inputs), self.start(len(inputs)), []
        for column in inputs.T:
            logits, state = self.step(column, state)
            steps.append(logits)
        return np.stack(steps, axis=1)


def _smooth(
    keys: np.ndarray,
    counts: np.ndarray,
    context: np.ndarray,
    contexts: int,
    discounts: np.ndarray | None,
) -> Order:
    starts = np.searchsorted(context, np.arange(contexts + 1))
    total = np.bincount(context, counts, minlength=contexts)
    if discounts is None:
        kept, reserve = counts, np.diff(starts)
        total = total + reserve
    else:
        taken = discounts[np.minimum(counts, 3)]
        kept, reserve = counts - taken, np.bincount(context, taken, minlength=contexts)
    # A context at the very end of the text was never followed: shorter ones decide.
    left = np.where(total > 0, reserve / np.maximum(total, 1), 1.0)
    return Order(keys, counts, kept / np.maximum(total, 1)[context], left, starts)


def _discounts(counts: np.ndarray) -> np.ndarray:
    """Estimates what to take from counts of 0, 1, 2 and more; bounded where few were seen."""
    once, twice, thrice, more = np.bincount(np.minimum(counts, 5), minlength=6)[1:5]
    ratio = once / (once + 2 * twice) if once else 0.5
    raw = [
        number - (number + 1) * ratio * (above / below if below else 1.0)
        for number, below, above in ((1, once, twice), (2, twice, thrice), (3, thrice, more))
    ]
    return np.array([0.0, *np.clip(raw, 0.1, [0.9, 1.8, 2.7])])


def _mix(table: Order, context: np.ndarray, numbers: np.ndarray, chance: np.ndarray) -> np.ndarray:
    share = np.where(numbers >= 0, table.share[numbers], 0.0)
    return np.where(context >= 0, share + table.left[context] * chance, chance)


def _mix_all(table: Order, context: np.ndarray, chance: np.ndarray, vocabulary: int) -> np.ndarray:
    rows = np.flatnonzero(context >= 0)
    begin, end = table.starts[context[rows]], table.starts[context[rows] + 1]
    size = end - begin
    at = np.arange(size.sum()) + np.repeat(
        begin - np.concatenate([[0], np.cumsum(size)[:-1]]), size
    )
    mixed = chance.copy()
    mixed[rows] *= table.left[context[rows], None]
    mixed[np.repeat(rows, size), table.keys[at] % vocabulary] += table.share[at]
    return mixed
