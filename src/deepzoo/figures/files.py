"""Figures: finished, shown in a notebook, recognised among answers, written to files."""

from __future__ import annotations

import io
import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ResourceError, UsageError
from .fonts import choose_fonts

if TYPE_CHECKING:
    from matplotlib.figure import Figure


MOVING = (".gif", ".webp", ".png")
FRAME, LAST = 80, 2000  # milliseconds that a frame of an animation stays, and the last one


def finished(figure: Figure) -> Figure:
    """Chooses the fonts of a figure made without pyplot, and lets a notebook show it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    choose_fonts(figure)

    def png() -> bytes:
        memory = io.BytesIO()
        _write(figure, memory, format="png", dpi=100)
        return memory.getvalue()

    figure._repr_png_ = png  # pyright: ignore[reportAttributeAccessIssue]
    return figure


def is_picture(value: Any) -> bool:
    """Tells figures of Matplotlib, Pillow images and uint8 arrays from other answers."""
    if hasattr(value, "savefig"):
        return True
    if hasattr(value, "save") and hasattr(value, "getbands"):
        return True
    return str(getattr(value, "dtype", "")) == "uint8" and getattr(value, "ndim", 0) in (2, 3, 4)


def is_animation(picture: Any) -> bool:
    """Tells frames, uint8 [n, height, width, 1 or 3], from other pictures."""
    return getattr(picture, "ndim", 0) == 4


def as_image(picture: Any) -> Any:
    """Returns a Pillow image as it is, and a uint8 array [height, width(, 1 or 3)] as one.

    Of an animation it is the last frame.
    """
    if hasattr(picture, "getbands"):
        return picture
    from PIL import Image

    picture = picture[-1] if is_animation(picture) else picture
    grey = picture.ndim == 3 and picture.shape[-1] == 1
    return Image.fromarray(picture[..., 0] if grey else picture)


def save(picture: Any, path: Path) -> Path:
    """Writes a picture in the format that the name of the file says; returns its path.

    Without an ending it is PNG, and GIF for an animation.
    """
    moves = is_animation(picture)
    if not path.suffix:
        path = path.with_name(f"{path.name}.{'gif' if moves else 'png'}")
    if moves and path.suffix.lower() not in MOVING:
        raise UsageError(f"{path} cannot hold an animation.", "Name a .gif file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if hasattr(picture, "savefig"):
            _write(picture, path, dpi=150, bbox_inches="tight")
        elif moves:
            first, *others = map(as_image, picture)
            durations = [*[FRAME] * len(others), LAST]
            first.save(path, save_all=True, append_images=others, duration=durations, loop=0)
        else:
            as_image(picture).save(path)
    except OSError as error:
        raise ResourceError(f"{path} cannot be written: {error.strerror or error}.") from error
    except ValueError as error:
        raise UsageError(f"{path} cannot be written: {error}.", "Name a .png file.") from error
    return path


def _write(figure: Figure, file: Any, **options: Any) -> None:
    # The letters that no font has were named when the fonts were chosen.
    finder = logging.getLogger("matplotlib.font_manager")
    level = finder.level
    finder.setLevel(logging.ERROR)  # it also tells of fonts that are not there in bold
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
            figure.savefig(file, **options)
    finally:
        finder.setLevel(level)
