"""Devices: which one is used and why, several at once, and mixed precision."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from training_cases import SMALL

import deepzoo
from deepzoo import api
from deepzoo.errors import UsageError
from deepzoo.networks.devices import check_request, configure, feed

TRAIN = ["train", "clusters", "--model", "point-dense", "--json", "--set", "dropout=0"]
TRAIN += ["--epochs", "2", "--batch-size", "12", "--set", "points=60"]

TWO_DEVICES = """
import json, sys, warnings
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import deepzoo
settings = dict(model="point-dense", points=60, epochs=2, batch_size=12, dropout=0.0)
results = {}
for device in ("all", "cpu"):
    run = deepzoo.train("clusters", device=device, **settings)
    record = {key: run.record[key] for key in ("device", "device_reason", "steps")}
    results[device] = {**record, "history": run.history, "metrics": run.metrics}
from deepzoo.networks.devices import configure
results["strategy"] = type(configure("all").strategy).__name__
cut = deepzoo.train("clusters", device="all", **{**settings, "epochs": 1})
results["resumed"] = deepzoo.resume(cut, epochs=2).reload().history
print(json.dumps(results))
"""


IMPORT = """
import deepzoo.networks.devices
print(deepzoo.networks.devices.configure("cpu").name)
"""


LOAD = """
import deepzoo
print(type(deepzoo.load("tweets@shipped").keras_model).__name__)
"""


@pytest.mark.parametrize(("program", "printed"), [(IMPORT, "cpu\n"), (LOAD, "Functional\n")])
def test_the_python_api_is_as_quiet_as_the_command_line(program, printed):
    environment = {key: value for key, value in os.environ.items() if key[:6] != "TF_CPP"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )
    assert (done.stdout, done.stderr) == (printed, "")


def test_batches_reach_tensorflow_in_order_and_without_its_tuning():
    batches = [(np.full((2, 3), i, "float64"), np.full(2, i)) for i in range(5)]
    dataset = feed(batches)
    assert dataset.options().autotune.enabled is False
    assert int(dataset.cardinality()) == 5
    results = [(x.numpy(), y.numpy()) for x, y in dataset]
    assert [int(y[0]) for _, y in results] == [0, 1, 2, 3, 4]
    assert results[3][0].dtype == np.float32  # as Keras would have made it
    np.testing.assert_array_equal(results[3][0], batches[3][0])


@pytest.mark.parametrize("device", ["tpu", "gpu", "gpu:", "gpu:x", "GPU:0", "cpu:0", ""])
def test_unknown_devices_are_refused(device):
    with pytest.raises(UsageError, match="must be auto, cpu, all or gpu:N"):
        check_request(device, "float32")


@pytest.fixture
def without_gpu(monkeypatch):
    """Makes TensorFlow see no GPU."""
    import tensorflow as tf

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: [])
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: [])


def test_auto_takes_the_cpu_where_there_is_no_gpu_and_says_why(without_gpu):
    device = configure("auto")
    assert (device.name, device.backend, device.strategy) == ("cpu", "tensorflow", None)
    assert "CUDA" in device.reason or "GPU" in device.reason
    assert device.threads >= 1


def test_what_was_asked_for_is_the_reason(without_gpu):
    assert configure("cpu").reason == "asked for"


def test_all_is_the_cpu_where_there_is_nothing_else(without_gpu):
    assert configure("all").name == "cpu"


@pytest.mark.parametrize("device", ["gpu:0", "gpu:3"])
def test_a_gpu_that_is_not_there_is_refused(device, without_gpu):
    with pytest.raises(UsageError, match=f"There is no {device}") as caught:
        configure(device)
    assert caught.value.exit_code == 2


def test_a_refused_device_leaves_no_run(fake, command):
    done = command(*TRAIN, "--device", "gpu:0", CUDA_VISIBLE_DEVICES="-1")
    assert done.returncode == 2
    assert "There is no gpu:0" in json.loads(done.stdout)["error"]["message"]
    assert deepzoo.list_runs() == []


def test_mixed_precision_trains_and_keeps_float32_weights(fake):
    import keras

    try:
        run = api.train("clusters", model="point-dense", precision="mixed", device="cpu", **SMALL)
    finally:
        keras.config.set_dtype_policy("float32")
    assert run.record["precision"] == "mixed"
    assert run.keras_model.layers[0].compute_dtype == "bfloat16"
    assert {str(array.dtype) for array in run.arrays().values()} == {"float32"}
    losses = [row["loss"] for row in run.history]
    assert losses[-1] < losses[0]


def test_two_devices_train_to_the_loss_of_one(fake):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TWO_DEVICES],
        capture_output=True,
        text=True,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = json.loads(done.stdout.splitlines()[-1])
    assert results["all"]["device"] == "cpu:0,cpu:1"
    assert results["strategy"] == "MirroredStrategy"
    assert results["all"]["steps"] == results["cpu"]["steps"] == 8
    for parallel, single in zip(results["all"]["history"], results["cpu"]["history"], strict=True):
        for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
            assert parallel[name] == pytest.approx(single[name], rel=1e-5), name
    assert results["all"]["metrics"] == pytest.approx(results["cpu"]["metrics"], rel=1e-5)
    assert results["resumed"][-1]["loss"] == pytest.approx(
        results["cpu"]["history"][-1]["loss"], rel=1e-5
    )


def test_operations_wait_for_each_other_on_a_cpu_so_that_equal_steps_give_equal_bits():
    program = (
        "from deepzoo.networks.devices import configure; configure('cpu'); import tensorflow as tf;"
        "print(tf.config.threading.get_inter_op_parallelism_threads())"
    )
    environment = {key: value for key, value in os.environ.items() if "INTEROP" not in key}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "1", done.stderr
