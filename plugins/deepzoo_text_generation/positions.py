"""The smooth loss against the place in the text: which parts of a book are hard."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deepzoo.errors import DataError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run

_GREY = "#555555"
MOST_PANELS = 9


def positions(run: Run) -> Figure:
    """Draws the running mean of the loss against the place in the text, a panel per epoch.

    A part of the text is hard where the lines of all epochs rise.

    Raises:
        DataError: The run has kept no losses from inside its epochs.
    """
    from matplotlib.figure import Figure

    lines = read_positions(run)
    shown = spread(list(lines), MOST_PANELS)
    columns = min(len(shown), 3)
    rows = math.ceil(len(shown) / columns)
    size = (8.0 if columns == 1 else 4.4 * columns, 2.9 * rows + 0.4)
    figure = Figure(figsize=size, layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes, epoch in zip(panels, shown, strict=False):
        _panel(axes, epoch, *lines[epoch])
    for axes in panels[len(shown) :]:
        axes.remove()
    figure.suptitle(f"What is hard in the text: {run.id}", fontsize=13, parse_math=False)
    figure.supxlabel("characters read since the epoch began", fontsize=10, color=_GREY)
    length = run.recipe("model").sequence_length
    figure.supylabel(f"smooth loss, nats per {length} characters", fontsize=10, color=_GREY)
    return figure


def read_positions(run: Run) -> dict[int, tuple[list[int], list[float]]]:
    """Reads for each epoch after how many characters the smooth loss was what.

    Returns:
        By epoch the characters read since it began, and the smooth losses.

    Raises:
        DataError: The run has kept none, or its file is damaged.
    """
    path, recipe = run.path / "steps.json", run.recipe("model")
    if not path.exists():
        raise DataError(
            f"{run.id} has kept no losses from inside its epochs.",
            "Models that do, every 100 steps: numpy-rnn.",
        )
    if recipe.order != "streams":
        raise DataError(
            f"{run.id} read its windows in a random order: order expected 'streams', "
            f"received '{recipe.order}'. Its losses belong to no place in the text."
        )
    characters = recipe.sequence_length * recipe.batch_size
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = [(row["epoch"], row["batch"] * characters, row["smooth_loss"]) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged: {error!r}.") from None
    lines = {}
    for epoch, points in itertools.groupby(found, key=lambda point: point[0]):
        _, places, losses = zip(*points, strict=True)
        lines[epoch] = (list(places), list(losses))
    return lines


def _panel(axes: Axes, epoch: int, places: list[int], losses: list[float]) -> None:
    axes.plot(places, losses, lw=1.5, color="#0072B2")
    axes.set_title(f"epoch {epoch}", fontsize=11)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(colors=_GREY, labelsize=8)
    axes.grid(axis="y", color="#e3e3e3", lw=0.8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def spread(items: Sequence, most: int) -> list:
    """Chooses at most `most` items, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]
