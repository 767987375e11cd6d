"""Generation in a running process: the NumPy stepper against its bare products and Keras.

140 characters, batch 1, GRU 1024. Prints the time of the stepper over that of the same
matrix-vector products alone (bound 2.5), and the time of `model.predict` per character
over that of the stepper (bound 100): medians of alternating repeats.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from support.gru_network import GRUNetwork
from support.timing import alternate, median_ratio

from deepzoo.feedforward import one_blas_thread
from deepzoo.sampling.sampler import Sampling, generate

PROMPT = np.array([7])


def bare_products(stepper, characters: int) -> None:
    """Computes what every implementation has to: h @ W and h @ V for each character."""
    W, V = stepper.blocks[0].cell.W, stepper.head.V
    h = np.full(len(W), 0.1, np.float32)
    with one_blas_thread():
        for _ in range(characters):
            W.T @ h
            V.T @ h


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1024)
    parser.add_argument("--characters", type=int, default=140)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    network = GRUNetwork(options.units)
    stepper, token = network.numpy_network(), PROMPT[None].astype("int32")
    predicted = max(1, options.characters // 28)
    seconds = alternate(
        {
            "stepper": lambda: generate(stepper, [PROMPT], options.characters, Sampling(0.8), 1),
            "products": lambda: bare_products(stepper, options.characters),
            "predict": lambda: [network.model.predict(token, verbose=0) for _ in range(predicted)],
        },
        options.repeats,
    )
    for name, count in {"stepper": options.characters, "products": options.characters}.items():
        milliseconds = statistics.median(seconds[name]) / count * 1000
        print(f"{name:<10} {milliseconds:8.3f} ms per character")
    milliseconds = statistics.median(seconds["predict"]) / predicted * 1000
    print(f"{'predict':<10} {milliseconds:8.3f} ms per character")
    over = median_ratio(seconds["stepper"], seconds["products"])
    faster = median_ratio(seconds["predict"], seconds["stepper"])
    faster *= options.characters / predicted
    quietest = min(seconds["predict"]) / min(seconds["stepper"]) * options.characters / predicted
    print(f"stepper / bare products   {over:7.2f}  (at most 2.5)")
    print(f"model.predict / stepper   {faster:7.1f}  (at least 100)")
    print(f"  at the quietest repeats {quietest:7.1f}")
    return int(over > 2.5 or faster < 100)


if __name__ == "__main__":
    raise SystemExit(main())
