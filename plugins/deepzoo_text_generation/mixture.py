"""A network and counts together: their probabilities, interpolated linearly.

`p = (1 - w) p_network + w p_ngram`, with one weight w that is fitted on held-out text by
expectation-maximisation (Jelinek and Mercer, 1980). The network generalises, the counts know
by heart what occurs again and again. The counts are stored in few bytes: of each n-gram its last
token and its count, in the order of their contexts, and of each context how many follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .baseline_networks import MOST_COUNTED, NGramNetwork, Order, discounts_of, make_order
from .numpy_networks import NumpyTextNetwork, ScoringMixin
from .vocabulary import SEPARATOR

if TYPE_CHECKING:
    from .models import RecurrentModel

PREFIX = "ngram/"
MOST_FITTED = 50_000  # tokens of held-out text that decide the weight
UNFITTED = 0.3  # the weight where nothing is held out
# N-grams seen once are most of a long text; left out from this length on they cost 0.01 bits.
LARGE, PRUNED = 1_000_000, 7
MOST_STORED = 255  # of longer n-grams a count fits a byte; more often is stored as that often


class Mixture(ScoringMixin):
    """A network and an n-gram, mixed; it scores documents and emits one token at a time.

    Args:
        network: Emits one token at a time.
        ngram: Over the same vocabulary.
        weight: Of the n-gram, from 0 to 1.
    """

    def __init__(self, network: NumpyTextNetwork, ngram: NGramNetwork, weight: float) -> None:
        self.network, self.ngram = network, ngram
        self.weight = min(max(float(weight), 1e-6), 1 - 1e-6)

    def start(self, n: int) -> Any:
        """Returns the state of `n` sequences before their first token."""
        return self.network.start(n), self.ngram.start(n)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by one token; the logits are logarithms of the mixed probabilities."""
        logits, network = self.network.step(tokens, state[0])
        counted, ngram = self.ngram.step(tokens, state[1])
        logits = logits - logits.max(axis=-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        mixed = np.logaddexp(logits + np.log1p(-self.weight), counted + np.log(self.weight))
        return mixed.astype(np.float32), (network, ngram)

    def advance(self, tokens: np.ndarray, state: Any) -> Any:
        """Advances by many tokens [steps, n]; the n-gram reads no more than it remembers."""
        network, ngram = state
        for column in tokens[-self.ngram.length :]:
            ngram = self.ngram.read(column, ngram)
        return self.network.advance(tokens, network), ngram


def numpy_network(
    model: RecurrentModel, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> NumpyTextNetwork | Mixture:
    """Builds the NumPy network of a model, mixed with the counts if there are any."""
    weights, counted = separate(arrays)
    # The counts first: they need memory for a moment, which the network can use afterwards.
    ngram = unpack(counted, spec["vocabulary"]) if counted else None
    network = NumpyTextNetwork(model, spec, weights)
    return Mixture(network, ngram, float(counted[f"{PREFIX}weight"])) if ngram else network


def separate(arrays: Mapping[str, np.ndarray]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Separates the weights of a network from the counts that are stored with them."""
    counted = {key: array for key, array in arrays.items() if key.startswith(PREFIX)}
    return {key: array for key, array in arrays.items() if key not in counted}, counted


def fit_counts(
    network: Any, length: int, vocabulary: int, training: np.ndarray, held_out: np.ndarray
) -> dict[str, np.ndarray]:
    """Counts the n-grams of a text, and fits their weight beside a network on held-out text.

    Args:
        network: A trained network, which scores documents.
        length: Of the longest n-grams.
        vocabulary: Number of tokens.
        training: Tokens of the training text, with separators.
        held_out: Tokens of the validation split, with separators; it may be empty.

    Returns:
        The arrays to store with the weights of the network.
    """
    ngram = NGramNetwork(vocabulary, length, SEPARATOR)
    training = training[-MOST_COUNTED:]
    ngram.fit_arrays(training[:-1], training[1:])
    arrays = pack(ngram, PRUNED if len(training) > LARGE else length + 1)
    row = np.append(held_out[:MOST_FITTED], SEPARATOR)
    edges = np.flatnonzero(row == SEPARATOR)
    documents = [row[a + 1 : b] for a, b in pairwise(edges) if b > a + 1]
    weight = UNFITTED
    if documents:
        bits = (scorer.bits(documents) for scorer in (network, unpack(arrays, vocabulary)))
        first, second = (np.exp2(-np.concatenate(costs)) for costs in bits)
        weight = fit_weight(first, second)
    return {**arrays, f"{PREFIX}weight": np.array(weight, np.float32)}


def fit_weight(first: np.ndarray, second: np.ndarray, steps: int = 50) -> float:
    """Returns the weight of the second of two models that makes a text most probable.

    Args:
        first: Probability of each token of the text by the first model.
        second: The same by the second.
        steps: Of expectation-maximisation.

    Examples:
        >>> round(fit_weight(np.array([0.5, 0.5]), np.array([0.9, 0.1])), 2)
        0.5
    """
    weight = 0.5
    for _ in range(steps):
        mixed = (1 - weight) * first + weight * second
        weight = float(np.mean(weight * second / mixed))
    return weight


def pack(ngram: NGramNetwork, pruned: int) -> dict[str, np.ndarray]:
    """Returns the counts of an n-gram in small whole numbers, by name.

    N-grams of `pruned` tokens or more that were counted once are left out, unless a longer
    one that stays begins with them.
    """
    tables, masks, needed = [], [], np.zeros(0, bool)
    for order in range(len(ngram.orders), 0, -1):
        keys, counts = ngram.weights[f"keys/{order}"], ngram.weights[f"counts/{order}"]
        kept = (counts > 1) | (order < pruned)
        kept[: len(needed)] |= needed
        contexts, tokens = np.divmod(keys, ngram.vocabulary)
        needed = np.bincount(contexts[kept]) > 0
        tables.append((order, contexts, tokens, counts))
        masks.append(kept)
    arrays: dict[str, np.ndarray] = {}
    for (order, contexts, tokens, counts), kept, parents in zip(
        tables, masks, [*masks[1:], np.ones(1, bool)], strict=True
    ):
        stored = {
            "followers": np.bincount(contexts[kept], minlength=len(parents))[parents],
            "dropped": np.bincount(contexts[~kept], minlength=len(parents))[parents],
            "tokens": tokens[kept],
            "counts": np.minimum(counts[kept], MOST_STORED if order > 3 else 2**16 - 1),
        }
        for name, array in stored.items():
            arrays[f"{PREFIX}{order}/{name}"] = array.astype(np.min_scalar_type(array.max()))
        arrays[f"{PREFIX}{order}/discounts"] = discounts_of(counts).astype(np.float32)
    return arrays


def unpack(arrays: Mapping[str, np.ndarray], vocabulary: int) -> NGramNetwork:
    """Builds the n-gram of which `pack` returned the counts."""
    length = sum(key.endswith("/tokens") for key in arrays)
    ngram, contexts = NGramNetwork(vocabulary, length, SEPARATOR), 1
    for number in range(1, length + 1):
        followers, dropped, tokens, counts, discounts = (
            arrays[f"{PREFIX}{number}/{name}"]
            for name in ("followers", "dropped", "tokens", "counts", "discounts")
        )
        # There are millions of n-grams: numbers of 32 bits take half the memory.
        whole = np.int32 if contexts * vocabulary < 2**31 else np.int64
        keys = np.repeat(np.arange(contexts, dtype=whole) * whole(vocabulary), followers)
        keys += tokens
        order = make_order(keys, counts, vocabulary, contexts, discounts, dropped)
        discounted, backoff = order.discounted.astype("f4"), order.backoff.astype("f4")
        ngram.orders.append(Order(keys, discounted, backoff, order.starts.astype(whole)))
        contexts = len(keys)
    return ngram
