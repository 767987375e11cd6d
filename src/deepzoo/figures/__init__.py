"""Figures of one form: a title, a subtitle, names in any script that fit, and how they are saved.

A plot of a task makes its figure with `blank`, `framed` or `panels`; `Run.plot` chooses the fonts.
"""

from .confusion import confusion_matrix
from .files import finished, is_picture, save
from .fonts import printable, shortened
from .images import image_rows, mosaic, show_image
from .layout import (
    BLUE,
    COLOURS,
    GREY,
    INK,
    MARGIN,
    ORANGE,
    RULE,
    blank,
    clean,
    framed,
    panels,
    percent,
    write,
)

__all__ = [
    "BLUE",
    "COLOURS",
    "GREY",
    "INK",
    "MARGIN",
    "ORANGE",
    "RULE",
    "blank",
    "clean",
    "confusion_matrix",
    "finished",
    "framed",
    "image_rows",
    "is_picture",
    "mosaic",
    "panels",
    "percent",
    "printable",
    "save",
    "shortened",
    "show_image",
    "write",
]
