"""A training step of our GRU layer against `keras.layers.GRU`, in float32 and mixed precision.

Same weights, same arrays: 64 sequences of 100 steps, 256 features. Prints milliseconds per
step (forward, backward and update; on a CPU ours is the hoisted loop, on a GPU both are the
fused kernel) and the ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from support.timing import alternate, median_ratio

from deepzoo.networks.devices import configure

BATCH, TIME, FEATURES = 64, 100, 256


def network(layer: str, units: int, precision: str):
    """Builds and compiles a network of one layer; returns a function that runs one step."""
    configure(precision=precision)
    import keras
    from deepzoo_text_generation.layers import HoistedGRU

    cls = {"keras": keras.layers.GRU, "ours": HoistedGRU}[layer]
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((TIME, FEATURES)), cls(units, return_sequences=True), keras.layers.Dense(1)]
    )
    model.compile(optimizer="adam", loss="mse")
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(BATCH, TIME, FEATURES)).astype("float32")
    targets = rng.normal(size=(BATCH, TIME, 1)).astype("float32")
    return lambda: model.train_on_batch(inputs, targets)


def main() -> int:
    """Measures; there is no bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    seconds = alternate(
        {
            f"{layer} {precision}": network(layer, options.units, precision)
            for precision in ("float32", "mixed")
            for layer in ("keras", "ours")
        },
        options.repeats,
    )
    for name, measured in seconds.items():
        ratio = median_ratio(measured, seconds["keras float32"])
        milliseconds = statistics.median(measured) * 1000
        print(f"{name:<14} {milliseconds:8.1f} ms per step  {ratio:6.2f} of keras float32")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
