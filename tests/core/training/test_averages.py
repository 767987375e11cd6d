"""Moving averages of the weights: what is validated and stored, and never what goes on training."""

from __future__ import annotations

import numpy as np
import pytest
from training_cases import SMALL

from deepzoo import Model, api
from deepzoo.errors import UsageError
from deepzoo.training import checkpoints
from deepzoo.training.optimizers import averaged, make_optimizer, take_average

keras = pytest.importorskip("keras")

KEPT = 0.8


def train(**settings):
    return api.train("clusters", model="point-dense", settings={**SMALL, **settings})


def trained_by_hand(model, steps: int):
    """Takes steps, and follows weights and their moving average in NumPy."""
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(8, 3)).astype("f"), rng.normal(size=(8, 2)).astype("f")
    expected = None
    for step in range(steps):
        model.fit(inputs, targets, epochs=1, batch_size=8, verbose=0)
        weights = [np.array(weight) for weight in model.trainable_weights]
        kept = min(KEPT, step / (step + 9))
        expected = [
            kept * old + (1 - kept) * new
            for old, new in zip(expected or weights, weights, strict=True)
        ]
    return weights, expected


def small(**settings):
    recipe = Model(**settings)
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(make_optimizer(recipe), "mse")
    return model


def equal(first, second):
    return all(np.allclose(a, b, atol=1e-6) for a, b in zip(first, second, strict=True))


def test_the_average_stands_in_for_a_while_or_for_good():
    model = small(average=KEPT, learning_rate=0.1)
    weights, expected = trained_by_hand(model, 4)
    assert not equal(weights, expected)
    assert equal(model.get_weights(), weights)
    with averaged(model):
        assert equal(model.get_weights(), expected)
    assert equal(model.get_weights(), weights)
    take_average(model)
    assert equal(model.get_weights(), expected)


def test_without_an_average_or_before_the_first_step_nothing_changes():
    for settings in ({}, {"average": KEPT}):
        model = small(**settings)
        before = model.get_weights()
        with averaged(model):
            assert equal(model.get_weights(), before)
        take_average(model)
        assert equal(model.get_weights(), before)


def test_averaging_does_not_change_how_training_goes(fake):
    plain, average = train(), train(average=KEPT)
    assert [row["loss"] for row in plain.history] == [row["loss"] for row in average.history]
    assert [row["val_loss"] for row in plain.history] != [
        row["val_loss"] for row in average.history
    ]


def test_what_is_stored_is_the_average_and_what_is_resumed_the_weights(fake):
    plain, average = train(), train(average=KEPT)
    ends = [checkpoints.load_newest(run.path / "checkpoints")[0] for run in (plain, average)]
    kernels = [end.arrays["variables/0000/kernel"] for end in ends]
    assert np.array_equal(*kernels)
    stored = average.arrays()["0000/kernel"]
    assert not np.allclose(stored, kernels[1])
    best = average.record["best_epoch"]
    if best == len(average.history):
        found = [a for k, a in ends[1].arrays.items() if k.startswith("optimizer/")]
        assert any(a.shape == stored.shape and np.array_equal(a, stored) for a in found)


def test_the_test_split_is_watched_only_if_asked_for(fake):
    watched = train(watch_test=True)
    assert watched.record["watch_test"] is True
    assert all("test_loss" in row for row in watched.history)
    plain = train()
    assert "test_loss" not in plain.history[0]
    assert [row["val_loss"] for row in plain.history] == [
        row["val_loss"] for row in watched.history
    ]


def test_a_network_without_keras_refuses_to_watch_the_test_split(fake):
    with pytest.raises(UsageError, match=r"point-perceptron.*watch_test expected False"):
        api.train("clusters", model="point-perceptron", settings={**SMALL, "watch_test": True})
