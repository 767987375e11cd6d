"""A network and counts together: their probabilities, multiplied.

`p` is proportional to `p_network ** a * p_ngram ** b` (log-linear interpolation; Klakow, 1998),
with two exponents that are fitted on held-out text. The network generalises, the counts know by
heart what occurs again and again, and a token is likely where both find it so. The counts are
stored in few bytes: of each n-gram its last token and its count, in the order of their contexts,
and of each context how many follow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.recurrent import softmax

from .baseline_networks import MOST_COUNTED, NGramNetwork, Order, discounts_of, make_order
from .numpy_networks import NumpyTextNetwork, ScoringMixin
from .vocabulary import SEPARATOR

if TYPE_CHECKING:
    from .models import RecurrentModel

PREFIX = "ngram/"
MOST_FITTED = 5_000_000  # probabilities of held-out tokens that decide the exponents
SEGMENT = 1_000  # tokens of held-out documents that are read in a row
UNFITTED = (0.6, 0.4)  # the exponents where nothing is held out
# N-grams seen once are most of a long text; left out from this length on they cost 0.01 bits.
LARGE, PRUNED = 1_000_000, 7
MOST_STORED = 255  # of longer n-grams a count fits a byte; more often is stored as that often


class Mixture(ScoringMixin):
    """A network and an n-gram, mixed; it scores documents and emits one token at a time.

    Args:
        network: Emits one token at a time.
        ngram: Over the same vocabulary.
        exponents: Of the probabilities of the network and of the n-gram.
    """

    def __init__(
        self, network: NumpyTextNetwork, ngram: NGramNetwork, exponents: np.ndarray
    ) -> None:
        self.network, self.ngram = network, ngram
        self.exponents = np.asarray(exponents, np.float32)

    def start(self, n: int) -> Any:
        """Returns the state of `n` sequences before their first token."""
        return self.network.start(n), self.ngram.start(n)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by one token; the logits of the two are added, times their exponents."""
        logits, network = self.network.step(tokens, state[0])
        counted, ngram = self.ngram.step(tokens, state[1])
        return self.exponents[0] * logits + self.exponents[1] * counted, (network, ngram)

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
    return Mixture(network, ngram, counted[f"{PREFIX}exponents"]) if ngram else network


def separate(arrays: Mapping[str, np.ndarray]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Separates the weights of a network from the counts that are stored with them."""
    counted = {key: array for key, array in arrays.items() if key.startswith(PREFIX)}
    return {key: array for key, array in arrays.items() if key not in counted}, counted


def fit_counts(
    network: Any, length: int, vocabulary: int, training: np.ndarray, held_out: np.ndarray
) -> dict[str, np.ndarray]:
    """Counts the n-grams of a text, and fits how they are mixed with a network on held-out text.

    Args:
        network: A trained network, which emits one token at a time.
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
    row = np.append(held_out[: max(MOST_FITTED // vocabulary, SEGMENT)], SEPARATOR)
    edges = np.flatnonzero(row == SEPARATOR)
    cuts = [(a + at, b) for a, b in pairwise(edges) for at in range(0, b - a, SEGMENT)]
    segments = [row[a : min(a + SEGMENT, b) + 1] for a, b in cuts]
    exponents = UNFITTED
    if segments:
        exponents = fit_exponents(*predictions(network, unpack(arrays, vocabulary), segments))
    return {**arrays, f"{PREFIX}exponents": np.array(exponents, np.float32)}


def predictions(
    network: Any, ngram: NGramNetwork, segments: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Reads segments of text with both, side by side.

    Returns:
        The logits [2, n, vocabulary] of all tokens but the first ones, and these tokens [n].
    """
    lengths = np.array([len(segment) for segment in segments])
    tokens = np.full((len(segments), lengths.max()), SEPARATOR, np.int64)
    for row, segment in zip(tokens, segments, strict=True):
        row[: len(segment)] = segment
    logits, targets = [], []
    states = network.start(len(segments)), ngram.start(len(segments))
    for step in range(1, tokens.shape[1]):
        first, second = (
            stepper.step(tokens[:, step - 1], state)
            for stepper, state in zip((network, ngram), states, strict=True)
        )
        states = first[1], second[1]
        inside = step < lengths
        logits.append(np.stack([first[0], second[0]])[:, inside])
        targets.append(tokens[inside, step])
    return np.concatenate(logits, axis=1), np.concatenate(targets)


def fit_exponents(logits: np.ndarray, targets: np.ndarray, steps: int = 20) -> np.ndarray:
    """Returns the exponents of several models that make a text most probable together.

    The logarithm of the probability is concave in them: Newton's method.

    Args:
        logits: Of each model, [models, n, vocabulary].
        targets: The tokens of the text, int [n].
        steps: Of Newton's method.
    """
    n = len(targets)
    exponents = np.full(len(logits), 1 / len(logits))
    reached = logits[:, np.arange(n), targets].mean(axis=1)
    for _ in range(steps):
        p = softmax(np.tensordot(exponents, logits, 1))
        means = (p * logits).sum(axis=-1)
        gradient = reached - means.mean(axis=1)
        covariance = np.einsum("nv,inv,jnv->ij", p, logits, logits, optimize=True) / n
        covariance -= means @ means.T / n
        exponents += np.linalg.solve(covariance + 1e-4 * np.eye(len(logits)), gradient)
    return exponents


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
