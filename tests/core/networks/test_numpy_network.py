"""NumPy networks: weights in a dictionary, from which storing and resuming follow."""

from __future__ import annotations

import numpy as np
import pytest

import deepzoo
from deepzoo.errors import CheckpointError, UsageError


class Linear(deepzoo.NumpyNetwork):
    """One layer that is trained in steps, with momentum."""

    def __init__(self, features):
        self.weights = {"W": np.zeros((features, 1)), "kept": np.zeros((0, 2), np.int32)}

    def predict(self, inputs):
        return inputs @ self.weights["W"]

    def train_step(self, inputs, targets, weights):
        gradient = inputs.T @ (self.predict(inputs) - targets) / len(inputs)
        self.slots["velocity"] = 0.9 * self.slots.get("velocity", 0.0) - 0.1 * gradient
        self.weights["W"] += self.slots["velocity"]
        return {"loss": 0.0}


def test_a_restored_training_goes_on_in_the_same_bits():
    x, y = np.random.default_rng(0).normal(size=(8, 3)), np.ones((8, 1))
    first, second = Linear(3), Linear(3)
    first.train_step(x, y, None)
    state = first.state()
    second.load_state(state)
    for network in (first, second):
        network.train_step(x, y, None)
    assert second.slots.keys() == {"velocity"}
    assert np.array_equal(first.weights["W"], second.weights["W"])
    assert not np.array_equal(state["W"], first.weights["W"])  # a copy


def test_weights_are_filled_in_place_and_a_dimension_of_0_takes_any_size():
    network = Linear(3)
    W = network.weights["W"]
    network.load_arrays({"W": np.ones((3, 1), np.float16), "kept": np.ones((5, 2))})
    assert W.sum() == 3
    assert network.weights["kept"].shape == (5, 2)
    assert network.weights["kept"].dtype == np.int32
    for wrong in ({"W": np.ones((4, 1))}, {"W": np.ones(3)}, {"V": np.ones((3, 1))}):
        with pytest.raises(CheckpointError, match="do not fit"):
            Linear(3).load_arrays({"kept": np.ones((5, 2)), **wrong})
    with pytest.raises(CheckpointError, match=r"kept of shape \(0, 2\)"):
        Linear(3).load_arrays({"W": np.ones((3, 1)), "kept": np.ones((5, 3))})


@deepzoo.rule(task="sorting-points")
def first_class(inputs, spec):
    """Says that everything is of the first class."""
    return np.eye(spec["classes"])[np.zeros(len(inputs), int)]


def test_a_rule_is_a_model_of_one_function(fake, plugin):
    plugin(register_models=lambda: [first_class])
    run = deepzoo.train("clusters", model="first-class")
    assert (run.record["parameters"], run.record["epochs"]) == (0, 1)
    assert run.evaluate()["metrics"] == run.metrics
    rows = {row["name"]: row for row in deepzoo.list_models()}
    assert rows["first-class"]["help"] == "Says that everything is of the first class."


def test_training_settings_that_a_model_does_not_honour_are_refused(fake, plugin):
    plugin(register_models=lambda: [first_class])
    assert first_class.settings() == []
    assert not [
        key for key in deepzoo.train("clusters", model="first-class").settings if "model." in key
    ]
    with pytest.raises(UsageError, match="'first-class' is trained without the setting 'epochs'"):
        deepzoo.train("clusters", model="first-class", epochs=3)
    with pytest.raises(UsageError, match="without the setting 'optimizer'"):
        deepzoo.train("clusters", model="first-class", settings={"model.optimizer": "sgd"})


def test_the_whole_of_arrays_is_what_a_batch_of_all_gives():
    class Halves(deepzoo.Arrays):
        def batch(self, indices):
            return self.inputs[indices] / 2, self.targets[indices], None

    pixels, labels = np.arange(6, dtype=np.uint8)[:, None], np.arange(6)
    inputs, targets, _ = Halves(pixels, labels).whole()
    assert inputs.tolist() == (pixels / 2).tolist()
    assert targets.tolist() == labels.tolist()
    assert np.shares_memory(deepzoo.Arrays(pixels, labels).whole()[0], pixels)
