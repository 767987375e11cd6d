"""Image classification through deepzoo against bare Keras: training steps and predictions.

Usage: python benchmarks/image_speed.py [--models cnn mlp] [--pictures 10000]

On drawn 28 x 28 pictures in batches of 128: a training step through deepzoo's trainer over bare
`fit` on the same arrays (bound 1.03, and 1.2 where a step is under 20 ms), and predicting
10,000 pictures over a bare compiled forward pass (bound 1.1).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_image_classification.scoring import of_bytes
from support.timing import alternate, median_ratio
from support.trainer_steps import Steps, bare_fit, image_workload

from deepzoo.networks.devices import configure

BOUND, SHORT_BOUND, PREDICTION_BOUND = 1.03, 1.2, 1.1
SHORT, BATCH = 0.02, 256


def predictions(steps: Steps, pictures: int) -> dict[str, Callable[[], object]]:
    """Returns the two ways of giving `pictures` their probabilities."""
    import tensorflow as tf

    network = steps.network
    pixels = steps.workload.data.splits.test.pixels
    pixels = np.resize(pixels, (pictures, *pixels.shape[1:]))
    forward = tf.function(lambda batch: tf.nn.softmax(network.model(batch, training=False)))

    def bare() -> np.ndarray:
        parts = [pixels[start : start + BATCH] for start in range(0, pictures, BATCH)]
        return np.concatenate([forward(part.astype(np.float32) / 255) for part in parts])

    return {"deepzoo": lambda: of_bytes(network, pixels), "bare": bare}


def measure(
    sides: Mapping[str, Callable[[], object]], repeats: int, count: int, unit: str
) -> tuple[float, float]:
    """Prints the milliseconds of two sides per `count`; returns their ratio and the second's."""
    seconds = alternate(sides, repeats)
    for name, measured in seconds.items():
        print(f"  {name:<8} {statistics.median(measured) / count * 1000:9.2f} ms per {unit}")
    ours, bare = seconds.values()
    return median_ratio(ours, bare), statistics.median(bare) / count


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--models", nargs="+", default=["cnn", "mlp", "resnet-small"])
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=30, help="steps in an epoch")
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    configure()
    missed = False
    for model in options.models:
        with tempfile.TemporaryDirectory() as folder:
            print(model)
            steps = Steps(image_workload(model, options.steps * 128), Path(folder))
            sides = {"trainer": steps.epoch, "fit": bare_fit(steps, tuned=False)}
            ratio, step = measure(sides, options.repeats, steps.count, "step of 128")
            bound = SHORT_BOUND if step < SHORT else BOUND
            print(f"  trainer / fit          {ratio:7.3f}  (at most {bound})")
            missed |= ratio > bound
            sides = predictions(steps, options.pictures)
            ratio, _ = measure(sides, options.repeats, 1, f"{options.pictures:,} pictures")
            print(f"  predicting / compiled  {ratio:7.3f}  (at most {PREDICTION_BOUND})")
            missed |= ratio > PREDICTION_BOUND
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
