"""Measures the translation of one sentence of eight words in a running process, without Keras.

The network is the one that came with the package. Prints, for greedy and beam search, the median
milliseconds in NumPy (bound 100 for greedy search), those of Keras in turns, and how far the scores
are apart (bound 1e-4); the translations must be equal.
"""

from __future__ import annotations

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from support.timing import alternate, median_ratio

import deepzoo

SENTENCE = "The old man walked slowly to the station."
BOUND, DIFFERENCE = 100, 1e-4


def measure(width: int, repeats: int) -> bool:
    """Prints the line of a width; returns whether it missed a bound."""
    run = deepzoo.load("english-dutch@shipped")
    tokens = [run.prepare_inputs([SENTENCE])[0]]
    networks = {"NumPy": run.numpy_network, "Keras": run.network}
    answers = [network.translate(tokens, width)[0] for network in networks.values()]
    seconds = alternate(
        {
            name: lambda network=network: network.translate(tokens, width)
            for name, network in networks.items()
        },
        repeats,
    )
    ours, keras = (1000 * statistics.median(times) for times in seconds.values())
    difference = abs(answers[0].score - answers[1].score)
    print(
        f"width {width}: NumPy {ours:6.1f} ms  Keras {keras:6.1f} ms  "
        f"ratio {median_ratio(seconds['NumPy'], seconds['Keras']):.2f}  "
        f"scores {difference:.0e} apart"
    )
    equal = answers[0].tokens == answers[1].tokens and difference <= DIFFERENCE
    return not equal or (width == 1 and ours > BOUND)


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=31)
    repeats = parser.parse_args().repeats
    missed = [measure(width, repeats) for width in (1, 4)]
    return int(any(missed))


if __name__ == "__main__":
    raise SystemExit(main())
