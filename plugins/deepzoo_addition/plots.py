"""Pictures of addition: how many sums are right, by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError
from deepzoo.figures import BLUE, ORANGE, clean, framed, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run


def digits(run: Run) -> Figure:
    """Draws the fraction of right sums by number of digits, with 95 % intervals."""
    import numpy as np

    from deepzoo import Scores, summarise

    from .scoring import by_length

    workload, trained = run.workload(), run.spec["digits"]
    prepared: Any = workload.prepared
    if not len(prepared.test.questions):
        raise DataError(f"The data of {run.id} have no test split.")
    scores = workload.recipes.task.evaluate(run.network, prepared.test, prepared)
    rows = by_length(scores, prepared.test)
    facts = f"{len(prepared.test.questions):,} test sums", "with 95 % intervals"
    figure, axes = framed(7, 4, "Right sums by length", run.id, *facts)
    for length, right in rows.items():
        rate, low, high, total = summarise(Scores(right))
        low, high = np.nan_to_num([low, high], nan=rate)
        axes.bar(length, rate, 0.7, color=BLUE if length <= trained else ORANGE)
        axes.plot([length, length], [low, high], color="black", lw=1)
        shown = "100%" if rate == 1 else f"{min(rate, 0.999):.1%}"  # never 100 % of nearly all
        label = f"{shown}\nof {total:,}"
        axes.annotate(label, (length, high), (0, 4), textcoords="offset points", ha="center")
    axes.set_xticks(list(rows))
    axes.set_xlabel(
        f"digits of the longer number (blue: as in training; orange: longer than {trained})"
    )
    axes.set_ylim(0, 1.2)
    axes.yaxis.set_major_formatter(percent)
    clean(axes, grid="y")
    return figure


PLOTS = {"digits": digits}
