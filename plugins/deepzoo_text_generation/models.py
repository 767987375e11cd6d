"""Models of text generation: recurrent networks over characters or words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt

from deepzoo import Model, setting

if TYPE_CHECKING:
    import numpy as np


class TextModel(Model):
    """Base of all models that learn from windows of a text.

    Attributes:
        level: Whether a token is a `character` or a `word`.
        every_step: Whether it learns from every position of a window, or from its last.
        context: Tokens that it reads before those of a window.
    """

    task: ClassVar[str] = "text-generation"
    level: ClassVar[str] = "character"
    every_step = True
    context = 0

    sequence_length: Annotated[int, Ge(1)] = setting(100, "tokens in a training window")
    learn_end: bool = setting(True, "learn the end of a document as a token of its own")

    @property
    def stride(self) -> int:
        """Tokens between the starts of two windows."""
        return self.sequence_length

    def can_start_from(self, preprocessor: Mapping[str, Any], train: Any) -> bool:
        """Asks the vocabulary of the run whether it has most of the letters of the text."""
        from .prepare import text_chunks
        from .transfer import unfamiliar
        from .vocabulary import Vocabulary

        before = Vocabulary(**preprocessor)
        if before.level != self.level:
            return True  # refused by `transfer`, which says why
        pieces = (set(before.split(chunk)) for chunk in text_chunks(train.documents))
        return not unfamiliar(before, set[str]().union(*pieces))

    def transfer(
        self,
        trained: Mapping[str, np.ndarray],
        fresh: Mapping[str, np.ndarray],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> tuple[dict[str, np.ndarray], str]:
        """Matches tokens by their text: what the other vocabulary lacks begins fresh."""
        from .transfer import transfer
        from .vocabulary import Vocabulary

        return transfer(trained, fresh, Vocabulary(**before), Vocabulary(**after))


class RecurrentModel(TextModel):
    """What all recurrent Keras networks of this task share: tokens, windows, layers."""

    network = "networks:build_network"
    numpy_network = "mixture:numpy_network"

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
    dropout: Annotated[float, Ge(0), Lt(1)] = setting(0.0, "dropout rate after each layer")
    embedding_dropout: Annotated[float, Ge(0), Lt(1)] = setting(
        0.0, "dropout rate of the token vectors"
    )
    recurrent_initializer: Literal["orthogonal", "glorot_uniform"] = setting(
        "orthogonal", "initializer of the recurrent kernel"
    )
    step: Annotated[int, Ge(0)] = setting(
        0, "tokens between the starts of two windows; 0 is the sequence length"
    )
    every_step: bool = setting(
        True, "learn from every position of a window, not just from its last"
    )
    stateful: bool = setting(False, "carry the state from one batch to the next")
    counts: Annotated[int, Ge(0), Le(16)] = setting(
        0, "length of the n-grams that are counted and mixed with the network; 0 is off"
    )
    vocabulary_size: Annotated[int, Gt(1)] = setting(10_000, "most frequent words to keep")

    @property
    def context(self) -> int:
        """Tokens before a window that its n-grams reach back to."""
        return max(self.orders, default=1) - 1

    @property
    def stride(self) -> int:
        """Tokens between the starts of two windows."""
        return self.step or self.sequence_length


class CharBest(RecurrentModel):
    """The default: a GRU that also reads n-grams, trained on documents in order.

    The n-gram tables hold what a table of counts would, which leaves the GRU free for what
    lies further back. What it predicts is mixed with counts of n-grams, which know by heart
    what occurs again and again. The state is carried over the documents in order (truncated
    back-propagation through time), so windows can be short and steps many. AdamW with
    warm-up and cosine decay.
    """

    name = "char-best"
    small = 1_000_000
    """Characters below which a text has too few n-grams to learn vectors of them."""

    defaults = {
        "orders": (2, 3, 4, 5),
        "counts": 8,
        "dropout": 0.1,
        "embedding_dropout": 0.2,
        "sequence_length": 32,
        "batch_size": 32,
        "stateful": True,
        "order": "streams",
        "optimizer": "adamw",
        "epochs": 5,
        "learning_rate": 0.004,
        "weight_decay": 0.01,
        "schedule": "cosine",
        "warmup": 0.05,
        "clip_norm": 1.0,
    }

    def defaults_for(self, train: Any, fine_tuning: bool) -> dict[str, Any]:
        """Chooses size, epochs, batch size and dropout by the number of characters.

        A trained network has learned the language and needs two epochs. From scratch, counts
        alone know the n-grams of a small text. The smaller it is, the fewer units can be learned,
        and the more steps an epoch has.
        """
        from .prepare import count_characters

        if fine_tuning:
            return {"epochs": 2}
        size = count_characters(train.documents, self.small)
        if size >= self.small:
            return {}
        units, batch_size, epochs = 384, 16, min(16, 5_000_000 // size)
        if size < 150_000:
            units, batch_size, epochs = (192, 4, 15) if size < 50_000 else (256, 8, 16)
        chosen = {"units": units, "batch_size": batch_size, "epochs": epochs}
        return chosen | {"orders": (), "embedding": 32, "dropout": 0.3, "embedding_dropout": 0.1}


class CharGRU(RecurrentModel):
    """The published tweet generator: one GRU layer of 1024 units over characters.

    The state is carried from batch to batch although batches are shuffled, as published.
    """

    name = "char-gru"
    defaults = {
        "units": 1024,
        "embedding": 256,
        "recurrent_initializer": "glorot_uniform",
        "stateful": True,
        "learn_end": False,
    }


class CharLSTM(RecurrentModel):
    """The published novel generator: an LSTM that reads 40 characters and predicts the next."""

    name = "char-lstm"
    defaults = {
        "cell": "lstm",
        "units": 180,
        "embedding": 0,
        "sequence_length": 40,
        "step": 3,
        "every_step": False,
        "learn_end": False,
        "optimizer": "rmsprop",
        "learning_rate": 0.01,
        "batch_size": 128,
        "epochs": 60,
    }


class CharRNN(RecurrentModel):
    """A plain tanh RNN over characters: what gates improve upon."""

    name = "char-rnn"
    defaults = {"cell": "rnn", "units": 256, "stateful": True, "order": "streams", "clip_norm": 1.0}


class WordGRU(RecurrentModel):
    """A GRU over words and the punctuation and spaces between them."""

    name = "word-gru"
    level = "word"
    defaults = {
        "embedding": 128,
        "sequence_length": 50,
        "stateful": True,
        "order": "streams",
        "learning_rate": 0.002,
        "dropout": 0.2,
        "clip_norm": 1.0,
    }


class NumpyRNN(TextModel):
    """A tanh RNN in plain NumPy, from the equations to the update, to be read.

    The defaults are the published settings. A batch is one sequence, continued by the next.
    """

    name = "numpy-rnn"
    framework = "numpy"
    network = "numpy_rnn:NumpyRNNNetwork"
    numpy_network = "numpy_networks:NumpyTextNetwork"
    training_settings = (
        "epochs",
        "batch_size",
        "order",
        "optimizer",
        "learning_rate",
        "schedule",
        "warmup",
        "clip",
        "clip_norm",
    )
    # In the terms of the other models it is one layer of cells over one-hot characters.
    cell, layers, embedding = "rnn", 1, 0
    orders, residual = (), False
    defaults = {
        "sequence_length": 25,
        "learn_end": False,
        "epochs": 6,
        "batch_size": 1,
        "order": "streams",
        "learning_rate": 0.1,
        "clip": 5.0,
    }

    units: Annotated[int, Ge(1)] = setting(100, "hidden units")
    deviation: Annotated[float, Gt(0)] = setting(
        0.1, "standard deviation of the initial weights and biases"
    )
    l2: Annotated[float, Ge(0)] = setting(
        0.0, "strength of the Gaussian prior on the weights; 0 is off"
    )
    sample_steps: Annotated[int, Ge(0)] = setting(
        10_000, "steps between samples of 200 characters, the first after one step; 0 is off"
    )
    optimizer: Literal["adagrad"] = setting("adagrad", "update rule")


MODELS: tuple[type[Model], ...] = (CharBest, CharGRU, CharLSTM, CharRNN, WordGRU, NumpyRNN)
