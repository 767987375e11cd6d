"""From sums as text to what networks learn from and are scored on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, Prepared
from deepzoo.errors import DataError

from .arithmetic import SIGNS, Question, base_of, read_all
from .encoding import encoding_of

if TYPE_CHECKING:
    from deepzoo import Splits, TextPairs


@dataclasses.dataclass
class SumArrays(Arrays):
    """Sums encoded, and as they were written.

    Args:
        inputs: Tokens of the questions.
        targets: Tokens of the answers, int32 [n, width].
        questions: All questions, those first whose numbers are no longer than in training.
        answers: Their answers.
        digits: The longer number's digits of each question, int64 [n].
        trained: The most digits in training.
    """

    questions: Sequence[Question] = ()
    answers: Sequence[str] = ()
    digits: np.ndarray = dataclasses.field(default_factory=lambda: np.zeros(0, np.int64))
    trained: int = 0

    @property
    def longer(self) -> np.ndarray:
        """Which questions have numbers longer than any in training, bool [n]."""
        return self.digits > self.trained


def prepare(splits: Splits, model: Any) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Raises:
        DataError: The examples are no sums.
    """
    questions = read_all(splits.train.sources)
    if not questions:
        raise DataError("There is no sum to learn from: received 0.")
    signs = {one.sign for one in questions}
    known = {
        "base": base_of(questions, splits.train.targets),
        "signs": "".join(sign for sign in SIGNS if sign in signs),
        "digits": max(one.digits for one in questions),
    }
    spec = {
        **known,
        "encoding": getattr(model, "encoding", "columns"),
        "reverse": getattr(model, "reverse", False),
    }
    encoding = encoding_of(spec)
    parts = (
        _arrays(name, getattr(splits, name), encoding) for name in ("train", "validation", "test")
    )
    return Prepared(*parts, preprocessor=known, spec=spec)


def _arrays(name: str, part: TextPairs, encoding: Any) -> SumArrays:
    """Encodes a split; questions with longer numbers than in training are kept as text alone."""
    questions, answers = read_all(part.sources), [text.strip().lower() for text in part.targets]
    _check(name, questions, answers, encoding)
    sizes = np.array([one.digits for one in questions], np.int64)
    order = np.argsort(sizes > encoding.digits, kind="stable").tolist()
    usual = order[: int((sizes <= encoding.digits).sum())]
    return SumArrays(
        encoding.questions([questions[place] for place in usual], encoding.digits),
        encoding.answers([answers[place] for place in usual], encoding.digits),
        None,
        [questions[place] for place in order],
        [answers[place] for place in order],
        sizes[order],
        encoding.digits,
    )


def _check(name: str, questions: Sequence[Question], answers: Sequence[str], encoding: Any) -> None:
    """Refuses held-out sums of digits or signs that training does not have, and wrong ones."""
    known = set(encoding.alphabet)
    for number, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        unknown = sorted(set(str(question)) - known)
        if unknown:
            raise DataError(
                f"Example {number:,} of {name} has {', '.join(unknown)}, which no training sum "
                f"has: {question}.",
                "Learn from more sums.",
            )
        if question.answer(encoding.base) != answer:
            raise DataError(
                f"Example {number:,} of {name} is not right in base {encoding.base}: "
                f"{question} = {answer!r:.40}."
            )
