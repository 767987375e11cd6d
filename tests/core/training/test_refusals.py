"""What is refused before anything is learned: no run is left, and a dry run refuses it, too."""

from __future__ import annotations

import threading

import pytest
from training_cases import SMALL

from deepzoo import api
from deepzoo.errors import CheckpointError, DataError, DeepzooError, ResourceError, UsageError
from deepzoo.networks.silence import check_backend
from deepzoo.runs import store

PLAN = {"model": "point-perceptron", **SMALL}


@pytest.mark.parametrize("dry_run", [False, True], ids=["train", "dry run"])
def test_weights_that_do_not_fit_are_refused_and_leave_no_run(fake, dry_run):
    first = api.train("clusters", model="point-dense", features="squares", **SMALL)
    other = {"features": "plain", "dry_run": dry_run}
    with pytest.raises(CheckpointError, match="reads its input in another way"):
        api.train("clusters", model="point-dense", from_run=first, **other, **SMALL)
    assert store.list_ids() == [first.id]


@pytest.mark.parametrize("dry_run", [False, True], ids=["train", "dry run"])
@pytest.mark.parametrize("error", [UsageError, DataError], ids=lambda kind: kind.__name__)
def test_what_the_network_refuses_leaves_no_run(fake, monkeypatch, error, dry_run):
    def refuse(*arguments):
        raise error("Not with these settings.")

    monkeypatch.setattr("deepzoo_fake.models.PointPerceptron.build", refuse)
    with pytest.raises(error, match="Not with these"):
        api.train("clusters", dry_run=dry_run, **PLAN)
    assert store.list_ids() == []


@pytest.mark.parametrize(
    "options",
    [{"seed": 1.5}, {"name": "a/b"}, {"from_run": "nothing"}, {"patience": 0}, {"device": "tpu"}],
    ids=repr,
)
def test_a_dry_run_refuses_what_train_refuses(fake, options):
    said = set()
    for dry_run in (False, True):
        with pytest.raises(DeepzooError) as caught:
            api.train("clusters", dry_run=dry_run, **{**PLAN, **options})
        said.add(str(caught.value))
    assert len(said) == 1
    assert store.list_ids() == []


def test_a_second_training_in_another_thread_is_refused(fake):
    errors = []

    def second():
        try:
            api.train("clusters", **PLAN)
        except UsageError as error:
            errors.append(str(error))

    def while_training(event):
        if not errors:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()

    run = api.train("clusters", on_event=while_training, **PLAN)
    assert errors == [
        "Another training runs in this process, in another thread. "
        "Wait for it, or train in a process of its own."
    ]
    assert store.list_ids() == [run.id]
    assert api.train("clusters", **PLAN).status == "finished"


def test_lack_of_memory_for_the_network_itself_names_its_units(fake, monkeypatch):
    def exhausted(*arguments):
        raise MemoryError

    monkeypatch.setattr("deepzoo_fake.models.PointDense.build", exhausted)
    with pytest.raises(ResourceError, match="too large with units=512") as caught:
        api.train("clusters", model="point-dense", units=512, **SMALL)
    assert caught.value.hint == "Make it smaller: --set units=256"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tensorflo", "Did you mean 'tensorflow'?"),
        ("numpy", "expected one of tensorflow, jax, torch"),
    ],
)
def test_a_backend_that_does_not_exist_is_refused_in_one_line(fake, command, name, said):
    done = command("train", "clusters", "--model", "point-dense", KERAS_BACKEND=name)
    assert done.returncode == UsageError.exit_code
    assert f"error: KERAS_BACKEND is '{name}'" in done.stderr
    assert said in done.stderr
    assert store.list_ids() == []


def test_a_backend_that_is_not_installed_is_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("sys.modules", {})
    with pytest.raises(UsageError, match="'jax', which is not installed"):
        check_backend()
