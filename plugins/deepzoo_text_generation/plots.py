"""Pictures of text generation: one start at four temperatures, and samples as it learns."""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deepzoo.errors import DataError, UsageError

from .positions import positions, spread

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deepzoo import Run

# Told apart by everyone who sees colours differently, too (Okabe and Ito).
TEMPERATURES = {0.3: "#0072B2", 0.7: "#009E73", 1.0: "#B8860B", 3.0: "#D55E00"}
LENGTH, SEED = 210, 0
MOST_SAMPLES, SAMPLE_LINES = 10, 6

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
        label: What stands large beside it.
        note: What stands small below the label.
        colour: Of the label.
        text: The text.
        given: How many of its characters were given; they are set in bold.
        most: Lines to show at most.
    """

    label: str
    note: str
    colour: str
    text: str
    given: int = 0
    most: int = 1000


def temperatures(run: Run, *prompt: str) -> Figure:
    """Draws one start continued at four temperatures, with the same noise.

    Args:
        run: A run that generates.
        *prompt: The start; without it texts begin as documents begin.
    """
    from .vocabulary import vocabulary_of

    if len(prompt) > 1:
        raise UsageError(
            f"The picture has one start; received {len(prompt)}.",
            f'Put it in quotes: "{" ".join(prompt)}"',
        )
    start = prompt[0] if prompt else ""
    given = len(vocabulary_of(run).fit_prompt(start)[0])
    rows = []
    for temperature, colour in TEMPERATURES.items():
        text = run.generate(start, temperature=temperature, length=LENGTH, seed=SEED)
        rows.append(Row(f"{temperature:.1f}", "temperature", colour, text, given))
    said = "One start" if start else "No start"
    return panel(f"{said}, four temperatures", run.id, rows)


def evolution(run: Run) -> Figure:
    """Draws what the network wrote after its epochs (or steps), from the first to the last.

    Raises:
        DataError: The run has no samples.
    """
    folder = run.path / "samples"
    files = list(folder.glob("step-*.txt")) or list(folder.glob("epoch-*.txt"))
    if not files:
        raise DataError(f"{run.id} has no samples: no epoch has ended, or they were removed.")
    history = {row.get("epoch"): row for row in run.history}
    rows = []
    for path in spread(sorted(files, key=_number), MOST_SAMPLES):
        label, note = f"{_number(path):,}", "step" if _number(path) == 1 else "steps"
        if path.stem.startswith("epoch"):
            bits = history.get(_number(path), {}).get("val_bits_per_character")
            label, note = f"epoch {label}", "" if bits is None else f"{bits:.2f} bits/char"
        text = path.read_text(encoding="utf-8", errors="replace").strip("\n")
        rows.append(Row(label, note, "#0072B2", text, most=SAMPLE_LINES))
    return panel("What it writes while it learns", run.id, rows)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


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
            place = (_MARGIN + _LEFT, first - number * _LINE)
            write(*place, bold, size=SIZE, weight="bold", family=FONT)
            write(*place, plain, size=SIZE, family=FONT)
        y -= tall
    return figure


def wrap(text: str, width: int) -> list[str]:
    """Breaks a text into lines, at spaces where it can; together they are the text again."""
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
    """Yields of each line what is bold and what is not, with spaces where the other stands.

    All characters are equally wide, so that both can be drawn over each other.
    """
    lines, place = wrap(drawable(row.text), COLUMNS), 0
    for number, line in enumerate(lines[: row.most]):
        known = max(0, min(len(line), row.given - place))
        place += len(line)
        if number == row.most - 1 and len(lines) > row.most:
            line = f"{line.rstrip()[: COLUMNS - 4]} ..."
        yield line[:known].rstrip(), " " * known + line[known:].rstrip()


def _write(figure: Figure, x: float, y: float, text: str, **options) -> None:
    """Writes one line at a place in inches from the lower left corner."""
    width, height = figure.get_size_inches()
    if text.strip():
        style = {"va": "baseline", "color": _INK, **options}
        figure.text(x / width, y / height, drawable(text), parse_math=False, **style)
