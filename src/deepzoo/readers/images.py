"""Image files: read with care, turned upright, and freed of transparency."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM", "JPEG2000", "AVIF")
"""What is read, where Pillow has it. Of other formats Pillow may start programs (EPS)."""
LARGEST_IMAGE = 100_000_000
"""Maximum number of pixels of an image; photos from phones have 12 to 50 million."""
_GREYS = ("1", "L", "LA", "La")
_CHANNELS = ((), (1,), (3,), (4,))


def read_image(image: Any) -> Image:
    """Reads an image as users give it, turned upright, of mode `L` (grey) or `RGB`.

    Args:
        image: A file, a Pillow image, or an array uint8 [height, width(, channels)].

    Raises:
        DataError: It cannot be used; the message has the path of a file.
    """
    return _flatten(_opened(image))


def _opened(image: Any) -> Image:
    from PIL import Image, ImageOps

    if hasattr(image, "getbands"):
        return ImageOps.exif_transpose(image)
    if isinstance(image, (str, os.PathLike)):
        return open_image(os.fspath(image))
    if not hasattr(image, "dtype"):
        kind = type(image).__name__
        hints = {
            "list": "Give several one by one: predict(*images).",
            "bytes": "Open it: PIL.Image.open(io.BytesIO(data)).",
        }
        raise DataError(
            f"Expected a path, a Pillow image or an array as an image; received {kind}.",
            hints.get(kind, ""),
        )
    shaped = image.ndim in (2, 3) and image.shape[2:] in _CHANNELS
    if not image.size or image.dtype != np.uint8 or not shaped:
        raise DataError(
            "Expected an array uint8 [height, width] or [height, width, 1, 3 or 4] as an image, "
            f"received {image.dtype} {list(image.shape)}."
        )
    return Image.fromarray(image[..., 0] if image.shape[2:] == (1,) else image)


def image_formats() -> list[str]:
    """Returns which of the formats the installed Pillow reads."""
    from PIL import Image

    Image.init()
    return [name for name in _FORMATS if name in Image.OPEN]


def image_endings() -> tuple[str, ...]:
    """Returns the endings of files in these formats."""
    from PIL import Image

    readable = image_formats()
    of_formats = Image.registered_extensions().items()
    return tuple(sorted(ending for ending, name in of_formats if name in readable))


def open_image(path: str | Path) -> Image:
    """Reads an image and turns it upright, as its EXIF data say; of several frames the first.

    Args:
        path: The file; its content decides the format, not its name.

    Raises:
        DataError: It is missing, empty, not an image, truncated, or too large to be decoded.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    path = Path(path)
    _check_file(path)
    with warnings.catch_warnings():
        # Pillow warns of large images and of broken EXIF data; the first are refused here.
        warnings.simplefilter("ignore")
        try:
            with _identified(path) as image:
                width, height = image.size
                if width * height > LARGEST_IMAGE:
                    raise DataError(
                        f"{path} is too large: {width:,} x {height:,} pixels, "
                        f"expected at most {LARGEST_IMAGE:,} in all.",
                        "Scale it down first.",
                    )
                image.load()
                return ImageOps.exif_transpose(image)
        except (DataError, MemoryError):
            raise
        except UnidentifiedImageError:
            raise DataError(
                f"{path} is not an image that can be read; expected {', '.join(image_formats())}.",
                "Open it with another program and save it as PNG.",
            ) from None
        except Image.DecompressionBombError as error:
            raise DataError(f"{path} is too large: {error}", "Scale it down first.") from None
        except Exception as error:  # Pillow's readers raise whatever a broken file makes them.
            raise DataError(
                f"{path} is damaged or cut off and cannot be decoded: {error}.",
                "Get the file again.",
            ) from error


def _identified(path: Path) -> Image:
    """Opens a file. Most are PNG or JPEG, for which Pillow need not load 30 other formats."""
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(path, formats=_FORMATS[:2])
    except UnidentifiedImageError:
        return Image.open(path, formats=image_formats())


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.", "Check the path.") from error
    if path.is_dir():
        raise DataError(
            f"{path} is a folder; expected an image.", f"Name its files: {path / '*.png'}"
        )
    if not size:
        raise DataError(f"{path} is empty: 0 bytes.", "Get the file again.")


def _flatten(image: Image) -> Image:
    """Turns any mode into `L` (grey) or `RGB`, without transparency and with 8 bits.

    Transparent parts become white, or black if otherwise nothing could be seen (a white
    drawing on nothing). Values of 12 and 16 bits are scaled, not cut.
    """
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("L" if image.mode in _GREYS else "RGB")
    from PIL import Image as pillow

    def opaque(colour: str) -> Image:
        ground = pillow.new("RGBA", image.size, colour)
        return pillow.alpha_composite(ground, image.convert("RGBA")).convert("RGB")

    flat = opaque("white")
    if all(high - low < 8 for low, high in flat.getextrema()):  # pyright: ignore[reportGeneralTypeIssues, reportOperatorIssue]
        flat = opaque("black")  # on white it is of one colour, in which nothing can be seen
    return flat.convert("L") if image.mode in _GREYS else flat


def _eight_bits(image: Image) -> Image:
    from PIL import Image as pillow

    values = np.nan_to_num(np.asarray(image, np.float64))
    highest = values.max(initial=0)
    if highest > 255:
        # Cameras and microscopes write 12 bits into 16: then 4095 is white, else 65535.
        values = values * (255 / (4095 if highest <= 4095 else 65535))
    elif image.mode == "F" and highest <= 1:
        values = values * 255
    return pillow.fromarray(np.clip(np.round(values), 0, 255).astype(np.uint8))
