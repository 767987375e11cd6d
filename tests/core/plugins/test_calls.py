"""Errors in a plugin's code name the plugin, the method and the line; wrong answers are said."""

from __future__ import annotations

import errno

import pytest

import deepzoo
from deepzoo.cli import main
from deepzoo.errors import DataError, PluginError
from deepzoo.plugins.calls import calling

TRAIN = {"epochs": 1, "points": 60}


def fail(*arguments, **options):
    return {}["heigth"]


def returns(value):
    return lambda *arguments, **options: value


@pytest.mark.parametrize(
    ("owner", "method", "named"),
    [
        ("models.PointPerceptron", "build", "Model 'point-perceptron' of plugin 'fake'"),
        ("networks.Perceptron", "train_step", "Model 'point-perceptron' of plugin 'fake'"),
        ("networks.Perceptron", "test_step", "Model 'point-perceptron' of plugin 'fake'"),
        ("networks.Centroids", "fit_arrays", "Model 'point-centroid' of plugin 'fake'"),
        ("task.SortingPoints", "prepare", "Task 'sorting-points' of plugin 'fake'"),
        ("task.SortingPoints", "evaluate", "Task 'sorting-points' of plugin 'fake'"),
    ],
)
def test_what_is_raised_names_plugin_method_and_line(fake, monkeypatch, owner, method, named):
    monkeypatch.setattr(f"deepzoo_fake.{owner}.{method}", fail)
    line = fail.__code__.co_firstlineno + 1
    with pytest.raises(PluginError) as caught:
        deepzoo.train("clusters", model="point-perceptron", **TRAIN)
    assert caught.value.message == (
        f"{named} (deepzoo-fake 0.1) failed in {method}: KeyError: 'heigth' "
        f"(test_calls.py line {line})."
    )
    assert isinstance(caught.value.__cause__, KeyError)


def test_the_line_is_the_last_one_in_the_plugin(fake, monkeypatch):
    monkeypatch.setattr(
        "deepzoo_fake.networks.Perceptron.predict", lambda self, inputs: inputs @ inputs
    )
    with pytest.raises(PluginError, match=r"train_step: ValueError: .*\(networks\.py line \d+\)"):
        deepzoo.train("clusters", model="point-perceptron", **TRAIN)


def test_a_load_that_fails_names_the_plugin_and_the_line(fake, monkeypatch):
    monkeypatch.setattr("deepzoo_fake.datasets.Clusters.load", fail)
    with pytest.raises(DataError, match=r"'clusters' of plugin 'fake' .* could not read its data"):
        deepzoo.train("clusters", **TRAIN)
    monkeypatch.setattr("deepzoo_fake.datasets.Clusters.load", lambda self, files: files.nothing)
    with pytest.raises(PluginError, match=r"AttributeError: .*nothing.*test_calls\.py line"):
        deepzoo.train("clusters", **TRAIN)


@pytest.mark.parametrize(
    ("owner", "method", "answer", "said"),
    [
        ("datasets.Clusters", "load", (1, 2), "load must return deepzoo.Splits; received"),
        (
            "models.PointPerceptron",
            "build",
            None,
            "build must return a keras.Model, or .* received: None",
        ),
        (
            "task.SortingPoints",
            "prepare",
            None,
            "prepare must return deepzoo.Prepared; received: None",
        ),
        (
            "task.SortingPoints",
            "evaluate",
            {"accuracy": 0.5},
            "must return deepzoo.Scores .* received: 0.5",
        ),
        ("task.SortingPoints", "evaluate", 0.5, "must return deepzoo.Scores by metric"),
    ],
)
def test_a_wrong_answer_is_one_sentence(fake, monkeypatch, owner, method, answer, said):
    monkeypatch.setattr(f"deepzoo_fake.{owner}.{method}", returns(answer))
    with pytest.raises(PluginError, match=said):
        deepzoo.train("clusters", model="point-perceptron", **TRAIN)


@pytest.mark.parametrize("none", [None, dict, object()])
def test_a_callback_that_is_none_is_said(fake, plugin, none):
    plugin("tracker", "deepzoo-tracker", register_callbacks=lambda run: [none])
    with pytest.raises(PluginError, match=r"'tracker' \(deepzoo-tracker 1.0\) registered .* as a"):
        deepzoo.train("clusters", model="point-perceptron", **TRAIN)


def test_a_callback_that_fails_names_its_plugin(fake, plugin):
    class Tracker:
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("no tracker")

    plugin("tracker", "deepzoo-tracker", register_callbacks=lambda run: [Tracker()])
    with pytest.raises(PluginError, match=r"'tracker' .* failed in Tracker\.on_epoch_end: Runtime"):
        deepzoo.train("clusters", model="point-perceptron", **TRAIN)


def test_a_verb_that_fails_names_its_plugin_and_debug_shows_the_traceback(
    fake, monkeypatch, capsys
):
    run = deepzoo.train("clusters", model="point-perceptron", **TRAIN)
    verb = next(iter(run.verbs()))
    monkeypatch.setattr(f"deepzoo_fake.task.SortingPoints.{verb}", lambda self, run: {}["heigth"])
    with pytest.raises(PluginError, match=f"failed in {verb}: KeyError: 'heigth'"):
        getattr(run, verb)()
    monkeypatch.setattr("deepzoo_fake.models.PointPerceptron.build", fail)
    words = ("train", "clusters", "--model", "point-perceptron")
    assert main(words) == 6
    assert "Traceback" not in capsys.readouterr().err
    assert main((*words, "--debug")) == 6
    assert "KeyError" in capsys.readouterr().err.split("Traceback", 1)[1]


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOSPC, "full"), DataError("no")])
def test_a_full_disk_and_expected_errors_pass(error):
    with pytest.raises(type(error)) as caught, calling("Model", "build"):
        raise error
    assert caught.value is error
