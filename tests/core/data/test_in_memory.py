"""Training on arrays and lists that are in memory already."""

from __future__ import annotations

import numpy as np
import pytest

import deepzoo
from deepzoo import api
from deepzoo.data.in_memory import dataset_for, given_data
from deepzoo.errors import ResumeError, UsageError
from deepzoo.workload import Workload


def clusters(count: int):
    """Loads the fake dataset."""
    from deepzoo_fake.datasets import Clusters

    return Clusters(points=count).load({})


@pytest.fixture
def points(fake):
    """Positions and labels of the fake dataset, as a user would have them."""
    splits = clusters(90)
    return splits.train.positions, splits.train.labels


def test_arrays_train_without_a_dataset(points):
    run = deepzoo.train(data=points, model="point-dense", epochs=2, batch_size=12)
    assert (run.status, run.dataset, run.data) == ("finished", "points", "local")
    assert run.record["notes"] == ["Data given in Python."]
    assert run.preprocessor["classes"] == ["0", "1", "2"]
    assert set(run.predict("0,1.5")) <= {"0", "1", "2"}
    assert run.baselines["point-centroid"]["accuracy"] > 0.5


def test_the_parts_are_seeded_and_by_class(points):
    positions, labels = points
    made = [
        api.train(data=points, model="point-perceptron", dry_run=True)["examples"] for _ in range(2)
    ]
    assert made[0] == made[1]
    assert sum(made[0].values()) == len(positions)
    recipes = Workload.make("points", model="point-perceptron", assignments={}).recipes
    splits = given_data(recipes.dataset, recipes.kind, points, None).splits
    for part in (splits.validation, splits.test):
        assert set(part.labels) == set(labels)
    everything = np.concatenate(
        [part.positions for part in (splits.train, splits.validation, splits.test)]
    )
    assert sorted(map(tuple, everything)) == sorted(map(tuple, positions))


def test_a_task_is_enough(points):
    assert dataset_for(None, "sorting-points") == "points"
    with pytest.raises(UsageError, match="Which dataset"):
        deepzoo.train(data=points)


def test_the_kind_itself_and_whole_splits_are_data_too(fake):
    splits = clusters(60)
    first = deepzoo.train(data=splits.train, model="point-perceptron", epochs=1)
    assert first.preprocessor["classes"] == ["left", "right", "top"]
    second = deepzoo.train("clusters", data=splits, model="point-perceptron", epochs=1)
    whole = deepzoo.train("clusters", points=60, model="point-perceptron", epochs=1)
    assert second.metrics == whole.metrics
    assert second.record["fingerprint"] == whole.record["fingerprint"]
    assert (second.data, whole.data) == ("local", "full")


def test_settings_of_the_kind_and_limits_apply(points):
    plan = {"model": "point-perceptron", "epochs": 1}
    run = deepzoo.train(data=points, limit=30, **plan)
    assert run.record["steps"] == 1
    assert run.record["limit"] == 30
    mirrored = deepzoo.train(data=points, settings={"kind.mirrored": True}, **plan)
    plain = deepzoo.train(data=points, **plan)
    assert mirrored.preprocessor["mean"] == plain.preprocessor["mean"][::-1]


def test_the_wrong_number_of_parts_names_the_right_ones(points):
    with pytest.raises(UsageError, match=r"given as \(positions, labels, classes\); received 1"):
        deepzoo.train(data=points[0], model="point-perceptron")


def test_parts_of_different_length_are_refused(points):
    positions, labels = points
    with pytest.raises(UsageError, match="positions 72, labels 71"):
        deepzoo.train(data=(positions, labels[:-1]), model="point-perceptron")


def test_labels_may_be_words(points):
    positions, labels = points
    words = [("west", "east", "north")[label] for label in labels]
    run = deepzoo.train(data=(positions, words), model="point-perceptron", epochs=1)
    assert run.preprocessor["classes"] == ["east", "north", "west"]


def test_no_data_at_all_are_refused(points):
    from deepzoo.errors import DataError

    with pytest.raises(DataError):
        deepzoo.train(data=(points[0][:0], points[1][:0]), model="point-perceptron")


def test_they_are_not_kept_and_that_is_said(points, monkeypatch):
    from training_cases import cut_after

    from deepzoo.errors import Interrupted

    with monkeypatch.context() as patched:
        cut_after(patched, 2)
        with pytest.raises(Interrupted):
            deepzoo.train(data=points, model="point-perceptron", batch_size=12)
    for command in (deepzoo.resume, deepzoo.evaluate):
        with pytest.raises((UsageError, ResumeError), match="given in Python"):
            command("points/point-perceptron-1")


def test_a_list_of_texts_trains_a_text_model():
    animals, things = ("cat", "dog", "cow", "hen"), ("mat", "hat", "bed", "log", "bus")
    texts = [f"the {animal} sat on the {thing}" for animal in animals for thing in things]
    small = {"epochs": 1, "units": 4, "embedding": 3, "batch_size": 2, "sequence_length": 8}
    plan = deepzoo.train(data=texts, model="char-rnn", dry_run=True, settings=small)
    assert (plan["dataset"], plan["task"], plan["data"]) == ("text", "text-generation", "local")
    run = deepzoo.train(data=texts, model="char-rnn", settings=small)
    assert run.status == "finished"
    assert run.metrics["bits_per_character"] > 0
    assert run.generate("the ", length=5, seed=1).startswith("the ")
