"""chrF and BLEU: functions of counts summed over all sentences, not means over sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from deepzoo import Scores

if TYPE_CHECKING:
    from collections.abc import Iterable

CHARACTERS, WORDS = 6, 4  # lengths of the longest n-grams of chrF and BLEU
BETA = 2  # weight of recall over precision in chrF
_TINY = 1e-16

_TOKENS_13A = (
    (re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
    (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
    (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
_ESCAPES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))


def chrf_scores(outputs: Sequence[str], references: Sequence[str]) -> Scores:
    """Returns the chrF of all sentences, 0 to 100."""
    return Scores.of_sums(chrf, chrf_statistics(outputs, references))


def bleu_scores(outputs: Sequence[str], references: Sequence[str]) -> Scores:
    """Returns the BLEU of all sentences, 0 to 100."""
    return Scores.of_sums(bleu, bleu_statistics(outputs, references))


def has_bleu(references: Sequence[str]) -> bool:
    """Returns whether BLEU means anything: most references have four words, which it counts.

    Sentences in Chinese or Thai, without blanks between the words, have one.
    """
    long = sum(len(words_13a(text)) >= WORDS for text in references)
    return 2 * long >= len(references)


def chrf_statistics(outputs: Sequence[str], references: Sequence[str]) -> np.ndarray:
    """Counts character n-grams of each output, its reference, and both, without blanks.

    After Popovic (2015), chrF: character n-gram F-score for automatic MT evaluation.

    Returns:
        float64 [sentences, 18].
    """
    rows = []
    for output, reference in zip(outputs, references, strict=True):
        first, second = ("".join(text.split()) for text in (output, reference))
        orders = range(1, CHARACTERS + 1)
        rows.append([count for n in orders for count in _counts(first, second, n)])
    return np.array(rows, np.float64).reshape(-1, 3 * CHARACTERS)


def chrf(sums: np.ndarray) -> np.ndarray:
    """Returns the chrF of sums [..., 18]: F2 of the mean precision and the mean recall."""
    outputs, references, matches = (sums[..., part::3] for part in range(3))
    counted = (outputs > 0) & (references > 0)
    orders = np.maximum(counted.sum(axis=-1), 1)
    precision = (matches / np.maximum(outputs, 1) * counted).sum(axis=-1) / orders
    recall = (matches / np.maximum(references, 1) * counted).sum(axis=-1) / orders
    below = np.maximum(BETA**2 * precision + recall, _TINY)
    return 100 * (1 + BETA**2) * precision * recall / below


def bleu_statistics(outputs: Sequence[str], references: Sequence[str]) -> np.ndarray:
    """Counts words of each output and its reference, and n-grams of the output and of both.

    After Papineni et al. (2002), BLEU: a method for automatic evaluation of machine translation.

    Returns:
        float64 [sentences, 10].
    """
    rows = []
    for output, reference in zip(outputs, references, strict=True):
        pair = [tuple(words_13a(text)) for text in (output, reference)]  # lists are not counted
        row = [len(pair[0]), len(pair[1])]
        for n in range(1, WORDS + 1):
            in_output = Counter(_ngrams(pair[0], n))
            both = in_output & Counter(_ngrams(pair[1], n))
            row += [in_output.total(), both.total()]
        rows.append(row)
    return np.array(rows, np.float64).reshape(-1, 2 + 2 * WORDS)


def bleu(sums: np.ndarray) -> np.ndarray:
    """Returns the BLEU of sums [..., 10]: brevity times the geometric mean of precisions.

    The first precision of 0 becomes 1/2 of what one match would give, the second 1/4, and so on
    (the exponential smoothing of sacrebleu).
    """
    sizes, references = sums[..., 0], sums[..., 1]
    counted, matches = sums[..., 2::2], sums[..., 3::2]
    halved = 0.5 ** np.cumsum(matches == 0, axis=-1)
    precisions = np.where(matches == 0, halved, matches) / np.maximum(counted, 1)
    brevity = np.exp(np.minimum(0, 1 - references / np.maximum(sizes, _TINY)))
    any_match = (matches > 0).any(axis=-1) & (counted > 0).all(axis=-1)
    return np.where(any_match, 100 * brevity * np.exp(np.log(precisions).mean(axis=-1)), 0.0)


def words_13a(text: str) -> list[str]:
    """Splits a text into words as the script mteval-v13a does, which defines BLEU.

    Examples:
        >>> words_13a("It's 3.5 km, isn't it?")
        ["It's", '3.5', 'km', ',', "isn't", 'it', '?']
    """
    text = text.replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    text = f" {text} "
    for pattern, spaced in _TOKENS_13A:
        text = pattern.sub(spaced, text)
    return text.split()


def _counts(output: str, reference: str, n: int) -> tuple[int, int, int]:
    """Counts the n-grams of two texts, those of the output only if the reference has any."""
    first, second = (Counter(_ngrams(text, n)) for text in (output, reference))
    return first.total() if second else 0, second.total(), (first & second).total()


def _ngrams(items: Sequence[str], n: int) -> Iterable[Sequence[str]]:
    return (items[start : start + n] for start in range(len(items) - n + 1))
