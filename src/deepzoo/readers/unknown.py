"""What the data have that a run did not learn: counted and named, or refused."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import DataError
from ..interfaces.kinds import Splits

logger = logging.getLogger("deepzoo")
_NAMED = 8


def report_unknown(what: str, unknown: Mapping[str, int], scored: int, effect: str) -> None:
    """Warns of names in the test split that a run does not know.

    Args:
        what: What they name, in the plural: `classes`, `items`, `words`.
        unknown: How often each occurs.
        scored: The examples that are left to score.
        effect: What becomes of them: `left out`, `read as unknown`.

    Raises:
        DataError: No example is left.

    Examples:
        >>> report_unknown("items", {}, 3, "left out")
    """
    if not unknown:
        return
    names = sorted(unknown, key=lambda name: (-unknown[name], name))
    listed = ", ".join(f"{name!r:.60} ({unknown[name]:,})" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    message = f"{len(names):,} {what} of the test split are unknown to the run: {listed}{more}"
    if not scored:
        raise DataError(
            f"{message}. Without them there is nothing to score.",
            "Use the names that the run was trained with, or train a new run on these data.",
        )
    logger.warning(f"{message}; {effect}.")


def match_classes(splits: Splits, classes: Sequence[str]) -> Splits:
    """Numbers labels by the classes of a run; examples of others are left out with a warning.

    Args:
        splits: Examples with `labels`, and `classes` that name them.
        classes: Names of the classes, as the run numbered them.

    Raises:
        DataError: No test example has a class of the run.
    """
    import numpy as np

    numbers = {str(name): number for number, name in enumerate(classes)}
    test = splits.test
    names = [str(test.classes[label]) for label in test.labels.tolist()]
    unknown = Counter(name for name in names if name not in numbers)
    scored = len(names) - unknown.total()
    report_unknown("classes", unknown, scored, "their examples are left out")

    def matched(part: Any) -> Any:
        labels = np.array([numbers.get(str(name), -1) for name in part.classes], np.int64)
        if labels.tolist() == list(range(len(numbers))):
            return part  # not copied: images may fill the memory
        part = part.take(np.flatnonzero(labels[part.labels] >= 0))
        return dataclasses.replace(part, labels=labels[part.labels], classes=list(numbers))

    return splits.map(matched)
