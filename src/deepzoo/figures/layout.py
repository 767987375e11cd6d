"""What all plots share: a title, a subtitle, axes below them, and colours."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from .fonts import printable, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart by everyone who sees colours differently, too (Okabe and Ito).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
BLUE, ORANGE = COLOURS[:2]
INK, GREY, RULE = "#222222", "#666666", "#dddddd"
MARGIN = 0.25  # inches
_TITLE, _LINE, _GAP = 0.2, 0.18, 0.2  # inches: the title, a line of the subtitle, the gap below
_EDGE = 0.07  # inches around axes and their labels
_LETTERS = 13  # of a subtitle in an inch
_LONGEST = 50  # letters of the name in a subtitle


def blank(width: float, height: float, title: str, source: str, *facts: str) -> Figure:
    """Makes an empty figure: a title and a subtitle above an area of a size in inches.

    Args:
        width: Of the figure.
        height: Of the area below the subtitle.
        title: What is drawn.
        source: The run that it is drawn from, `run.id`.
        *facts: How many examples of which data, "1,000 test images", then how to read the plot.
    """
    from matplotlib.figure import Figure

    subtitle = f"{shortened(source, _LONGEST)}: {'; '.join(facts)}"
    lines = textwrap.wrap(subtitle, round((width - 2 * MARGIN) * _LETTERS))
    total = height + MARGIN + _TITLE + _LINE * len(lines) + _GAP
    figure = Figure(figsize=(width, total), facecolor="white")
    y = total - MARGIN - 0.12
    write(figure, MARGIN, y, title, size=13, weight="bold")
    for number, line in enumerate(lines, 1):
        write(figure, MARGIN, y - 0.05 - _LINE * number, line, color=GREY)
    return figure


def framed(
    width: float, height: float, title: str, source: str, *facts: str
) -> tuple[Figure, Axes]:
    """Makes a figure like `blank`, with one pair of axes in the area."""
    figure, axes = panels(1, width, height, title, source, *facts)
    return figure, axes[0]


def panels(
    count: int, width: float, height: float, title: str, source: str, *facts: str
) -> tuple[Figure, list[Axes]]:
    """Makes a figure like `blank`, with axes of a size each, three in a row at most."""
    columns = min(count, 3)
    rows = math.ceil(count / columns)
    figure = blank(columns * width, rows * height, title, source, *facts)
    total_width, total_height = figure.get_size_inches()
    x, y = _EDGE / total_width, _EDGE / total_height
    rect = (x, y, 1 - 2 * x, rows * height / total_height - y)
    figure.set_layout_engine("constrained", rect=rect)
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for unused in axes[count:]:
        unused.remove()
    return figure, axes[:count]


def clean(axes: Axes, grid: str = "both") -> None:
    """Removes what a chart does not need, and adds thin lines to read values by.

    Args:
        axes: The axes of the chart.
        grid: The values that get lines: of "x", "y" or "both".
    """
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.grid(axis=grid, color=RULE, lw=0.6)  # pyright: ignore[reportArgumentType]
    axes.set_axisbelow(True)


def percent(value: float, _: Any = None) -> str:
    """Names a tick between 0 and 100 %, which may miss them by rounding; no other has a label.

    Examples:
        >>> percent(0.25), percent(1.2)
        ('25%', '')
    """
    return f"{100 * abs(value):.4g}%" if -1e-9 <= value <= 1 + 1e-9 else ""


def write(figure: Figure, x: float, y: float, text: str, **options: Any) -> None:
    """Writes one line at a position in inches from the lower left corner."""
    width, height = figure.get_size_inches()
    style = {"va": "baseline", "color": INK, "size": 9, **options}
    figure.text(x / width, y / height, printable(text), parse_math=False, **style)
