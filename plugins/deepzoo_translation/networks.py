"""Networks of translation: the published pair of LSTM layers, and a small Transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import KerasNetwork
from deepzoo.errors import UsageError

from .beam_search import Decoder, Hypothesis, decode
from .packing import PAIR, POSITION, TOKEN
from .vocabulary import PAD, START

if TYPE_CHECKING:
    from .models import CharSeq2Seq, TransformerSmall

_SHORTEST = 16  # source length of the smallest program that is compiled


class TranslationNetwork(KerasNetwork, Decoder):
    """A Keras network that also translates.

    Args:
        keras_model: From sources and target prefixes to logits of the next tokens.
        spec: The sizes it was built for.
        beam: Beam width; 1 is greedy search.
    """

    def __init__(self, keras_model: Any, spec: Mapping[str, Any], beam: int = 1) -> None:
        super().__init__(keras_model)
        self.spec, self.beam = spec, beam

    @property
    def variables(self) -> Sequence[Any]:
        """All Keras variables."""
        return self.model.variables

    def source_length(self, longest: int) -> int:
        """Returns the length it was trained with: an encoder may read padding, too."""
        return self.spec["source_length"]

    @property
    def target_length(self) -> int:
        """Length of the longest translation: that of the longest training target."""
        return self.spec["target_length"]

    def translate(
        self, sources: Sequence[Sequence[int]], width: int | None = None
    ) -> list[Hypothesis]:
        """Translates tokens of sentences.

        Args:
            sources: One or more tokens of each sentence.
            width: Beam width, 1 is greedy search; `beam` if None.
        """
        sources = [source[: self.spec["source_length"]] for source in sources]
        return decode(self, sources, self.beam if width is None else width)


def build_seq2seq(model: CharSeq2Seq, spec: Mapping[str, Any]) -> Seq2SeqNetwork:
    """Builds the published network.

    Args:
        model: The recipe.
        spec: Sizes of the vocabularies, and lengths of the sentences.
    """
    import keras
    from keras import layers

    from .layers import OneHot

    def vectors(vocabulary: int, name: str) -> Any:
        if model.level == "characters":
            return OneHot(vocabulary, name=name)
        return layers.Embedding(vocabulary, model.units, name=name)

    source = keras.Input((spec["source_length"],), dtype="int32", name="source")
    target = keras.Input((spec["target_length"],), dtype="int32", name="target")
    x = vectors(spec["source_vocabulary"], "source_vectors")(source)
    _, *state = layers.LSTM(model.units, return_state=True, name="encoder")(x)
    x = vectors(spec["target_vocabulary"], "target_vectors")(target)
    x = layers.LSTM(model.units, return_sequences=True, name="decoder")(x, initial_state=state)
    logits = layers.Dense(spec["target_vocabulary"], dtype="float32", name="logits")(x)
    keras_model = keras.Model((source, target), logits, name="char_seq2seq")
    return Seq2SeqNetwork(keras_model, spec, model.beam)


class Seq2SeqNetwork(TranslationNetwork):
    """The published network: the decoder gets the encoder's last state and nothing else."""

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Encodes the sources."""
        layer = self.model.get_layer
        _, *state = layer("encoder")(layer("source_vectors")(sources))
        return (), list(state)

    def step_ops(self, tokens: Any, position: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Advances the decoder by one token."""
        layer: Any = self.model.get_layer
        vectors = layer("target_vectors")(tokens[:, None])[:, 0]
        x, state = layer("decoder").cell(vectors, state)
        return layer("logits")(x), list(state)


def build_transformer(model: TransformerSmall, spec: Mapping[str, Any]) -> TransformerNetwork:
    """Builds the Transformer for packed rows.

    Args:
        model: The recipe.
        spec: Size of the vocabulary, and the core's `seed`.

    Raises:
        UsageError: The width is not a multiple of the number of heads.
    """
    import keras
    from keras import layers, ops

    from .layers import DecoderLayer, EncoderLayer, LabelSmoothing, PositionalEncoding

    if model.width % model.heads:
        raise UsageError(
            f"heads is {model.heads}, expected a number that divides the width {model.width}."
        )
    shape = (3, model.longest + 1)
    source: Any = keras.Input(shape, dtype="int32", name="source")
    target: Any = keras.Input(shape, dtype="int32", name="target")
    embedding = layers.ReversibleEmbedding(
        spec["source_vocabulary"],
        model.width,
        keras.initializers.RandomNormal(stddev=model.width**-0.5),  # pyright: ignore[reportArgumentType]
        name="token_embedding",
    )
    encoding = PositionalEncoding(name="positional_encoding")
    dropout = layers.Dropout(model.dropout, seed=spec["seed"], name="dropout")
    sizes = (model.width, model.heads, model.hidden, model.dropout)
    seeds = iter(range(spec["seed"] + 1, spec["seed"] + 2 * model.layers + 1))
    encoder_mask, decoder_mask, cross_mask = _attention_masks(source, target)

    memory, x = (
        dropout(encoding(embedding(row[:, TOKEN]), row[:, POSITION])) for row in (source, target)
    )
    for n in range(1, model.layers + 1):
        memory = EncoderLayer(*sizes, next(seeds), name=f"encoder_layer{n}")(memory, encoder_mask)
    memory = layers.LayerNormalization(name="encoder_norm")(memory)
    for n in range(1, model.layers + 1):
        layer = DecoderLayer(*sizes, next(seeds), name=f"decoder_layer{n}")
        x = layer(x, decoder_mask, memory, cross_mask)
    x = layers.LayerNormalization(name="decoder_norm")(x)
    logits = LabelSmoothing(model.label_smoothing, name="logits")(
        embedding(x, reverse=True), ops.not_equal(target[:, PAIR], 0)
    )
    keras_model = keras.Model((source, target), logits, name="transformer_small")
    return TransformerNetwork(keras_model, spec, model.beam)


def _attention_masks(source: Any, target: Any) -> tuple[Any, Any, Any]:
    """Returns the masks of encoder, decoder and cross-attention: within a pair, not ahead."""
    from keras import ops

    def same_pair(first: Any, second: Any) -> Any:
        return ops.equal(first[:, PAIR][:, :, None], second[:, PAIR][:, None])

    positions = target[:, POSITION]
    causal = ops.less_equal(positions[:, None], positions[:, :, None])
    return (
        same_pair(source, source),
        ops.logical_and(same_pair(target, target), causal),
        same_pair(target, source),
    )


class TransformerNetwork(TranslationNetwork):
    """A Transformer that caches keys and values while it translates."""

    def source_length(self, longest: int) -> int:
        """Returns a power of two, so that few shapes are compiled."""
        return max(_SHORTEST, 1 << (longest - 1).bit_length())

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Encodes the sources; returns their keys and values of each layer, and empty caches."""
        import keras

        ops: Any = keras.ops
        mask = (sources != PAD)[:, None]
        x = self._embed(sources, ops.arange(sources.shape[1]))
        for layer in self._layers("encoder"):
            x = layer(x, mask)
        x = self.model.get_layer("encoder_norm")(x)
        projected = [
            layer.cross_attention.project_keys_values(x) for layer in self._layers("decoder")
        ]
        keys, _ = projected[0]
        shape = (keys.shape[0], keys.shape[1], self.target_length, keys.shape[3])
        caches = [[ops.zeros(shape, keys.dtype) for _ in range(2)] for _ in projected]
        return {"mask": mask, "projected": projected}, caches

    def step_ops(self, tokens: Any, position: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Advances the decoder by one token."""
        logits, state, _ = self._step(tokens, position, memory, state)
        return logits, state

    def attention_weights(self, source: Sequence[int], target: Sequence[int]) -> np.ndarray:
        """Returns the cross-attention weights of the last layer, averaged over its heads.

        Args:
            source: Tokens of a sentence.
            target: Tokens of its translation.

        Returns:
            float [target + 1, source], rows that sum to 1; the last row is of the end token.
        """
        from keras import ops

        memory, state = self.start_ops(ops.convert_to_tensor([list(source)], dtype="int32"))
        rows = []
        for position, token in enumerate([START, *target][: self.target_length]):
            tokens = ops.convert_to_tensor([token], dtype="int32")
            _, state, weights = self._step(tokens, position, memory, state)
            rows.append(np.asarray(ops.convert_to_numpy(weights))[0, :, 0].mean(axis=0))
        return np.stack(rows)

    def _step(self, tokens: Any, position: Any, memory: Any, state: Any) -> tuple[Any, Any, Any]:
        """Advances by one token; returns the attention weights of the last layer, too."""
        import keras

        x = self._embed(tokens[:, None], keras.ops.reshape(position, (1, 1)))
        caches, weights = [], None
        layers = zip(self._layers("decoder"), state, memory["projected"], strict=True)
        for layer, cache, projected in layers:
            x, cache, weights = layer.step(x, position, cache, projected, memory["mask"])
            caches.append(cache)
        x = self.model.get_layer("decoder_norm")(x)
        logits = self.model.get_layer("token_embedding")(x, reverse=True)
        return logits[:, 0], caches, weights

    def _embed(self, tokens: Any, positions: Any) -> Any:
        vectors = self.model.get_layer("token_embedding")(tokens)
        return self.model.get_layer("positional_encoding")(vectors, positions)

    def _layers(self, side: str) -> list[Any]:
        return [layer for layer in self.model.layers if layer.name.startswith(f"{side}_layer")]
