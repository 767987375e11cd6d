"""From sums as text to answers, by whatever network a run has."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deepzoo.errors import UsageError

from .sums import DIGITS, Question

if TYPE_CHECKING:
    from deepzoo import Run

logger = logging.getLogger("deepzoo")
MOST_DIGITS = 1_000


def answer_questions(run: Run, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Answers sums; see `Addition.predict`."""
    base, signs, trained = (run.preprocessor[name] for name in ("base", "signs", "digits"))
    questions = [read_question(text, base, signs) for text in texts]
    longest = max(question.digits for question in questions)
    if longest > trained:
        logger.warning(
            f"A number has {longest} digits; this network was trained on up to {trained}."
        )
    answers = zip(questions, run.network_for(len(texts)).answers(questions), strict=True)
    return [
        {
            "question": str(question),
            "answer": answer,
            "right": (right := question.answer(base)),
            "correct": answer == right,
        }
        for question, answer in answers
    ]


def read_question(text: str, base: int, signs: str) -> Question:
    """Parses a question that a network should answer.

    Raises:
        UsageError: The text is not a sum, or not one that the network can read.
    """
    question = Question.read(text)
    if question is None:
        raise UsageError(
            f"Cannot read {text!r:.60} as a sum: expected two numbers with "
            f"{' or '.join(signs)} between them.",
            f'For example (quote it if it has spaces): "{"12" if base > 4 else "10"}{signs[0]}11"',
        )
    question = Question(*(part.lstrip("0") or "0" for part in question))
    if question.digits > MOST_DIGITS:
        raise UsageError(
            f"A number has {question.digits:,} digits, expected at most {MOST_DIGITS:,}."
        )
    unknown = sorted(set(question.first + question.second) - set(DIGITS[:base]))
    if unknown:
        raise UsageError(
            f"This network counts in base {base}, with the digits 0 to {DIGITS[base - 1]}; "
            f"received {', '.join(unknown)} in {text!r:.60}."
        )
    if question.sign not in signs:
        raise UsageError(
            f"This network was trained on {' and '.join(signs)} alone; received {text!r:.60}.",
            "Train one on both: deepzoo train addition --set operation=both",
        )
    return question
