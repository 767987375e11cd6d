"""The conformance kit on models and tasks: each broken promise is found."""

from __future__ import annotations

import numpy as np
import pytest

from deepzoo import Arrays, Scores
from deepzoo.testing import check_model, check_task


@pytest.fixture
def perceptron(fake):
    """Makes the perceptron with another network behind it."""
    from deepzoo_fake.models import PointPerceptron
    from deepzoo_fake.networks import Perceptron

    def make(**methods):
        network = type("Other", (Perceptron,), methods)

        class Other(PointPerceptron):
            """The perceptron, with something else about it."""

            name = "other"

            def build(self, spec):
                built = network(spec["features"], spec["classes"], 0.2, 0.9)
                built.calls = 0
                return built

        return Other

    return make


@pytest.fixture
def sorting(fake):
    """Makes the sorting task with something else about it."""
    from deepzoo_fake.task import SortingPoints

    def make(**attributes):
        return type("Sorting", (SortingPoints,), {"__doc__": "Sorts.", **attributes})

    return make


def test_a_model_trained_in_steps_without_keras(fake):
    checked = check_model("point-perceptron")

    assert "A training that is interrupted and resumed ends in the same bits." in checked
    assert any(line.startswith("Its loss falls") for line in checked)
    assert not [line for line in checked if line.startswith("Skipped")]


def test_a_model_in_closed_form(fake):
    assert "Fitting it twice gives the same arrays." in check_model("point-centroid")


def test_a_model_that_no_plugin_registers(perceptron):
    assert check_model(perceptron(), dataset="clusters", points=60)


def test_a_model_in_keras(fake):
    checked = check_model("point-dense", limit=64, epochs=2, units=6)

    assert "A training that is interrupted and resumed ends in the same bits." in checked


def counted(self, inputs):
    self.calls += 1
    return np.full((len(inputs), 3), self.calls, "float32")


BROKEN = {
    "chance in predict": (
        {"predict": counted, "train_step": lambda self, *batch: {"loss": 1 / (1 + self.calls)}},
        "does not learn|predicts something else the second time",
    ),
    "no output": (
        {"predict": lambda self, inputs: inputs[:1]},
        "predict must return one finite output for each of 16 inputs",
    ),
    "a state that is forgotten": (
        {"state": lambda self: {}, "load_state": lambda self, arrays: None},
        r"does not resume exactly: after Ctrl-C .*kernel.*state\(\)",
    ),
    "arrays that do not come back": (
        {"load_arrays": lambda self, arrays: None, "load_state": lambda self, arrays: None},
        "does not resume exactly|changes when it is saved and loaded",
    ),
    "nothing learned": (
        {"train_step": lambda self, *batch: {"loss": 1.0}},
        r"does not learn: on one batch its loss goes 1 -> 1",
    ),
    "no training at all": ({"train_step": property()}, "needs fit_arrays"),
    "no state": ({"state": property()}, r"needs state\(\) and load_state"),
    "no way back": ({"load_arrays": None}, "predict, arrays and load_arrays"),
}


@pytest.mark.parametrize(("methods", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_network_that_breaks_a_promise(perceptron, methods, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_model(perceptron(**methods), dataset="clusters", epochs=2)


def test_a_network_that_takes_any_arrays(perceptron):
    def load_arrays(self, arrays):
        self.learned = {name: np.array(array) for name, array in arrays.items()}

    with pytest.raises(AssertionError, match="must refuse arrays of other shapes"):
        check_model(perceptron(load_arrays=load_arrays), dataset="clusters")


def test_a_model_of_another_task(fake):
    with pytest.raises(AssertionError, match="'sorting-points', but the task is 'point-copying'"):
        check_model("point-dense", task="point-copying")


def test_a_task_keeps_its_promises(fake):
    checked = check_task("sorting-points", model="point-perceptron")

    assert "Baselines stand beside the score: point-centroid." in checked
    assert "Its verbs are commands: predict." in checked
    assert any(line.startswith("Skipped: SortingPoints.prepare takes no pre") for line in checked)


def test_a_task_that_encodes_with_the_preprocessor_of_a_run():
    checked = check_task("recommender", dataset="groceries", model="item-cosine", limit=300)

    assert "With the preprocessor of a run it gives the same encoding, and fits nothing." in checked


def prepared_with(**changes):
    def prepare(self, splits, model):
        from deepzoo_fake.task import SortingPoints

        prepared = SortingPoints().prepare(splits, model)
        for name, change in changes.items():
            setattr(prepared, name, change(prepared, splits))
        return prepared

    return {"prepare": prepare}


def refitting(self, splits, model, preprocessor=None):
    return prepared_with()["prepare"](self, splits, model)


def forgetting(self, splits, model, preprocessor=None):
    if preprocessor is None:
        return refitting(self, splits, model)
    shifted = {**preprocessor, "mean": [0.0, 0.0]}
    return prepared_with(preprocessor=lambda p, s: shifted)["prepare"](self, splits, model)


def leaking(prepared, splits):
    return {**prepared.preprocessor, "test": float(splits.test.positions.mean())}


def drawn(prepared, splits):
    return Arrays(np.random.normal(size=prepared.train.inputs.shape), prepared.train.targets)


def unsaid(self, run, *inputs):
    pass


def untyped(self, run, *inputs, loudly):
    """Shouts."""


def unlimited(self, run, *inputs: str, times: int = 1):
    """Shouts."""


def anything(self, run, *inputs: str, loudly: object = None):
    """Shouts."""


TASKS = {
    "leakage": (prepared_with(preprocessor=leaking), "fit vocabularies.*training split only"),
    "chance": (prepared_with(train=drawn), "gives something else the second time"),
    "not JSON": (prepared_with(spec=lambda p, s: {**p.spec, 3: 4}), "`spec` changes on its way"),
    "arrays": (prepared_with(preprocessor=lambda p, s: np.zeros(2)), "must be JSON data"),
    "another type": (prepared_with(validation=lambda p, s: []), "must be deepzoo.Arrays"),
    "undeclared": ({"evaluate": lambda self, *_: {"f1": Scores(np.ones(3))}}, "expected the metr"),
    "not finite": (
        {"evaluate": lambda self, *_: {"accuracy": Scores(np.full(3, np.nan))}},
        "a finite value per example",
    ),
    "fits anew": ({"prepare": refitting}, "fits something although it is given a preprocessor"),
    "another encoding": ({"prepare": forgetting}, "encodes the same data in another way"),
    "no metrics": ({"metrics": {}}, r"Give Sorting\.metrics"),
    "no such baseline": ({"baselines": ("nobody",)}, "names the model 'nobody'"),
    "another's model": ({"baselines": ("point-mean",)}, "serves the task 'point-copying'"),
    "a silent verb": ({"shout": unsaid}, r"Give Sorting\.shout a docstring"),
    "an unlimited option": ({"shout": unlimited}, "say which numbers the option `times` takes"),
    "an option of any type": ({"shout": anything}, "the option `loudly` takes b'text'"),
    "a bare option": ({"shout": untyped}, "option `loudly` needs a type and a default"),
}


@pytest.mark.parametrize(("attributes", "sentence"), TASKS.values(), ids=TASKS)
def test_a_task_that_breaks_a_promise(sorting, attributes, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_task(sorting(**attributes), dataset="clusters", model="point-perceptron", epochs=1)
