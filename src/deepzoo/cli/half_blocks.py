"""Small pictures in the terminal: a character is two pixels, one above the other."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from .console import columns, console, is_terminal

UPPER_HALF = "\u2580"  # the upper pixel in the colour of the text, the lower in that of the ground


def show(picture: Any) -> None:
    """Draws a picture below the name of its file, where the terminal can show it.

    That is: in UTF-8 and at least 256 colours. A picture wider in pixels than the terminal in
    characters is halved, and not drawn if that is not enough. Figures of Matplotlib are not drawn,
    and nothing is with `--quiet` or `NO_COLOR`.

    Args:
        picture: Figure, Pillow image or uint8 array, as `figures.save` takes them.
    """
    utf_8 = (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    wanted = not (console.quiet or os.environ.get("NO_COLOR"))
    if utf_8 and wanted and is_terminal(sys.stdout) and not hasattr(picture, "savefig"):
        console.raw(half_blocks(picture, columns()))


def half_blocks(picture: Any, width: int) -> str:
    """Returns a picture, or half its size, as lines; nothing if it is wider or needs more colours.

    Args:
        picture: Pillow image or uint8 array.
        width: Characters of a line.
    """
    import numpy as np

    from ..figures.files import as_image

    image = as_image(picture)
    if image.width > 2 * width:
        return ""
    from rich.color import Color
    from rich.console import Console
    from rich.segment import Segment, Segments
    from rich.style import Style

    screen = Console(file=io.StringIO(), width=width, force_terminal=True, legacy_windows=False)
    if screen.color_system not in ("256", "truecolor"):
        return ""
    image = image.convert("RGB")
    if image.width > width:
        image = image.reduce(2)
    colours: list[list[Any]] = [
        [Color.from_rgb(*pixel) for pixel in row] for row in np.asarray(image)
    ]
    if len(colours) % 2:
        colours.append([None] * image.width)  # the ground of the terminal
    segments = []
    for upper, lower in zip(colours[::2], colours[1::2], strict=True):
        line = zip(upper, lower, strict=True)
        segments += [Segment(UPPER_HALF, Style(color=a, bgcolor=b)) for a, b in line]
        segments.append(Segment.line())
    with screen.capture() as capture:
        screen.print(Segments(Segment.simplify(segments)), end="")
    return capture.get()
