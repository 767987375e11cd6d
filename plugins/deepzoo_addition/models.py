"""Models of addition: the published encoder and decoder, a carrying one, and one in NumPy."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from annotated_types import Ge

from deepzoo import Model, setting


class SumModel(Model):
    """Base of all models of addition.

    Attributes:
        encoding: How a network sees a question: as `characters` or in `columns`.
        outputs: What its network returns: `logits` of each token, or tokens as `values`.
    """

    task: ClassVar[str] = "addition"
    encoding: ClassVar[str] = "columns"
    outputs: ClassVar[Any] = "logits"
    defaults = {"batch_size": 128}


class Seq2SeqLSTM(SumModel):
    """An LSTM reads the question, another one writes the answer, as published."""

    name = "seq2seq-lstm"
    network = "networks:build_seq2seq"
    encoding = "characters"
    defaults = {"epochs": 200}

    units: Annotated[int, Ge(1)] = setting(128, "units of each LSTM")
    layers: Annotated[int, Ge(1)] = setting(1, "LSTMs of the decoder")
    reverse: bool = setting(True, "read the question from its end")


class ColumnGRU(SumModel):
    """Two GRUs over columns of digits: one carries, the other finds the leading digit.

    It is told which digits share a column, and answers sums of numbers of any length.
    """

    name = "column-gru"
    network = "networks:build_columns"
    numpy_network = "numpy_networks:NumpyColumns"
    numpy_limit = 20_000
    defaults = {"epochs": 20, "learning_rate": 0.005, "schedule": "cosine", "warmup": 0.02}

    units: Annotated[int, Ge(1)] = setting(64, "units of each GRU")


class BinaryAdder(SumModel):
    """A recurrent network in plain NumPy that adds bit by bit from the right, as published.

    Sixteen sigmoid units without biases, the squared error, and one step of gradient descent
    after each sum.
    """

    name = "binary-adder"
    network = "binary_adder:BinaryAdderNetwork"
    framework: ClassVar[str] = "numpy"
    outputs = "values"
    training_settings: ClassVar[tuple[str, ...] | None] = (
        "epochs",
        "batch_size",
        "order",
        "learning_rate",
        "schedule",
        "warmup",
    )
    defaults = {"epochs": 1, "batch_size": 1, "learning_rate": 0.1}

    units: Annotated[int, Ge(1)] = setting(16, "hidden units")
    sample_steps: Annotated[int, Ge(0)] = setting(1000, "print a sum every N steps; 0 is off")


MODELS: tuple[type[Model], ...] = (ColumnGRU, Seq2SeqLSTM, BinaryAdder)
