"""Labels as users write them, as classes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from deepzoo import LabelledText
from deepzoo.readers import is_number

Rows = tuple[list[str], list[str]]
"""Texts and their labels, as they are written."""
_MARKUP = re.compile(r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|p|span|strong|td|tr|ul)\b[^<>]*>", re.I)


def spelled(label: str) -> str:
    """Returns a label without surplus blanks, a letter and its accent as one character."""
    return unicodedata.normalize("NFC", " ".join(label.split()))


def labelled(parts: Mapping[str, Rows]) -> tuple[dict[str, LabelledText], list[str]]:
    """Makes labelled texts with the same classes of the parts of a dataset.

    Labels that differ in blanks or capitals alone are one class, in the most frequent spelling.
    Classes are sorted by name, or as numbers if all are.

    Args:
        parts: Texts and labels, by the name of the part.

    Returns:
        The labelled texts by the same names, and notes.
    """
    spelling = {label: spelled(label) for _, labels in parts.values() for label in labels}
    counts = Counter(spelling[label] for _, labels in parts.values() for label in labels)
    name_of: dict[str, str] = {}  # of each label without its capitals
    for name in sorted(counts, key=lambda name: (counts[name], name)):
        name_of[name.casefold()] = name
    numbers = all(map(is_number, name_of))
    names = sorted(name_of.values(), key=lambda name: (_value(name) if numbers else 0, name))
    position = {name: number for number, name in enumerate(names)}
    label_of = {label: position[name_of[name.casefold()]] for label, name in spelling.items()}
    made = {
        part: LabelledText(
            texts, np.array([label_of[label] for label in labels], np.int64), tuple(names)
        )
        for part, (texts, labels) in parts.items()
    }
    notes = _merged({label: names[number] for label, number in label_of.items()})
    return made, notes + _markup([text for texts, _ in parts.values() for text in texts])


def _value(number: str) -> float:
    return float(number.replace(",", ".").rstrip("%"))


def _merged(name_of: Mapping[str, str]) -> list[str]:
    others = sorted(label for label, name in name_of.items() if label != name)
    if not others:
        return []
    example = f"{others[0]!r:.60} as {name_of[others[0]]!r:.60}"
    return [
        f"{len(others):,} label{'s'[: len(others) > 1]} that differ from others in blanks or "
        f"capitals alone were read as the same: {example}, for example."
    ]


def _markup(texts: Sequence[str]) -> list[str]:
    """Tells of marks of HTML, which are learned as if they were words."""
    marks = [match[0] for text in texts if (match := _MARKUP.search(text))]
    if not marks:
        return []
    return [
        f"{len(marks):,} of {len(texts):,} texts have marks of HTML such as {marks[0]!r:.60}, "
        "which are learned as they stand. Better give the words alone."
    ]
