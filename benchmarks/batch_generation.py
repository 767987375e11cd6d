"""Generation in batches: 32 texts in one compiled loop against 32 single ones.

The single ones take their fastest path, the NumPy stepper. GRU 1024, 140 characters
each; prints the ratio of the times (bound 3), the median of alternating repeats, and
beside it the NumPy stepper with the same batch.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from gru_network import GRUNetwork
from timing import alternate, median_ratio

from deepzoo.sampling.compiled_loop import generate_compiled
from deepzoo.sampling.sampler import Sampling, generate


def main() -> int:
    """Measures and returns 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1024)
    parser.add_argument("--characters", type=int, default=140)
    parser.add_argument("--texts", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    network, sampling = GRUNetwork(options.units), Sampling(0.8)
    stepper, length = network.twin(), options.characters
    prompts = [np.array([7])] * options.texts
    seconds = alternate(
        {
            "compiled batch": lambda: generate_compiled(network, prompts, length, sampling, 1),
            "single texts": lambda: [
                generate(stepper, [prompt], length, sampling, seed)
                for seed, prompt in enumerate(prompts)
            ],
            "NumPy batch": lambda: generate(stepper, prompts, length, sampling, 1),
        },
        options.repeats,
    )
    for name, values in seconds.items():
        rate = options.texts * length / statistics.median(values)
        print(f"{name:<15} {rate:9.0f} characters per second")
    faster = median_ratio(seconds["single texts"], seconds["compiled batch"])
    numpy_batch = median_ratio(seconds["single texts"], seconds["NumPy batch"])
    print(f"single / compiled batch   {faster:6.2f}  (at least 3)")
    print(f"single / NumPy batch      {numpy_batch:6.2f}")
    return int(faster < 3)


if __name__ == "__main__":
    raise SystemExit(main())
