"""Drawing images pixel by pixel: how soon, and whether by the logits of Keras.

Usage: python benchmarks/pixels.py [RUN] [--images 64] [--pixels 5] [--repeats 7]

RUN is `mnist-pixels@shipped` by default. Prints how far the logits of Keras are from those of
NumPy, of whole images and drawn from cached rows (at most 1e-4); the time of 64 images in a running
process (at most 10 s), and how many times faster that is than one call of the compiled Keras
network per pixel (at least 20), of which a few pixels are timed and scaled to all; and the time of
one image in a fresh process over that of `python -c "import keras"` (at most 0.5).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_pixel_generation.drawing import draw
from deepzoo_pixel_generation.networks import PredictingStepper
from support.child import as_installed, run
from support.timing import alternate, median_ratio

import deepzoo
from deepzoo.errors import DeepzooError

APART, SECONDS, FASTER, COLD = 1e-4, 10.0, 20.0, 0.5


def cold(name: str, repeats: int) -> tuple[float, float]:
    """Returns the time of an image in a fresh process, in seconds and over `import keras`."""
    with tempfile.TemporaryDirectory() as folder:
        environment = as_installed(folder)
        if not name.endswith("@shipped"):
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        words = ["-m", "deepzoo", "generate", "--run", name, "-n", "1", "--out"]

        def image() -> float:
            measured = run([*words, str(Path(folder) / "image.png")], environment)
            assert not measured.code, measured.output
            return measured.wall

        def keras() -> float:
            return run(["-c", "import keras"], environment).wall

        image()  # compiles modules
        keras()
        pairs = [(image(), keras()) for _ in range(repeats)]
    images, imports = map(list, zip(*pairs, strict=True))
    return statistics.median(images), median_ratio(images, imports)


def drawn_logits(stepper: Any, levels: np.ndarray) -> np.ndarray:
    """Returns the logits that a stepper has along images, [n, pixels, levels]."""
    tokens, state, logits = np.zeros(len(levels), np.int64), stepper.start(len(levels)), []
    for pixels in levels.reshape(len(levels), -1).T:
        step, state = stepper.step(tokens, state)
        logits.append(step)
        tokens = pixels
    return np.stack(logits, axis=1)


def apart(opened: deepzoo.Run, levels: np.ndarray, labels: np.ndarray) -> float:
    """Returns the greatest difference between the logits of Keras and both of NumPy's."""
    inputs = (levels / np.float32(opened.spec["levels"] - 1)).astype(np.float32), labels
    expected = opened.network.predict(inputs)
    cached = drawn_logits(opened.numpy_network.stepper(labels), levels).reshape(expected.shape)
    whole = opened.numpy_network.predict(inputs)
    return max(float(np.abs(part - expected).max()) for part in (cached, whole))


def first_pixels(stepper: Any, count: int, n: int) -> None:
    """Draws the first few pixels of images."""
    tokens, state = np.zeros(n, np.int64), stepper.start(n)
    for _ in range(count):
        logits, state = stepper.step(tokens, state)
        tokens = logits.argmax(axis=1)


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="mnist-pixels@shipped")
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--pixels", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    try:
        opened = deepzoo.load(options.run)
    except DeepzooError as error:
        print(f"Not measured: {error.message}")
        return 0
    one, over_keras = cold(options.run, options.repeats)
    labels = (np.arange(options.images) % opened.spec["classes"]).astype(np.int32)
    slow = PredictingStepper(opened.network, labels)
    measured = alternate(
        {
            "cached": lambda: draw(opened.numpy_network, labels),
            "keras": lambda: first_pixels(slow, options.pixels, len(labels)),
        },
        options.repeats,
    )
    scale = opened.spec["height"] * opened.spec["width"] / options.pixels
    seconds = statistics.median(measured["cached"])
    faster = scale * median_ratio(measured["keras"], measured["cached"])
    difference = apart(opened, draw(opened.numpy_network, labels), labels)
    print(f"NumPy and Keras are {difference:.1e} apart (at most {APART:.0e})")
    print(f"{options.images} images in a running process: {seconds:.2f} s (at most {SECONDS:g})")
    print(
        f"  {faster:.0f} times faster than a call of Keras per pixel (at least {FASTER:g}), "
        f"by {options.pixels} pixels, scaled"
    )
    print(f"one image in a fresh process: {one:.2f} s, {over_keras:.2f} x import keras ({COLD:g})")
    kept = difference <= APART and seconds <= SECONDS and faster >= FASTER and over_keras <= COLD
    return int(not kept)


if __name__ == "__main__":
    raise SystemExit(main())
