"""Pictures of addition: how many sums are right, by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run

    from .scoring import LengthScore

BLUE, ORANGE, RULE = "#0072B2", "#D55E00", "#dddddd"  # told apart by everyone (Okabe and Ito)


def digits(run: Run, *inputs: str) -> Figure:
    """Draws the share of right sums by digits, with 95 % intervals."""
    from matplotlib.figure import Figure

    from .scoring import by_length

    if inputs:
        raise UsageError(f"The picture 'digits' takes no input; received {len(inputs)}.")
    scores, test = _scored(run)
    trained = run.spec["digits"]
    figure = Figure(figsize=(7, 4), layout="constrained", facecolor="white")
    axes = figure.subplots()
    rows = by_length(scores, test)
    for row in rows:
        _draw_bar(axes, row, BLUE if row.digits <= trained else ORANGE)
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


def _draw_bar(axes: Axes, row: LengthScore, colour: str) -> None:
    """Draws the share of one length with its interval, and writes it above."""
    import numpy as np

    from deepzoo import Scores, summarise

    hits = np.arange(row.count) < row.right
    share, low, high, _ = summarise(Scores(hits.astype(float)))
    low, high = np.nan_to_num([low, high], nan=share)
    axes.bar(row.digits, share, 0.7, color=colour)
    axes.plot([row.digits, row.digits], [low, high], color="black", lw=1)
    said = f"{_percent(share)}\nof {row.count:,}"
    axes.annotate(said, (row.digits, high), (0, 4), textcoords="offset points", ha="center")


def _percent(share: float) -> str:
    """Writes a share so that only all is 100 %."""
    return "100%" if share == 1 else f"{min(share, 0.999):.1%}"


def _scored(run: Run) -> tuple[Any, Any]:
    """Returns the scores of a run and the test split they are of."""
    workload = run.workload()
    if not len(workload.prepared.test.questions):
        raise DataError(f"The data of {run.id} have no test split.")
    return workload.recipes.task.evaluate(
        run.network, workload.prepared.test, workload.prepared
    ), workload.prepared.test


PLOTS = {"digits": digits}
