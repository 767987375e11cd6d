"""What a network without Keras may ask of the loop: running means, rows, samples, states."""

from __future__ import annotations

import json

import pytest
from training_cases import SMALL, cut_after, digest, interrupted

from deepzoo import api
from deepzoo.training.progress import Sampled


@pytest.fixture
def talkative(fake, monkeypatch):
    """Makes the fake perceptron report a running count, rows and samples."""
    from deepzoo_fake.networks import Perceptron as perceptron

    real = perceptron.train_step

    def train_step(self, *batch):
        self.seen = getattr(self, "seen", 0) + 1
        return {**real(self, *batch), "seen": float(self.seen)}

    monkeypatch.setattr(perceptron, "train_step", train_step)
    for name, value in {"running": {"seen"}, "record_steps": 3, "sample_steps": 5}.items():
        monkeypatch.setattr(perceptron, name, value, raising=False)
    return perceptron


def train(**options):
    return api.train("clusters", model="point-perceptron", settings=SMALL, **options)


def steps_of(run):
    return json.loads((run.path / "steps.json").read_text(encoding="utf-8"))


def test_running_means_are_not_averaged_again(talkative):
    run = train()
    assert [row["seen"] for row in run.history] == [4, 8, 12]


def test_rows_and_samples_come_as_often_as_they_are_wanted(talkative):
    events = []
    run = train(on_event=events.append)
    assert steps_of(run) == [
        {"step": 3, "epoch": 1, "batch": 3, "seen": 3.0},
        {"step": 6, "epoch": 2, "batch": 2, "seen": 6.0},
        {"step": 9, "epoch": 3, "batch": 1, "seen": 9.0},
        {"step": 12, "epoch": 3, "batch": 4, "seen": 12.0},
    ]
    samples = sorted(path.name for path in (run.path / "samples").glob("step-*"))
    assert samples == ["step-0001.txt", "step-0005.txt", "step-0010.txt"]
    told = [event for event in events if isinstance(event, Sampled)]
    assert [event.step for event in told] == [1, 5, 10]
    assert all(event.sample for event in told)


def test_a_network_that_asks_for_nothing_leaves_nothing(fake):
    run = train()
    assert not (run.path / "steps.json").exists()
    assert not list((run.path / "samples").glob("step-*"))


@pytest.mark.parametrize("step", [3, 4, 7])
def test_rows_survive_a_cut(talkative, monkeypatch, step):
    whole = train()
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        run = interrupted(model="point-perceptron", settings=SMALL)
    monkeypatch.setattr(talkative, "seen", step, raising=False)
    assert digest(api.resume(run)) == digest(whole)
    assert steps_of(run) == steps_of(whole)


def test_validation_starts_afresh_and_leaves_the_state_of_training(fake, monkeypatch):
    from deepzoo_fake.networks import Perceptron as perceptron

    real, calls = perceptron.test_step, []

    def test_step(self, *batch):
        calls.append("score")
        self.velocity["bias"][:] = 7
        return real(self, *batch)

    def reset_states(self):
        calls.append("reset")

    whole = digest(train())
    monkeypatch.setattr(perceptron, "test_step", test_step)
    monkeypatch.setattr(perceptron, "reset_states", reset_states, raising=False)
    assert digest(train()) == whole
    assert calls[:3] == ["reset", "reset", "score"]


def test_rows_from_inside_epochs_become_sparser_and_stay_few(monkeypatch):
    from types import SimpleNamespace

    from deepzoo.training import numpy_loop

    monkeypatch.setattr(numpy_loop, "MOST_ROWS", 8)
    network = SimpleNamespace(record_steps=10, running=frozenset())
    prepared = SimpleNamespace(train=None)
    model = SimpleNamespace(watch_test=False)
    loop = numpy_loop.NumpyLoop(network, prepared, model, None)
    for step in range(1000):
        loop._observe(SimpleNamespace(step=step), 0, step)
    steps = [row["step"] for row in loop._rows]
    assert 4 <= len(steps) < 8
    assert steps == [steps[0] * place for place in range(1, len(steps) + 1)]
    assert steps[-1] > 1000 - steps[0]


def test_adapt_comes_before_the_first_step_and_before_a_resumed_state(fake, monkeypatch):
    from deepzoo_fake.networks import Perceptron

    calls = []

    def adapt(self, prepared):
        calls.append(len(prepared.train))
        self.load_arrays({name: array + 1 for name, array in self.arrays().items()})

    plain = digest(train(name="plain"))
    monkeypatch.setattr(Perceptron, "adapt", adapt, raising=False)
    whole = digest(train(name="whole"))
    assert whole != plain
    with monkeypatch.context() as patched:
        cut_after(patched, 6)
        cut = interrupted(model="point-perceptron", settings=SMALL)
    assert digest(api.resume(cut.id)) == whole
    assert calls == [48, 48, 48]


def test_the_last_epoch_counts_where_the_model_says_so(fake, monkeypatch):
    from deepzoo_fake.models import PointPerceptron

    monkeypatch.setattr(PointPerceptron, "keeps_last", True)
    assert train().record["best_epoch"] is None
