"""The default network of translation: a small Transformer with caches for writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepzoo.errors import UsageError

from .models import TransformerSmall
from .networks import TranslationNetwork
from .packing import PAIR, PLACE, TOKEN
from .vocabulary import PAD, START

_SHORTEST = 16


class TransformerNetwork(TranslationNetwork):
    """A Transformer under the core's adapter that also writes translations.

    Args:
        keras_model: From packed rows to logits.
        spec: What it was built for.
        beam: Beginnings of a translation that it keeps.
        layers: Number of blocks that read, and of those that write.
    """

    def __init__(self, keras_model: Any, spec: Mapping[str, Any], beam: int, layers: int) -> None:
        super().__init__(keras_model, spec, beam)
        self.layers = layers

    def source_length(self, longest: int) -> int:
        """Returns a power of two, so that few shapes are compiled."""
        length = _SHORTEST
        while length < longest:
            length *= 2
        return length

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Reads the sources; keeps keys and values of every block, and makes empty caches."""
        import keras

        ops: Any = keras.ops
        visible = (sources != PAD)[:, None]
        x = self._vectors(sources, ops.arange(sources.shape[1]))
        for block in self._blocks("reader"):
            x = block(x, visible)
        x = self._layer("reader_norm")(x)
        writers = self._blocks("writer")
        memory = {"visible": visible, "source": [block.source.remember(x) for block in writers]}
        keys = memory["source"][0][0]
        shape = (keys.shape[0], keys.shape[1], self.target_length, keys.shape[3])
        return memory, [[ops.zeros(shape, keys.dtype) for _ in range(2)] for _ in writers]

    def step_ops(self, tokens: Any, place: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Advances by one token."""
        logits, state, _ = self._step(tokens, place, memory, state)
        return logits, state

    def attention(self, source: Sequence[int], target: Sequence[int]) -> np.ndarray:
        """Returns how much each written token looked at each token of the source.

        Args:
            source: Tokens of a sentence.
            target: Tokens of its translation.

        Returns:
            float [target + 1, source], rows that sum to 1: means over the heads of the last
            block. The last row is that of the end.
        """
        from keras import ops

        memory, state = self.start_ops(ops.convert_to_tensor([list(source)], dtype="int32"))
        rows = []
        for place, token in enumerate([START, *target][: self.target_length]):
            tokens = ops.convert_to_tensor([token], dtype="int32")
            _, state, shares = self._step(tokens, place, memory, state)
            rows.append(np.asarray(ops.convert_to_numpy(shares))[0, :, 0].mean(axis=0))
        return np.stack(rows)

    def _step(self, tokens: Any, place: Any, memory: Any, state: Any) -> tuple[Any, Any, Any]:
        import keras

        ops: Any = keras.ops
        x = self._vectors(tokens[:, None], ops.reshape(place, (1, 1)))
        caches, shares = [], None
        parts = zip(self._blocks("writer"), state, memory["source"], strict=True)
        for block, cache, source in parts:
            x, cache, shares = block.step(x, place, cache, source, memory["visible"])
            caches.append(cache)
        x = self._layer("writer_norm")(x)
        return self._layer("tokens")(x, reverse=True)[:, 0], caches, shares

    def _vectors(self, tokens: Any, places: Any) -> Any:
        return self._layer("placed")(self._layer("tokens")(tokens), places)

    def _blocks(self, kind: str) -> list[Any]:
        return [self._layer(f"{kind}{number}") for number in range(1, self.layers + 1)]

    def _layer(self, name: str) -> Any:
        return self.model.get_layer(name)


def build_transformer(model: TransformerSmall, spec: Mapping[str, Any]) -> TransformerNetwork:
    """Builds the network for packed rows.

    Args:
        model: The recipe.
        spec: Size of the vocabulary, and the core's `seed`.

    Raises:
        UsageError: The heads do not divide the width.
    """
    import keras
    from keras import ops

    from .layers import Placed, Reader, Smoothed, Writer

    if model.width % model.heads:
        raise UsageError(
            f"heads is {model.heads}, expected a number that divides the width {model.width}."
        )
    shape = (3, model.longest + 1)
    source, target = (_input(shape, name) for name in ("source", "target"))
    table = keras.layers.ReversibleEmbedding(
        spec["source_vocabulary"],
        model.width,
        keras.initializers.RandomNormal(stddev=model.width**-0.5),  # pyright: ignore[reportArgumentType]
        name="tokens",
    )
    placed = Placed(name="placed")
    drop = keras.layers.Dropout(model.dropout, seed=spec["seed"], name="drop")
    memory, x = (drop(placed(table(row[:, TOKEN]), row[:, PLACE])) for row in (source, target))
    itself, so_far, across = _visible(source, target)
    sizes = (model.width, model.heads, model.hidden, model.dropout)
    for number in range(1, model.layers + 1):
        memory = Reader(*sizes, spec["seed"] + number, name=f"reader{number}")(memory, itself)
    memory = keras.layers.LayerNormalization(name="reader_norm")(memory)
    for number in range(1, model.layers + 1):
        block = Writer(*sizes, spec["seed"] + model.layers + number, name=f"writer{number}")
        x = block(x, so_far, memory, across)
    x = keras.layers.LayerNormalization(name="writer_norm")(x)
    logits = Smoothed(model.label_smoothing, name="logits")(
        table(x, reverse=True), ops.not_equal(target[:, PAIR], 0)
    )
    keras_model = keras.Model((source, target), logits, name="transformer_small")
    return TransformerNetwork(keras_model, spec, model.beam, model.layers)


def _input(shape: tuple[int, int], name: str) -> Any:
    import keras

    return keras.Input(shape, dtype="int32", name=name)


def _visible(source: Any, target: Any) -> tuple[Any, Any, Any]:
    """Says which tokens of a row look at which: those of the same pair, written so far."""
    from keras import ops

    def same(first: Any, second: Any) -> Any:
        return ops.equal(first[:, PAIR][:, :, None], second[:, PAIR][:, None])

    places = target[:, PLACE]
    earlier = ops.less_equal(places[:, None], places[:, :, None])
    return (
        same(source, source),
        ops.logical_and(same(target, target), earlier),
        same(target, source),
    )
