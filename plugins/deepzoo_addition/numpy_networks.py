"""Networks of addition without Keras: their base, the default network, and the baselines."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import NumpyNetwork, ordered_weights
from deepzoo.feedforward import Dense
from deepzoo.recurrent import GRUCell

from .prepare import encoding_of
from .sums import Question

if TYPE_CHECKING:
    from .models import ColumnGRU, SumModel

FAR = 1e40  # further apart than any two numbers


class SumNetwork:
    """Base of every network of this task: answers sums as text.

    Attributes:
        encoding: Turns sums into tokens, and tokens into answers.
    """

    encoding: Any

    def answers(self, questions: Sequence[Question]) -> list[str]:
        """Answers questions; numbers longer than in training get the columns they need."""
        answers = [""] * len(questions)
        digits = np.array([max(one.digits, self.encoding.digits) for one in questions], int)
        for size in np.unique(digits).tolist():
            indices = np.flatnonzero(digits == size).tolist()
            inputs = self.encoding.questions([questions[index] for index in indices], size)
            texts = self.encoding.texts(self.tokens(inputs, size))
            for index, text in zip(indices, texts, strict=True):
                answers[index] = text
        return answers

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the most probable tokens of the answers, int [n, digits + 1]."""
        raise NotImplementedError(f"{type(self).__name__} does not implement tokens")


class NumpyColumns(SumNetwork):
    """`networks.build_columns`, trained, in NumPy.

    Args:
        model: The recipe.
        spec: What it was built for.
        arrays: The weights by position, as `KerasNetwork.arrays` returns them.
    """

    def __init__(
        self, model: ColumnGRU, spec: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
    ) -> None:
        self.encoding = encoding_of(spec)
        with ordered_weights(arrays) as weights:
            self.from_the_right, self.from_the_left = [
                GRUCell(next(weights), next(weights), next(weights)) for _ in range(2)
            ]
            self.logits = Dense(next(weights), next(weights))

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the logits of each token of the answers, float32 [n, digits + 1, alphabet]."""
        digit, sign = np.eye(len(self.encoding.alphabet), dtype=np.float32), np.eye(2)
        first, second, signs = np.moveaxis(inputs, -1, 0)
        x = np.concatenate([digit[first], digit[second], sign[signs].astype(np.float32)], axis=-1)
        x, *_ = self.from_the_right.forward(x)
        x, *_ = self.from_the_left.forward(x[:, ::-1])
        return self.logits(x[:, ::-1])

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Returns the most probable tokens."""
        return self.predict(inputs).argmax(axis=-1)


class _Baseline(NumpyNetwork, SumNetwork):
    def __init__(self, model: SumModel, spec: Mapping[str, Any]) -> None:
        self.encoding = encoding_of(spec)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the tokens of the answers."""
        return self.tokens(inputs, inputs.shape[1] - 1)


class NoCarryNetwork(_Baseline):
    """Knows for each pair of digits which answer digit is most often below them.

    Its table, int32 [2, alphabet, alphabet], has an answer token by sign and the two above it.
    """

    def __init__(self, model: SumModel, spec: Mapping[str, Any]) -> None:
        super().__init__(model, spec)
        size = len(self.encoding.alphabet)
        self.weights = {"table": np.zeros((2, size, size), np.int32)}

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Counts which answer digits are below each pair of digits."""
        first, second, sign = np.moveaxis(inputs, -1, 0)
        shape = self.weights["table"].shape
        counts = np.zeros((*shape, shape[-1]), np.int64)
        np.add.at(counts, (sign, first, second, targets), 1)
        self.weights["table"] = counts.argmax(axis=-1).astype(np.int32)

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Looks up every column by itself."""
        first, second, sign = np.moveaxis(inputs, -1, 0)
        return self.weights["table"][sign, first, second]


class NearestSumNetwork(_Baseline):
    """Returns the answer of the training sum whose numbers are nearest.

    It keeps sign and numbers of each training sum, float64 [n, 3], and the tokens of their
    answers [n, width].
    """

    def __init__(self, model: SumModel, spec: Mapping[str, Any]) -> None:
        super().__init__(model, spec)
        results = np.zeros((0, self.encoding.digits + 1), np.int32)
        self.weights = {"sums": np.zeros((0, 3)), "results": results}

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Stores all training sums."""
        self.weights = {"sums": self._numbers(inputs), "results": targets}

    @functools.cached_property
    def _tree(self) -> Any:
        from sklearn.neighbors import KDTree

        return KDTree(self.weights["sums"])

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Looks up the nearest sum of each question."""
        results = self.weights["results"]
        nearest = self._tree.query(self._numbers(inputs), return_distance=False)[:, 0]
        tokens = np.full((len(inputs), digits + 1), self.encoding.blank, results.dtype)
        tokens[:, : results.shape[1]] = results[nearest]
        return tokens

    def _numbers(self, inputs: np.ndarray) -> np.ndarray:
        """Returns sign, first and second number; another sign is further than any number."""
        values = self.encoding.digit_values(inputs[..., :2]).astype(np.float64)
        powers = float(self.encoding.base) ** np.arange(values.shape[1])
        numbers = np.einsum("npk,p->nk", values, powers)
        return np.column_stack([inputs[:, 0, 2] * FAR, numbers])
