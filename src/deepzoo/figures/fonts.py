"""Names in any script: fonts that have their letters, and names that fit."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

logger = logging.getLogger("deepzoo")
USUAL = "DejaVu Sans"  # comes with Matplotlib
BOXES = "Last Resort High-Efficiency"  # has a box for every letter; since Matplotlib 3.11


def choose_fonts(figure: Figure) -> None:
    """Lets all texts of a figure use the installed fonts that have their letters.

    Letters that no font has are drawn as boxes; one warning names them.
    """
    from matplotlib.text import Text

    for axes in figure.axes:  # the labels of ticks are written only when they are asked for
        axes.get_xticklabels()
        axes.get_yticklabels()
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    missing = {letter for text in texts for letter in text.get_text() if letter.isprintable()}
    missing -= _letters(USUAL)
    if not missing:
        return
    families = [USUAL]
    for family in sorted(_installed().keys() - {USUAL, BOXES}):
        if missing & _letters(family):
            families.append(family)
            missing -= _letters(family)
    if missing:
        listed = "".join(sorted(missing)[:10])
        logger.warning(f"No installed font has {listed}: drawn as boxes. Install Noto Sans.")
        families += [BOXES] * (BOXES in _installed())
    for text in texts:
        text.set_fontfamily(list(dict.fromkeys([*text.get_fontfamily(), *families])))


def printable(text: str) -> str:
    """Replaces line breaks and control characters by blanks, letter by letter."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def shortened(text: str, most: int) -> str:
    """Cuts out the middle of a text: long names differ at their ends, too.

    Examples:
        >>> shortened("Turdus philomelos (song thrush)", 20)
        'Turdus philom…hrush)'
    """
    text = printable(text)
    if len(text) <= most:
        return text
    end = (most - 1) // 3
    return f"{text[: most - 1 - end].rstrip()}\u2026{text[-end:].lstrip()}"


@cache
def _letters(family: str) -> frozenset[str]:
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(_installed()[family]).get_charmap()))


@cache
def _installed() -> dict[str, str]:
    """Returns the files of the installed fonts of usual weight and width."""
    from matplotlib.font_manager import fontManager

    usual = ("normal", "normal", 400, "normal")
    return {
        font.name: font.fname
        for font in fontManager.ttflist
        if (font.style, font.variant, font.weight, font.stretch) == usual
    }
