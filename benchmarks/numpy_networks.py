"""The NumPy networks of the default models against Keras, one input in a running process.

Prints for each the milliseconds of an input without Keras and with it, the median of their ratios
in turns, and how far their outputs for a batch are apart (bound 1e-4). The data are samples, and
the weights those before training: neither changes how long an answer takes. `generation.py`
measures the networks that generate text.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from support.timing import alternate, median_ratio

from deepzoo.networks.devices import configure
from deepzoo.testing.stored_checks import first_inputs
from deepzoo.workload import Workload

DIFFERENCE = 1e-4


def predict(network: Any, inputs: Any) -> np.ndarray:
    """Returns the outputs of a network."""
    return network.predict(inputs)


class Entry(NamedTuple):
    """A default model whose NumPy network is measured.

    Attributes:
        dataset: Whose sample it is measured on; the model is the default of its task.
        milliseconds: The bound for one input.
        answer: Called with either network and inputs as its training has them, one or a batch;
            returns an array.
    """

    dataset: str
    milliseconds: float
    answer: Callable[[Any, Any], np.ndarray] = predict


ENTRIES = {
    "resnet-small": Entry("mnist", 30),
    "basket-mlp": Entry("groceries", 2),
}


def measure(name: str, entry: Entry, repeats: int) -> bool:
    """Prints the line of a model; returns whether it missed a bound."""
    workload = Workload.make(entry.dataset, model=name, assignments={}, sample=True, limit=200)
    network, batch = workload.build(), first_inputs(workload)
    first = tuple(part[:1] for part in batch) if isinstance(batch, tuple) else batch[:1]
    pair = {
        "NumPy": workload.recipes.model.from_arrays(workload.prepared.spec, network.arrays()),
        "Keras": network,
    }
    outputs = [entry.answer(side, batch) for side in pair.values()]
    difference = float(np.abs(outputs[0] - outputs[1]).max())
    seconds = alternate(
        {label: lambda side=side: entry.answer(side, first) for label, side in pair.items()},
        repeats,
    )
    ours, keras = (1000 * statistics.median(times) for times in seconds.values())
    ratio = median_ratio(seconds["NumPy"], seconds["Keras"])
    print(
        f"{name:<18} {ours:9.3f} ms (at most {entry.milliseconds:g}) {keras:9.3f} ms"
        f" {ratio:8.3f} {difference:12.1e} (at most {DIFFERENCE:.0e})"
    )
    return ours > entry.milliseconds or not difference <= DIFFERENCE


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", choices=ENTRIES, default=list(ENTRIES))
    parser.add_argument("--repeats", type=int, default=31)
    options = parser.parse_args()
    configure()
    print("model              NumPy per input           Keras        ratio   largest difference")
    missed = [measure(name, ENTRIES[name], options.repeats) for name in options.models]
    return int(any(missed))


if __name__ == "__main__":
    raise SystemExit(main())
