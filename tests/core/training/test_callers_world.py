"""A training from Python leaves the caller's process as it was."""

from __future__ import annotations

import logging
import random
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
