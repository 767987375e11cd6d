"""Using a run: codes of images, images of codes, and whole pages cleaned tile by tile."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from deepzoo.errors import UsageError
from deepzoo.figures import mosaic
from deepzoo.readers import read_image

from .prepare import as_bytes, scaled

if TYPE_CHECKING:
    from deepzoo import Run

MULTIPLE = 16
"""Networks halve pages up to four times: their sides have to be multiples of this."""
MARGIN = 96
"""Pixels around a tile that its pixels depend on, at most: more than any network here reaches."""
TILE = 768
"""Side of a tile at most; with its margins it takes less than 500 MB."""


def encoder(run: Run, count: int) -> Any:
    """Returns the network that encodes `count` images of a run soonest.

    Raises:
        UsageError: The network has no codes.
    """
    network = run.network_for(count)
    if not hasattr(network, "encode"):
        raise UsageError(
            f"The network of {run.id} ({run.model}) does not tell its codes.",
            "Build a deepzoo_autoencoding.AutoencoderNetwork around the Keras model.",
        )
    return network


def generate(run: Run, count: int, seed: int | None) -> np.ndarray:
    """Decodes codes that are drawn from the standard normal distribution.

    Returns:
        The images side by side in a square, uint8 [height, width(, channels)].

    Raises:
        UsageError: The codes of the run are not distributed like that.
    """
    if not getattr(run.recipe("model"), "generative", False):
        raise UsageError(
            f"{run.id} ({run.model}) cannot generate: its codes have no known distribution.",
            f"Train one that can: deepzoo train {run.dataset} --model variational",
        )
    generator = np.random.default_rng(secrets.randbelow(2**31) if seed is None else seed)
    codes = generator.standard_normal((count, run.spec["code"]), np.float32)
    return mosaic(as_bytes(run.network.decode(codes)), math.ceil(math.sqrt(count)))


def read_page(page: Any) -> np.ndarray:
    """Reads a page in grey, uint8 [height, width].

    Args:
        page: An image file, a Pillow image, or an array uint8 [height, width(, channels)].

    Raises:
        DataError: It cannot be read.
    """
    return np.asarray(read_image(page).convert("L"))


def reduced(page: np.ndarray, scale: float) -> np.ndarray:
    """Returns a page uint8 [height, width] at a fraction of its size."""
    from PIL import Image

    height, width = (max(1, round(side * scale)) for side in page.shape)
    return np.asarray(Image.fromarray(page).resize((width, height), Image.Resampling.BOX))


def clean_page(network: Any, page: np.ndarray, tile: int = TILE) -> np.ndarray:
    """Cleans a page of any size.

    A page that is larger than a tile is cleaned in tiles, each with so much of the page around it
    that no seam is left: the result is that of the whole page.

    Args:
        network: A network of pages, `run.network`.
        page: uint8 [height, width].
        tile: Side of a tile at most.

    Returns:
        The clean page, uint8 [height, width].
    """
    height, width = page.shape
    padded = np.pad(page, ((0, -height % MULTIPLE), (0, -width % MULTIPLE)), mode="edge")
    cleaned = np.empty_like(padded)
    for rows, around_rows in _tiles(padded.shape[0], tile):
        for columns, around_columns in _tiles(padded.shape[1], tile):
            part = scaled(padded[around_rows, around_columns])[None, ..., None]
            output = network.predict(part)[0, ..., 0]
            y, x = rows.start - around_rows.start, columns.start - around_columns.start
            inner = output[y : y + rows.stop - rows.start, x : x + columns.stop - columns.start]
            cleaned[rows, columns] = as_bytes(inner)
    return cleaned[:height, :width]


def _tiles(length: int, tile: int) -> Iterator[tuple[slice, slice]]:
    """Yields the tiles along one side of a page, alone and with the margins around them."""
    count = -(-length // tile)
    size = -(-length // count // MULTIPLE) * MULTIPLE
    for start in range(0, length, size):
        stop = min(start + size, length)
        yield slice(start, stop), slice(max(0, start - MARGIN), min(length, stop + MARGIN))
