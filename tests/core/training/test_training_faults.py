"""What can go wrong in a training: divergence, full disks, lack of memory, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from training_cases import SMALL

import deepzoo
from deepzoo import api
from deepzoo.errors import DivergedError, ResourceError, UsageError
from deepzoo.training.checkpoints import load_newest, save_checkpoint


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_a_loss_that_is_no_number_stops_the_training(fake):
    with pytest.raises(DivergedError) as caught:
        api.train("clusters", model="point-copier", learning_rate=1e30, **SMALL)
    assert "learning rate 1e+30" in caught.value.message
    assert "learning_rate" in caught.value.hint
    run = deepzoo.list_runs()[0]
    assert run["status"] == "failed"


def test_weights_that_are_no_numbers_are_never_saved(tmp_path):
    save_checkpoint(tmp_path, "ckpt-00000001", {"a": np.ones(3)}, {"step": 1})
    with pytest.raises(DivergedError, match="no longer finite"):
        save_checkpoint(tmp_path, "ckpt-00000002", {"a": np.array([np.nan])}, {"step": 2})
    checkpoint, warnings = load_newest(tmp_path)
    assert checkpoint.state == {"step": 1}
    assert not warnings


def test_a_full_disk_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    import deepzoo.training.checkpoints as module

    save_checkpoint(tmp_path, "ckpt-00000001", {"a": np.ones(3)}, {"step": 1})

    def full(path, arrays):
        raise ResourceError("No space to write it.")

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(ResourceError):
        save_checkpoint(tmp_path, "ckpt-00000002", {"a": np.ones(3)}, {"step": 2})
    assert load_newest(tmp_path)[0].state == {"step": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["ckpt-00000001"]


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import deepzoo
from deepzoo.errors import ResourceError
from deepzoo.training import checkpoints
real = checkpoints.save_checkpoint
count = 0
def limited(*arguments):
    global count
    count += 1
    if count == 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    try:
        return real(*arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
import deepzoo.training.trainer as trainer
trainer.save_checkpoint = limited
try:
    deepzoo.train("clusters", model="point-perceptron", points=60, epochs=4, batch_size=12)
except ResourceError as error:
    print(error.exit_code, error.message)
run = deepzoo.load("clusters/point-perceptron-1")
print(deepzoo.resume(run).status)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs limits on file sizes")
def test_a_disk_that_fills_up_leaves_a_run_that_resumes(fake):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("8 "), done.stderr
    assert lines[-1] == "finished", done.stdout + done.stderr


def test_lack_of_memory_names_the_batch_size(fake, monkeypatch):
    def exhausted(*arguments, **options):
        raise MemoryError

    from deepzoo_fake.networks import Perceptron

    monkeypatch.setattr(Perceptron, "train_step", exhausted)
    with pytest.raises(ResourceError, match="batch size of 12") as caught:
        api.train("clusters", model="point-perceptron", **SMALL)
    assert "--batch-size 6" in caught.value.hint


@pytest.mark.parametrize(
    "options",
    [
        {"seed": -1},
        {"patience": 0},
        {"limit": 0},
        {"max_minutes": 0},
        {"max_minutes": float("nan")},
        {"device": "tpu"},
        {"precision": "float8"},
        {"epochs": -1},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"learning_rate": float("nan")},
        {"dropout": 1.5},
    ],
)
def test_options_out_of_range_are_refused_before_anything_is_read(options, fake):
    with pytest.raises(UsageError) as caught:
        api.train("clusters", model="point-dense", **options)
    assert caught.value.exit_code == 2
    assert deepzoo.list_runs() == []


SLOW = """
import time, deepzoo_fake.networks as networks
real = networks.Perceptron.train_step
def slow(self, *arguments):
    time.sleep(0.02)
    return real(self, *arguments)
networks.Perceptron.train_step = slow
from deepzoo.cli import main
main()
"""
TRAIN = ["train", "clusters", "--model", "point-perceptron", "--epochs", "200", "--json"]


def started(command: list[str]) -> subprocess.Popen:
    """Starts a slow training and waits until it has written a checkpoint."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    runs = os.path.join(os.environ["DEEPZOO_HOME"], "runs", "clusters", "point-perceptron-1")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if os.path.isdir(os.path.join(runs, "checkpoints")):
            return process
        time.sleep(0.05)
    raise AssertionError(process.communicate())


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_says_how_to_resume(number, code, fake):
    process = started(TRAIN)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == code
    error = json.loads(output)["error"]
    assert error["exit_code"] == code
    assert "deepzoo resume clusters/point-perceptron-1" in error["hint"]
    assert api.load("clusters/point-perceptron-1").status == "interrupted"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_a_killed_run_is_shown_as_interrupted(fake):
    process = started(TRAIN)
    process.kill()
    process.communicate(timeout=60)
    run = api.load("clusters/point-perceptron-1")
    assert run.status == "interrupted"
    assert "without notice" in run.describe_error()


def test_a_time_budget_ends_with_validation(fake):
    run = api.train("clusters", model="point-perceptron", epochs=100_000, max_minutes=0.002)
    assert run.status == "finished"
    assert run.record["stopped_by"] == "time"
    assert run.metrics["accuracy"] > 0.5


def test_patience_stops_and_keeps_the_best(fake):
    run = api.train(
        "clusters", model="point-dense", epochs=30, patience=2, learning_rate=0.5, batch_size=64
    )
    ranks = [(-row["val_accuracy"], row["val_loss"]) for row in run.history]
    assert run.record["stopped_by"] == "patience"
    assert len(ranks) == run.record["best_epoch"] + 2
    assert ranks[run.record["best_epoch"] - 1] == min(ranks)


def test_the_best_epoch_is_the_one_with_the_best_main_metric(fake, monkeypatch):
    from deepzoo.training.keras_loop import KerasLoop

    scores = iter([(0.6, 0.3), (0.9, 0.5), (0.9, 0.4), (0.8, 0.1)])

    def validate(self, trainer):
        accuracy, loss = next(scores)
        return {"val_accuracy": accuracy, "val_loss": loss}

    monkeypatch.setattr(KerasLoop, "validate", validate)
    run = api.train("clusters", model="point-dense", epochs=4)
    assert run.record["best_epoch"] == 3
    assert run.plot().axes[0].get_lines()[-1].get_label() == "best epoch (3)"
