"""Scores of the runs that come with deepzoo on their test splits, in NumPy and in Keras.

Usage: DEEPZOO_DATA=... python benchmarks/shipped_scores.py [RUN ...]

Both networks have the float16 weights that are shipped. Prints the main score of each beside the
interval that is stored with the run, which must hold both, and the least that each run promises:
99.4 % of MNIST, 99.9 % of the sums, 55 chrF, 1.76 bits per character, 91.2 % of the reviews, half
of the error of noisy pages (0.080), a cross-entropy of restored digits of 0.080, 82 nats for a
drawn digit, and an NDCG@10 above that of `popularity` with its p (paired t-test over the
baskets). A network that needs no Keras is scored twice.
"""

from __future__ import annotations

import argparse
import sys

from scipy.stats import ttest_rel

import deepzoo

LEAST = {
    "mnist": 0.994,
    "addition": 0.999,
    "english-dutch": 55.0,
    "tweets": 1.76,
    "imdb": 0.912,
    "noisy-office": 0.080,
    "mnist-codes": 0.080,
    "mnist-pixels": 82.0,
}


def check(name: str) -> bool:
    """Prints a row for a shipped run; returns whether its bounds hold."""
    run = deepzoo.load(f"{name}@shipped")
    task, prepared = run.recipe("task"), run.workload().prepared
    metric, declared = next(iter(type(task).metrics.items()))
    scores, summary = {}, {}
    for side, network in (("NumPy", run.numpy_network or run.network), ("Keras", run.network)):
        scores[side] = task.evaluate(network, prepared.test, prepared)[metric]
        summary[side] = deepzoo.summarise(scores[side])[0]
    low, high = run.results["intervals"][metric]
    held = all(low <= value <= high for value in summary.values())
    if name in LEAST:
        sign = 1 if declared.better == "higher" else -1
        held &= sign * summary["NumPy"] >= sign * LEAST[name]
    line = f"{name:14} {metric:18} NumPy {summary['NumPy']:8.4f}  Keras {summary['Keras']:8.4f}"
    line += f"  stored {low:.4f} to {high:.4f}"
    if name == "groceries":
        popular = run.baseline("popularity")
        other = task.evaluate(popular.network, prepared.test, prepared)[metric]
        test = ttest_rel(scores["NumPy"].values, other.values)
        held &= test.statistic > 0 and test.pvalue < 0.05
        line += f"  over popularity {test.statistic:+.1f} t, p = {test.pvalue:.1g}"
    print(line, "" if held else "MISSED", flush=True)
    return held


def main() -> int:
    """Checks all shipped runs, or those that are named; returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("runs", nargs="*", help="names without @shipped")
    names = [row["run"].partition("@")[0] for row in deepzoo.list_runs(shipped=True)]
    held = [check(name) for name in parser.parse_args().runs or names]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
