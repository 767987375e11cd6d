"""Picture files: read with care, turned upright, and freed of transparency."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from deepzoo.errors import DataError

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM")
"""What is read. Of other formats Pillow may start programs to read them (EPS)."""
LARGEST = 100_000_000
"""Pixels of the largest picture: a phone's have 12 to 50 million."""
_GREYS = ("1", "L", "LA", "La")


def open_picture(path: str | Path, formats: tuple[str, ...] = FORMATS) -> Image:
    """Reads a picture and turns it upright, as its EXIF data say; of several frames the first.

    Args:
        path: The file; what it is told by its content, not by its name.
        formats: Names of the formats that are read, as Pillow has them.

    Raises:
        DataError: It is missing, empty, no picture, truncated, or too large to be decoded.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    path = Path(path)
    _check_file(path)
    with warnings.catch_warnings():
        # Pillow warns of large pictures and of broken EXIF data; the first are refused here.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=formats) as image:
                _check_size(path, *image.size)
                image.load()
                return ImageOps.exif_transpose(image)
        except (DataError, MemoryError):
            raise
        except UnidentifiedImageError:
            raise DataError(
                f"{path} is no picture that can be read; expected {', '.join(formats)}.",
                "Open it with another program and save it as PNG.",
            ) from None
        except Image.DecompressionBombError as error:
            raise DataError(f"{path} is too large: {error}", "Scale it down first.") from None
        except Exception as error:  # Pillow's readers raise whatever a broken file makes them.
            raise DataError(
                f"{path} is damaged or cut off and cannot be decoded: {error}.",
                "Get the file again.",
            ) from error


def flatten(image: Image) -> Image:
    """Turns any mode into `L` (grey) or `RGB`, without transparency and with 8 bits.

    Transparent parts become white, or black if otherwise nothing could be seen (a white
    drawing on nothing). Values of 16 bits are scaled, not cut.
    """
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("L" if image.mode in _GREYS else "RGB")
    seen = image.convert("RGBA")
    kept = _over(seen, "white")
    if _is_plain(kept):
        kept = _over(seen, "black")
    return kept.convert("L") if image.mode in _GREYS else kept


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    if path.is_dir():
        raise DataError(
            f"{path} is a folder; expected a picture.", f"Name its files: {path / '*.png'}"
        )
    if not size:
        raise DataError(f"{path} is empty: 0 bytes.", "Get the file again.")


def _check_size(path: Path, width: int, height: int) -> None:
    if width * height > LARGEST:
        raise DataError(
            f"{path} is too large: {width:,} x {height:,} pixels, "
            f"expected at most {LARGEST:,} in all.",
            "Scale it down first.",
        )


def _eight_bits(image: Image) -> Image:
    import numpy as np
    from PIL import Image as pillow

    values = np.nan_to_num(np.asarray(image, np.float64))
    highest = values.max(initial=0)
    if highest > 255:
        values = values / 257  # 65535 is white
    elif image.mode == "F" and highest <= 1:
        values = values * 255
    elif image.mode.startswith("I;16"):
        values = values / 257
    return pillow.fromarray(np.clip(np.round(values), 0, 255).astype(np.uint8))


def _over(image: Image, colour: str) -> Image:
    from PIL import Image as pillow

    ground = pillow.new("RGBA", image.size, colour)
    return pillow.alpha_composite(ground, image).convert("RGB")


def _is_plain(image: Image) -> bool:
    """Tells a picture of one colour, in which nothing is to be seen."""
    return all(high - low < 8 for low, high in image.getextrema())  # pyright: ignore[reportGeneralTypeIssues, reportOperatorIssue]
