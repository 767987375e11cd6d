"""Pictures of addition: how many sums are right, by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError
from deepzoo.figures import BLUE, ORANGE, clean, framed, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run

    from .scoring import LengthScore


def digits(run: Run) -> Figure:
    """Draws the fraction of right sums by number of digits, with 95 % intervals."""
    from .scoring import by_length

    workload, trained = run.workload(), run.spec["digits"]
    prepared: Any = workload.prepared
    if not len(prepared.test.questions):
        raise DataError(f"The data of {run.id} have no test split.")
    scores = workload.recipes.task.evaluate(run.network, prepared.test, prepared)
    rows = by_length(scores, prepared.test)
    facts = f"{len(prepared.test.questions):,} test sums", "with 95 % intervals"
    figure, axes = framed(7, 4, "Right sums by length", run.id, *facts)
    for row in rows:
        _draw_bar(axes, row, BLUE if row.digits <= trained else ORANGE)
    axes.set_xticks([row.digits for row in rows])
    axes.set_xlabel(
        f"digits of the longer number (blue: as in training; orange: longer than {trained})"
    )
    axes.set_ylim(0, 1.2)
    axes.yaxis.set_major_formatter(percent)
    clean(axes, grid="y")
    return figure


def _draw_bar(axes: Axes, row: LengthScore, colour: str) -> None:
    """Draws the fraction of one length with its interval, and writes it above."""
    import numpy as np

    from deepzoo import Scores, summarise

    hits = np.arange(row.total) < row.right
    rate, low, high, _ = summarise(Scores(hits.astype(float)))
    low, high = np.nan_to_num([low, high], nan=rate)
    axes.bar(row.digits, rate, 0.7, color=colour)
    axes.plot([row.digits, row.digits], [low, high], color="black", lw=1)
    right = "100%" if rate == 1 else f"{min(rate, 0.999):.1%}"  # never 100 % of nearly all
    label = f"{right}\nof {row.total:,}"
    axes.annotate(label, (row.digits, high), (0, 4), textcoords="offset points", ha="center")


PLOTS = {"digits": digits}
