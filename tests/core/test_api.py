"""The Python API: the same words and defaults as the command line."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from training_cases import SMALL

import deepzoo
from deepzoo import api
from deepzoo.errors import CheckpointError, UnknownNameError, UsageError
from deepzoo.runs.display import summary
from deepzoo.training.progress import EpochEnded, Estimated, Message, Planned, Stepped

PLAN = {"model": "point-perceptron", **SMALL}


def test_names_and_defaults_are_those_of_the_command_line():
    from deepzoo.cli.commands import train as commands

    ours, theirs = (inspect.signature(f).parameters for f in (api.train, commands.train))
    assert set(theirs) <= set(ours)
    for name in set(theirs) - {"dataset"}:
        assert ours[name].default == theirs[name].default, name
        assert ours[name].kind is inspect.Parameter.KEYWORD_ONLY


def test_a_plan_trains_nothing(fake):
    plan = api.train("clusters", dry_run=True, seed=3, **PLAN)
    assert deepzoo.list_runs() == []
    assert plan["examples"] == {"train": 48, "validation": 6, "test": 6}
    assert (plan["epochs"], plan["steps"], plan["device"]) == (3, 12, "cpu")
    assert plan["parameters"] == 2 * 3 + 3
    run = api.train("clusters", seed=3, **PLAN)
    assert (run.record["parameters"], run.record["steps"]) == (plan["parameters"], plan["steps"])
    assert run.settings == plan["settings"]


def test_a_limit_takes_the_first_training_examples(fake):
    run = api.train("clusters", limit=24, **PLAN)
    assert run.record["steps"] == 2 * 3
    assert run.record["limit"] == 24
    assert run.results["examples"] == 6
    again = api.evaluate(run)
    assert again["metrics"] == run.metrics
    assert not any("not the data" in n for n in again["data_notes"])


def test_names_are_taken_once(fake):
    ids = [api.train("clusters", name="mine", **PLAN).id for _ in range(2)]
    assert ids == ["clusters/mine", "clusters/mine-2"]
    with pytest.raises(UsageError):
        api.train("clusters", name="../mine", **PLAN)


def test_a_bad_name_is_refused_before_any_data_are_read(fake, tmp_path):
    with pytest.raises(UsageError, match="cannot name a run"):
        api.train("clusters", name="", data=tmp_path / "missing", **PLAN)


def test_equal_seeds_give_equal_runs_and_others_do_not(fake):
    runs = [api.train("clusters", seed=seed, **PLAN) for seed in (1, 1, 2)]
    kernels = [run.arrays()["kernel"] for run in runs]
    assert (kernels[0] == kernels[1]).all()
    assert (kernels[0] != kernels[2]).any()
    assert len({run.record["fingerprint"] for run in runs}) == 1


def test_weights_of_another_run_are_the_beginning(fake, monkeypatch):
    first = api.train("clusters", **PLAN)
    seen = []
    from deepzoo_fake.networks import Perceptron

    real = Perceptron.load_arrays

    def load_arrays(self, arrays):
        seen.append(arrays)
        real(self, arrays)

    monkeypatch.setattr(Perceptron, "load_arrays", load_arrays)
    second = api.train("clusters", from_run=first.id, **PLAN)
    assert all((seen[0][name] == array).all() for name, array in first.arrays().items())
    assert second.record["from_run"] == first.id
    assert second.history[0]["loss"] < first.history[0]["loss"]


def test_weights_that_read_their_input_differently_are_refused(fake):
    first = api.train("clusters", **PLAN)
    with pytest.raises(CheckpointError, match="reads its input in another way: mean"):
        api.train("clusters", from_run=first, **{**PLAN, "points": 90})


def test_the_device_and_why_are_recorded(fake):
    run = api.train("clusters", **PLAN)
    assert (run.record["device"], run.record["backend"]) == ("cpu", "numpy")
    assert run.record["device_reason"] == "a network without Keras"
    with pytest.raises(UsageError, match="--device must be"):
        api.train("clusters", device="tpu", **PLAN)


def test_short_and_long_names_of_settings_are_the_same(fake):
    long = api.train(
        "clusters", settings={"model.epochs": 1, "dataset.points": 60}, model="point-perceptron"
    )
    short = api.train("clusters", epochs=1, points=60, model="point-perceptron")
    assert long.settings == short.settings


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"dataset": "clutsers"}, "clusters"),
        ({"dataset": "clusters", "model": "point-dens"}, "point-dense"),
        ({"dataset": "clusters", "task": "sorting-point"}, "sorting-points"),
    ],
)
def test_misspelt_names_get_a_suggestion(arguments, error, fake):
    with pytest.raises(UnknownNameError, match=f"Did you mean '{error}'"):
        api.train(**arguments)


def test_a_setting_nobody_owns_is_refused(fake):
    with pytest.raises(UsageError, match="learning_rate"):
        api.train("clusters", learning_rat=1, **PLAN)


def test_the_sample_is_asked_for_and_said(fake):
    run = api.train("clusters", sample=True, model="point-perceptron", epochs=1)
    assert run.data == "sample"
    assert run.record["notes"][0].startswith("SAMPLE")
    assert api.evaluate(run)["data"] == "sample"


def test_progress_is_told(fake):
    events = []
    api.train("clusters", on_event=events.append, **PLAN)
    kinds = [type(event) for event in events]
    assert events[kinds.index(Planned)] == Planned(layers=0, parameters=9, steps=12, epochs=3)
    assert kinds.count(EpochEnded) == 3
    assert Estimated in kinds
    assert events[-1] == Message("phase", "Scoring the test split")
    steps = [event for event in events if isinstance(event, Stepped)]
    assert [event.step for event in steps if event.step == event.steps] == [4, 4, 4]


def test_runs_are_used_by_id_name_and_object(fake):
    run = api.train("clusters", name="mine", **PLAN)
    answers = [
        api.predict(which, "0,1.5", top=3) for which in (run, "clusters/mine", "mine", run.path)
    ]
    assert all(answer == answers[0] for answer in answers)
    assert sum(answers[0].values()) == pytest.approx(1, abs=1e-6)
    assert api.use("clusters", "predict", "0,1.5", top=3) == answers[0]
    assert api.predict(run, "0,1.5", "1,0") == [api.predict(run, text) for text in ("0,1.5", "1,0")]


def test_a_summary_has_what_the_command_prints(fake):
    row = summary(api.train("clusters", **PLAN))
    expected = "run dataset model task data epochs steps seconds metrics intervals baselines path"
    assert set(expected.split()) <= set(row)
    assert row["run"] == "clusters/point-perceptron-1"
    assert row["steps"] == 12


def test_training_outside_the_main_thread(fake):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(api.train, "clusters", **PLAN).result()
    assert run.status == "finished"
    assert np.isfinite(run.arrays()["kernel"]).all()
