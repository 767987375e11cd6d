"""The networks of the baselines: interpolated n-grams over characters, and the compressor xz.

The n-grams of every order form a trie. An n-gram is known by its number in the sorted
table of its order, and its key is `number of its first n - 1 tokens * V + last token`, so
that one sorted array per order serves scoring (look keys up) and generation (the keys of
one context are neighbours).
"""

from __future__ import annotations

import lzma
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from deepzoo import NumpyNetwork

MOST_COUNTED = 8_000_000  # tokens of the training text
SCORED_AT_ONCE = 1_000_000  # tokens of held-out text

MOST_KEPT = 48 * 2**20  # bytes of the training text that xz compresses
LARGE = 8 * 2**20  # bytes from which on held-out documents are added in fewer blocks
BLOCKS, BLOCKS_IF_LARGE = 8, 2
MOST_OF_A_BLOCK = 4 * 2**20  # characters


class Order(NamedTuple):
    """All n-grams of one length, and what is computed from their counts."""

    keys: np.ndarray  # int64 [N], sorted
    discounted: np.ndarray  # float64 [N], discounted count over the count of the context
    backoff: np.ndarray  # float64 [contexts], weight of the next shorter context
    starts: np.ndarray  # int64 [contexts + 1], bounds of each context's n-grams in `keys`


def last_tokens(inputs: np.ndarray, targets: np.ndarray, most: int) -> np.ndarray:
    """Returns up to `most` tokens from the end of a text in windows, each continuing the last."""
    return np.append(inputs.ravel()[1 - most :], targets.ravel()[-1])


class NGramNetwork(NumpyNetwork):
    """Predicts a token from the five before it, interpolated with shorter contexts.

    `p(w | h) = discounted(hw) + backoff(h) * p(w | h without its first token)`.

    Witten-Bell: `discounted = c(hw) / (c(h) + t(h))`, where c counts and t(h) is how many
    different tokens follow h. Kneser-Ney (Chen and Goodman, 1999): `discounted = (a(hw) - D) /
    a(h)` with three discounts D per order, for a of 1, 2 and more, estimated from the counts.
    There a is the count at the longest order and where h starts a document, elsewhere the
    number of different tokens that were seen before hw. Neither has a constant to tune.

    Of a longer text, only the last `MOST_COUNTED` tokens are counted.
    """

    def __init__(
        self, vocabulary: int, length: int = 6, separator: int = 0, smoothing: str = "kneser-ney"
    ) -> None:
        self.vocabulary, self.length = vocabulary, length
        self.separator, self.smoothing = separator, smoothing
        self.orders: list[Order] = []
        for order in range(1, length + 1):
            size = vocabulary if order == 1 else 0
            self.weights[f"keys/{order}"] = np.zeros(size, np.int64)
            self.weights[f"counts/{order}"] = np.zeros(size, np.int32)

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Counts the n-grams of the text in windows, with separators between documents."""
        tokens = last_tokens(inputs, targets, MOST_COUNTED).astype(np.int64)
        numbers = tokens.astype(np.int32)
        keys = [np.arange(self.vocabulary)]
        counts = [np.bincount(tokens, minlength=self.vocabulary)]
        first = np.arange(self.vocabulary)
        for order in range(2, self.length + 1):
            if len(tokens) < order:
                break
            unique, inverse, seen = np.unique(
                numbers[:-1] * np.int64(self.vocabulary) + tokens[order - 1 :],
                return_inverse=True,
                return_counts=True,
            )
            if self.smoothing == "kneser-ney":
                suffix_of = np.empty(len(unique), np.int32)
                suffix_of[inverse] = numbers[1:]
                preceded = np.bincount(suffix_of, minlength=len(counts[-1]))
                at_start = (first == self.separator) & (order > 2)
                counts[-1] = np.where(at_start, counts[-1], preceded)
            first = first[unique // self.vocabulary]
            keys.append(unique)
            counts.append(seen)
            numbers = inverse.astype(np.int32)
        for order, (key, count) in enumerate(zip(keys, counts, strict=True), 1):
            self.weights[f"keys/{order}"] = key
            self.weights[f"counts/{order}"] = count.astype(np.int32)
        self._build()

    def _build(self) -> None:
        self.orders, contexts = [], 1
        for order in range(1, self.length + 1):
            key, count = self.weights[f"keys/{order}"], self.weights[f"counts/{order}"]
            if not len(key):  # the text is shorter
                break
            discounts = discounts_of(count) if self.smoothing == "kneser-ney" else None
            self.orders.append(make_order(key, count, self.vocabulary, contexts, discounts))
            contexts = len(key)

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Loads stored keys and counts; all else follows from them."""
        super().load_arrays(arrays)
        self._build()

    def bits(self, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns the bits of each symbol of each document, its closing separator included."""
        edge = np.array([self.separator], np.int32)
        stream = np.concatenate([edge, *(part for text in documents for part in (text, edge))])
        ends = np.cumsum([len(text) + 1 for text in documents])
        starts = np.concatenate([[0], ends]).astype(np.int64)
        costs = [np.zeros(0)]
        for begin in range(1, len(stream), SCORED_AT_ONCE):
            end = min(begin + SCORED_AT_ONCE, len(stream))
            positions = np.arange(max(0, begin - self.length), end)
            document = np.searchsorted(starts, positions) - 1
            age = positions - np.maximum(starts[document], positions[0])
            p = self._probabilities(stream[positions].astype(np.int64), age)
            costs.append(-np.log2(p[positions >= begin]))
        return np.split(np.concatenate(costs), ends[:-1]) if len(ends) else []

    def _probabilities(self, tokens: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Returns p of each token given those before it, of which there are `age` at most."""
        p = np.full(len(tokens), 1 / self.vocabulary)
        context, numbers = np.zeros(len(tokens), np.int64), tokens
        for order, table in enumerate(self.orders, 1):
            if order > 1:
                context = np.concatenate([[-1], numbers[:-1]])
                context[age < order - 1] = -1
                numbers = self._number(order, context, tokens)
            discounted = np.where(numbers >= 0, table.discounted[numbers], 0.0)
            p = np.where(context >= 0, discounted + table.backoff[context] * p, p)
        return p

    def _number(self, order: int, context: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """Looks up the n-grams made of a context and a token; -1 where unseen."""
        keys = self.orders[order - 1].keys
        wanted = (context * self.vocabulary + tokens).astype(keys.dtype)
        nearest = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((context >= 0) & (keys[nearest] == wanted), nearest, -1)

    def start(self, n: int) -> list[np.ndarray]:
        """Returns the state before any token: no context of any length is known."""
        return [np.full(n, -1, np.int64) for _ in range(len(self.orders) - 1)]

    def step(self, tokens: np.ndarray, state: list[np.ndarray]) -> tuple[np.ndarray, Any]:
        """Reads one token per sequence; the logits are natural logarithms of p."""
        contexts = self.read(tokens, state)
        p = np.full((len(tokens), self.vocabulary), 1 / self.vocabulary)
        empty = np.zeros(len(tokens), np.int64)
        for table, context in zip(self.orders, [empty, *contexts], strict=True):
            p = _interpolate(table, context, p)
        return np.log(p).astype(np.float32), contexts

    def read(self, tokens: np.ndarray, state: list[np.ndarray]) -> list[np.ndarray]:
        """Reads one token per sequence without predicting the next; returns the new state."""
        tokens = np.asarray(tokens, np.int64)
        contexts = [tokens][: len(state)]
        for order in range(2, len(state) + 1):
            contexts.append(self._number(order, state[order - 2], tokens))
        return contexts

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits [n, length, vocabulary] after each token of int [n, length]."""
        inputs, state, steps = np.asarray(inputs), self.start(len(inputs)), []
        for column in inputs.T:
            logits, state = self.step(column, state)
            steps.append(logits)
        return np.stack(steps, axis=1)


def make_order(
    keys: np.ndarray,
    counts: np.ndarray,
    vocabulary: int,
    contexts: int,
    discounts: np.ndarray | None,
    dropped: np.ndarray | int = 0,
) -> Order:
    """Computes the probabilities of one order from its counts.

    Args:
        keys: Of its n-grams, sorted.
        counts: How often each occurs.
        vocabulary: Number of tokens.
        contexts: Number of shorter n-grams that they continue.
        discounts: Of counts of 0, 1, 2 and more, for Kneser-Ney; None is Witten-Bell.
        dropped: How many n-grams of each context were counted once and are not among `keys`;
            shorter contexts predict them.
    """
    context = keys // vocabulary
    starts = np.searchsorted(context, np.arange(contexts + 1))
    total = np.bincount(context, counts, contexts) + dropped
    if discounts is None:
        discount, reserve = 0.0, np.diff(starts)
        total = total + reserve
    else:
        discount = discounts[np.minimum(counts, 3)]
        reserve = np.bincount(context, discount, contexts) + dropped
    # A context at the very end of the text was never followed: shorter ones decide.
    backoff = np.where(total > 0, reserve / np.maximum(total, 1), 1.0)
    return Order(keys, (counts - discount) / np.maximum(total, 1)[context], backoff, starts)


def discounts_of(counts: np.ndarray) -> np.ndarray:
    """Estimates the discounts of counts of 0, 1, 2 and more; bounded where few were seen."""
    once, twice, thrice, more = np.bincount(np.minimum(counts, 5), minlength=6)[1:5]
    ratio = once / (once + 2 * twice) if once else 0.5
    raw = [
        number - (number + 1) * ratio * (above / below if below else 1.0)
        for number, below, above in ((1, once, twice), (2, twice, thrice), (3, thrice, more))
    ]
    return np.array([0.0, *np.clip(raw, 0.1, [0.9, 1.8, 2.7])])


def _interpolate(table: Order, context: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Mixes the probabilities of all tokens [n, vocabulary] with those of a longer context."""
    rows = np.flatnonzero(context >= 0)
    begin, end = table.starts[context[rows]], table.starts[context[rows] + 1]
    size = end - begin
    # The number of an n-gram: its position among all, shifted as those of its context are.
    ngrams = np.arange(size.sum()) + np.repeat(end - np.cumsum(size), size)
    mixed = p.copy()
    mixed[rows] *= table.backoff[context[rows], None]
    mixed[np.repeat(rows, size), table.keys[ngrams] % p.shape[1]] += table.discounted[ngrams]
    return mixed


class XZNetwork(NumpyNetwork):
    """Scores documents by how much they lengthen the xz-compressed training text.

    Documents are added in eight blocks (two where the training text is large), and the bits
    of a block are spread evenly over its characters, so values within a block differ by length
    alone. Of a longer training text the last 48 MB count, of a longer block the first 4 million
    characters. Characters are bytes where there are at most 256 different ones, else UTF-8.
    """

    def __init__(self, vocabulary: int, separator: int = 0) -> None:
        self.vocabulary, self.separator = vocabulary, separator
        self.weights = {"text": np.zeros(0, np.uint8)}

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Keeps the end of the training text; compressing comes with the first document."""
        text = self._bytes(last_tokens(inputs, targets, MOST_KEPT))[-MOST_KEPT:]
        self.weights["text"] = np.frombuffer(text, np.uint8)

    def bits(self, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns for each symbol the mean bits of its block."""
        lengths = np.array([len(text) + 1 for text in documents])
        if not len(lengths):
            return []
        large = len(self.weights["text"]) > LARGE
        count = BLOCKS_IF_LARGE if large else BLOCKS
        # Blocks of about as many characters each.
        ends = np.cumsum(lengths)
        cuts = np.searchsorted(ends, ends[-1] * np.arange(1, count) / count) + 1
        bounds = sorted({0, *np.minimum(cuts, len(lengths)).tolist(), len(lengths)})
        edge = np.array([self.separator], np.int32)
        blocks = [
            np.concatenate([part for text in documents[a:b] for part in (text, edge)])
            for a, b in pairwise(bounds)
        ]
        blocks = [block[:MOST_OF_A_BLOCK] for block in blocks]
        training = self.weights["text"].tobytes()
        with ThreadPoolExecutor(1 if large else min(4, os.cpu_count() or 1)) as pool:
            texts = (training + self._bytes(block) for block in (blocks[0][:0], *blocks))
            alone, *longer = pool.map(_compressed_size, texts)
        rates = 8 * (np.array(longer) - alone) / [len(block) for block in blocks]
        return np.split(np.repeat(rates, np.add.reduceat(lengths, bounds[:-1])), ends[:-1])

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the bits that each row of int [n, length] adds; xz predicts no tokens."""
        return np.array([bits.sum() for bits in self.bits(list(inputs))])

    def _bytes(self, tokens: np.ndarray) -> bytes:
        if self.vocabulary <= 256:
            return tokens.astype(np.uint8).tobytes()
        text = tokens.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        return text.encode("utf-8", "surrogatepass")


def _compressed_size(text: bytes) -> int:
    coder = {
        "id": lzma.FILTER_LZMA2,
        "preset": 9,
        "dict_size": max(2**16, 1 << (len(text) - 1).bit_length()),
        "lc": 4,  # a letter depends on the letter before it; 4-byte alignment means nothing
        "pb": 0,
    }
    compressor = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=[coder])
    pieces = (text[start : start + 2**20] for start in range(0, len(text), 2**20))
    return sum(len(compressor.compress(piece)) for piece in pieces) + len(compressor.flush())
