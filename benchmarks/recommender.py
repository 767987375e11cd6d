"""The recommender on Groceries: five splits, the published lists, and how fast it answers.

Usage: python benchmarks/recommender.py [--splits 5] [--set NAME=VALUE ...] [--speed-only]

Trains the default network on five draws of the test split and prints hit rate at 10, NDCG@10
and AUC beside those of the baselines, with the spread over the splits and the p-value of a
paired test against popularity over all test baskets. Then it counts for how many of ten
hand-made baskets the ten items are those of popularity (at most three), and measures one
answer (at most 2 ms), a file of baskets (at least 100,000 a minute) and the fit of `ease`
over its matrix inverse alone (at most 1.5).
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from support.timing import alternate, median_ratio

import deepzoo
from deepzoo.workload import Workload

METRICS = {"hit_rate_10": 0.425, "ndcg_10": 0.236, "auc": 0.846}
MODEL, FLOOR = "basket-mlp", "popularity"
BASKETS = (
    "frankfurter, rolls/buns, soda",
    "pasta, canned fish",
    "baking powder, flour, sugar",
    "beef, root vegetables",
    "bottled beer, liquor",
    "white wine, red/blush wine",
    "ham, white bread, processed cheese",
    "cat food, dishes",
    "berries, whipped/sour cream",
    "yogurt, tropical fruit, pip fruit",
)


def scores(seed: int, settings: dict[str, Any]) -> dict[str, dict[str, np.ndarray]]:
    """Trains on one split; returns the values per basket by model and metric."""
    run = deepzoo.train("groceries", settings={**settings, "split_seed": seed})
    by_model = {MODEL: run.scores()}
    for name in run.workload().recipes.task.baselines:
        by_model[name] = deepzoo.cached_run("groceries", name, split_seed=seed).scores()
    return {
        name: {metric: values[metric].values for metric in METRICS}
        for name, values in by_model.items()
    }


def quality(splits: int, settings: dict[str, Any]) -> bool:
    """Prints means and spreads over the splits; returns whether all bounds are reached."""
    from scipy.stats import ttest_rel

    by_split = [scores(seed, settings) for seed in range(splits)]
    reached = True
    for metric, bound in METRICS.items():
        print(f"{metric} (at least {bound})")
        for name in by_split[0]:
            means = [split[name][metric].mean() for split in by_split]
            spread = f" sd {statistics.stdev(means):.4f}" if splits > 1 else ""
            each = ", ".join(f"{mean:.4f}" for mean in means)
            print(f"  {name:<12} {statistics.fmean(means):.4f}{spread}  [{each}]")
        reached &= statistics.fmean(split[MODEL][metric].mean() for split in by_split) >= bound
        # Splits overlap, so each is tested by itself.
        tests = [ttest_rel(split[MODEL][metric], split[FLOOR][metric]).pvalue for split in by_split]
        each = ", ".join(f"{value:.1g}" for value in tests)
        print(f"  p against {FLOOR}, paired, split by split: {each}")
    return reached


def run_to_ask() -> deepzoo.Run:
    """Returns the newest run of the default network on the first split, trained if need be."""
    for row in reversed(deepzoo.list_runs("groceries")):
        if row["model"] == MODEL and row["status"] == "finished":
            run = deepzoo.load(row["run"])
            if not run.settings["dataset.split_seed"]:
                return run
    return deepzoo.train("groceries")


def lists(run: deepzoo.Run) -> bool:
    """Counts baskets that get the ten most popular items."""
    popular = deepzoo.cached_run("groceries", FLOOR)
    same = 0
    for basket in BASKETS:
        ours, theirs = (
            {row["item"] for row in asked.predict(basket)["recommended"]}
            for asked in (run, popular)
        )
        same += ours == theirs
        print(f"  {basket}: {10 - len(ours & theirs)} of 10 are not the most popular ones")
    print(f"lists equal to popularity's: {same} of {len(BASKETS)}  (at most 3)")
    return same <= 3


def speed(run: deepzoo.Run, count: int, repeats: int) -> bool:
    """Measures answers and the fit of `ease`; returns whether all bounds are reached."""
    run.predict(BASKETS[0])
    seconds = []
    for _ in range(repeats * 20):
        started = time.perf_counter()
        run.predict(BASKETS[0])
        seconds.append(time.perf_counter() - started)
    milliseconds = statistics.median(seconds) * 1000
    print(f"one basket: {milliseconds:.2f} ms  (at most 2)")
    generator = np.random.default_rng(0)
    items = run.preprocessor["items"]
    texts = [
        ", ".join(generator.choice(items, size, replace=False))
        for size in generator.integers(1, 9, count)
    ]
    started = time.perf_counter()
    run.predict(*texts)
    rate = count / (time.perf_counter() - started) * 60
    print(f"{count:,} baskets at once: {rate:,.0f} a minute  (at least 100,000)")
    ratio = ease_ratio(repeats)
    print(f"fit of ease / inverse alone: {ratio:.2f}  (at most 1.5)")
    return milliseconds <= 2 and rate >= 100_000 and ratio <= 1.5


def ease_ratio(repeats: int) -> float:
    """Returns the time to fit `ease` over that to invert a matrix of the same size."""
    workload = Workload.make("groceries", model="ease", assignments={})
    network, (inputs, *_) = workload.build(), workload.prepared.train.whole()
    items = inputs.shape[1]
    counts = np.eye(items) * 200 + np.random.default_rng(0).random((items, items))
    sides = {
        "fit": lambda: network.fit_arrays(inputs, inputs),
        "inverse": lambda: np.linalg.inv(counts),
    }
    measured = alternate(sides, repeats * 20)
    for name, values in measured.items():
        print(f"  {name:<8} {statistics.median(values) * 1000:.2f} ms")
    return median_ratio(measured["fit"], measured["inverse"])


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--baskets", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", dest="settings")
    parser.add_argument("--speed-only", action="store_true", help="with a run that is there")
    options = parser.parse_args()
    settings = dict(item.split("=", 1) for item in options.settings)
    results = [] if options.speed_only else [quality(options.splits, settings)]
    run = run_to_ask()
    results += [lists(run), speed(run, options.baskets, options.repeats)]
    return int(not all(results))


if __name__ == "__main__":
    raise SystemExit(main())
