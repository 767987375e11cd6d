"""Models of translation: the published pair of recurrent layers, and a small Transformer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting

WIDEST = 32  # beginnings of a translation that may be kept


class TranslationModel(Model):
    """What all networks of translation share.

    Attributes:
        joint: Whether both languages share one vocabulary, and pairs share rows.
    """

    task: ClassVar[str] = "translation"
    joint: ClassVar[bool] = False

    level: Literal["characters", "words", "subwords"] = setting(
        "characters", "whether a token is a character, a word or a frequent piece of a word"
    )
    longest: Annotated[int, Ge(1)] = setting(
        100, "tokens of a sentence at most; longer training pairs are left out"
    )
    beam: Annotated[int, Ge(1), Le(WIDEST)] = setting(
        1, "beginnings of a translation that are kept while it is written; 1 is greedy"
    )


class CharSeq2Seq(TranslationModel):
    """One LSTM reads the sentence, another one writes the translation from its last state.

    The network of the first Keras example of its kind (2017): it reads characters as vectors
    with a single one, or words as vectors it learns, and learns to continue the true
    translation (teacher forcing).
    """

    name = "char-seq2seq"

    level: Literal["characters", "words"] = setting(
        "characters", "whether a token is a character or a word"
    )
    units: Annotated[int, Ge(1)] = setting(256, "units of each of the two LSTM layers")
    vocabulary_size: Annotated[int, Gt(4)] = setting(
        10_000, "the most frequent words that are kept"
    )
    epochs: Annotated[int, Ge(1)] = setting(100, "passes over the training split")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "rmsprop", "update rule"
    )

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for two vocabularies."""
        from .networks import build_seq2seq

        return build_seq2seq(self, spec)


class TransformerSmall(TranslationModel):
    """Our default: a small Transformer on pieces of words (Vaswani et al., 2017).

    Attention lets each written token look at the whole source. Layers are normalised first
    (Xiong et al., 2020), one table of vectors serves both languages and the output, and
    several pairs share a row of tokens, so that little is wasted on padding.
    """

    name = "transformer-small"
    joint: ClassVar[bool] = True

    level: Literal["characters", "words", "subwords"] = setting(
        "subwords", "whether a token is a character, a word or a frequent piece of a word"
    )
    vocabulary_size: Annotated[int, Gt(4)] = setting(
        4000, "the most pieces or words that are kept, of both languages together"
    )
    longest: Annotated[int, Ge(1)] = setting(
        63, "tokens of a sentence at most, one less than a row; longer training pairs are left out"
    )
    width: Annotated[int, Ge(2)] = setting(192, "size of the token vectors")
    layers: Annotated[int, Ge(1)] = setting(3, "blocks that read, and as many that write")
    heads: Annotated[int, Ge(1)] = setting(4, "heads of each attention; they divide the width")
    hidden: Annotated[int, Ge(1)] = setting(768, "units of the dense layer in each block")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "share dropped after each layer")
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = setting(
        0.1, "share of each training target that is spread over all tokens"
    )
    epochs: Annotated[int, Ge(1)] = setting(10, "passes over the training split")
    batch_size: Annotated[int, Ge(1)] = setting(8, "rows of about seven pairs per step")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "adamw", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(0.001, "peak step size")
    weight_decay: Annotated[float, Ge(0)] = setting(0.01, "decoupled weight decay of adamw")
    schedule: Literal["constant", "cosine", "linear"] = setting(
        "cosine", "how the learning rate falls over the planned steps"
    )
    warmup: Annotated[float, Ge(0), Lt(1)] = setting(0.05, "share of the steps that warm up")
    clip_norm: Annotated[float, Ge(0)] = setting(1.0, "largest global norm of the gradients")

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for one vocabulary."""
        from .transformer import build_transformer

        return build_transformer(self, spec)


MODELS: tuple[type[Model], ...] = (TransformerSmall, CharSeq2Seq)
