"""How many photos of digits a run on MNIST names rightly, for each kind of photo.

Usage: python benchmarks/drawings.py [RUN] [--seed 100] [--examples 200] [--photos FOLDER]

First 100 handwritten digits that `tests/support/digit_photos.py` draws from a seed, and how many
photos of two and three digits and of none are told. Then kinds that are made of test digits
that the run names rightly as they are: enlarged, noisy, on lined and squared paper, cut without
a margin, and cut and stretched to a square. `--photos` adds files called `KIND-DIGIT.jpg`.
The bounds are fractions of images that are right. RUN is `mnist@shipped` unless named.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_image_classification.files.adapt import plain
from deepzoo_image_classification.files.photos import read_photo, read_photos
from deepzoo_image_classification.inference import test_split
from deepzoo_image_classification.scoring import of_bytes
from PIL import Image

import deepzoo

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
import digit_photos

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


def report(kind: str, count: int, total: int, bound: float = 0) -> bool:
    """Prints a row, and returns whether its bound is missed."""
    print(f"{kind:26}{count:>6}/{total:<5}{bound or '':>8{'.1%' if bound else ''}}", flush=True)
    return count < bound * total


def drawn_photos(run: deepzoo.Run, seed: int) -> bool:
    """Counts the drawn digits that are right by kind; returns whether a bound is missed."""
    photos = list(digit_photos.photos(seed))
    read = read_photos([photo.image for photo in photos], run.preprocessor)
    named = of_bytes(run.network, read).argmax(axis=1)
    right = Counter(
        photo.kind for photo, label in zip(photos, named, strict=True) if label == photo.digit
    )
    missed = [report(kind, right[kind], 10, 0.8) for kind in digit_photos.KINDS]
    return any([*missed, report("drawn, in all", right.total(), len(photos), 0.95)])


def told_apart(run: deepzoo.Run, seed: int) -> None:
    """Counts the photos of several digits and of none that are told, five of each kind."""
    layouts = {"two in a line": [2], "three in a line": [3], "two in a column": [1, 1]}
    layouts |= {"three in a column": [1, 1, 1], "four in a square": [2, 2], "no digit": []}
    for name, lengths in layouts.items():
        told = []
        for number, kind in enumerate(digit_photos.KINDS.values()):
            for repeat in range(5):
                generator = np.random.default_rng((seed, number, repeat))
                rows = [generator.integers(10, size=length).tolist() for length in lengths]
                photo = digit_photos.photo(rows, kind, generator)
                pixels, several = read_photo(photo, run.preprocessor)
                told.append(several if lengths else bool(plain(pixels[None])[0]))
        report(name, sum(told), len(told))


def test_digits(run: deepzoo.Run, examples: int) -> bool:
    """Counts the test digits that are right by kind; returns whether a bound is missed."""
    test = test_split(run)
    # The preparation is measured: digits that the network misses as they are say nothing of it.
    known = np.flatnonzero(of_bytes(run.network, test.pixels).argmax(axis=1) == test.labels)
    chosen = known[np.linspace(0, len(known) - 1, examples).astype(int)]
    missed = False
    for kind, (draw, bound) in KINDS.items():
        photos = [draw(digit) for digit in test.pixels[chosen, ..., 0]]
        missed |= report(kind, right(run, photos, test.labels[chosen]), len(chosen), bound)
    return missed


def right(run: deepzoo.Run, photos: list[Any], expected: Any) -> int:
    """Counts the photos that a run names rightly."""
    found = of_bytes(run.network, read_photos(photos, run.preprocessor))
    return int((found.argmax(axis=1) == expected).sum())


def main() -> int:
    """Prints a table of kinds, and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", nargs="?", default="mnist@shipped")
    parser.add_argument("--seed", type=int, default=digit_photos.REPORTED)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--photos", type=Path)
    options = parser.parse_args()
    run = deepzoo.load(options.run)
    print(f"{'KIND':26}{'RIGHT':>10}{'BOUND':>10}")
    missed = drawn_photos(run, options.seed)
    told_apart(run, options.seed)
    missed |= test_digits(run, options.examples)
    styles: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(options.photos.iterdir()) if options.photos else ():
        styles[path.stem.rpartition("-")[0]].append(path)
    for style, paths in styles.items():
        count = right(run, list(paths), [int(path.stem[-1]) for path in paths])
        report(style, count, len(paths))
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
