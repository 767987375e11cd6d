"""The binary adder in plain NumPy: how many of all sums it gets right after 10,000 examples.

Usage: python benchmarks/binary_adder.py [--seeds 10]

Trains `binary-adder` as published from each seed, and prints after how many examples a hundred
sums in a row were right, the mean summed error of the last hundred (published: 3.456 for the
first printed sum, 0.216 for the last), and the fraction of all 128 x 128 sums that is right
(bound: all of them). The worst error of a gradient against central differences comes first.
"""

from __future__ import annotations

import argparse
import statistics

import numpy as np
from deepzoo_addition.binary_adder import BinaryAdderNetwork
from deepzoo_addition.experiments import BinaryAddition
from deepzoo_addition.models import BinaryAdder
from deepzoo_addition.sums import Question, write

from deepzoo.recurrent import gradient_check
from deepzoo.workload import Workload

NUMBERS, IN_A_ROW = 128, 100


def check(network: BinaryAdderNetwork) -> None:
    """Prints how far the gradients are from central differences."""
    numbers = np.random.default_rng(0).integers(0, NUMBERS, (20, 2)).tolist()
    questions = [Question(write(a, 2), "+", write(b, 2)) for a, b in numbers]
    inputs = network.encoding.questions(questions, 7)
    targets = network.encoding.answers([question.answer(2) for question in questions], 7)
    _, gradients = network.gradients(inputs, targets)
    errors = gradient_check(
        lambda: float((network.gradients(inputs, targets)[0] ** 2).sum() / 2 / len(inputs)),
        network.weights,
        gradients,
    )
    for name, error in errors.items():
        print(f"gradient of {name}: {error.relative:.2e} norm-wise, {error.worst:.2e} at worst")


def right(network: BinaryAdderNetwork) -> float:
    """Returns the fraction of all sums of two numbers below 128 that are right."""
    numbers = [write(value, 2) for value in range(NUMBERS)]
    questions = [Question(a, "+", b) for a in numbers for b in numbers]
    answers = network.answers(questions)
    return float(np.mean([a == q.answer(2) for a, q in zip(answers, questions, strict=True)]))


def learn(workload: Workload) -> tuple[BinaryAdderNetwork, list[float], int | None]:
    """Trains sum by sum; returns the errors, and after which example 100 in a row were right."""
    network, arrays = workload.build(), workload.prepared.train
    errors, row, first = [], 0, None
    for index in range(len(arrays)):
        logs = network.train_step(*arrays.batch(np.array([index])))
        errors.append(logs["error"])
        row = row + 1 if logs["exact_match"] else 0
        if row == IN_A_ROW and first is None:
            first = index + 1
    return network, errors, first


def main() -> int:
    """Trains from every seed; returns 1 if of most seeds some sum is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    rates = []
    for seed in range(options.seeds):
        settings = BinaryAddition.settings
        workload = Workload.make(
            "addition", model=BinaryAdder.name, assignments=settings, seed=seed
        )
        if not seed:
            check(workload.build())
        network, errors, first = learn(workload)
        rates.append(right(network))
        print(
            f"seed {seed}: first error {errors[0]:.3f}, mean of the last 100 "
            f"{np.mean(errors[-100:]):.3f}; {IN_A_ROW} right in a row after {first or 'never'}; "
            f"{rates[-1]:.2%} of all sums right"
        )
    print(f"all sums right: {sum(rate == 1 for rate in rates)} of {len(rates)} seeds")
    return int(statistics.median(rates) < 1)


if __name__ == "__main__":
    raise SystemExit(main())
