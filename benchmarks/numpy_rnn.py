"""The RNN in plain NumPy: its training step, its gradients, and its loss beside Keras' SimpleRNN.

Prints a training step of `numpy-rnn` over the matrix products in it (no bound: its code is
there to be read), and for the RNN, GRU and LSTM cells the errors of the gradients against
central differences in float64 over 25 steps (bound 1e-7 norm-wise, with the largest error of a
single element). With `--keras STEPS` it also trains a `SimpleRNN` from the same weights on the
same text and compares the smooth loss (bound 2 %). Use the steps of six epochs (94,000 on Tom
Sawyer): AdaGrad's first steps are as large for small gradients as for large ones, so two
trainings whose weights differ in the last bit are up to 5 % apart after 6,000 steps, and 2 %
after 45,000.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from deepzoo_text_generation.models import NumpyRNN
from deepzoo_text_generation.numpy_rnn import NumpyRNNNetwork
from support.keras_rnn import learn_in_keras
from support.timing import alternate, median_ratio

import deepzoo
from deepzoo import recurrent

WORST, WITHIN = 1e-7, 0.02
TOKENS, INNER, STEPS = 77, 200, 25


def products(network: NumpyRNNNetwork, x: np.ndarray):
    """Returns a function that computes only the matrix products of one step."""
    U, W, _, V, _ = network.parameters.values()
    h = np.ones((STEPS, network.recipe.units), np.float32)
    d_o = np.ones((STEPS, TOKENS), np.float32)
    row = h[:1]

    def run() -> None:
        _ = x @ U
        for _ in range(STEPS):
            _ = row @ W
        _ = h @ V, d_o @ V.T, h.T @ d_o
        for _ in range(STEPS):
            _ = row @ W.T
        _ = h.T @ h, x.T @ h

    return run


def step(repeats: int) -> None:
    """Prints the time of a training step over that of its products."""
    network = NumpyRNNNetwork(NumpyRNN(), {"vocabulary": TOKENS, "seed": 0})
    rng = np.random.default_rng(0)
    # Each row once: the gradients of a memorised row vanish.
    rows = iter(rng.integers(0, TOKENS, ((repeats + 1) * INNER, 1, STEPS + 1)))
    alone = products(network, network.one_hot[rng.integers(0, TOKENS, STEPS)])

    def whole() -> object:
        row = next(rows)
        return network.train_step(row[:, :-1], row[:, 1:])

    def repeated(function):
        return lambda: [function() for _ in range(INNER)]

    seconds = alternate({"step": repeated(whole), "products": repeated(alone)}, repeats)
    ratio = median_ratio(seconds["step"], seconds["products"])
    for name, measured in seconds.items():
        print(f"{name:<18} {statistics.median(measured) / INNER * 1e6:8.0f} us")
    print(f"step over products {ratio:8.2f}")


def gradients() -> bool:
    """Prints the errors of all gradients; returns whether the bound holds for every array."""
    cells = (recurrent.RNNCell, recurrent.GRUCell, recurrent.LSTMCell)
    checked = {cell.__name__: gradient_errors(cell) for cell in cells}
    checked["numpy-rnn"] = errors_of_the_network()
    held = True
    for network, errors in checked.items():
        for name, error in errors.items():
            held &= error.relative <= WORST
            print(
                f"{network:<9} {name}  norm-wise {error.relative:.1e}  "
                f"largest of a single element {error.worst:.1e}"
            )
    print(f"norm-wise at most {WORST:g}: {'yes' if held else 'NO'}")
    return held


def gradient_errors(cell_class: type[recurrent.Cell]) -> dict[str, recurrent.GradientError]:
    """Checks all elements of a cell of 20 units below a softmax over 15 tokens."""
    rng = np.random.default_rng(0)
    cell = cell_class.normal(15, 20, rng)
    V, c = rng.normal(0, 0.1, (20, 15)), rng.normal(0, 0.1, 15)
    x, y = np.eye(15)[rng.integers(0, 15, (2, STEPS))], rng.integers(0, 15, (2, STEPS))

    def loss() -> float:
        hidden, _, _ = cell.forward(x)
        return float(recurrent.softmax_cross_entropy(hidden @ V + c, y)[0].sum())

    hidden, _, tapes = cell.forward(x)
    _, d_o = recurrent.softmax_cross_entropy(hidden @ V + c, y)
    _, _, gradients = cell.backward(x, tapes, d_o @ V.T)
    gradients |= {"V": recurrent.summed_product(hidden, d_o), "c": d_o.sum(axis=(0, 1))}
    return recurrent.gradient_check(loss, {**cell.parameters, "V": V, "c": c}, gradients, step=1e-4)


def errors_of_the_network() -> dict[str, recurrent.GradientError]:
    """Checks 500 elements of each array of the untrained network at its full size."""
    network = NumpyRNNNetwork(NumpyRNN(), {"vocabulary": TOKENS, "seed": 0}, np.float64)
    row = np.random.default_rng(0).integers(0, TOKENS, STEPS + 1)[None]
    inputs, targets = row[:, :-1], row[:, 1:]
    _, gradients, _ = network.gradients(inputs, targets)
    return recurrent.gradient_check(
        lambda: network.gradients(inputs, targets)[0],
        network.parameters,
        gradients,
        step=1e-4,
        elements=500,
    )


def beside_keras(steps: int, dataset: str) -> bool:
    """Trains both from the same weights; returns whether their smooth losses agree."""
    text = deepzoo.load_dataset(dataset, splits="report").train.documents[0]
    characters, tokens = np.unique(np.array(list(text)), return_inverse=True)
    print(f"{dataset}: {len(tokens):,} of {len(characters)} characters, {steps:,} steps")
    network = NumpyRNNNetwork(NumpyRNN(), {"vocabulary": len(characters), "seed": 0})
    theirs = learn_in_keras(network, tokens, steps)
    started = time.perf_counter()
    for start in starts(len(tokens), steps):
        if start == 0:
            network.reset_states()
        row = tokens[start : start + STEPS + 1][None]
        network.train_step(row[:, :-1], row[:, 1:])
    seconds = time.perf_counter() - started
    apart = abs(network.smooth_loss / theirs - 1)
    print(f"smooth loss        {network.smooth_loss:8.2f}     after {seconds:.0f} s")
    print(f"of Keras           {theirs:8.2f}     {apart:.2%} apart (at most {WITHIN:.0%})")
    return apart <= WITHIN


def starts(size: int, steps: int) -> np.ndarray:
    """Returns where each sequence starts: through the text, then again from the beginning."""
    return np.arange(steps) % ((size - 1) // STEPS) * STEPS


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--keras", type=int, default=0, metavar="STEPS", help="e.g. 94000")
    parser.add_argument("--dataset", default="tom-sawyer")
    options = parser.parse_args()
    step(options.repeats)
    held = gradients()
    if options.keras:
        held &= beside_keras(options.keras, options.dataset)
    return int(not held)


if __name__ == "__main__":
    raise SystemExit(main())
