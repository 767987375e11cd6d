"""A training step through deepzoo's trainer, against bare `fit` on the same arrays.

Usage: python benchmarks/training_step.py [--images MODEL ...]

`char-gru` with 1024 units on batches of 64 windows of 100 characters: the same network, loss
and optimizer, built again for each side. Prints the time per step and the median of the
ratios of alternating epochs (bound 1.03).

The end of a `fit` on arrays waits for a thread that tunes TensorFlow's input pipeline, and
how long depends on when the epoch ends. So the bound is held against `fit` on the same
batches without that tuning; the ratio to `fit` as it comes is printed below it.

With `--images` these are models of images of 28 x 28 pixels, such as `autoencoder`, whose steps
take a few milliseconds. Their bound, 1.2, is held against `fit` as it comes, which has to collect
its batches, too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from support.timing import alternate, median_ratio
from support.trainer_steps import Steps, bare_fit, image_workload, text_workload

from deepzoo.networks.devices import configure
from deepzoo.workload import Workload

BOUND, IMAGE_BOUND, IMAGES = 1.03, 1.2, 30_000


def measure(workload: Workload, repeats: int) -> dict[str, list[float]]:
    """Prints the milliseconds of a step of each side; returns the seconds of all epochs."""
    with tempfile.TemporaryDirectory() as folder:
        steps = Steps(workload, Path(folder))
        sides = {
            "trainer": steps.epoch,
            "fit": bare_fit(steps, tuned=False),
            "fit, tuned": bare_fit(steps, tuned=True),
        }
        seconds = alternate(sides, repeats)
    for name, measured in seconds.items():
        milliseconds = statistics.median(measured) / steps.count * 1000
        print(f"{name:<10} {milliseconds:9.1f} ms per step of {steps.trainer.order.batch_size}")
    return seconds


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--units", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=10, help="steps in an epoch")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--images", nargs="+", metavar="MODEL", default=[])
    options = parser.parse_args()
    configure()
    missed = False
    for model in options.images:
        print(model)
        seconds = measure(image_workload(model, IMAGES), options.repeats)
        ratio = median_ratio(seconds["trainer"], seconds["fit, tuned"])
        print(f"trainer / fit, tuned     {ratio:7.3f}  (at most {IMAGE_BOUND})")
        print(f"trainer / fit            {median_ratio(seconds['trainer'], seconds['fit']):7.3f}")
        missed |= ratio > IMAGE_BOUND
    if options.images:
        return int(missed)
    settings = {"units": options.units, "stateful": False}
    seconds = measure(text_workload("char-gru", options.steps, settings), options.repeats)
    ratio = median_ratio(seconds["trainer"], seconds["fit"])
    quietest = min(seconds["trainer"]) / min(seconds["fit"])
    print(f"trainer / fit            {ratio:7.3f}  (at most {BOUND})")
    print(f"  at the quietest repeats {quietest:6.3f}")
    tuned = median_ratio(seconds["trainer"], seconds["fit, tuned"])
    print(f"trainer / fit, tuned     {tuned:7.3f}")
    return int(ratio > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
