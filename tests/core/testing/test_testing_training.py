"""The conformance kit on models and tasks: each broken promise is found."""

from __future__ import annotations

import re

import numpy as np
import pytest

from deepzoo import Arrays, Scores, Text, verb
from deepzoo.errors import UsageError
from deepzoo.testing import check_model, check_task


@pytest.fixture
def perceptron(fake):
    """Makes the perceptron with another network behind it."""
    from deepzoo_fake.models import PointPerceptron
    from deepzoo_fake.networks import Perceptron

    def make(recipe=None, **methods):
        network = type("Other", (Perceptron,), methods)

        class Other(PointPerceptron):
            """The perceptron, with something else about it."""

            name = "other"

            def build(self, spec):
                built = network(spec["features"], spec["classes"], 0.2, 0.9)
                built.calls = 0
                return built

        for attribute in recipe or {}:
            setattr(Other, attribute, recipe[attribute])
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


def lucky(self, *batch):
    self.calls += 1
    return {"loss": 1 + 0.05 * np.sin(7.0 * self.calls)}


def unfinished(self, spec):
    return spec["heigth"]


BROKEN = {
    "nothing built": (
        {"recipe": {"framework": "keras", "build": lambda self, spec: None}},
        "build must return a keras.Model.*received: None",
    ),
    "a typing error": (
        {"recipe": {"build": unfinished}},
        r"failed in build: KeyError: 'heigth' \(test_testing_training.py line \d+\)",
    ),
    "no build": ({"recipe": {"build": None}}, "Model 'other'.* failed in build: TypeError"),
    "no such framework": (
        {"recipe": {"framework": "torch"}},
        r"framework must be 'keras' or 'numpy'; received: 'torch'",
    ),
    "no such task": ({"recipe": {"task": "sort"}}, "Finding the task 'sort' failed: "),
    "infinite outputs": (
        {"predict": lambda self, inputs: np.full((len(inputs), 3), np.inf)},
        "predict must return one finite output.*finite: False",
    ),
    "a loss that only varies": ({"train_step": lucky}, "does not learn: on one batch"),
    "another NumPy network": (
        {"recipe": {"from_arrays": lambda self, spec, arrays: self.build(spec)}},
        "from from_arrays answers differently from the one from build",
    ),
    "lists for arrays": (
        {"arrays": lambda self: {name: array.tolist() for name, array in self.learned.items()}},
        "must be a NumPy array|failed in train_step",
    ),
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


@pytest.mark.parametrize(
    ("outputs", "declared", "sentence"),
    [
        (None, "logits", r"predicts probabilities \(softmax\) where its task declares logits"),
        (
            lambda self, inputs: 1 + np.exp(inputs @ self.learned["kernel"]),
            "probabilities",
            "predicts logits where its task declares probabilities",
        ),
    ],
    ids=["softmax", "logits"],
)
def test_outputs_that_are_not_what_the_task_declares(
    perceptron, sorting, outputs, declared, sentence
):
    task = sorting(**prepared_with(spec=lambda p, s: {**p.spec, "outputs": declared}))
    model = perceptron(**({"predict": outputs, "train_step": falling} if outputs else {}))

    with pytest.raises(AssertionError, match=sentence):
        check_model(model, task=task, dataset="clusters", epochs=2)


def falling(self, inputs, targets, weights):
    self.calls += 1
    self.learned["kernel"] += inputs[:1].T
    return {"loss": 1 / self.calls}


def test_a_network_that_learns_slowly_is_given_steps_enough(fake):
    checked = check_model("point-perceptron", limit=20, epochs=2, learning_rate=0.001, momentum=0)

    (sentence,) = [line for line in checked if line.startswith("Its loss falls on one batch")]
    assert re.search(r"in \d{2,} steps", sentence)


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


def unsaid(self, run, text):
    pass


def untyped(self, run, text, *, loudly):
    """Shouts."""


def unlimited(self, run, text: str, *, times: int = 1):
    """Shouts."""


def anything(self, run, text: str, *, loudly: object = None):
    """Shouts."""


def counting(self, run, text: str):
    """Counts its calls."""
    CALLS.append(text)
    return len(CALLS)


def listing(self, run, text: str):
    """Answers with an array."""
    return np.zeros(2)


def crashing(self, run, text: str):
    """Fails."""
    return {}[text]


@verb(batched=True)
def lonely(self, run, inputs: list[str]):
    """Answers the first alone."""
    return ["one"]


@verb(batched=True)
def together(self, run, inputs: list[str]):
    """Counts its inputs."""
    return [len(inputs)] * len(inputs)


@verb(draws=True)
def drawing(self, run):
    """Draws nothing."""
    return "picture.png"


def refusing(self, run, text: str):
    """Refuses."""
    raise UsageError("Give a word.")


def scored(values, weights=None):
    return {"evaluate": lambda self, *_: {"accuracy": Scores(np.array(values), weights)}}


CALLS = []
TASKS = {
    "a score too few": (scored([1.0, 0.0]), "'accuracy' has 2 values for 24 test examples"),
    "weights": (scored([1.0] * 24, np.ones(2)), r"received values \(24,\), weights \(2,\)"),
    "scores by chance": (
        {"evaluate": lambda self, *_: {"accuracy": Scores(np.random.random(24))}},
        "'accuracy' differs the second time",
    ),
    "bare numbers": (
        {"evaluate": lambda self, *_: {"accuracy": 0.5}},
        "a value per example; received: 0.5",
    ),
    "a number": ({"evaluate": lambda self, *_: 0.5}, "a value per example; received: 0.5"),
    "nothing prepared": ({"prepare": lambda *_: None}, r"prepare.*(Prepared|failed)"),
    "a model that is not there": ({"default_model": "nobody"}, "names the model 'nobody'"),
    "a kind that it does not take": ({"kinds": (Text,)}, "is the default for .*but does not acc"),
    "no metric": ({"metrics": {"accuracy": "higher"}}, r"must be a deepzoo\.Metric"),
    "no function to plot": ({"plots": {"map": "map.png"}}, r"plots\['map'\] must be a function"),
    "an answer that is no data": ({"shout": listing}, "shout: the answer must be JSON data"),
    "an answer by chance": ({"shout": counting}, "shout answers differently the second time"),
    "a verb that fails": (
        {"shout": crashing},
        r"failed in shout: KeyError.*test_testing_training.py line",
    ),
    "too few answers": ({"shout": lonely}, "lonely is batched and must return a list of 2 answers"),
    "answers that depend": ({"shout": together}, "differently when it is asked together"),
    "an input that is refused": ({"shout": refusing}, r"shout\(.*\) failed: Give a word\."),
    "no picture": ({"draw": drawing}, "draw must return a picture"),
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
