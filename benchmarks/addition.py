"""The default network of addition over the published one: compute, and what it reaches.

Usage: python benchmarks/addition.py [--steps 100] [--repeats 5]

Times training steps of both through deepzoo's trainer in turns, multiplies them by the steps of
a whole training (published: 200 passes over 45,000 sums), trains the default, and prints the
fraction of the published compute that it took (at most 0.25) and its exact match on the test
split (at least 99.9 %).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from support.timing import alternate, median_ratio
from support.trainer_steps import Steps

import deepzoo
from deepzoo.networks.devices import configure
from deepzoo.workload import Workload

COMPUTE, EXACT = 0.25, 0.999
MODELS = ("column-gru", "seq2seq-lstm")


def main() -> int:
    """Measures, trains, and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--base", type=int, default=10)
    parser.add_argument("--steps", type=int, default=100, help="steps in a repeat")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    configure()
    sides, steps = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name in MODELS:
            settings = {"base": options.base}
            workload = Workload.make("addition", model=name, assignments=settings)
            model = workload.recipes.model
            steps[name] = len(workload.prepared.train) // model.batch_size * model.epochs
            few = Workload.make(
                "addition", model=name, assignments={**settings, "examples": 128 * options.steps}
            )
            sides[name] = Steps(few, Path(folder)).epoch
        seconds = alternate(sides, options.repeats)
    for name, measured in seconds.items():
        each = statistics.median(measured) / options.steps
        print(
            f"{name:<13} {each * 1000:6.2f} ms a step, {steps[name]:,} steps: "
            f"{each * steps[name]:,.0f} s"
        )
    ratio = median_ratio(*seconds.values()) * steps[MODELS[0]] / steps[MODELS[1]]
    print(f"fraction of the published compute: {ratio:.3f}  (at most {COMPUTE})")
    run = deepzoo.train("addition", settings={"base": options.base})
    exact = run.metrics["exact_match"]
    print(f"exact match of {run.id}: {exact:.2%}  (at least {EXACT:.1%})")
    for note in run.results["notes"]:
        print(note)
    return int(ratio > COMPUTE or exact < EXACT)


if __name__ == "__main__":
    raise SystemExit(main())
