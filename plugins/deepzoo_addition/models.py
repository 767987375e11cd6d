"""Models of addition: the published encoder and decoder, a carrying one, and one in NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Lt

from deepzoo import Model, setting


class SumModel(Model):
    """What all networks of addition share.

    Attributes:
        encoding: How they see a question: as `characters` or in `columns`.
    """

    task: ClassVar[str] = "addition"
    encoding: ClassVar[str] = "columns"

    batch_size: Annotated[int, Ge(1)] = setting(128, "examples per step")


class Seq2SeqLSTM(SumModel):
    """An LSTM reads the question, another one writes the answer, as published."""

    name = "seq2seq-lstm"
    encoding = "characters"

    units: Annotated[int, Ge(1)] = setting(128, "units of each LSTM")
    layers: Annotated[int, Ge(1)] = setting(1, "LSTMs of the decoder")
    reverse: bool = setting(True, "read the question from its end")
    epochs: Annotated[int, Ge(1)] = setting(200, "passes over the training split")

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network for numbers of one length."""
        from .networks import build_seq2seq

        return build_seq2seq(self, spec)


class ColumnGRU(SumModel):
    """Two GRUs over columns of digits: one carries, the other knows which digit leads.

    It is told which digits stand under each other, and reaches numbers of any length.
    """

    name = "column-gru"

    units: Annotated[int, Ge(1)] = setting(64, "units of each GRU")
    epochs: Annotated[int, Ge(1)] = setting(20, "passes over the training split")
    learning_rate: Annotated[float, Gt(0)] = setting(0.005, "step size of the update rule")
    schedule: Literal["constant", "cosine", "linear"] = setting(
        "cosine", "how the learning rate falls over the planned steps"
    )
    warmup: Annotated[float, Ge(0), Lt(1)] = setting(0.02, "share of the steps that warm up")

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the Keras network."""
        from .networks import build_columns

        return build_columns(self, spec)


class BinaryAdder(SumModel):
    """A recurrent network in plain NumPy that adds bit by bit from the right, as published.

    Sixteen sigmoid units without biases, the squared error, and one step of gradient descent
    after each sum.
    """

    name = "binary-adder"
    framework: ClassVar[str] = "numpy"

    units: Annotated[int, Ge(1)] = setting(16, "hidden units")
    epochs: Annotated[int, Ge(1)] = setting(1, "passes over the training split")
    batch_size: Annotated[int, Ge(1)] = setting(1, "sums per step")
    learning_rate: Annotated[float, Gt(0)] = setting(0.1, "step size of gradient descent")
    sample_steps: Annotated[int, Ge(0)] = setting(1000, "print a sum after so many; 0 is off")

    def build(self, spec: Mapping[str, Any]) -> Any:
        """Builds the NumPy network."""
        from .binary_adder import BinaryAdderNetwork

        return BinaryAdderNetwork(self, spec)


MODELS: tuple[type[Model], ...] = (ColumnGRU, Seq2SeqLSTM, BinaryAdder)
