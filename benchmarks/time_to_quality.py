"""The training time of a run to the held-out bits at which the published recipe levels off.

Usage: python benchmarks/time_to_quality.py [RUN]

The history of the run has the number of steps until its validation reached 1.955 bits per
character. Steps of its model and of the published recipe (a GRU of 1,024 units, batch 64 x
100, in plain Keras as it was published) are timed here in turns; the published recipe takes
5,130 of them for its 10 epochs. Prints the training time of both on this machine and their
ratio (bound 0.15); beside it that over the same recipe as deepzoo trains it (`char-gru`),
whose layer is faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from support.timing import alternate, median_ratio
from support.trainer_steps import Steps, text_workload

import deepzoo
from deepzoo.errors import DeepzooError
from deepzoo.networks.devices import configure
from deepzoo.workload import Workload

BITS, PUBLISHED_STEPS, BOUND = 1.955, 5130, 0.15


def steps_of(run: deepzoo.Run, name: str, steps: int, folder: Path) -> Steps:
    """Builds a model as the run has it, on a text of a few batches."""
    settings = {k: v for k, v in run.settings.items() if k.startswith("model.")}
    return Steps(text_workload(name, steps, settings), folder)


def plain_keras(workload: Workload) -> Callable[[], object]:
    """Builds the published network from Keras' own layers; returns an epoch of it."""
    import keras

    window, size = workload.recipes.model.sequence_length, workload.recipes.model.batch_size
    tokens = workload.prepared.spec["vocabulary"]
    inputs, targets, _ = workload.prepared.train.batch(np.arange(len(workload.prepared.train)))
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(size, window)),
            keras.layers.Embedding(tokens, 256),
            keras.layers.GRU(
                1024,
                return_sequences=True,
                stateful=True,
                recurrent_initializer="glorot_uniform",
            ),
            keras.layers.Dense(tokens),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    def epoch() -> None:
        # Not `fit`, whose end may wait for the tuning of TensorFlow's input pipeline.
        for start in range(0, len(inputs), size):
            model.train_on_batch(inputs[start : start + size], targets[start : start + size])

    return epoch


def main() -> int:
    """Measures and returns 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="tweets@shipped")
    parser.add_argument("--bits", type=float, default=BITS)
    parser.add_argument("--steps", type=int, default=5, help="steps to time at once")
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    try:
        run = deepzoo.load(options.run)
    except DeepzooError as error:
        print(f"There is no run to measure: {error.message}")
        return 0
    reached = [row for row in run.history if row["val_bits_per_character"] <= options.bits]
    if not reached:
        best = min((row["val_bits_per_character"] for row in run.history), default=float("nan"))
        print(f"{run.id} never reached {options.bits} bits per character; its best is {best:.3f}.")
        return 1
    first = reached[0]
    configure()
    with tempfile.TemporaryDirectory() as folder:
        ours = steps_of(run, run.model, options.steps, Path(folder))
        theirs = Steps(text_workload("char-gru", options.steps, {}), Path(folder))
        sides = {
            "ours": ours.epoch,
            "published": plain_keras(theirs.workload),
            "char-gru": theirs.epoch,
        }
        seconds = alternate(sides, options.repeats)
    print(
        f"{run.id} ({run.model}): {first['val_bits_per_character']:.3f} bits per character", end=""
    )
    print(f" after epoch {first['epoch']}, {first['steps']} steps, {first['seconds']:.0f} s then")
    for name, measured in seconds.items():
        count = first["steps"] if name == "ours" else PUBLISHED_STEPS
        step = statistics.median(measured) / options.steps
        print(f"{name:<10} {step * 1000:8.1f} ms per step x {count:5} = {step * count:8.0f} s here")
    fraction = first["steps"] / PUBLISHED_STEPS
    ratio = median_ratio(seconds["ours"], seconds["published"]) * fraction
    print(f"ours / published {ratio:6.3f}  (at most {BOUND})")
    print(f"ours / char-gru  {median_ratio(seconds['ours'], seconds['char-gru']) * fraction:6.3f}")
    return int(ratio > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
