"""Pictures of text generation: temperatures, samples during training, loss along the text."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deepzoo.errors import DataError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deepzoo import Run

# Colours that colour-blind readers can distinguish, too (Okabe and Ito).
TEMPERATURES = {0.3: "#0072B2", 0.7: "#009E73", 1.0: "#B8860B", 3.0: "#D55E00"}
LENGTH, SEED = 210, 0
MOST_SAMPLES, SAMPLE_LINES, MOST_PANELS = 10, 6, 9

FONT, SIZE = "DejaVu Sans Mono", 9.5
COLUMNS = 84
_ADVANCE, _LINE = 0.615 * SIZE / 72, 1.5 * SIZE / 72  # inches: a character, a line
_LEFT, _TITLE, _GAP, _MARGIN = 1.25, 0.3, 0.16, 0.2
_GREY, _RULE, _INK = "#666666", "#e3e3e3", "#222222"
MISSING = "\u25a1"  # a box, for what the font cannot draw


@dataclasses.dataclass
class Row:
    """One text of a panel.

    Args:
        label: Large, beside the text.
        note: Small, below the label.
        colour: Of the label.
        text: The text.
        given: How many of its characters are the prompt, which is set in bold.
        most: Maximum number of lines to show.
    """

    label: str
    note: str
    colour: str
    text: str
    given: int = 0
    most: int = 1000


def temperatures(run: Run, *prompt: str) -> Figure:
    """Draws continuations of one prompt at four temperatures, with the same random numbers.

    Args:
        run: A run that generates.
        *prompt: The prompt; without it texts begin as documents begin.
    """
    from .vocabulary import Vocabulary

    if len(prompt) > 1:
        raise UsageError(
            f"This plot takes one prompt, received {len(prompt)}.",
            f'Put the prompt in quotes: "{" ".join(prompt)}"',
        )
    start = prompt[0] if prompt else ""
    given = len(Vocabulary(**run.preprocessor).fit_prompt(start)[0])
    rows = []
    for temperature, colour in TEMPERATURES.items():
        text = run.generate(start, temperature=temperature, length=LENGTH, seed=SEED)
        rows.append(Row(f"{temperature:.1f}", "temperature", colour, text, given))
    title = "One prompt" if start else "No prompt"
    return panel(f"{title}, four temperatures", run.id, rows)


def evolution(run: Run) -> Figure:
    """Draws what the network wrote after each epoch (or some steps), from first to last.

    Raises:
        DataError: The run has no samples.
    """
    folder = run.path / "samples"
    files = list(folder.glob("step-*.txt")) or list(folder.glob("epoch-*.txt"))
    if not files:
        raise DataError(f"{run.id} has no samples: no epoch was finished, or they were deleted.")
    history = {row.get("epoch"): row for row in run.history}
    rows = []
    for path in spread(sorted(files, key=_number), MOST_SAMPLES):
        label, note = f"{_number(path):,}", "step" if _number(path) == 1 else "steps"
        if path.stem.startswith("epoch"):
            bits = history.get(_number(path), {}).get("val_bits_per_character")
            label, note = f"epoch {label}", "" if bits is None else f"{bits:.2f} bits/char"
        text = path.read_text(encoding="utf-8", errors="replace").strip("\n")
        rows.append(Row(label, note, "#0072B2", text, most=SAMPLE_LINES))
    return panel("Samples during training", run.id, rows)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def positions(run: Run) -> Figure:
    """Draws the running mean of the loss along the text, a panel per epoch.

    A part of the text is hard where the lines of all epochs rise.

    Raises:
        DataError: The run has recorded no losses within its epochs.
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
        _draw_line(axes, epoch, *lines[epoch])
    for axes in panels[len(shown) :]:
        axes.remove()
    figure.suptitle(f"Loss along the text: {run.id}", fontsize=13, parse_math=False)
    figure.supxlabel("characters read since the start of the epoch", fontsize=10, color=_GREY)
    length = run.recipe("model").sequence_length
    figure.supylabel(f"smooth loss, nats per {length} characters", fontsize=10, color=_GREY)
    return figure


def read_positions(run: Run) -> dict[int, tuple[list[int], list[float]]]:
    """Reads the smooth losses that a run has recorded within its epochs.

    Returns:
        By epoch the characters read since its start, and the smooth losses.

    Raises:
        DataError: The run has recorded none, or its file is damaged.
    """
    path, recipe = run.path / "steps.json", run.recipe("model")
    if not path.exists():
        raise DataError(
            f"{run.id} has recorded no losses within its epochs.",
            "Train a model that records them every 100 steps: numpy-rnn.",
        )
    if recipe.order != "streams":
        raise DataError(
            f"{run.id} read its windows in random order, so its losses have no position in the "
            f"text: expected order 'streams', received '{recipe.order}'."
        )
    characters = recipe.sequence_length * recipe.batch_size
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        points = [(row["epoch"], row["batch"] * characters, row["smooth_loss"]) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged: {error!r}.") from None
    lines = {}
    for epoch, group in itertools.groupby(points, key=lambda point: point[0]):
        _, read, losses = zip(*group, strict=True)
        lines[epoch] = (list(read), list(losses))
    return lines


def _draw_line(axes: Axes, epoch: int, read: list[int], losses: list[float]) -> None:
    axes.plot(read, losses, lw=1.5, color="#0072B2")
    axes.set_title(f"epoch {epoch}", fontsize=11)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(colors=_GREY, labelsize=8)
    axes.grid(axis="y", color=_RULE, lw=0.8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def spread(items: Sequence, most: int) -> list:
    """Chooses `most` items or fewer, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(index * (len(items) - 1) / (most - 1))] for index in range(most)]


PLOTS = {"temperatures": temperatures, "evolution": evolution, "positions": positions}
"""The pictures by name, as the task offers them."""


def panel(title: str, subtitle: str, rows: Sequence[Row]) -> Figure:
    """Draws texts below each other, each with its label."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    texts = [list(_styled(row)) for row in rows]
    heights = [2 * _GAP + max(2, len(lines)) * _LINE for lines in texts]
    width = 2 * _MARGIN + _LEFT + COLUMNS * _ADVANCE
    height = _MARGIN + _TITLE + sum(heights)
    figure = Figure(figsize=(width, height), facecolor="white")
    write = functools.partial(_write, figure)
    y = height - _MARGIN - 0.1
    write(_MARGIN, y, title, size=13, weight="bold")
    write(width - _MARGIN, y, subtitle, size=SIZE, color=_GREY, ha="right")
    y = height - _MARGIN - _TITLE
    for row, lines, tall in zip(rows, texts, heights, strict=True):
        ends = [_MARGIN / width, 1 - _MARGIN / width]
        figure.add_artist(Line2D(ends, [y / height] * 2, color=_RULE, lw=1))
        first = y - _GAP - 0.7 * _LINE
        write(_MARGIN, first, row.label, size=13, weight="bold", color=row.colour)
        write(_MARGIN, first - _LINE, row.note, size=8, color=_GREY)
        # Line by line: Matplotlib sets the lines of one text at uneven distances.
        for number, (bold, plain) in enumerate(lines):
            position = (_MARGIN + _LEFT, first - number * _LINE)
            write(*position, bold, size=SIZE, weight="bold", family=FONT)
            write(*position, plain, size=SIZE, family=FONT)
        y -= tall
    return figure


def wrap(text: str, width: int) -> list[str]:
    """Breaks a text into lines, at spaces where possible; joined, they are the text again."""
    lines = []
    for paragraph in text.splitlines(keepends=True):
        while len(paragraph.rstrip()) > width:
            space = paragraph.rfind(" ", 1, width + 1)
            end = space + 1 if space > 0 else width
            lines.append(paragraph[:end])
            paragraph = paragraph[end:]
        lines.append(paragraph)
    return lines


def drawable(text: str) -> str:
    """Replaces what the font cannot draw by a box, character by character."""
    known = _glyphs()
    return "".join(
        character if ord(character) in known or character == "\n" else _replaced(character)
        for character in text
    )


def _replaced(character: str) -> str:
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else MISSING


@functools.cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def _styled(row: Row) -> Iterator[tuple[str, str]]:
    """Yields the bold and the normal part of each line, spaces in place of the other part.

    All characters are equally wide, so that both can be drawn over each other.
    """
    lines, before = wrap(drawable(row.text), COLUMNS), 0
    for number, line in enumerate(lines[: row.most]):
        known = max(0, min(len(line), row.given - before))
        before += len(line)
        if number == row.most - 1 and len(lines) > row.most:
            line = f"{line.rstrip()[: COLUMNS - 4]} ..."
        yield line[:known].rstrip(), " " * known + line[known:].rstrip()


def _write(figure: Figure, x: float, y: float, text: str, **options) -> None:
    """Writes one line at a position in inches from the lower left corner."""
    width, height = figure.get_size_inches()
    if text.strip():
        style = {"va": "baseline", "color": _INK, **options}
        figure.text(x / width, y / height, drawable(text), parse_math=False, **style)
