"""Callbacks of plugins: called once per command and once per epoch, with Keras and without."""

from __future__ import annotations

import pytest
from training_cases import SMALL, cut_after, interrupted

from deepzoo import api


class Tracker:
    """Notes what it is told; like a Keras callback, but it needs no Keras."""

    def __init__(self, calls):
        self.calls = calls

    def set_model(self, model):
        self.calls.append(("model", type(model).__name__))

    def on_train_begin(self, logs=None):
        self.calls.append(("begin",))

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(("epoch", epoch, sorted(logs)))

    def on_train_end(self, logs=None):
        self.calls.append(("end",))


@pytest.fixture
def calls(fake, plugin):
    """What the callbacks of a plugin were told."""
    found, runs = [], []

    def register_callbacks(run):
        runs.append(run)
        return [Tracker(found)]

    plugin(register_callbacks=register_callbacks)
    yield found
    assert all(run.record["status"] for run in runs)


@pytest.mark.parametrize("model", ["point-dense", "point-perceptron"])
def test_a_training_begins_and_ends_once(model, calls):
    run = api.train("clusters", model=model, **SMALL)
    told = [call for call in calls if call[0] != "model"]
    assert [call[:2] for call in told[1:-1]] == [("epoch", 0), ("epoch", 1), ("epoch", 2)]
    assert (told[0], told[-1]) == (("begin",), ("end",))
    assert told[1][2] == sorted(run.history[0])
    assert (("model", "Sequential") in calls) == (model == "point-dense")


def test_a_resumed_training_is_another_command(calls, fake, monkeypatch):
    with monkeypatch.context() as patched:
        cut_after(patched, 6)
        run = interrupted(model="point-perceptron", **SMALL)
    assert [call[:2] for call in calls] == [("begin",), ("epoch", 0), ("end",)]
    calls.clear()
    api.resume(run)
    assert [call[:2] for call in calls] == [("begin",), ("epoch", 1), ("epoch", 2), ("end",)]


def test_a_closed_form_is_one_command(calls):
    api.train("clusters", model="point-centroid", points=60)
    assert calls == [("begin",), ("end",)]


def test_baselines_are_no_trainings_of_the_user(calls):
    api.train("clusters", model="point-perceptron", **SMALL)
    assert calls.count(("begin",)) == 1


def test_a_broken_hook_costs_one_named_line(fake, plugin):
    from deepzoo.plugins import loader as plugins

    plugin(register_callbacks=lambda run: 1 / 0)
    assert api.train("clusters", model="point-perceptron", **SMALL).status == "finished"
    assert any("deepzoo-inline" in line for line in plugins.warnings())


def test_keras_callbacks_see_every_batch(fake, plugin):
    import keras

    seen = []

    class Batches(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            seen.append(("epoch", epoch))

        def on_train_batch_end(self, batch, logs=None):
            seen.append((batch, sorted(logs)))

    plugin(register_callbacks=lambda run: [Batches()])
    api.train("clusters", model="point-dense", points=60, epochs=1, batch_size=12)
    assert seen == [("epoch", 0), *((batch, ["accuracy", "loss"]) for batch in range(4))]


def test_a_callback_that_spoils_a_weight_is_found_out(fake, plugin):
    """The loss may still be finite when a weight no longer is."""
    import numpy as np

    from deepzoo.errors import DivergedError

    class Spoiler(Tracker):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                self.network.learned["bias"][0] = np.nan

    from deepzoo_fake.models import PointPerceptron

    spoiler = Spoiler([])
    plugin(register_callbacks=lambda run: [spoiler])
    build = PointPerceptron.build

    def built(self, spec):
        spoiler.network = build(self, spec)
        return spoiler.network

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PointPerceptron, "build", built)
        with pytest.raises(DivergedError, match=r"bias is no longer finite.* in epoch 2, step 4"):
            api.train("clusters", model="point-perceptron", **SMALL)
    run = api.load("clusters/point-perceptron-1")
    assert run.status == "failed"
    from deepzoo.training.checkpoints import load_newest

    assert load_newest(run.path / "checkpoints")[0].state["epoch"] == 1
