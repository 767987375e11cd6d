"""Text networks in NumPy: the weights of trained networks, the same logits, no Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import ordered_weights
from deepzoo.recurrent import Block, Embedding, GRUCell, Head, LSTMCell, RecurrentStepper, RNNCell

from .scoring import document_bits

if TYPE_CHECKING:
    from .models import NumpyRNN, RecurrentModel


class ScoringMixin:
    """Lets a network that has `start` and `step` score documents."""

    def bits(self: Any, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns the bits of each symbol of each document, its closing separator included."""
        return document_bits(self, documents)


class NumpyTextNetwork(ScoringMixin):
    """A trained text network in NumPy, which scores documents and emits one token at a time.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(
        self,
        model: RecurrentModel | NumpyRNN,
        spec: Mapping[str, Any],
        arrays: Mapping[str, np.ndarray],
    ) -> None:
        self.window = 0 if model.every_step else model.sequence_length
        cell = {"gru": GRUCell, "lstm": LSTMCell, "rnn": RNNCell}[model.cell]
        with ordered_weights(arrays) as weights:
            if model.orders:
                tables = [next(weights) for _ in (1, *model.orders)]
                embed: Any = HashedEmbedding(tables, model.orders, spec.get("codes"))
            elif model.embedding:
                embed = Embedding(next(weights))
            else:
                embed = Embedding(np.eye(spec["vocabulary"], dtype=np.float32))
            cells = [
                Block(
                    cell(next(weights), next(weights), next(weights)),
                    residual=model.residual and index > 0,
                )
                for index in range(model.layers)
            ]
            self.stepper = RecurrentStepper(embed, cells, Head(next(weights), next(weights)))

    def start(self, n: int) -> Any:
        """Returns the state of `n` sequences before their first token."""
        return np.zeros((n, self.window), np.int64) if self.window else self.stepper.start(n)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by one token; a network of windows reads its whole window again."""
        if not self.window:
            return self.stepper.step(tokens, state)
        window = np.concatenate([state[:, 1:], np.asarray(tokens)[:, None]], axis=1)
        inner = self.stepper.start(len(window))
        logits = np.zeros((len(window), 0))
        for column in window.T:
            logits, inner = self.stepper.step(column, inner)
        return logits, window

    def advance(self, tokens: np.ndarray, state: Any) -> Any:
        """Advances by many tokens [steps, n]; of a network of windows, only the last count."""
        if not self.window:
            return self.stepper.advance(tokens, state)
        return np.concatenate([state, tokens.T], axis=1)[:, -self.window :]


class NumpyStepperMixin:
    """Lets a network in training score documents and emit tokens in NumPy."""

    recipe: Any
    spec: Mapping[str, Any]
    arrays: Any

    def numpy_network(self) -> NumpyTextNetwork:
        """Copies the current weights into the NumPy network."""
        return self.recipe.from_arrays(self.spec, self.arrays())

    def bits(self, documents: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Returns the bits of each symbol of each document, its closing separator included."""
        return self.numpy_network().bits(documents)

    def start(self, n: int) -> Any:
        """Returns the state of `n` sequences before their first token."""
        network = self.numpy_network()
        return network, network.start(n)

    def step(self, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """Advances by one token, in NumPy."""
        network, inner = state
        logits, inner = network.step(tokens, inner)
        return logits, (network, inner)


class HashedEmbedding:
    """`layers.NGramEmbedding` in NumPy.

    Args:
        tables: The table of single tokens and one per order.
        orders: Lengths of the n-grams.
        codes: What each token counts as in the hash; by default its number.
    """

    def __init__(
        self,
        tables: Sequence[np.ndarray],
        orders: Sequence[int],
        codes: Sequence[int] | None = None,
    ) -> None:
        self.tables = [np.ascontiguousarray(table, np.float32) for table in tables]
        self.orders = tuple(orders)
        self.codes = np.array(range(len(tables[0])) if codes is None else codes, np.int64)
        self.context = max(self.orders) - 1

    def __call__(self, tokens: np.ndarray, history: np.ndarray) -> np.ndarray:
        """Embeds one token of each sequence, given the tokens before it."""
        columns = within_document([np.asarray(tokens, np.int64), *history[:, ::-1].T], np.where)
        parts = [self.tables[0][columns[0]]]
        columns = [self.codes[column] for column in columns]
        for order, table in zip(self.orders, self.tables[1:], strict=True):
            parts.append(table[hash_tokens(columns[:order], len(table))])
        return np.concatenate(parts, axis=-1)


def within_document(columns: Sequence[Any], where: Any) -> list[Any]:
    """Replaces all tokens before the nearest separator, token 0, by separators.

    The first n-grams of a document are then the same, whatever stood before it.

    Args:
        columns: Integer arrays, the present token first, then the ones before it.
        where: `numpy.where`, or `keras.ops.where` for tensors.

    Examples:
        >>> within_document([5, 0, 7], np.where)[2].tolist()
        0
    """
    kept = [columns[0]]
    for column in columns[1:]:
        kept.append(where(kept[-1] == 0, 0, column))
    return kept


def hash_tokens(columns: Sequence[Any], buckets: int) -> Any:
    """Hashes n-grams to rows of a table, for NumPy arrays and tensors alike.

    Args:
        columns: Integer arrays, the code of the present token first, then of the ones before it.
        buckets: Number of rows.
    """
    hashed = columns[-1] * 0
    for column in reversed(columns):
        hashed = (hashed * 131 + column + 1) % buckets
    return hashed
