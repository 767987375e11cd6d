"""What the data have that a run did not learn: counted and named, or refused."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from ..errors import DataError

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
