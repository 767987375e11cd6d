"""Networks of translation: what they share, and the published pair of LSTM layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deepzoo import KerasNetwork

from .beam_search import Decoded, decode
from .models import CharSeq2Seq


class TranslationNetwork(KerasNetwork):
    """A Keras network that also writes translations.

    Args:
        keras_model: From sources and targets so far to logits of the tokens that come next.
        spec: What it was built for.
        beam: Beginnings of a translation that it keeps; 1 is greedy search.
    """

    def __init__(self, keras_model: Any, spec: Mapping[str, Any], beam: int = 1) -> None:
        super().__init__(keras_model)
        self.spec, self.beam = spec, beam

    @property
    def variables(self) -> Sequence[Any]:
        """All Keras variables."""
        return self.model.variables

    def source_length(self, longest: int) -> int:
        """Returns the length to which sources of at most `longest` tokens are padded."""
        raise NotImplementedError

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Reads sources; returns what stays and what steps change (see `decoding.Decoder`)."""
        raise NotImplementedError

    def step_ops(self, tokens: Any, place: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Reads one token of each row; returns the logits of the next one and the state."""
        raise NotImplementedError

    @property
    def target_length(self) -> int:
        """The most tokens that are written: as many as the longest training target has."""
        return self.spec["target_length"]

    def translate(
        self, sources: Sequence[Sequence[int]], width: int | None = None
    ) -> list[Decoded]:
        """Translates tokens of sentences.

        Args:
            sources: One or more tokens of each sentence.
            width: Beginnings to keep for each, 1 is greedy search; its own number if None.
        """
        read = [source[: self.spec["source_length"]] for source in sources]
        return decode(self, read, self.beam if width is None else width)


class Seq2SeqNetwork(TranslationNetwork):
    """The published network: the encoder's last state is all that the decoder gets."""

    def source_length(self, longest: int) -> int:
        """Returns the one length it was trained with: the encoder reads padding, too."""
        return self.spec["source_length"]

    def start_ops(self, sources: Any) -> tuple[Any, Any]:
        """Reads the sources; nothing but the state of the encoder stays."""
        layer = self.model.get_layer
        _, *state = layer("encoder")(layer("source_vectors")(sources))
        return (), list(state)

    def step_ops(self, tokens: Any, place: Any, memory: Any, state: Any) -> tuple[Any, Any]:
        """Advances the decoder by one token."""
        layer: Any = self.model.get_layer
        vectors = layer("target_vectors")(tokens[:, None])[:, 0]
        x, state = layer("decoder").cell(vectors, state)
        return layer("logits")(x), list(state)


def build_seq2seq(model: CharSeq2Seq, spec: Mapping[str, Any]) -> Seq2SeqNetwork:
    """Builds the published network.

    Args:
        model: The recipe.
        spec: Sizes of the vocabularies, and lengths of the sentences.
    """
    import keras
    from keras import layers

    source = keras.Input((spec["source_length"],), dtype="int32", name="source")
    target = keras.Input((spec["target_length"],), dtype="int32", name="target")
    vectors = _vectors(model, spec["source_vocabulary"], "source_vectors")(source)
    _, *state = layers.LSTM(model.units, return_state=True, name="encoder")(vectors)
    vectors = _vectors(model, spec["target_vocabulary"], "target_vectors")(target)
    x = layers.LSTM(model.units, return_sequences=True, name="decoder")(
        vectors, initial_state=state
    )
    logits = layers.Dense(spec["target_vocabulary"], dtype="float32", name="logits")(x)
    return Seq2SeqNetwork(
        keras.Model((source, target), logits, name="char_seq2seq"), spec, model.beam
    )


def _vectors(model: CharSeq2Seq, vocabulary: int, name: str) -> Any:
    """Returns characters as vectors with a single one; words have too many for that."""
    import keras

    from .layers import OneHot

    if model.level == "characters":
        return OneHot(vocabulary, name=name)
    return keras.layers.Embedding(vocabulary, model.units, name=name)
