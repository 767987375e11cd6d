"""Networks of translation without Keras: the small Transformer, and that of a baseline."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork, ordered_weights
from deepzoo.feedforward import (
    Dense,
    LayerNormalization,
    MultiHeadAttention,
    one_blas_thread,
    positional_encoding,
    relu,
)

from .beam_search import Hypothesis, search
from .packing import PAIR, POSITION, TOKEN
from .vocabulary import PAD, START

if TYPE_CHECKING:
    from .baselines import NearestSentence
    from .models import TransformerSmall

Cache = tuple[np.ndarray, np.ndarray]
"""Keys and values of the tokens so far, [n, heads, time, width / heads] each."""

_BLOCK = 256  # sentences that are compared together


class NumpyTransformer:
    """`networks.build_transformer`, trained, in NumPy, on cached keys and values.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(
        self, model: TransformerSmall, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> None:
        self.source_length, self.target_length = spec["source_length"], spec["target_length"]
        self.beam, heads = model.beam, model.heads
        with ordered_weights(arrays) as weights:
            self.embedding = next(weights)
            self.head = Dense(self.embedding.T)
            self.encoder = [EncoderLayer(weights, heads) for _ in range(model.layers)]
            self.encoder_norm = LayerNormalization(next(weights), next(weights))
            self.decoder = [DecoderLayer(weights, heads) for _ in range(model.layers)]
            self.decoder_norm = LayerNormalization(next(weights), next(weights))

    def translate(
        self, sources: Sequence[Sequence[int]], width: int | None = None
    ) -> list[Hypothesis]:
        """Translates tokens of sentences; see `networks.TranslationNetwork.translate`."""
        cut = [source[: self.source_length] for source in sources]
        with one_blas_thread():
            return search(self, cut, self.beam if width is None else width)

    def start(self, sources: np.ndarray, width: int) -> tuple[Any, list[Cache]]:
        """Encodes sources int [n, time]; returns their keys and values, and empty caches."""
        mask = (sources != PAD)[:, None]
        x = self._encode(sources, np.arange(sources.shape[1]), mask).repeat(width, axis=0)
        projected = [layer.cross_attention.project_keys_values(x) for layer in self.decoder]
        empty = [(keys[:, :, :0], values[:, :, :0]) for keys, values in projected]
        return (mask.repeat(width, axis=0), projected), empty

    def step(
        self, tokens: np.ndarray, position: int, memory: Any, state: list[Cache]
    ) -> tuple[np.ndarray, list[Cache]]:
        """Reads a token int [n] at `position`; returns logits [n, vocabulary] and the caches."""
        (mask, projected), positions = memory, np.array([position])
        logits, state, _ = self._decode(tokens[:, None], positions, mask, projected, state)
        return logits[:, 0], state

    def reorder(self, state: list[Cache], rows: np.ndarray) -> list[Cache]:
        """Returns the caches of other hypotheses."""
        return [(keys[rows], values[rows]) for keys, values in state]

    def attention_weights(self, source: Sequence[int], target: Sequence[int]) -> np.ndarray:
        """Returns the cross-attention weights; see `networks.TransformerNetwork`."""
        (mask, projected), state = self.start(np.array([source]), 1)
        tokens = np.array([[START, *target][: self.target_length]])
        positions = np.arange(tokens.shape[1])
        causal = (positions[:, None] >= positions)[None]
        _, _, weights = self._decode(tokens, positions, mask, projected, state, causal)
        return weights[0].mean(axis=0)

    def predict(self, inputs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Returns the logits of the next tokens of packed rows, [rows, length, vocabulary].

        Args:
            inputs: Sources and target prefixes, int32 [rows, 3, length] each; see `packing`.
        """
        source, target = inputs
        memory = self._encode(source[:, TOKEN], source[:, POSITION], _same_pair(source, source))
        projected = [layer.cross_attention.project_keys_values(memory) for layer in self.decoder]
        empty = [(keys[:, :, :0], values[:, :, :0]) for keys, values in projected]
        positions = target[:, POSITION]
        causal = _same_pair(target, target) & (positions[:, None] <= positions[:, :, None])
        cross_mask = _same_pair(target, source)
        return self._decode(target[:, TOKEN], positions, cross_mask, projected, empty, causal)[0]

    def _encode(self, tokens: np.ndarray, positions: np.ndarray, mask: np.ndarray) -> np.ndarray:
        x = self._embed(tokens, positions)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_norm(x)

    def _decode(
        self,
        tokens: np.ndarray,
        positions: np.ndarray,
        cross_mask: np.ndarray,
        projected: list[Cache],
        caches: list[Cache],
        self_mask: Any = True,
    ) -> tuple[np.ndarray, list[Cache], np.ndarray]:
        """Returns logits, the new caches, and the attention weights of the last layer."""
        x, after, weights = self._embed(tokens, positions), [], np.zeros(0)
        for layer, cache, memory in zip(self.decoder, caches, projected, strict=True):
            x, cache, weights = layer(x, cache, np.atleast_3d(self_mask), memory, cross_mask)
            after.append(cache)
        return self.head(self.decoder_norm(x)), after, weights

    def _embed(self, tokens: np.ndarray, positions: np.ndarray) -> np.ndarray:
        width = self.embedding.shape[1]
        waves = positional_encoding(positions, width)
        return self.embedding[tokens] * np.float32(width**0.5) + waves


class EncoderLayer:
    """`layers.EncoderLayer` in NumPy: self-attention, feed-forward network.

    Args:
        weights: The weights of the network, from the first of this layer on.
        heads: Heads of the attention.
    """

    def __init__(self, weights: Iterator[np.ndarray], heads: int) -> None:
        self.self_attention = _attention(weights, heads)
        self.intermediate = Dense(next(weights), next(weights), relu)
        self.output = Dense(next(weights), next(weights))
        self.norms = [LayerNormalization(next(weights), next(weights)) for _ in range(2)]

    def __call__(self, x: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Returns the vectors after this layer."""
        normalised = self.norms[0](x)
        return self.feed_forward(x + self.self_attention(normalised, normalised, mask))

    def feed_forward(self, x: np.ndarray) -> np.ndarray:
        """Applies the feed-forward network."""
        return x + self.output(self.intermediate(self.norms[1](x)))


class DecoderLayer(EncoderLayer):
    """`layers.DecoderLayer` in NumPy: masked self-attention, cross-attention, feed-forward."""

    def __init__(self, weights: Iterator[np.ndarray], heads: int) -> None:
        super().__init__(weights, heads)
        self.norms.append(LayerNormalization(next(weights), next(weights)))
        self.cross_attention = _attention(weights, heads)

    def __call__(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        x: np.ndarray,
        cache: Cache,
        self_mask: np.ndarray,
        memory: Cache,
        cross_mask: np.ndarray,
    ) -> tuple[np.ndarray, Cache, np.ndarray]:
        """Advances by the tokens of `x`; see `layers.DecoderLayer.step`."""
        normalised = self.norms[0](x)
        new = self.self_attention.project_keys_values(normalised)
        keys, values = [np.concatenate(pair, axis=2) for pair in zip(cache, new, strict=True)]
        x = x + self.self_attention.attend(normalised, keys, values, self_mask)[0]
        attended, weights = self.cross_attention.attend(self.norms[2](x), *memory, cross_mask)
        return self.feed_forward(x + attended), (keys, values), weights


def _attention(weights: Iterator[np.ndarray], heads: int) -> MultiHeadAttention:
    query, key, value, output = [Dense(next(weights), next(weights)) for _ in range(4)]
    return MultiHeadAttention(heads, query, key, value, output)


def _same_pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Tells for packed rows which tokens of both belong to one pair, bool [rows, first, second]."""
    return first[:, PAIR, :, None] == second[:, PAIR, None]


class NearestNetwork(NumpyNetwork):
    """Translates a sentence as the most similar training sentence is translated.

    Args:
        model: The recipe.
        spec: Not used.
    """

    def __init__(self, model: NearestSentence, spec: Mapping[str, Any]) -> None:
        self.longest = model.longest_ngram
        self.weights = {side: np.zeros(0, np.uint8) for side in ("sources", "targets")}

    def fit_arrays(self, inputs: Sequence[str], targets: Sequence[str]) -> None:
        """Keeps the training pairs, as bytes."""
        self.weights = {"sources": _to_bytes(inputs), "targets": _to_bytes(targets)}

    @functools.cached_property
    def _index(self) -> tuple[Any, Any]:
        """The n-grams, and the columns of the training sentences."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, self.longest), sublinear_tf=True
        )
        sources = _from_bytes(self.weights["sources"])
        return vectorizer, vectorizer.fit_transform(sources).T.tocsr()

    def predict(self, inputs: Sequence[str]) -> list[str]:
        """Returns the translation of the nearest training sentence, of several the first."""
        vectorizer, columns = self._index
        targets = _from_bytes(self.weights["targets"])
        translations: list[str] = []
        for start in range(0, len(inputs), _BLOCK):
            rows = vectorizer.transform(inputs[start : start + _BLOCK])
            nearest = np.asarray((rows @ columns).argmax(axis=1)).ravel()
            translations += [targets[index] for index in nearest]
        return translations


def _to_bytes(texts: Sequence[str]) -> np.ndarray:
    """Encodes texts as a row of bytes, each ended by 0xff, which never occurs in UTF-8."""
    coded = b"".join(text.encode("utf-8", "surrogatepass") + b"\xff" for text in texts)
    return np.frombuffer(coded, np.uint8)


def _from_bytes(row: np.ndarray) -> list[str]:
    return [text.decode("utf-8", "surrogatepass") for text in row.tobytes().split(b"\xff")[:-1]]
