"""Example: declared once, compared with batches and outputs, stored with the run as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from deepzoo import ArraySpec, Example, api
from deepzoo.errors import PluginError

PAIR = Example(
    inputs={"word": ArraySpec([5], "int32", 0, 9), "length": ArraySpec((), "int32", 1)},
    targets=ArraySpec([None], "int64", 0, 3),
    outputs="logits",
)
WORD, LENGTH, TARGETS = np.zeros((2, 5), np.int32), np.ones(2, np.int32), np.zeros((2, 7), np.int64)


def test_it_is_json_and_tells_the_shape_of_the_outputs():
    assert json.loads(json.dumps(PAIR)) == PAIR
    assert PAIR.output_shape == [None, 4]
    assert Example(ArraySpec([2]), ArraySpec([2]), "values").output_shape == [2]
    one_hot = Example(ArraySpec([2]), ArraySpec([10], low=0, high=1), "probabilities")
    assert one_hot.output_shape == [10]


def test_arrays_as_declared_are_accepted():
    PAIR.check_batch(((WORD, LENGTH), TARGETS, None), "here")
    PAIR.check_outputs((7, 4), "here")
    PAIR.check_outputs((None, 4), "here")


@pytest.mark.parametrize(
    ("inputs", "targets", "words"),
    [
        ((WORD[:, :4], LENGTH), TARGETS, r"word int32 \[5\], received int32 \[4\]"),
        ((WORD.astype("int64"), LENGTH), TARGETS, r"word int32 \[5\], received int64 \[5\]"),
        ((WORD + 10, LENGTH), TARGETS, "word of 9 or less, received 10"),
        ((WORD, LENGTH - 1), TARGETS, "length of 1 or more, received 0"),
        (WORD, TARGETS, r"2 input arrays \(word, length\), received 1"),
        ((WORD, LENGTH), TARGETS[0], r"targets int64 \[any\], received int64 \[\]"),
        ((WORD, LENGTH), None, r"targets int64 \[any\], received NoneType \[\]"),
    ],
)
def test_other_arrays_are_refused(inputs, targets, words):
    with pytest.raises(PluginError, match=f"here: expected {words}"):
        PAIR.check_batch((inputs, targets, None), "here")


def declare(monkeypatch, **changes):
    """Makes the fake task declare its examples, some of it wrongly."""
    from deepzoo_fake.task import PointCopying

    real = PointCopying.prepare

    def prepare(self, *arguments):
        prepared = real(self, *arguments)
        position = ArraySpec([2], str(prepared.train.inputs.dtype))
        declared = {"inputs": position, "targets": position, "outputs": "values", **changes}
        prepared.spec = Example(**declared, **prepared.spec)
        return prepared

    monkeypatch.setattr(PointCopying, "prepare", prepare)


def test_a_run_stores_it(fake, monkeypatch):
    declare(monkeypatch)
    run = api.train("clusters", task="point-copying", settings={"points": 60, "epochs": 1})
    assert run.spec["outputs"] == "values"
    assert run.spec["inputs"]["shape"] == [2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"inputs": ArraySpec([3])},
            r"Task 'point-copying'.*, prepare: expected inputs float32 \[3",
        ),
        ({"outputs": "logits", "targets": ArraySpec([2], "int64", 0, 5)}, "expected targets int64"),
    ],
)
def test_a_task_that_prepares_other_arrays_is_named(fake, monkeypatch, changes, words):
    declare(monkeypatch, **changes)
    with pytest.raises(PluginError, match=words):
        api.train("clusters", task="point-copying", settings={"points": 60, "epochs": 1})


def test_a_network_with_other_outputs_is_named(fake, monkeypatch):
    declare(monkeypatch)
    monkeypatch.setattr(Example, "output_shape", property(lambda self: [7]))
    with pytest.raises(PluginError, match=r"Model 'point-copier'.*, build: expected outputs \[7\]"):
        api.train("clusters", task="point-copying", settings={"points": 60, "epochs": 1})


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"outputs": "logit"}, "outputs 'logits', 'probabilities' or 'values', received 'logit'"),
        ({"targets": ArraySpec((), "int64")}, "targets with high=, the last class, for logits"),
    ],
)
def test_what_cannot_be_checked_is_refused(declared, words):
    parts = {"inputs": ArraySpec([2]), "targets": ArraySpec([3]), "outputs": "logits", **declared}
    with pytest.raises(PluginError, match=words):
        Example(**parts)


def test_nothing_is_compared_without_targets():
    Example(ArraySpec([2]), None, "values").check_outputs((5,), "here")
