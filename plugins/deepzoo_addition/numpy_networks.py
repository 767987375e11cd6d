"""The base of all networks of addition, and the baselines: columns alone, and the nearest sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepzoo import check_match

from .prepare import encoding_of
from .sums import Question

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


class _Baseline(SumNetwork):
    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the tokens of the answers."""
        return self.tokens(inputs, inputs.shape[1] - 1)


class NoCarryNetwork(_Baseline):
    """Knows for each pair of digits which answer digit is most often below them.

    Attributes:
        table: Answer token by sign and the two tokens above it, int32 [2, alphabet, alphabet].
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.encoding = encoding_of(spec)
        size = len(self.encoding.alphabet)
        self.table = np.zeros((2, size, size), np.int32)

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Counts which answer digits are below each pair of digits."""
        first, second, sign = np.moveaxis(inputs, -1, 0)
        counts = np.zeros((*self.table.shape, self.table.shape[-1]), np.int64)
        np.add.at(counts, (sign, first, second, targets), 1)
        self.table = counts.argmax(axis=-1).astype(np.int32)

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Looks up every column by itself."""
        first, second, sign = np.moveaxis(inputs, -1, 0)
        return self.table[sign, first, second]

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the table."""
        return {"table": self.table}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces the table; refuses another shape."""
        check_match(self.arrays(), arrays)
        self.table = np.asarray(arrays["table"])


class NearestSumNetwork(_Baseline):
    """Returns the answer of the training sum whose numbers are nearest.

    Attributes:
        sums: Sign and numbers of each training sum, float64 [n, 3].
        results: Tokens of their answers [n, width].
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.encoding = encoding_of(spec)
        self.sums = np.zeros((0, 3))
        self.results = np.zeros((0, self.encoding.digits + 1), np.int32)
        self._tree: Any = None

    def fit_arrays(self, inputs: np.ndarray, targets: np.ndarray) -> None:
        """Stores all training sums."""
        self.sums, self.results, self._tree = self._numbers(inputs), targets, None

    def tokens(self, inputs: np.ndarray, digits: int) -> np.ndarray:
        """Looks up the nearest sum of each question."""
        from sklearn.neighbors import KDTree

        self._tree = self._tree or KDTree(self.sums)
        nearest = self._tree.query(self._numbers(inputs), return_distance=False)[:, 0]
        tokens = np.full((len(inputs), digits + 1), self.encoding.blank, self.results.dtype)
        tokens[:, : self.results.shape[1]] = self.results[nearest]
        return tokens

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the sums and their answers."""
        return {"sums": self.sums, "results": self.results}

    def load_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces sums and answers, however many.

        Raises:
            CheckpointError: The sums are not rows of three numbers, or the answers are not as many.
        """
        rows, width = len(arrays.get("sums", ())), self.encoding.digits + 1
        check_match({"sums": np.zeros((rows, 3)), "results": np.zeros((rows, width))}, arrays)
        self.sums, self.results = np.asarray(arrays["sums"]), np.asarray(arrays["results"])
        self._tree = None

    def _numbers(self, inputs: np.ndarray) -> np.ndarray:
        """Returns sign, first and second number; another sign is further than any number."""
        values = self.encoding.digit_values(inputs[..., :2]).astype(np.float64)
        powers = float(self.encoding.base) ** np.arange(values.shape[1])
        numbers = np.einsum("npk,p->nk", values, powers)
        return np.column_stack([inputs[:, 0, 2] * FAR, numbers])
