"""Honest scores: intervals, baselines, differences, published figures, and an unseen test split."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from training_cases import SMALL

import deepzoo
from deepzoo import api
from deepzoo.cli import results
from deepzoo.evaluation import compare as runs_compare
from deepzoo.evaluation.intervals import compare
from deepzoo.evaluation.published import figures_beside, matching
from deepzoo.evaluation.score import score
from deepzoo.system import paths
from deepzoo.training import cached_runs as baselines
from deepzoo.workload import Workload


@pytest.fixture
def trainings(monkeypatch):
    """Counts how often a baseline was trained."""
    counted, real = [], baselines._train
    monkeypatch.setattr(
        baselines,
        "_train",
        lambda workload, folder: counted.append(workload.seed) or real(workload, folder),
    )
    return counted


def perceptron(**options):
    """Trains the smallest network there is."""
    return api.train("clusters", model="point-perceptron", **{**SMALL, **options})


def test_baselines_stand_beside_every_score_and_are_trained_once(fake, trainings):
    first, second = perceptron(), perceptron(seed=5)
    for run in (first, second):
        assert run.baselines["point-centroid"].keys() == {"accuracy", "distance"}
    assert first.baselines == second.baselines
    assert trainings == [0]
    perceptron(points=90)
    perceptron(settings={"task.noise": 0.5})
    assert len(trainings) == 3  # other data, another question


def test_baselines_get_the_question_but_not_the_models_settings(fake):
    perceptron(learning_rate=0.01, settings={"task.noise": 0.5})
    (folder,) = (paths.cache() / "runs").iterdir()
    settings = deepzoo.Run.open(folder).settings
    assert settings["task.noise"] == 0.5
    assert settings["model.learning_rate"] != 0.01


def test_differences_are_paired(fake):
    run = perceptron()
    baseline = deepzoo.cached_run("clusters", "point-centroid", points=60)
    found = run.results["baseline_differences"]["point-centroid"]
    for metric, values in run.scores().items():
        assert found[metric] == pytest.approx(compare(values, baseline.scores()[metric]))
        difference = run.metrics[metric] - run.baselines["point-centroid"][metric]
        assert found[metric][0] == pytest.approx(difference)


def test_intervals_and_the_number_of_examples(fake):
    run = perceptron()
    assert run.results["examples"] == 6
    for metric, value in run.metrics.items():
        low, high = run.intervals[metric]
        assert low <= value <= high


def test_an_interval_ends_at_the_lowest_and_the_highest_value_there_is(fake, monkeypatch):
    run = perceptron()
    low, high = run.intervals["distance"]
    task = run.recipe("task")
    bounded = dataclasses.replace(task.metrics["distance"], least=low + 0.001, most=high - 0.001)
    monkeypatch.setattr(type(task), "metrics", {**task.metrics, "distance": bounded})
    assert api.evaluate(run.id)["intervals"]["distance"] == [low + 0.001, high - 0.001]


@pytest.mark.parametrize("lost", [("distance",), ("accuracy", "distance")])
def test_an_undefined_score_is_left_out_with_a_note(lost, fake, monkeypatch, capsys):
    run = perceptron()
    task = type(run.recipe("task"))
    real = task.evaluate

    def evaluate(self, *arguments):
        scores = real(self, *arguments)
        undefined = deepzoo.Scores.of_sums(
            lambda sums: sums[..., 0] / sums[..., 1], np.zeros((6, 2))
        )
        return {**scores, **dict.fromkeys(lost, undefined)}

    monkeypatch.setattr(task, "evaluate", evaluate)
    result = api.evaluate(run.id)
    assert set(result["metrics"]) == set(result["intervals"]) == {"accuracy", "distance"} - {*lost}
    assert not set(lost) & set(result["baseline_differences"]["point-centroid"])
    assert f"Undefined on these examples and left out: {', '.join(lost)}." in result["notes"]
    assert result["examples"] == 6
    results.show(result, {})
    shown = capsys.readouterr().out
    assert "6 test examples" in shown
    assert "not scored" not in shown
    rows = runs_compare.compare([run.reload(), deepzoo.load(run.id)])["runs"]
    assert rows[1]["differences"].keys() == {"accuracy", "distance"} - {*lost}


def test_an_undefined_score_of_a_baseline_is_named(fake, monkeypatch):
    task = type(perceptron().recipe("task"))
    real = task.evaluate

    def evaluate(self, network, *arguments):
        scores = real(self, network, *arguments)
        if type(network).__name__ == "Centroids":
            scores["distance"] = deepzoo.Scores(np.full(6, np.nan))
        return scores

    monkeypatch.setattr(task, "evaluate", evaluate)
    run = perceptron(points=90, settings={"task.noise": 0.5})  # a baseline that is not cached
    assert run.metrics.keys() == {"accuracy", "distance"}
    assert run.baselines["point-centroid"].keys() == {"accuracy"}
    notes = run.results["notes"]
    assert "Baseline point-centroid: Undefined on these examples and left out: distance." in notes


def test_a_baseline_has_none_of_its_own(fake):
    run = api.train("clusters", model="point-centroid", points=60)
    assert run.baselines == {}


def test_evaluate_repeats_what_training_said(fake):
    run = perceptron()
    result = api.evaluate(run.id)
    assert result["metrics"] == run.metrics
    assert result["intervals"] == run.intervals
    assert result["baselines"] == run.baselines
    assert (result["run"], result["data"], result["examples"]) == (run.id, "full", 6)


def test_training_never_sees_the_test_split(fake, monkeypatch):
    from deepzoo_fake.datasets import Clusters
    from deepzoo_fake.kinds import Points

    first, real = perceptron(), Clusters.load

    def other_test(self, files):
        splits = real(self, files)
        test = Points(splits.test.positions * 100 + 7, 2 - splits.test.labels, splits.test.classes)
        return dataclasses.replace(splits, test=test)

    monkeypatch.setattr(Clusters, "load", other_test)
    second = perceptron()
    assert first.metrics != second.metrics
    assert first.preprocessor == second.preprocessor
    rows = [
        [{k: v for k, v in row.items() if k != "seconds"} for row in run.history]
        for run in (first, second)
    ]
    assert rows[0] == rows[1]
    ours, theirs = first.arrays(), second.arrays()
    assert all((ours[name] == theirs[name]).all() for name in ours)


@pytest.mark.parametrize("split", ["test", "validation"])
def test_an_empty_split_is_said_and_is_no_error(split, fake, monkeypatch):
    from deepzoo_fake.datasets import Clusters

    real = Clusters.load

    def without(self, files):
        splits = real(self, files)
        return dataclasses.replace(splits, **{split: getattr(splits, split).take(np.arange(0))})

    monkeypatch.setattr(Clusters, "load", without)
    run = perceptron()
    assert run.status == "finished"
    if split == "test":
        assert run.metrics == {}
        assert run.results["examples"] == 0
        assert run.results["notes"] == ["The test split is empty: nothing was scored."]
        assert api.evaluate(run)["metrics"] == {}
    else:
        assert run.record["best_epoch"] is None
        assert len(run.history) == 3
        assert "val_loss" not in run.history[0]
        assert run.metrics["accuracy"] >= 0


def test_the_validation_loss_is_the_mean_over_its_examples(fake):
    """Six examples in batches of 4 and 12: padding must not count."""
    losses = []
    for size in (4, 12):
        run = api.train(
            "clusters", model="point-dense", points=60, epochs=1, batch_size=size,
            learning_rate=1e-9, dropout=0.0,
        )  # fmt: skip
        losses.append((run.history[0]["val_loss"], run.history[0]["val_accuracy"]))
    arrays = Workload.of_run(run).prepared.validation
    probabilities = run.network.predict(arrays.inputs)
    expected = -np.log(probabilities[range(len(arrays)), arrays.targets]).mean()
    accuracy = (probabilities.argmax(axis=1) == arrays.targets).mean()
    for loss, share in losses:
        assert loss == pytest.approx(expected, rel=1e-4)
        assert share == pytest.approx(accuracy)


def workload(**settings) -> Workload:
    """Makes the workload that the fake experiment describes, in part."""
    return Workload.make("clusters", model="point-dense", assignments={"points": 60, **settings})


HISTORY = [{"epoch": 1, "loss": 0.9}, {"epoch": 2, "loss": 0.7}]


@pytest.mark.parametrize(
    ("settings", "history", "values"),
    [
        ({"units": 2, "epochs": 2}, HISTORY, [0.62]),
        ({"units": 8, "epochs": 2}, HISTORY, [0.86]),
        ({"units": 4, "epochs": 2}, HISTORY, []),
        ({"units": 8, "epochs": 3}, [*HISTORY, {"epoch": 3}], []),
        ({"units": 8, "epochs": 2}, HISTORY[:1], []),
    ],
)
def test_published_figures_belong_to_their_settings(settings, history, values, fake):
    rows = figures_beside(workload(**settings), history, {"accuracy": 0.5})
    assert [row["value"] for row in rows] == values
    assert all((row["ours"], row["note"]) == (0.5, "") for row in rows)


def test_other_models_and_fixed_settings_do_not_match(fake, monkeypatch):
    from deepzoo_fake.experiments import ClustersUnits

    assert len(matching(workload())) == 1
    assert matching(Workload.make("clusters", model="point-perceptron", assignments={})) == []
    monkeypatch.setattr(ClustersUnits, "settings", {"model.dropout": 0.5})
    assert matching(workload()) == []
    assert len(matching(workload(dropout=0.5))) == 1


def test_an_experiment_may_compare_models(fake, monkeypatch):
    from deepzoo_fake.experiments import ClustersUnits

    from deepzoo import Figure

    names = "point-dense", "point-perceptron"
    monkeypatch.setattr(ClustersUnits, "settings", {})
    monkeypatch.setattr(ClustersUnits, "grid", {"model": names})
    figures = tuple(Figure("accuracy", index, {"model": name}) for index, name in enumerate(names))
    monkeypatch.setattr(ClustersUnits, "figures", figures)
    for index, name in enumerate(names):
        made = Workload.make("clusters", model=name, assignments={"points": 60})
        assert [row["value"] for row in figures_beside(made, [], {"accuracy": 0.5})] == [index]
    assert matching(Workload.make("clusters", model="point-centroid", assignments={})) == []


def test_a_namesake_of_another_plugin_has_its_own_figures_and_baselines(fake, plugin):
    from deepzoo_fake.datasets import Clusters

    from deepzoo.training.cached_runs import cached_run
    from deepzoo.training.record import describe

    class TheirClusters(Clusters):
        """Clouds of somebody else."""

    plugin("clouds", "deepzoo-clouds", register_datasets=lambda: [TheirClusters])
    ours, theirs = (
        Workload.make(f"deepzoo-{owner}:clusters", model="point-dense", assignments={"points": 60})
        for owner in ("fake", "clouds")
    )
    assert (len(matching(ours)), len(matching(theirs))) == (1, 0)
    command = describe(theirs, None)["command"]
    assert command.startswith("deepzoo train deepzoo-clouds:clusters --task sorting-points")
    models = [each.with_model("point-centroid") for each in (ours, theirs)]
    assert models[0].data.fingerprint == models[1].data.fingerprint
    assert cached_run(models[0]).path != cached_run(models[1]).path


@pytest.mark.parametrize(("source", "notes"), [("local", ["other files"]), ("sample", [])])
def test_published_figures_need_the_published_files(source, notes, fake):
    made = workload(units=8, epochs=2)
    made.given = dataclasses.replace(made.data, source=source)
    made = dataclasses.replace(made)
    rows = figures_beside(made, HISTORY, {"accuracy": 0.5})
    assert [row["note"] for row in rows] == notes


def test_figures_of_an_epoch_come_from_the_history(fake, monkeypatch):
    from deepzoo_fake.experiments import ClustersUnits

    from deepzoo import Figure

    figures = (Figure("training loss", 0.8, {"model.epochs": 1}, note="on one machine"),)
    monkeypatch.setattr(ClustersUnits, "figures", figures)
    (row,) = figures_beside(workload(epochs=2), HISTORY, {})
    assert (row["ours"], row["note"]) == (0.9, "after epoch 1; on one machine")


def test_a_run_is_scored_by_hand_in_the_same_way(fake):
    run = perceptron()
    assert score(Workload.of_run(run), run, run.network)["metrics"] == run.metrics
