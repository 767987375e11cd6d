"""Names of classes in any script: fonts that have their letters, and names that fit."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from functools import cache

logger = logging.getLogger("deepzoo")
USUAL = "DejaVu Sans"  # comes with Matplotlib
MISSING = "\u25a1"


@contextlib.contextmanager
def fonts_for(names: Iterable[str]) -> Iterator[None]:
    """Adds installed fonts that have the letters of the names, and warns of letters none has."""
    import matplotlib as mpl

    missing = {letter for name in names for letter in name if letter.isprintable()}
    missing -= _letters(USUAL)
    families = [USUAL]
    for family in sorted(_installed()) if missing else ():
        if missing & _letters(family):
            families.append(family)
            missing -= _letters(family)
    if missing:
        listed = "".join(sorted(missing)[:10])
        logger.warning(f"No installed font has {listed}: drawn as {MISSING}. Install Noto Sans.")
    with mpl.rc_context({"font.family": families}):
        yield


def drawable(text: str) -> str:
    """Replaces what no font in use can draw, which would be a warning and an empty box."""
    import matplotlib as mpl

    known = set().union(*map(_letters, mpl.rcParams["font.family"]))
    return "".join(letter if letter in known else MISSING for letter in text)


def shortened(text: str, most: int) -> str:
    """Cuts out the middle of a text: long names differ at their ends, too.

    Examples:
        >>> shortened("Turdus philomelos (song thrush)", 20)
        'Turdus philom…hrush)'
    """
    if len(text) <= most:
        return text
    end = (most - 1) // 3
    return f"{text[: most - 1 - end].rstrip()}\u2026{text[-end:].lstrip()}"


@cache
def _letters(family: str) -> frozenset[str]:
    from matplotlib.font_manager import get_font

    installed = _installed()

    return frozenset(map(chr, get_font(installed.get(family, installed[USUAL])).get_charmap()))


@cache
def _installed() -> dict[str, str]:
    """Returns the files of the installed fonts of usual weight and width."""
    from matplotlib.font_manager import fontManager

    usual = ("normal", "normal", 400, "normal")
    return {
        font.name: font.fname
        for font in fontManager.ttflist
        if (font.style, font.variant, font.weight, font.stretch) == usual
        and "Last Resort" not in font.name  # which has a box for every letter
    }
