"""Published experiments of image classification, cell by cell: their figures beside ours.

Usage: python benchmarks/published_images.py [EXPERIMENT] [--seeds 0 1 2] [--epochs N] [--whole]

Trains every cell of the experiment that has a published figure (`--whole`: every combination
of what it sweeps) with each seed, and prints for each the command, the accuracy of each seed,
their mean and spread beside the published figure, and the training seconds. Where the
publication gives the mean test accuracy of its last 200 of 1,000 epochs, ours is that of the
last fifth. Cells that were trained before are read and not trained again.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Mapping
from typing import Any

from deepzoo_image_classification.cifar_experiments import SETTLED
from deepzoo_image_classification.experiments import EXPERIMENTS

import deepzoo
from deepzoo.errors import UnknownNameError
from deepzoo.experiment import Experiment

SETTLED_SHARE, WORST = 0.2, 3


def cells(experiment: type[Experiment], whole: bool) -> list[dict[str, Any]]:
    """Lists the swept settings of each cell; those with figures, unless `whole`."""
    if not whole:
        found: list[dict[str, Any]] = []
        for figure in experiment.figures:
            cell = {key: value for key, value in figure.when.items() if key in experiment.grid}
            if len(cell) == len(experiment.grid) and cell not in found:
                found.append(cell)
        if found:
            return found
    combinations = itertools.product(*experiment.grid.values())
    return [dict(zip(experiment.grid, values, strict=True)) for values in combinations]


def run_name(
    experiment: type[Experiment], cell: Mapping[str, Any], epochs: int | None, seed: int
) -> str:
    """Names the run of a cell after its settings, so that it is found again."""
    values = "-".join(str(value).lower() for value in cell.values())
    trained_for = f"{epochs}-epochs" if epochs else ""
    return "-".join(filter(None, [experiment.name, values, trained_for, f"seed{seed}"]))


def trained(
    experiment: type[Experiment], cell: Mapping[str, Any], epochs: int | None, seed: int
) -> deepzoo.Run:
    """Returns the finished run of a cell; trains it if there is none."""
    name = run_name(experiment, cell, epochs, seed)
    settings = {**experiment.settings, **cell}
    settings.pop("model.epochs", None)
    try:
        run = deepzoo.load(f"{experiment.dataset}/{name}")
    except UnknownNameError:
        run = deepzoo.train(
            experiment.dataset,
            model=experiment.model,
            epochs=epochs,
            seed=seed,
            name=name,
            settings=settings,
        )
    return run if run.status == "finished" else deepzoo.resume(run)


def accuracy(run: deepzoo.Run, metric: str) -> float:
    """Returns the test accuracy that a figure means: settled over epochs, or at the end."""
    if metric != SETTLED:
        return run.metrics[metric]
    values = [row["test_accuracy"] for row in run.history]
    return statistics.fmean(values[-max(1, round(len(values) * SETTLED_SHARE)) :])


def report(experiment: type[Experiment], cell: Mapping[str, Any], runs: list[deepzoo.Run]) -> None:
    """Prints a cell: its command, and each published accuracy beside those of all seeds."""
    print(f"\n{runs[0].record['command']}")
    seconds = statistics.fmean(run.record["seconds"] for run in runs)
    print(f"  {runs[0].record['parameters']:,} parameters, {seconds:,.0f} s of training each")
    figures = [
        (figure.metric, f"  (published {figure.value:.4f})")
        for figure in experiment.figures
        if all(cell.get(key) == value for key, value in figure.when.items())
        and figure.metric.startswith(("accuracy", "mean test accuracy"))
    ]
    for metric, published in figures or [("accuracy", "")]:
        values = [accuracy(run, metric) for run in runs]
        spread = f" sd {statistics.stdev(values):.4f}" if len(values) > 1 else ""
        each = ", ".join(f"{value:.4f}" for value in values)
        print(f"  {metric}: {statistics.fmean(values):.4f}{spread} [{each}]{published}")
    for run in runs:
        classes = run.per_class()["classes"][:WORST]
        worst = ", ".join(f"{row['class']} ({row['accuracy']:.4f})" for row in classes)
        print(f"  worst classes of {run.id}: {worst}", flush=True)


def main() -> None:
    """Trains and prints all cells."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    names = [experiment.name for experiment in EXPERIMENTS]
    parser.add_argument("experiment", nargs="?", choices=names, default="mnist-perceptron")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--epochs", type=int, help="instead of the published number")
    parser.add_argument("--whole", action="store_true", help="cells without figures too")
    options = parser.parse_args()
    experiment = next(one for one in EXPERIMENTS if one.name == options.experiment)
    epochs = options.epochs or experiment.settings.get("model.epochs")
    for cell in cells(experiment, options.whole):
        report(experiment, cell, [trained(experiment, cell, epochs, s) for s in options.seeds])


if __name__ == "__main__":
    main()
