"""Pictures of addition: how many sums are right, by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

BLUE, ORANGE, GREY, RULE = "#0072B2", "#D55E00", "#666666", "#dddddd"


def digits(run: Run, *inputs: str) -> Figure:
    """Draws the share of right sums by digits, with 95 % intervals."""
    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Scores
    from deepzoo.scoring import summarise

    from .scoring import by_length

    if inputs:
        raise UsageError(f"The picture 'digits' takes no input; received {len(inputs)}.")
    scores, test = _scored(run)
    trained = run.spec["digits"]
    figure = Figure(figsize=(7, 4), layout="constrained", facecolor="white")
    axes = figure.subplots()
    rows = by_length(scores, test)
    for row in rows:
        hits = np.arange(row.count) < row.right
        share, low, high, _ = summarise(Scores(hits.astype(float)))
        colour = BLUE if row.digits <= trained else ORANGE
        low, high = np.nan_to_num([low, high], nan=share)
        axes.bar(row.digits, share, 0.7, color=colour)
        axes.plot([row.digits, row.digits], [low, high], color="black", lw=1)
        axes.annotate(
            f"{_percent(share)}\nof {row.count:,}",
            (row.digits, high),
            (0, 4),
            textcoords="offset points",
            ha="center",
        )
    axes.set_title(f"Right sums by length\n{run.id}", loc="left", parse_math=False)
    axes.set_xticks([row.digits for row in rows])
    axes.set_xlabel(
        f"digits of the longer number (blue: as in training; orange: longer than {trained})"
    )
    axes.set_ylim(0, 1.2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}" if value <= 1 else "")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=RULE, lw=0.6)
    axes.set_axisbelow(True)
    return figure


def _percent(share: float) -> str:
    """Writes a share so that only all is 100 %."""
    return "100%" if share == 1 else f"{min(share, 0.999):.1%}"


def _scored(run: Run) -> tuple[Any, Any]:
    """Returns the scores of a run and the test split they are of."""
    from deepzoo.job import Job

    job = Job.of_run(run)
    if not len(job.prepared.test.questions):
        raise DataError(f"The data of {run.id} have no test split.")
    return job.recipes["task"].evaluate(run.net, job.prepared.test, job.prepared), job.prepared.test


PLOTS = {"digits": digits}
