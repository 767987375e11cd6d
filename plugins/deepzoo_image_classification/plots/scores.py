"""Pictures of image classification: what is mistaken for what, how often, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

    from ..inspection import Tested

MISTAKES, COLUMNS = 24, 8
WORST = 3
BINS = 10
MOST_NUMBERS = 30  # classes up to which a confusion matrix has room for its numbers
_SIDE, _ROW = 1.35, 1.85  # inches of a mistake, and from one row of them to the next


def confusion(run: Run, *inputs: str) -> Figure:
    """Draws which classes are taken for which, in per cent of the true class."""
    import numpy as np

    from ..scoring import confusion as count
    from .figures import RULE, drawable, framed

    found = _tested(run, inputs)
    size = len(found.classes)
    counts = count(found.labels, found.answers, size)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.5, min(0.52 * size, 16)) + 1.2
    figure, axes = framed(side, side, "What is taken for what", f"{_of(run, found)}, in per cent")
    # Off the diagonal a few per cent must be seen, so colours are bent, not the numbers.
    axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    names = [drawable(name) for name in found.classes]
    upright = max(map(len, names)) > 3
    axes.set_xticks(range(size), names, rotation=90 if upright else 0, parse_math=False)
    axes.set_yticks(range(size), names, parse_math=False)
    axes.set_xlabel("what the network says")
    axes.set_ylabel("what it is")
    axes.tick_params(length=0)
    axes.spines[:].set_color(RULE)
    for row, column in zip(*np.nonzero(counts), strict=True) if size <= MOST_NUMBERS else ():
        share = shares[row, column]
        colour = "white" if share > 0.3 else "black"
        axes.text(column, row, _percent(share), ha="center", va="center", color=colour, size=8)
    return figure


def classes(run: Run, *inputs: str) -> Figure:
    """Draws the accuracy of each class with its 95 % interval, the worst class first."""
    import numpy as np

    from deepzoo import Scores, summarise

    from .figures import BLUE, GREY, ORANGE, clean, drawable, framed

    found = _tested(run, inputs)
    right = (found.answers == found.labels).astype(float)
    rows = [
        (found.classes[index], *summarise(Scores(right[found.labels == index])))
        for index in sorted(set(found.labels.tolist()))
    ]
    rows.sort(key=lambda row: row[1])
    said = f"{_of(run, found)}, with 95 % intervals; dotted: all of them, {right.mean():.2%}"
    figure, axes = framed(7, 1.0 + 0.3 * len(rows), "How often each class is right", said)
    for place, (_, value, low, high, _) in enumerate(rows):
        colour = ORANGE if place < WORST else BLUE
        axes.plot(np.nan_to_num([low, high], nan=value), [place, place], color=colour, lw=2)
        axes.plot(value, place, "o", color=colour)
        offset = {"xytext": (8, 0), "textcoords": "offset points"}
        end = value if np.isnan(high) else high
        axes.annotate(f"{value:.2%}", (end, place), va="center", size=8, **offset)
    names = [drawable(f"{name} ({count:,})") for name, *_, count in rows]
    axes.set_yticks(range(len(rows)), names, parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(right.mean(), color=GREY, lw=1, ls=":", zorder=1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}" if value <= 1 else "")
    axes.margins(x=0.14)
    clean(axes)
    return figure


def mistakes(run: Run, *inputs: str) -> Figure:
    """Draws the test pictures that the network gets wrong most surely."""
    import numpy as np

    from .figures import MARGIN, ORANGE, TITLE, blank, coloured, show, write

    found = _tested(run, inputs)
    wrong = np.flatnonzero(found.answers != found.labels)
    if not len(wrong):
        raise DataError(f"{run.id} made no mistake on {len(found.labels):,} test pictures.")
    sure = found.chances.max(axis=1)
    shown = wrong[np.argsort(-sure[wrong], kind="stable")[:MISTAKES]]
    rows = -(-len(shown) // COLUMNS)
    step = _SIDE + 0.15
    height = TITLE + rows * _ROW + 0.1
    figure = blank(
        2 * MARGIN + COLUMNS * step - 0.15,
        height,
        f"Its {len(shown)} surest mistakes of {len(wrong):,}",
        f"{_of(run, found)}; what the network says, how sure it is, and what the picture is",
    )
    for place, index in enumerate(shown):
        x = MARGIN + place % COLUMNS * step
        y = height - TITLE - place // COLUMNS * _ROW
        says, true = (found.classes[int(of[index])] for of in (found.answers, found.labels))
        style = {"size": 8, "color": ORANGE, "weight": "bold"}
        write(figure, x, y - 0.12, _short(f"says {says}, {sure[index]:.0%}", 21), **style)
        write(figure, x, y - 0.26, _short(f"is {true}", 23), size=8)
        show(figure, coloured(found.pixels[index]), x, y - 0.33 - _SIDE, _SIDE, _SIDE)
    return figure


def calibration(run: Run, *inputs: str) -> Figure:
    """Draws how often the network is right when it says how sure it is."""
    import numpy as np

    from deepzoo import Scores, summarise

    from .figures import BLUE, GREY, clean, framed

    found = _tested(run, inputs)
    sure, right = found.chances.max(axis=1), (found.answers == found.labels).astype(float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    rows = [
        (float(sure[bins == index].mean()), *summarise(Scores(right[bins == index])))
        for index in sorted(set(bins.tolist()))
    ]
    error = sum(abs(said - true) * count for said, true, _, _, count in rows) / len(right)
    said = f"{_of(run, found)}; expected calibration error {error:.3f}"
    figure, axes = framed(5.6, 5.4, "Is it as sure as it is right?", said)
    axes.plot([0, 1], [0, 1], color=GREY, lw=1, ls=":")
    for value, true, low, high, count in rows:
        axes.plot([value, value], [low, high], color=BLUE, lw=1.5)
        axes.scatter(value, true, s=15 + 300 * count / len(right), color=BLUE, zorder=3)
    axes.set_xlabel("probability of its answer (larger dots: more pictures)")
    axes.set_ylabel("share of these answers that are right, 95 % intervals")
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    clean(axes)
    return figure


"""The pictures by name, as the task offers them."""


def _tested(run: Run, inputs: tuple[str, ...]) -> Tested:
    from ..inspection import tested

    _refuse(inputs)
    return tested(run)


def _refuse(inputs: tuple[str, ...]) -> None:
    if inputs:
        raise UsageError(f"This picture takes no INPUT; received {', '.join(map(str, inputs))}.")


def _of(run: Run, found: Tested) -> str:
    return f"{run.id}, {len(found.labels):,} test pictures"


def _percent(share: float) -> str:
    return f"{share:.0%}"[:-1] if share >= 0.095 else f"{share:.1%}"[:-1]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
