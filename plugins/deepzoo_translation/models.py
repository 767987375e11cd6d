"""Models of translation: the published pair of recurrent layers, and a small Transformer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting

WIDEST = 32  # largest beam width


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
        100, "maximum number of tokens of a sentence; longer training pairs are left out"
    )
    vocabulary_size: Annotated[int, Gt(4)] = setting(
        10_000, "the most frequent words that are kept"
    )
    beam: Annotated[int, Ge(1), Le(WIDEST)] = setting(1, "beam width; 1 is greedy search")


class CharSeq2Seq(TranslationModel):
    """An LSTM encodes the sentence; another LSTM writes the translation from its last state.

    The network of the first Keras example of its kind (2017). It reads characters as one-hot
    vectors, or words as embeddings, and learns to continue the true translation (teacher
    forcing).
    """

    name = "char-seq2seq"
    network = "networks:build_seq2seq"
    defaults = {"epochs": 100, "optimizer": "rmsprop"}

    level: Literal["characters", "words"] = setting(
        "characters", "whether a token is a character or a word"
    )
    units: Annotated[int, Ge(1)] = setting(256, "units of each of the two LSTM layers")


class TransformerSmall(TranslationModel):
    """The default: a small Transformer on subwords (Vaswani et al., 2017).

    Attention lets each output token read the whole source. Layers normalise their input first
    (Xiong et al., 2020), one embedding serves both languages and the output, and several pairs
    share a row of tokens, so that little is wasted on padding.
    """

    name = "transformer-small"
    network = "networks:build_transformer"
    numpy_network = "numpy_networks:NumpyTransformer"
    numpy_limit = 2_000  # short sentences, with a beam of 4 too
    joint: ClassVar[bool] = True
    defaults = {
        "level": "subwords",
        "longest": 63,  # and the start or end token: rows of 64
        "epochs": 10,
        "optimizer": "adamw",
        "learning_rate": 0.001,
        "weight_decay": 0.01,
        "schedule": "cosine",
        "warmup": 0.05,
        "clip_norm": 1.0,
    }

    vocabulary_size: Annotated[int, Gt(4)] = setting(
        4000, "maximum number of subwords or words to keep, for both languages together"
    )
    width: Annotated[int, Ge(2)] = setting(192, "size of the token vectors")
    layers: Annotated[int, Ge(1)] = setting(3, "encoder layers, and as many decoder layers")
    heads: Annotated[int, Ge(1)] = setting(4, "heads of each attention; they divide the width")
    hidden: Annotated[int, Ge(1)] = setting(768, "hidden units of each feed-forward network")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "dropout rate after each sub-layer")
    label_smoothing: Annotated[float, Ge(0), Lt(1)] = setting(
        0.1, "probability of each training target that is spread over all tokens"
    )
    batch_size: Annotated[int, Ge(1)] = setting(8, "rows of about seven pairs per step")


MODELS: tuple[type[Model], ...] = (TransformerSmall, CharSeq2Seq)
