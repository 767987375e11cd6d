"""Tiny trainings and fixed questions, whose answers stay what they were in version 0.1.0.

The texts of the included model, and the answers of `char-best`, are those since its n-grams
are hashed by code points and its network is multiplied by counts.

`answers_of_0_1.json` holds the answers; `runs_of_0_1/` holds runs that 0.1.0 trained.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from importlib import metadata
from pathlib import Path

import numpy as np

RUNS = Path(__file__).with_name("runs_of_0_1")
ANSWERS = json.loads(Path(__file__).with_name("answers_of_0_1.json").read_text("utf-8"))
PROMPT = "Today I will"
# By model: the dataset, settings that make the network tiny, and the limit on examples.
TINY = {
    "resnet-small": ("mnist", {"width": 4, "widths": (6, 8, 8), "batch_size": 16}, 96),
    "majority": ("mnist", {}, 200),
    "nearest-mean": ("mnist", {}, 200),
    "logistic-regression": ("mnist", {}, 200),
    "column-gru": ("addition", {"units": 8, "examples": 600, "batch_size": 32}, None),
    "binary-adder": ("addition", {"base": 2, "digits": 5, "examples": 300, "units": 6}, None),
    "no-carry": ("addition", {"examples": 300}, None),
    "nearest-sum": ("addition", {"examples": 300}, None),
    "transformer-small": (
        "english-dutch",
        {"width": 16, "layers": 1, "heads": 2, "hidden": 32, "vocabulary_size": 120},
        120,
    ),
    "copy-source": ("english-dutch", {}, 120),
    "nearest-sentence": ("english-dutch", {}, 120),
    "basket-mlp": ("groceries", {"units": 16}, 300),
    "popularity": ("groceries", {}, 300),
    "item-cosine": ("groceries", {}, 300),
    "ease": ("groceries", {}, 300),
    "char-best": (
        "tweets",
        {"units": 12, "embedding": 6, "orders": (2, 3), "buckets": 256, "batch_size": 8}
        # Set, so that what suits the amount of text changes nothing here.
        | {"counts": 0, "dropout": 0.1, "embedding_dropout": 0.2, "learning_rate": 0.004},
        60,
    ),
    "numpy-rnn": ("tweets", {"units": 12}, 20),
    "unigram": ("tweets", {}, 60),
    "char-6gram": ("tweets", {}, 60),
    "xz": ("tweets", {}, 60),
}
QUESTIONS = {
    "column-gru": "57+68",
    "transformer-small": "Where is the station?",
    "basket-mlp": "soda",
    "char-best": PROMPT,
}


def train(model):
    """Trains a model for an epoch on the sample of its dataset; returns the run."""
    import deepzoo
    from deepzoo.plugins import registry

    dataset, settings, limit = TINY[model]
    sample = None if dataset == "addition" else True
    return deepzoo.train(
        dataset,
        model=model,
        sample=sample,
        settings=settings,
        limit=limit,
        epochs=None if registry.model(model).training_settings == () else 1,
        name=f"same-{model}",
    )


def digest(arrays):
    """Hashes arrays in order, without their names."""
    found = hashlib.sha256()
    for _, array in sorted(arrays.items()):
        found.update(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
    return found.hexdigest()


def gist(arrays):
    """Sums each array up in a few numbers, for machines that round otherwise."""
    rows = []
    for _, array in sorted(arrays.items()):
        values = np.asarray(array, np.float64).ravel()
        rows.append([values.size, float(values.sum()), float(np.abs(values).sum())])
    return np.array(rows).reshape(-1, 3)


def same_machine():
    """Says whether the answers were written on a machine whose sums have the same last bits."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        flags = next((line + "\n" for line in lines if line.startswith("flags")), "")
    except OSError:
        flags = platform.processor()
    versions = [f"{name} {metadata.version(name)}" for name in ("keras", "numpy", "tensorflow")]
    digest = hashlib.sha256(flags.encode()).hexdigest()[:16]
    return ANSWERS["machine"] == [*versions, platform.machine(), digest, f"{os.cpu_count()} cores"]


def check_arrays(arrays, expected, key="digest"):
    """Compares arrays byte for byte, or their gist on another machine."""
    if same_machine():
        assert digest(arrays) == expected[key]
    else:
        np.testing.assert_allclose(gist(arrays), expected["gist"], rtol=1e-2, atol=1e-2)


def rounded(answer):
    """Rounds all numbers of an answer: with and without Keras, the last digits differ."""
    if isinstance(answer, dict):
        return {key: rounded(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [rounded(value) for value in answer]
    return round(answer, 5) if isinstance(answer, float) else answer
