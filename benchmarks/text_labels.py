"""The default network of text classification on few labelled texts, beside TF-IDF with an SVM.

Usage: DEEPZOO_DATA=... python benchmarks/text_labels.py [--draws 5] [--out FILE]

Draws 100, 1,000 and 10,000 training texts of `imdb` (two classes) and of `dbpedia-paragraphs` (14;
it has not enough for 10,000), the same number of each class, and trains on each draw as on a file
of one's own. Prints the mean test accuracy of `bag-of-ngrams`, of `tfidf-svm` and of naive Bayes
over the draws. The default may be 0.5 points below the SVM at any size, and must be above it at
10,000. --out draws the accuracies over the number of texts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import deepzoo
from deepzoo import LabelledText, Splits, figures
from deepzoo.readers import stratified

DATASETS, SIZES = ("imdb", "dbpedia-paragraphs"), (100, 1_000, 10_000)
TESTED = 5_000  # test texts at most: the draws differ by more than these and all others do
DEFAULT, SVM, BAYES = "bag-of-ngrams", "tfidf-svm", "naive-bayes"
BELOW = 0.005


def accuracies(splits: Splits[LabelledText], size: int, draw: int) -> dict[str, float]:
    """Trains on texts that are drawn by a seed; returns the test accuracies by model."""
    chosen = stratified(splits.train.labels, size, draw)
    chosen = np.random.default_rng(draw).permutation(chosen)
    train, test = splits.train.take(chosen), splits.test
    test = test.take(stratified(test.labels, min(TESTED, len(test)), 0))
    run = deepzoo.train("imdb", data=Splits(train, train.take([]), test), model=DEFAULT)
    return {DEFAULT: run.metrics["accuracy"]} | {
        name: run.baselines[name]["accuracy"] for name in (SVM, BAYES)
    }


def measure(draws: int) -> dict[tuple[str, int], dict[str, np.ndarray]]:
    """Prints a row for each dataset and number of texts; returns the accuracies of all draws."""
    table = {}
    print(f"{'dataset':20} {'texts':>7} {DEFAULT:>14} {SVM:>10} {BAYES:>12}  {'difference':>10}")
    for dataset in DATASETS:
        splits = deepzoo.load_dataset(dataset)
        for size in SIZES:
            if size > len(splits.train):
                continue
            rows = [accuracies(splits, size, draw) for draw in range(draws)]
            row = {name: np.array([each[name] for each in rows]) for name in rows[0]}
            ours, svm, bayes = (row[name].mean() for name in (DEFAULT, SVM, BAYES))
            spread = (row[DEFAULT] - row[SVM]).std(ddof=1) if draws > 1 else float("nan")
            columns = f"{dataset:20} {size:7,} {ours:14.2%} {svm:10.2%} {bayes:12.2%}"
            print(f"{columns}  {ours - svm:+10.2%} (spread {spread:.2%})", flush=True)
            table[dataset, size] = row
    return table


def drawn(table: dict[tuple[str, int], dict[str, np.ndarray]], draws: int) -> Any:
    """Draws the learning curves, a panel for each dataset."""
    facts = f"mean test accuracy of {draws} draws"
    figure, panels = figures.panels(2, 4.6, 3.5, "Learning curves", "Labelled texts", facts)
    for axes, dataset in zip(panels, DATASETS, strict=True):
        sizes = [size for name, size in table if name == dataset]
        for name, colour in zip((DEFAULT, SVM, BAYES), figures.COLOURS, strict=False):
            means = [table[dataset, size][name].mean() for size in sizes]
            axes.plot(sizes, means, "o-", ms=4, color=colour, label=name)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(figures.percent)
        axes.set_title(dataset, fontsize=11)
        axes.set_xlabel("training texts")
        figures.clean(axes, grid="y")
    panels[0].legend(frameon=False, fontsize=9, loc="lower right")
    return figures.finished(figure)


def main() -> int:
    """Measures, prints and draws; returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--out", help="picture of the learning curves")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DEEPZOO_HOME"] = folder
        table = measure(arguments.draws)
    missed = []
    for (dataset, size), row in table.items():
        least = 0.0 if size == max(SIZES) else -BELOW
        if row[DEFAULT].mean() - row[SVM].mean() < least:
            missed.append(f"{dataset}, {size:,} texts")
    if arguments.out:
        print(figures.save(drawn(table, arguments.draws), Path(arguments.out)))
    print(f"missed: {'; '.join(missed)}" if missed else "all bounds hold")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
