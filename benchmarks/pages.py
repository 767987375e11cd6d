"""Cleaning pages: how well, how soon, and how much memory it takes.

Usage: [DEEPZOO_DATA=...] python benchmarks/pages.py [RUN] [--repeats 7] [--megapixels 30]

RUN is `noisy-office@shipped` by default. Prints the root mean squared error on the real pages, if
they are there, beside half of that of the page as it is, and beside the other baselines; the SSIM
of the most stained part of each; how far Keras and the NumPy network are apart on a page (at most
1e-3); a page of 540 x 420 pixels in a running process without Keras (at most 1 s) and in a fresh
one (at most 2 s); and the time and the peak memory of a huge page.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_autoencoding.inference import clean_page
from deepzoo_autoencoding.prepare import scaled
from deepzoo_autoencoding.samples import draw_pages
from deepzoo_autoencoding.scoring import ssim
from PIL import Image
from support.child import Measured, as_installed, run
from support.timing import alternate

import deepzoo
from deepzoo.errors import DeepzooError

RUNNING, COLD, APART, CROP = 1.0, 2.0, 1e-3, 96


def quality(opened: deepzoo.Run) -> bool:
    """Prints the errors on real pages; returns whether the run is better than all baselines."""
    try:
        test = opened.workload().data.splits.test
    except DeepzooError as error:
        print(f"Not measured on real pages: {error.message}")
        return True
    result = opened.evaluate()
    ours, others = result["metrics"]["rmse"], result["baselines"]
    bounds = {name: scores["rmse"] for name, scores in others.items()}
    bounds["identity"] /= 2
    print(f"rmse {ours:.4f}, at most half of identity and all others:", bounds)
    kept = all(ours <= bound for bound in bounds.values())
    for number, (noisy, clean) in enumerate(zip(test.noisy, test.clean, strict=True)):
        after = clean_page(opened.numpy_network, noisy)
        y, x = most_stained(noisy, clean)
        crops = [
            scaled(page[y : y + CROP, x : x + CROP])[None, ..., None]
            for page in (clean, noisy, after)
        ]
        before, cleaned = (float(ssim(crops[0], crop)[0]) for crop in crops[1:])
        print(
            f"  page {number}: SSIM of the most stained {CROP} x {CROP} pixels "
            f"{before:.3f} before, {cleaned:.3f} after"
        )
        kept &= cleaned > before
    return kept


def most_stained(noisy: np.ndarray, clean: np.ndarray) -> tuple[int, int]:
    """Returns the corner of the part that differs most from the clean page."""
    from scipy.ndimage import uniform_filter

    half = CROP // 2
    sums = uniform_filter(np.abs(noisy.astype(np.float32) - clean), CROP)
    inner = sums[half : noisy.shape[0] - half, half : noisy.shape[1] - half]
    y, x = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(y), int(x)


def cold(name: str, page: np.ndarray, folder: str) -> Measured:
    """Cleans a page in a fresh process."""
    path = Path(folder) / "page.png"
    Image.fromarray(page).save(path)
    words = ["-m", "deepzoo", "predict", name, str(path), "--out", str(Path(folder) / "clean.png")]
    home = {"DEEPZOO_HOME": os.environ["DEEPZOO_HOME"]} if "DEEPZOO_HOME" in os.environ else {}
    measured = run(words, {**as_installed(folder), **(home if "@" not in name else {})})
    assert not measured.code, measured.output
    return measured


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="noisy-office@shipped")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--megapixels", type=float, default=30)
    options = parser.parse_args()
    page = draw_pages(1, 0, 540, 420).noisy[0]
    # First, for a process that is started counts the memory of the one that starts it.
    with tempfile.TemporaryDirectory() as folder:
        cold(options.run, page, folder)  # compiles modules
        fresh = [cold(options.run, page, folder) for _ in range(options.repeats)]
        side = round((options.megapixels * 1e6) ** 0.5)
        huge = cold(options.run, np.resize(page, (side, side)), folder)
    opened = deepzoo.load(options.run)
    numpy_network = opened.numpy_network
    (seconds,) = alternate({"": lambda: clean_page(numpy_network, page)}, options.repeats).values()
    running = statistics.median(seconds)
    kept = quality(opened)
    inputs = scaled(page[:528, :416])[None, ..., None]
    outputs = [network.predict(inputs) for network in (numpy_network, opened.network)]
    apart = float(np.abs(outputs[0] - outputs[1]).max())
    first = statistics.median(item.wall for item in fresh)
    print(f"NumPy and Keras are {apart:.1e} apart (at most {APART:.0e})")
    print(
        f"540 x 420 pixels: {running:.2f} s running (at most {RUNNING:g}), {first:.2f} s cold "
        f"(at most {COLD:g}), {max(item.megabytes for item in fresh):.0f} MB"
    )
    print(
        f"{side:,} x {side:,} pixels: {huge.wall:.0f} s, of the processor "
        f"{huge.processor:.0f} s; {huge.megabytes:,.0f} MB"
    )
    return int(not kept or apart > APART or running > RUNNING or first > COLD)


if __name__ == "__main__":
    raise SystemExit(main())
