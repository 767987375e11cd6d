"""The confusion matrix: which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .fonts import shortened
from .layout import RULE, framed

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

LONGEST = 30  # letters of a name beside an axis
MOST_NUMBERS = 60  # classes up to which the matrix has room for its numbers


def confusion_matrix(
    counts: np.ndarray, classes: Sequence[str], source: str, *facts: str
) -> Figure:
    """Draws how often each class was taken for each, in per cent of the true class.

    Args:
        counts: How often each true class (rows) was taken for each class (columns).
        classes: The names of the classes.
        source: The run, `run.id`.
        *facts: How many examples were counted, "1,000 test images".
    """
    import numpy as np

    size = len(classes)
    rates = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    cell = max(0.28, min(0.52, 12 / size)) if size <= MOST_NUMBERS else 16 / size
    names = [shortened(name, LONGEST) for name in classes]
    side = max(4.5, cell * size) + 1 + 0.08 * max(map(len, names))
    facts = (*facts, "in per cent of the true class")
    figure, axes = framed(side, side, "Confusion matrix", source, *facts)
    # Square roots: off the diagonal a few per cent must be visible.
    axes.imshow(np.sqrt(rates), cmap="Blues", vmin=0, vmax=1)
    upright = max(map(len, names)) > 3
    axes.set_xticks(range(size), names, rotation=90 if upright else 0, parse_math=False)
    axes.set_yticks(range(size), names, parse_math=False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    for row, column in zip(*np.nonzero(counts), strict=True) if size <= MOST_NUMBERS else ():
        rate = rates[row, column]
        colour = "white" if rate > 0.3 else "black"
        style = {"color": colour, "size": min(8, 26 * cell), "ha": "center", "va": "center"}
        axes.text(column, row, _percent(rate), **style)
    return figure


def _percent(rate: float) -> str:
    return f"{rate:.0%}"[:-1] if rate >= 0.095 else f"{rate:.1%}"[:-1]
