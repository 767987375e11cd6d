"""How many drawings on photos a run on MNIST names rightly, for each kind of photo.

Usage: python benchmarks/drawings.py RUN [--examples 200] [--photos FOLDER]

The kinds are made of test digits that the run names rightly as they are: enlarged, noisy, on
lined and squared paper, cut without a margin, and cut and stretched to a square.
`--photos` adds files called `KIND-DIGIT.jpg`. The bounds are fractions of images that are right.
"""

from __future__ import annotations

import argparse
import io
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_image_classification.files.photos import read_photos
from deepzoo_image_classification.inference import test_split
from deepzoo_image_classification.scoring import of_bytes
from PIL import Image

import deepzoo

SIDE = 280
INK, PAPER, RULES = (25, 30, 90), (245, 245, 240), (180, 195, 225)


def enlarged(digit: np.ndarray, size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    """Makes a digit large."""
    return Image.fromarray(digit).resize(size, Image.Resampling.BICUBIC)


def cut(digit: np.ndarray) -> np.ndarray:
    """Takes off everything around a digit."""
    rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    return digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def compressed(pixels: np.ndarray, quality: int) -> Image.Image:
    """Saves pixels as JPEG and reads them again."""
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return Image.open(file)


def noisy(digit: np.ndarray) -> Image.Image:
    """Draws a digit light on grey, with noise, and compresses it strongly."""
    noise = np.random.default_rng(int(digit.sum())).normal(60, 12, (SIDE, SIDE))
    return compressed(np.asarray(enlarged(digit), float) * 0.6 + noise, 25)


def on_paper(digit: np.ndarray, squared: bool) -> Image.Image:
    """Draws a digit on lined or squared paper in uneven light."""
    generator = np.random.default_rng(int(digit.sum()))
    page = np.full((480, 640, 3), PAPER, float)
    for place in range(30, 640, 30):
        page[place : place + 2] = RULES
        if squared:
            page[:, place : place + 2] = RULES
    side = int(generator.integers(240, 420))
    top, left = (int(generator.integers(0, size - side)) for size in (480, 640))
    ink = np.asarray(enlarged(digit, (side, side)), float)[..., None] / 255
    part = page[top : top + side, left : left + side]
    part += ink * (np.array(INK) - part)
    light = np.linspace(1, 0.75, 640)[None, :, None]
    return compressed(page * light + generator.normal(0, 4, page.shape), 88)


def cut_and_enlarged(digit: np.ndarray) -> Image.Image:
    """Cuts a digit tightly, and makes it ten times as large."""
    tight = cut(digit)
    return enlarged(tight, (10 * tight.shape[1], 10 * tight.shape[0]))


KINDS: dict[str, tuple[Callable[[np.ndarray], Any], float]] = {
    "enlarged, light on dark": (enlarged, 0.998),
    "enlarged, dark on light": (lambda digit: enlarged(255 - digit), 0.998),
    "noise and JPEG": (noisy, 0.99),
    "lined paper": (lambda digit: on_paper(digit, squared=False), 0.99),
    "squared paper": (lambda digit: on_paper(digit, squared=True), 0.99),
    "cut, light on dark": (lambda digit: Image.fromarray(cut(digit)), 0.96),
    "cut, dark on light": (lambda digit: Image.fromarray(255 - cut(digit)), 0.96),
    "cut, enlarged": (cut_and_enlarged, 0.96),
    "cut, stretched": (lambda digit: enlarged(cut(digit)), 0.85),
}


def main() -> int:
    """Prints a table of kinds, and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", nargs="?")
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--photos", type=Path)
    options = parser.parse_args()
    if options.run is None:
        print("Nothing is measured: name a run on mnist, from `deepzoo train mnist`.")
        return 0
    run = deepzoo.load(options.run)
    test = test_split(run)
    # The preparation is measured: digits that the network misses as they are say nothing of it.
    known = np.flatnonzero(of_bytes(run.network, test.pixels).argmax(axis=1) == test.labels)
    chosen = known[np.linspace(0, len(known) - 1, options.examples).astype(int)]
    labels = test.labels[chosen]
    missed = False

    def right(photos: list[Any], expected: Any) -> int:
        found = of_bytes(run.network, read_photos(photos, run.preprocessor))
        return int((found.argmax(axis=1) == expected).sum())

    print(f"{'KIND':26}{'RIGHT':>10}{'BOUND':>8}")
    for kind, (draw, bound) in KINDS.items():
        count = right([draw(digit) for digit in test.pixels[chosen, ..., 0]], labels)
        missed |= count < bound * len(chosen)
        print(f"{kind:26}{count:>6}/{len(chosen)}{bound:>8.1%}", flush=True)
    styles: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(options.photos.iterdir()) if options.photos else ():
        styles[path.stem.rpartition("-")[0]].append(path)
    for style, paths in styles.items():
        count = right(list(paths), [int(path.stem[-1]) for path in paths])
        print(f"{style:26}{count:>6}/{len(paths)}", flush=True)
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
