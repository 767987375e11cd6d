"""Pictures of text generation: temperatures, samples during training, loss along the text."""

from __future__ import annotations

import bisect
import itertools
import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from deepzoo.errors import DataError
from deepzoo.figures import BLUE, GREY, MARGIN, RULE, blank, clean, panels, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

# Colours that colour-blind readers can distinguish, too.
TEMPERATURES = {0.3: BLUE, 0.7: "#009E73", 1.0: "#B8860B", 3.0: "#D55E00"}
LENGTH, SEED = 210, 0
MOST_SAMPLES, SAMPLE_LINES, MOST_PANELS = 10, 6, 9

FONT, SIZE = "DejaVu Sans Mono", 9.5
COLUMNS = 84
_ADVANCE, _LINE = 0.615 * SIZE / 72, 1.5 * SIZE / 72  # inches: a character, a line
_LEFT, _GAP = 1.25, 0.16


class Row(NamedTuple):
    """One text of a panel."""

    label: str  # large, beside the text
    note: str  # small, below the label
    colour: str  # of the label
    text: str
    given: int = 0  # characters of the prompt, with which the text begins; they are bold
    most: int = 1000  # lines to show


def temperatures(run: Run, prompt: str = "") -> Figure:
    """Draws continuations of one prompt at four temperatures, with the same random numbers.

    Args:
        run: A run that generates.
        prompt: The prompt; without it texts begin as documents begin.
    """
    from .vocabulary import Vocabulary

    given = len(Vocabulary(**run.preprocessor).fit_prompt(prompt)[0])
    rows = []
    for temperature, colour in TEMPERATURES.items():
        text = run.generate(prompt, temperature=temperature, length=LENGTH, seed=SEED)
        rows.append(Row(f"{temperature:.1f}", "temperature", colour, text, given))
    facts = f"{len(rows)} texts of {LENGTH} characters", "the same random numbers for each"
    title = "One prompt" if prompt else "No prompt"
    return panel(rows, f"{title}, four temperatures", run.id, *facts)


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
        rows.append(Row(label, note, BLUE, text, most=SAMPLE_LINES))
    facts = f"{len(rows)} of {len(files)} samples", "from the first to the last"
    return panel(rows, "Samples during training", run.id, *facts)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def positions(run: Run) -> Figure:
    """Draws the running mean of the loss along the text, a panel per epoch.

    A part of the text is hard where the lines of all epochs rise.

    Raises:
        DataError: The run has recorded no losses within its epochs, or its file is damaged.
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
    length, lines = recipe.sequence_length, {}
    try:
        for row in json.loads(path.read_text(encoding="utf-8")):
            read, losses = lines.setdefault(row["epoch"], ([], []))
            read.append(row["batch"] * length * recipe.batch_size)
            losses.append(row["smooth_loss"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path} is damaged: {error!r}.") from None
    shown = spread(list(lines), MOST_PANELS)
    count = f"{len(shown)} of {len(lines)} epochs"
    width = 8.0 if len(shown) == 1 else 4.4
    figure, all_axes = panels(len(shown), width, 2.9, "Loss along the text", run.id, count)
    for axes, epoch in zip(all_axes, shown, strict=True):
        axes.plot(*lines[epoch], lw=1.5, color=BLUE)
        axes.set_title(f"epoch {epoch}", fontsize=11)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.locator_params(axis="x", nbins=5)
        axes.tick_params(colors=GREY, labelsize=8)
        clean(axes, grid="y")
    figure.supxlabel("characters read since the start of the epoch", fontsize=10, color=GREY)
    figure.supylabel(f"smooth loss, nats per {length} characters", fontsize=10, color=GREY)
    return figure


def spread(items: Sequence, most: int) -> list:
    """Chooses `most` items or fewer, evenly spread, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(index * (len(items) - 1) / (most - 1))] for index in range(most)]


PLOTS = {"temperatures": temperatures, "evolution": evolution, "positions": positions}
"""The pictures by name, as the task offers them."""


def panel(rows: Sequence[Row], title: str, source: str, *facts: str) -> Figure:
    """Draws texts below each other, each with its label, under a title and a subtitle."""
    from matplotlib.lines import Line2D

    texts = [list(_styled(row)) for row in rows]
    heights = [2 * _GAP + max(2, len(lines)) * _LINE for lines in texts]
    width = 2 * MARGIN + _LEFT + COLUMNS * _ADVANCE
    y = sum(heights)
    figure = blank(width, y, title, source, *facts)
    height = figure.get_figheight()
    for row, lines, tall in zip(rows, texts, heights, strict=True):
        ends = [MARGIN / width, 1 - MARGIN / width]
        figure.add_artist(Line2D(ends, [y / height] * 2, color=RULE, lw=1))
        first = y - _GAP - 0.7 * _LINE
        write(figure, MARGIN, first, row.label, size=13, weight="bold", color=row.colour)
        write(figure, MARGIN, first - _LINE, row.note, size=8, color=GREY)
        # Line by line: Matplotlib sets the lines of one text at uneven distances.
        for number, (bold, plain) in enumerate(lines):
            for text, weight in ((bold, "bold"), (plain, "normal")):
                style = {"size": SIZE, "weight": weight, "family": FONT}
                x = MARGIN + _LEFT
                write(figure, x, first - number * _LINE, text, **style)
        y -= tall
    return figure


def wrap(text: str, width: int) -> list[str]:
    """Breaks a text into lines, at spaces where possible; joined, they are the text again.

    Characters of Chinese, Japanese and Korean are as wide as two others.
    """
    lines = []
    for paragraph in text.splitlines(keepends=True):
        while _width(paragraph.rstrip()) > width:
            ends = list(itertools.accumulate(map(_width, paragraph)))
            most = max(1, bisect.bisect_right(ends, width))
            space = paragraph.rfind(" ", 1, most + 1)
            end = space + 1 if space > 0 else most
            lines.append(paragraph[:end])
            paragraph = paragraph[end:]
        lines.append(paragraph)
    return lines


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _styled(row: Row) -> Iterator[tuple[str, str]]:
    """Yields the bold and the normal part of each line, spaces in place of the other part.

    All characters are equally wide, so that both can be drawn over each other.
    """
    lines, before = wrap(row.text, COLUMNS), 0
    for number, line in enumerate(lines[: row.most]):
        known = max(0, min(len(line), row.given - before))
        before += len(line)
        if number == row.most - 1 and len(lines) > row.most:
            line = f"{line.rstrip()[: COLUMNS - 4]} ..."
        yield line[:known].rstrip(), " " * _width(line[:known]) + line[known:].rstrip()
