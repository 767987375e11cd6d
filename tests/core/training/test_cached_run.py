"""Runs that others need: trained once, kept, and never in a circle."""

from __future__ import annotations

import json
import sys
import types

import pytest

import deepzoo
from deepzoo.cli import main
from deepzoo.errors import PluginError, UsageError
from deepzoo.system import paths
from deepzoo.training import cached_runs


def folders() -> list[str]:
    """Lists what the cache holds, half-made things included."""
    return sorted(path.name for path in (paths.cache() / "runs").iterdir())


@pytest.fixture
def trainings(monkeypatch):
    """Counts how often something was trained for the cache."""
    counted, real = [], cached_runs._train

    def counting(workload, folder):
        counted.append(folder.name)
        return real(workload, folder)

    monkeypatch.setattr(cached_runs, "_train", counting)
    return counted


def test_a_run_is_trained_once_and_then_kept(fake, trainings):
    first = deepzoo.cached_run("clusters", "point-perceptron", points=60)
    again = deepzoo.cached_run("clusters", "point-perceptron", points=60)
    assert first.status == "finished"
    assert first.metrics["accuracy"] > 0.5
    assert (again.path, len(trainings)) == (first.path, 1)
    assert again.predict("0,1.5") == first.predict("0,1.5")
    assert deepzoo.list_runs() == []  # it is not among the user's runs


def test_other_settings_are_another_run(fake, trainings):
    found = {
        deepzoo.cached_run("clusters", "point-centroid", **settings).path
        for settings in ({"points": 60}, {"points": 90}, {"points": 60, "task__noise": 0.2})
    }
    assert len(found) == len(trainings) == 3


def test_data_in_memory_may_take_the_place_of_a_dataset(fake, trainings):
    data = deepzoo.load_dataset("clusters", points=60)
    halves = [data.map(lambda part, n=n: part.take(range(n, len(part), 2))) for n in (0, 1)]
    first, second, again = (
        deepzoo.cached_run("clusters", "point-centroid", data=splits)
        for splits in (*halves, halves[0])
    )
    assert first.path == again.path != second.path
    assert first.record["data_given"]


def test_another_version_of_the_plugin_is_another_run(fake, install, monkeypatch, trainings):
    deepzoo.cached_run("clusters", "point-centroid", points=60)
    real = cached_runs.origin
    monkeypatch.setattr(cached_runs, "origin", lambda cls: {**real(cls), "version": "9.9"})
    deepzoo.cached_run("clusters", "point-centroid", points=60)
    assert len(trainings) == 2


def test_what_is_not_whole_is_trained_again(fake, trainings):
    run = deepzoo.cached_run("clusters", "point-centroid", points=60)
    (run.path / "run.json").write_text("{")
    assert deepzoo.cached_run("clusters", "point-centroid", points=60).status == "finished"
    assert len(trainings) == 2
    assert folders() == [run.path.name]


def test_a_failure_leaves_nothing_behind(fake, monkeypatch):
    from deepzoo_fake.networks import Centroids

    def fail(*arguments):
        raise ValueError("no")

    with monkeypatch.context() as patched:
        patched.setattr(Centroids, "fit_arrays", fail)
        with pytest.raises(PluginError, match="failed in fit_arrays: ValueError: no"):
            deepzoo.cached_run("clusters", "point-centroid", points=60)
    assert folders() == []
    assert deepzoo.cached_run("clusters", "point-centroid", points=60).status == "finished"


def test_what_a_killed_process_left_is_cleaned_up(fake, monkeypatch):
    run = deepzoo.cached_run("clusters", "point-centroid", points=60)
    import socket

    left = run.path.with_name(f".{run.path.name}.{socket.gethostname()}~999999999~00.tmp")
    left.mkdir()
    (run.path / "run.json").unlink()
    deepzoo.cached_run("clusters", "point-centroid", points=60)
    assert folders() == [run.path.name]


def test_a_run_that_needs_itself_is_refused(fake, plugin):
    from deepzoo_fake.models import PointCentroid
    from deepzoo_fake.task import SortingPoints

    class Selfish(SortingPoints):
        """A task whose data are judged by a model that it trains itself."""

        name = "selfish"
        default_for = ()
        default_model = "selfish-model"
        baselines = ()

        def prepare(self, splits, model):
            deepzoo.cached_run("clusters", "selfish-model", points=60)
            return super().prepare(splits, model)

    class SelfishModel(PointCentroid):
        """Its model."""

        name = "selfish-model"
        task = "selfish"

    plugin(register_tasks=lambda: [Selfish], register_models=lambda: [SelfishModel])
    circle = "needs itself: clusters with selfish-model -> clusters with selfish-model"
    with pytest.raises(UsageError, match=circle):
        deepzoo.train("clusters", model="selfish-model", points=60)
    assert folders() == []


def test_the_record_says_what_it_is(fake):
    run = deepzoo.cached_run("clusters", "point-centroid", points=60)
    record = json.loads((run.path / "run.json").read_text())
    assert (record["dataset"], record["model"], record["data"]) == (
        "clusters",
        "point-centroid",
        "full",
    )
    assert record["seed"] == 0
    assert record["settings"]["dataset.points"] == 60


def test_an_edit_of_the_source_counts_at_once(fake, monkeypatch, tmp_path):
    """The versions of an editable install stay the same."""
    from deepzoo_fake.models import PointCentroid

    file = tmp_path / "deepzoo_edited.py"
    file.write_text("first = 1")
    module = types.SimpleNamespace(__file__=str(file))
    monkeypatch.setitem(sys.modules, "deepzoo_edited", module)
    monkeypatch.setattr(PointCentroid, "__module__", "deepzoo_edited")
    first = deepzoo.cached_run("clusters", "point-centroid", points=60)
    assert deepzoo.cached_run("clusters", "point-centroid", points=60).path == first.path
    file.write_text("first = 2")
    assert deepzoo.cached_run("clusters", "point-centroid", points=60).path != first.path


def test_the_baselines_of_a_dataset_are_removed_with_its_files(fake, capsys):
    deepzoo.cached_run("clusters", "point-centroid", points=60)
    assert main(["data", "rm", "points"]) == 0
    assert len(folders()) == 1
    assert main(["data", "rm", "clusters", "--json"]) == 0
    assert "point-centroid" in json.loads(capsys.readouterr().out)["removed"][0]
    assert folders() == []
