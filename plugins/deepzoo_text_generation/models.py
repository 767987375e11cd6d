"""Models of text generation: recurrent networks over characters or words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting
from deepzoo.errors import UsageError

if TYPE_CHECKING:
    import numpy as np


class TextModel(Model):
    """What all recurrent text models share: tokens, windows, layers.

    Attributes:
        level: Whether a token is a character or a word.
    """

    task: ClassVar[str] = "text-generation"
    level: ClassVar[str] = "character"

    cell: Literal["gru", "lstm", "rnn"] = setting("gru", "kind of recurrent layer")
    units: Annotated[int, Ge(1)] = setting(512, "units of each recurrent layer")
    layers: Annotated[int, Ge(1)] = setting(1, "recurrent layers")
    residual: bool = setting(False, "add the input of the second and later layers to their output")
    embedding: Annotated[int, Ge(0)] = setting(64, "size of the token vectors; 0 is one-hot")
    orders: tuple[Annotated[int, Ge(2)], ...] = setting(
        (), "lengths of the n-grams that are embedded with each token"
    )
    # Beyond that the hash would not fit 32 bits.
    buckets: Annotated[int, Ge(1), Le(10_000_000)] = setting(8192, "rows of each n-gram table")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.0, "share dropped after each layer")
    embedding_dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "share of the token vectors dropped"
    )
    recurrent_initializer: Literal["orthogonal", "glorot_uniform"] = setting(
        "orthogonal", "how the recurrent kernel starts"
    )
    sequence_length: Annotated[int, Ge(1)] = setting(100, "tokens in a training window")
    step: Annotated[int, Ge(0)] = setting(0, "tokens between windows; 0 is the sequence length")
    every_step: bool = setting(True, "learn from every position of a window, or its last alone")
    stateful: bool = setting(False, "carry the state from one batch to the next")
    learn_end: bool = setting(True, "learn the end of a document as a token of its own")
    vocabulary_size: Annotated[int, Gt(1)] = setting(10_000, "most frequent words to keep")

    @property
    def context(self) -> int:
        """Tokens before a window that its n-grams reach back to."""
        return max(self.orders, default=1) - 1

    @property
    def stride(self) -> int:
        """Tokens between the starts of two windows."""
        return self.step or self.sequence_length

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for a vocabulary."""
        from .networks import TextNetwork, build_keras

        if self.order == "streams" and self.stride != self.sequence_length:
            raise UsageError(
                "order=streams needs windows that follow each other: "
                f"step is {self.stride}, sequence_length is {self.sequence_length}.",
                "Leave step at 0, or use --set order=shuffled.",
            )
        return TextNetwork(build_keras(self, spec), self, spec)

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
        """Builds the framework-free twin."""
        from .numpy_networks import NumpyTextNetwork

        return NumpyTextNetwork(self, spec, arrays)


class CharBest(TextModel):
    """Our default: a GRU that also sees n-grams, trained on documents in order.

    The n-gram tables hold what a table of counts would, so that the GRU is free for what
    lies further back; the state is carried over the documents in order (truncated
    back-propagation through time), so that windows can be short and steps many; AdamW with
    warm-up and cosine decay.
    """

    name = "char-best"

    units: Annotated[int, Ge(1)] = setting(512, "units of each recurrent layer")
    orders: tuple[Annotated[int, Ge(2)], ...] = setting(
        (2, 3, 4, 5), "lengths of the n-grams that are embedded with each token"
    )
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.1, "share dropped after each layer")
    embedding_dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.2, "share of the token vectors dropped, against learning n-grams by heart"
    )
    sequence_length: Annotated[int, Ge(1)] = setting(32, "tokens in a training window")
    batch_size: Annotated[int, Ge(1)] = setting(32, "windows per step")
    stateful: bool = setting(True, "carry the state from one batch to the next")
    order: Literal["shuffled", "streams"] = setting("streams", "documents in order")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "adamw", "update rule"
    )
    epochs: Annotated[int, Ge(1)] = setting(5, "passes over the training split")
    learning_rate: Annotated[float, Gt(0)] = setting(0.004, "peak step size")
    weight_decay: Annotated[float, Ge(0)] = setting(0.01, "decoupled weight decay")
    schedule: Literal["constant", "cosine", "linear"] = setting("cosine", "fall of the rate")
    warmup: Annotated[float, Ge(0), Lt(1)] = setting(0.05, "share of the steps that warm up")
    clip_norm: Annotated[float, Ge(0)] = setting(1.0, "largest global norm of the gradients")


class CharGRU(TextModel):
    """The published tweet generator: one GRU layer of 1024 units over characters."""

    name = "char-gru"

    units: Annotated[int, Ge(1)] = setting(1024, "units of each recurrent layer")
    embedding: Annotated[int, Ge(0)] = setting(256, "size of the character vectors; 0 is one-hot")
    recurrent_initializer: Literal["orthogonal", "glorot_uniform"] = setting(
        "glorot_uniform", "how the recurrent kernel starts"
    )
    stateful: bool = setting(True, "carry the state, though batches are shuffled, as published")
    learn_end: bool = setting(False, "learn the end of a document as a token of its own")


class CharLSTM(TextModel):
    """The published novel generator: an LSTM that reads 40 characters and predicts the next."""

    name = "char-lstm"

    cell: Literal["gru", "lstm", "rnn"] = setting("lstm", "kind of recurrent layer")
    units: Annotated[int, Ge(1)] = setting(180, "units of each recurrent layer")
    embedding: Annotated[int, Ge(0)] = setting(0, "size of the character vectors; 0 is one-hot")
    sequence_length: Annotated[int, Ge(1)] = setting(40, "characters in a training window")
    step: Annotated[int, Ge(0)] = setting(3, "characters between windows")
    every_step: bool = setting(False, "learn from every position of a window, or its last alone")
    learn_end: bool = setting(False, "learn the end of a document as a token of its own")
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad"] = setting(
        "rmsprop", "update rule"
    )
    learning_rate: Annotated[float, Gt(0)] = setting(0.01, "step size of the update rule")
    batch_size: Annotated[int, Ge(1)] = setting(128, "windows per step")
    epochs: Annotated[int, Ge(1)] = setting(60, "passes over the training split")


class CharRNN(TextModel):
    """A plain tanh RNN over characters: what gates improve upon."""

    name = "char-rnn"

    cell: Literal["gru", "lstm", "rnn"] = setting("rnn", "kind of recurrent layer")
    units: Annotated[int, Ge(1)] = setting(256, "units of each recurrent layer")
    stateful: bool = setting(True, "carry the state from one batch to the next")
    order: Literal["shuffled", "streams"] = setting("streams", "documents in order")
    clip_norm: Annotated[float, Ge(0)] = setting(1.0, "largest global norm of the gradients")


class WordGRU(TextModel):
    """A GRU over words and the marks and spaces between them."""

    name = "word-gru"
    level = "word"

    units: Annotated[int, Ge(1)] = setting(512, "units of each recurrent layer")
    embedding: Annotated[int, Ge(0)] = setting(128, "size of the word vectors; 0 is one-hot")
    sequence_length: Annotated[int, Ge(1)] = setting(50, "words in a training window")
    stateful: bool = setting(True, "carry the state from one batch to the next")
    order: Literal["shuffled", "streams"] = setting("streams", "documents in order")
    learning_rate: Annotated[float, Gt(0)] = setting(0.002, "step size of the update rule")
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.2, "share dropped after each layer")
    clip_norm: Annotated[float, Ge(0)] = setting(1.0, "largest global norm of the gradients")


class NumpyRNN(Model):
    """A tanh RNN in plain NumPy, from the equations to the update: the one to read.

    The published settings. One sequence is a batch; the next continues it.
    """

    name = "numpy-rnn"
    task: ClassVar[str] = "text-generation"
    framework: ClassVar[str] = "numpy"
    level: ClassVar[str] = "character"
    # What its twin asks a recipe: one layer of cells over one-hot characters.
    cell: ClassVar[str] = "rnn"
    layers: ClassVar[int] = 1
    embedding: ClassVar[int] = 0
    orders: ClassVar[tuple[int, ...]] = ()
    residual: ClassVar[bool] = False
    every_step: ClassVar[bool] = True
    context: ClassVar[int] = 0

    units: Annotated[int, Ge(1)] = setting(100, "hidden units")
    sequence_length: Annotated[int, Ge(1)] = setting(25, "characters in a training sequence")
    deviation: Annotated[float, Gt(0)] = setting(
        0.1, "standard deviation of the weights and biases that are drawn"
    )
    l2: Annotated[float, Ge(0)] = setting(
        0.0, "strength of the Gaussian prior on the weights; 0 is off"
    )
    learn_end: bool = setting(False, "learn the end of a document as a token of its own")
    sample_steps: Annotated[int, Ge(0)] = setting(
        10_000,
        "steps between samples of 200 characters, the first after one; 0 writes none",
    )
    epochs: Annotated[int, Ge(1)] = setting(6, "passes over the training split")
    batch_size: Annotated[int, Ge(1)] = setting(1, "sequences per step")
    order: Literal["shuffled", "streams"] = setting("streams", "documents in order")
    optimizer: Literal["adagrad"] = setting("adagrad", "update rule")
    learning_rate: Annotated[float, Gt(0)] = setting(0.1, "step size of the update rule")
    clip: Annotated[float, Ge(0)] = setting(5.0, "clip each gradient to [-clip, clip]; 0 is off")

    @property
    def stride(self) -> int:
        """Characters between the starts of two sequences."""
        return self.sequence_length

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the network and draws its weights."""
        from .numpy_rnn import NumpyRNNNetwork

        for name in ("momentum", "weight_decay", "average", "loss"):
            value = getattr(self, name)
            if value:
                raise UsageError(
                    f"{self.name} has no {name}: expected it to be left out; received {value!r}.",
                    "Its L2 is called l2." if name == "weight_decay" else "",
                )
        return NumpyRNNNetwork(self, spec)

    def from_arrays(self, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
        """Builds the network that only emits characters."""
        from .numpy_networks import NumpyTextNetwork

        return NumpyTextNetwork(self, spec, arrays)


MODELS: tuple[type[Model], ...] = (CharBest, CharGRU, CharLSTM, CharRNN, WordGRU, NumpyRNN)
