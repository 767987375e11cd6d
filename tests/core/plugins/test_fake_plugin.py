"""The fake plugin itself: what the other tests of the core rely on."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo.interfaces import settings
from deepzoo.plugins import loader as plugins
from deepzoo.plugins import registry


def test_it_is_found_through_its_entry_point(fake):
    assert not [line for line in plugins.warnings() if "deepzoo-fake" in line]
    assert registry.dataset("clusters") is fake.register_datasets()[0]
    assert [entry.name for entry in registry.tasks() if entry.plugin == "fake"] == [
        "sorting-points",
        "point-copying",
    ]


def test_both_tasks_train_on_its_dataset(fake):
    clusters = registry.dataset("clusters")

    assert [cls.name for cls in registry.default_task(clusters)] == [
        "sorting-points",
        "point-dense",
    ]
    assert [cls.name for cls in registry.default_task(clusters, "point-copying")] == [
        "point-copying",
        "point-copier",
    ]


@pytest.mark.parametrize(("features", "width"), [("plain", 2), ("squares", 4)])
def test_preparation_depends_on_the_model(fake, features, width):
    dataset = registry.dataset("clusters")()
    task, model = registry.default_task(type(dataset))
    recipes = settings.assign({"task": task, "model": model}, {"features": features})

    prepared = recipes["task"].prepare(dataset.load({}), recipes["model"])

    assert prepared.train.inputs.shape == (192, width)
    assert prepared.spec["features"] == width


def test_nearest_centroid_is_better_than_chance_and_the_perceptron_learns(fake):
    dataset, task = registry.dataset("clusters")(), registry.task("sorting-points")()
    splits = dataset.load({})
    centroid, perceptron = (
        registry.model(name)() for name in ("point-centroid", "point-perceptron")
    )
    prepared = task.prepare(splits, centroid)

    closed = centroid.build(prepared.spec)
    closed.fit_arrays(prepared.train.inputs, prepared.train.targets)
    trained = perceptron.build(prepared.spec)
    batch = prepared.train.batch(np.arange(32))
    losses = [trained.train_step(*batch)["loss"] for _ in range(5)]

    assert task.evaluate(closed, prepared.test, prepared)["accuracy"].values.mean() > 0.7
    assert losses[-1] < losses[0]
