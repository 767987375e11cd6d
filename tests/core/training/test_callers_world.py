"""A training from Python leaves the caller's process as it was."""

from __future__ import annotations

import logging
import random
import subprocess
import sys
import warnings

import numpy as np
from training_cases import SMALL

from deepzoo import api


def world():
    """Collects what belongs to the caller."""
    import keras

    return {
        "random": random.getstate(),
        "numpy": [str(part) for part in np.random.get_state()],
        "policy": keras.config.dtype_policy().name,
        "warnings": list(warnings.filters),
        "logging": (logging.getLogger().level, list(logging.getLogger("deepzoo").handlers)),
    }


def test_training_evaluating_and_resuming_change_nothing_global(fake):
    random.seed(7)
    np.random.seed(7)
    before = world()
    run = api.train("clusters", model="point-dense", precision="mixed", **SMALL)
    assert world() == before
    run.evaluate()
    assert world() == before
    api.resume(run, epochs=4)
    assert world() == before
    assert run.keras_model.layers[-1].compute_dtype == "bfloat16"


FIRST = """
import os, random
from deepzoo.networks.devices import configure
random.seed(7)
before = random.getstate()
configure("cpu")
assert random.getstate() == before
assert not {"TF_CPP_MIN_LOG_LEVEL", "GRPC_VERBOSITY"} & os.environ.keys()
"""


def test_the_import_of_a_framework_draws_no_random_numbers_of_the_caller(monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
