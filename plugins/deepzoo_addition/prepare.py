"""From sums as text to tokens: encodings, and what networks are trained and scored on."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo import Arrays, ArraySpec, Example, Prepared
from deepzoo.errors import DataError
from deepzoo.readers import report_unknown

from .sums import DIGITS, SIGNS, Question

if TYPE_CHECKING:
    from deepzoo import Splits, TextPairs

_BLANK = " "


class Encoding:
    """Base of both encodings: characters to tokens and back.

    Args:
        base: The base of the numbers.
        signs: The signs that occur in training.
        digits: The number of digits of the longest number in training.
        reverse: Whether the question is read from its end; the columns always are.

    Attributes:
        alphabet: The characters of answers, the blank first.
    """

    blank = 0  # the token that fills up what is shorter

    def __init__(self, base: int, signs: str, digits: int, reverse: bool = False) -> None:
        self.base, self.signs, self.digits, self.reverse = base, signs, digits, reverse
        self.alphabet = _BLANK + signs + DIGITS[:base]

    def tokens(self, texts: Sequence[str], width: int) -> np.ndarray:
        """Encodes texts as rows of one width, padded with blanks, int32 [n, width]."""
        lookup = np.zeros(128, np.int32)
        lookup[[ord(character) for character in self.alphabet]] = np.arange(len(self.alphabet))
        joined = "".join(text.ljust(width) for text in texts).encode("ascii")
        return lookup[np.frombuffer(joined, np.uint8).reshape(len(texts), width)]

    def answers(self, answers: Sequence[str], digits: int) -> np.ndarray:
        """Encodes answers, int32 [n, digits + 1]: with room for a carry or a sign."""
        return self.tokens(answers, digits + 1)

    def texts(self, tokens: np.ndarray) -> list[str]:
        """Decodes tokens [n, width] to answers."""
        rows = np.array(list(self.alphabet))[tokens]
        return ["".join(row).strip() for row in rows]


class Characters(Encoding):
    """A question as its characters, filled up with blanks, and then reversed or not."""

    def questions(self, questions: Sequence[Question], digits: int) -> np.ndarray:
        """Encodes questions, int32 [n, 2 * digits + 1]."""
        tokens = self.tokens([str(question) for question in questions], 2 * digits + 1)
        return tokens[:, ::-1] if self.reverse else tokens


class Columns(Encoding):
    """A sum as it is done on paper: digits of equal place value in a column, units first.

    An answer is written in the same columns, so its first token is its last digit.
    """

    def questions(self, questions: Sequence[Question], digits: int) -> np.ndarray:
        """Encodes questions, int32 [n, digits + 1, 3].

        Each column holds the tokens of the first and the second number's digit, and the sign,
        0 for `+` and 1 for `-`.
        """
        first, second = (
            self.tokens([question[number][::-1] for question in questions], digits + 1)
            for number in (0, 2)
        )
        signs = np.array([SIGNS.index(question.sign) for question in questions], np.int32)
        return np.stack([first, second, np.broadcast_to(signs[:, None], first.shape)], axis=-1)

    def answers(self, answers: Sequence[str], digits: int) -> np.ndarray:
        """Encodes answers, the last digit first."""
        return super().answers([answer[::-1] for answer in answers], digits)

    def texts(self, tokens: np.ndarray) -> list[str]:
        """Decodes columns to answers."""
        return super().texts(tokens[:, ::-1])

    def digit_values(self, tokens: np.ndarray) -> np.ndarray:
        """Returns the value of each digit; blanks and signs are 0."""
        return np.maximum(tokens - len(self.alphabet) + self.base, 0)


ENCODINGS: dict[str, type[Encoding]] = {"characters": Characters, "columns": Columns}


def encoding_of(spec: Mapping[str, Any]) -> Any:
    """Returns the encoding that a network is built for."""
    settings = {name: spec[name] for name in ("base", "signs", "digits", "reverse")}
    return ENCODINGS[spec["encoding"]](**settings)


@dataclasses.dataclass
class SumArrays(Arrays):
    """Sums, both encoded and as text.

    Args:
        inputs: Tokens of the questions.
        targets: Tokens of the answers, int32 [n, width].
        questions: All questions; those with longer numbers than in training are last.
        answers: Their answers.
        digits: How many digits the longer number of each question has, int64 [n].
        trained: Maximum number of digits in training.
    """

    questions: Sequence[Question] = ()
    answers: Sequence[str] = ()
    digits: np.ndarray = dataclasses.field(default_factory=lambda: np.zeros(0, np.int64))
    trained: int = 0

    @property
    def longer(self) -> np.ndarray:
        """Which questions have numbers longer than any in training, bool [n]."""
        return self.digits > self.trained


def prepare(splits: Splits, model: Any, preprocessor: Mapping[str, Any] | None = None) -> Prepared:
    """Makes arrays, preprocessor and spec of splits for a model.

    Args:
        splits: Sums and their answers.
        model: A model of this task.
        preprocessor: That of a run; sums with other signs or digits are left out.

    Raises:
        DataError: The examples are not sums.
    """
    fitted = dict(preprocessor or _preprocessor(splits.train))
    sizes = {
        **fitted,
        "encoding": getattr(model, "encoding", "columns"),
        "reverse": getattr(model, "reverse", False),
    }
    encoding = encoding_of(sizes)
    if preprocessor is not None:
        splits = _known(splits, encoding.alphabet)
    names = ("train", "validation", "test")
    train, validation, test = (_arrays(name, getattr(splits, name), encoding) for name in names)
    tokens = {"dtype": "int32", "low": 0, "high": len(encoding.alphabet) - 1}
    spec = Example(
        inputs=ArraySpec(train.inputs.shape[1:], **tokens),
        targets=ArraySpec(train.targets.shape[1:], **tokens),
        outputs=getattr(model, "outputs", "logits"),
        **sizes,
    )
    return Prepared(train, validation, test, preprocessor=fitted, spec=spec)


def _preprocessor(train: TextPairs) -> dict[str, Any]:
    questions = read_all(train.sources)
    if not questions:
        raise DataError("There is no sum to learn from: received 0.")
    return {
        "base": base_of(questions, train.targets),
        "signs": "".join(sorted({question.sign for question in questions})),
        "digits": max(question.digits for question in questions),
    }


def _known(splits: Splits, alphabet: str) -> Splits:
    """Leaves out sums with digits or signs that a run does not know, and names them."""

    def unknown(part: TextPairs) -> list[set[str]]:
        return [set(str(question)) - set(alphabet) for question in read_all(part.sources)]

    kept = splits.map(
        lambda part: part.take([index for index, others in enumerate(unknown(part)) if not others])
    )
    counts = Counter(itertools.chain.from_iterable(unknown(splits.test)))
    report_unknown("digits or signs", counts, len(kept.test), "their sums are left out")
    return kept


def read_all(sources: Sequence[str]) -> list[Question]:
    """Reads the questions of a dataset.

    Raises:
        DataError: One of them is not a sum.
    """
    questions = []
    for number, source in enumerate(sources):
        question = Question.read(source)
        if question is None:
            raise DataError(
                f"Example {number:,} is not a sum: expected two numbers with + or - between them, "
                f"such as 57+68; received {source!r:.60}."
            )
        questions.append(question)
    return questions


def base_of(questions: Sequence[Question], answers: Sequence[str]) -> int:
    """Finds the smallest base in which every answer is right.

    Raises:
        DataError: There is none, so these are not sums.
    """
    digits = {digit for question in questions for digit in question.first + question.second}
    pairs = list(zip(questions, (answer.strip().lower() for answer in answers), strict=True))
    wrong = 0
    for base in range(max(2, DIGITS.index(max(digits)) + 1), len(DIGITS) + 1):
        right = (question.answer(base) == answer for question, answer in pairs)
        first = next((number for number, yes in enumerate(right) if not yes), None)
        if first is None:
            return base
        wrong = max(wrong, first)
    raise DataError(
        f"Example {wrong:,} is not right in any base from 2 to {len(DIGITS)}: "
        f"{questions[wrong]} = {answers[wrong]!r:.40}."
    )


def _arrays(name: str, part: TextPairs, encoding: Any) -> SumArrays:
    """Encodes a split; questions with longer numbers than in training stay text.

    Raises:
        DataError: A sum has digits or signs that training does not have, or is wrong.
    """
    questions, answers = read_all(part.sources), [text.strip().lower() for text in part.targets]
    for number, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        if unknown := sorted(set(str(question)) - set(encoding.alphabet)):
            raise DataError(
                f"Example {number:,} of {name} has {', '.join(unknown)}, which no training sum "
                f"has: {question}.",
                "Train on more sums.",
            )
        if question.answer(encoding.base) != answer:
            raise DataError(
                f"Example {number:,} of {name} is not right in base {encoding.base}: "
                f"{question} = {answer!r:.40}."
            )
    sizes = np.array([question.digits for question in questions], np.int64)
    order = np.argsort(sizes > encoding.digits, kind="stable")
    questions, answers = ([texts[i] for i in order.tolist()] for texts in (questions, answers))
    usual = int((sizes <= encoding.digits).sum())
    return SumArrays(
        encoding.questions(questions[:usual], encoding.digits),
        encoding.answers(answers[:usual], encoding.digits),
        None,
        questions,
        answers,
        sizes[order],
        encoding.digits,
    )
