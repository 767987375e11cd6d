"""A published experiment, cell by cell: its figures and ours.

Usage: python benchmarks/published.py [EXPERIMENT] [--seeds 0 1 2] [--epochs N]
           [--whole | --only CELL ...]

Trains every cell of the experiment that has a published figure (`--whole`: every combination
of what it sweeps; `--only sgd-0.1`: that one, its values in their order) with each seed, and
prints for each the command, the score of each seed, their mean and standard deviation beside the
published figure, and the training seconds. Where the publication gives the mean test accuracy
of its last 200 of 1,000 epochs, ours is that of the last fifth. A cell that was trained before,
in this experiment or another, is not trained again. With `best` before a metric, the figure is
the best of all epochs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
from collections.abc import Mapping
from typing import Any

import deepzoo
from deepzoo import Experiment
from deepzoo.evaluation.published import COLUMNS
from deepzoo.plugins import registry
from deepzoo.workload import Workload

SETTLED_FRACTION, EPOCHS = 0.2, "model.epochs"
OF_CLASS, BEST = "accuracy of ", "best "
SETTLED = "mean test accuracy of the last 200 epochs"


def cells(experiment: type[Experiment], whole: bool) -> list[dict[str, Any]]:
    """Lists the swept settings of each cell; those with figures, unless `whole`."""
    if not whole:
        with_figures: list[dict[str, Any]] = []
        for figure in experiment.figures:
            cell = {key: value for key, value in figure.when.items() if key in experiment.grid}
            if len(cell) == len(experiment.grid) and cell not in with_figures:
                with_figures.append(cell)
        if with_figures:
            return with_figures
    combinations = itertools.product(*experiment.grid.values())
    return [dict(zip(experiment.grid, values, strict=True)) for values in combinations]


def label(cell: Mapping[str, Any]) -> str:
    """Names a cell after its values."""
    return "-".join(str(value).lower() for value in cell.values())


def run_name(
    experiment: type[Experiment], cell: Mapping[str, Any], epochs: int | None, seed: int
) -> str:
    """Names the run of a cell after its settings."""
    trained_for = f"{epochs}-epochs" if epochs else ""
    return "-".join(filter(None, [experiment.name, label(cell), trained_for, f"seed{seed}"]))


def trained(
    experiment: type[Experiment], cell: Mapping[str, Any], epochs: int | None, seed: int
) -> deepzoo.Run:
    """Returns the finished run of a cell; trains it if there is none."""
    settings = {**experiment.settings, **cell}
    model = settings.pop("model", experiment.model)
    recipe = registry.model(model)()
    if any(setting.name == "epochs" for setting in recipe.settings()):  # else it is fitted at once
        settings[EPOCHS] = epochs or settings.get(EPOCHS) or recipe.epochs
    run = trained_before(experiment.dataset, model, settings, seed) or deepzoo.train(
        experiment.dataset,
        model=model,
        epochs=settings.pop(EPOCHS, None),
        seed=seed,
        name=run_name(experiment, cell, epochs, seed),
        settings=settings,
    )
    return run if run.status == "finished" else deepzoo.resume(run)


def trained_before(
    dataset: str, model: str, settings: Mapping[str, Any], seed: int
) -> deepzoo.Run | None:
    """Finds a run of this script with these settings, trained for any of the experiments."""
    ours = tuple(entry.name for entry in registry.experiments())
    workload = Workload.make(dataset, model=model, assignments=settings)
    expected = json.loads(json.dumps(workload.settings))
    for row in deepzoo.list_runs(dataset):
        if row["status"] == "corrupt":
            continue
        run = deepzoo.load(row["run"])
        record = run.record
        if (record["dataset"], record["model"], record["seed"]) != (dataset, model, seed):
            continue
        if {**expected, **record["settings"]} == expected and run.path.name.startswith(ours):
            return run
    return None


def reached(run: deepzoo.Run, metric: str, epoch: int | None = None) -> float | None:
    """Returns a published metric of a run, after an epoch or the last; None if it has none."""
    if metric == SETTLED:
        values = [row["test_accuracy"] for row in run.history]
        return statistics.fmean(values[-max(1, round(len(values) * SETTLED_FRACTION)) :])
    if metric.startswith(OF_CLASS):
        rows = run.per_class()["classes"]
        return next(row["accuracy"] for row in rows if row["class"] == metric[len(OF_CLASS) :])
    if metric.startswith(BEST):
        return max(row[metric[len(BEST) :]] for row in run.history)
    if metric == "seconds":
        return run.record["seconds"]
    row = next((row for row in run.history if row["epoch"] == epoch), (run.history or [{}])[-1])
    return run.metrics.get(metric, row.get(COLUMNS.get(metric, metric)))


def report(experiment: type[Experiment], runs: list[deepzoo.Run]) -> None:
    """Prints a cell: its command, and each published figure beside those of all seeds."""
    record, first = runs[0].record, next(iter(runs[0].metrics))
    print(f"\n{record['command']}")
    seconds = statistics.fmean(run.record["seconds"] for run in runs)
    print(f"  {record['parameters']:,} parameters, {seconds:,.0f} s of training each")
    known = {**record["settings"], "model": record["model"]}
    figures = [
        (figure.metric, figure.when.get(EPOCHS), f"  (published {figure.value:.4f})")
        for figure in experiment.figures
        if all(known.get(key) == value for key, value in figure.when.items() if key != EPOCHS)
    ]
    if not figures:  # nothing was published: all scores
        figures = [(metric, None, "") for metric in runs[0].metrics]
    elif all(metric != first for metric, *_ in figures):
        figures.insert(0, (first, None, ""))
    for metric, epoch, published in figures:
        values = [value for run in runs if (value := reached(run, metric, epoch)) is not None]
        if values:
            spread = f" sd {statistics.stdev(values):.4f}" if len(values) > 1 else ""
            each = ", ".join(f"{value:.4f}" for value in values)
            print(f"  {metric}: {statistics.fmean(values):.4f}{spread} [{each}]{published}")
    for run in runs:
        for note in run.results.get("notes", []):
            print(f"  {run.id}: {note}", flush=True)


def main() -> None:
    """Trains and prints all cells."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    experiments = {entry.name: entry.cls for entry in registry.experiments()}
    parser.add_argument("experiment", nargs="?", choices=experiments, default="mnist-perceptron")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--epochs", type=int, help="instead of the published number")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--whole", action="store_true", help="cells without figures too")
    chosen.add_argument("--only", nargs="+", metavar="CELL", help="these, such as sgd-0.1")
    options = parser.parse_args()
    experiment = experiments[options.experiment]
    epochs = options.epochs or experiment.settings.get(EPOCHS)
    selected = cells(experiment, options.whole or bool(options.only))
    unknown = set(options.only or ()) - {label(cell) for cell in selected}
    if unknown:
        parser.error(
            f"no cell {', '.join(sorted(unknown))}; there are {', '.join(map(label, selected))}"
        )
    for cell in selected:
        if options.only and label(cell) not in options.only:
            continue
        report(experiment, [trained(experiment, cell, epochs, s) for s in options.seeds])


if __name__ == "__main__":
    main()
