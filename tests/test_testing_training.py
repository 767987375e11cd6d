"""The conformance kit on models, tasks and whole plugins: each broken promise is found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from deepzoo import Arrays, Scores
from deepzoo.testing import check_dataset, check_model, check_plugin, check_task

LINE = """
import deepzoo, numpy
from deepzoo_fake.kinds import Points

class Line(deepzoo.Dataset):
    "Points on a line."
    name = "line"
    kind = Points
    default_model = "point-perceptron"

    def load(self, files):
        x = numpy.random.default_rng(0).uniform(-1, 1, (100, 2)).astype("float32")
        line = Points(x, (x[:, 0] > 0).astype("int64"), ["left", "right"])
        return deepzoo.Splits(*(line.take(part) for part in numpy.split(range(100), [80, 90])))

@deepzoo.hookimpl
def register_datasets():
    return [Line]
"""


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
        "does not resume exactly|changes on its way through the disk",
    ),
    "nothing learned": (
        {"train_step": lambda self, *batch: {"loss": 1.0}},
        r"does not learn: its loss goes 1 -> 1",
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


def prepared_with(**changes):
    def prepare(self, splits, model):
        from deepzoo_fake.task import SortingPoints

        prepared = SortingPoints().prepare(splits, model)
        for name, change in changes.items():
            setattr(prepared, name, change(prepared, splits))
        return prepared

    return {"prepare": prepare}


def leaking(prepared, splits):
    return {**prepared.preprocessor, "test": float(splits.test.positions.mean())}


def drawn(prepared, splits):
    return Arrays(np.random.normal(size=prepared.train.inputs.shape), prepared.train.targets)


def unsaid(self, run, *inputs):
    pass


def untyped(self, run, *inputs, loudly):
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
    "no metrics": ({"metrics": {}}, r"Give Sorting\.metrics"),
    "no such baseline": ({"baselines": ("nobody",)}, "names the model 'nobody'"),
    "another's model": ({"baselines": ("point-mean",)}, "serves the task 'point-copying'"),
    "a silent verb": ({"shout": unsaid}, r"Give Sorting\.shout a docstring"),
    "a bare option": ({"shout": untyped}, "option `loudly` needs a type and a default"),
}


@pytest.mark.parametrize(("attributes", "sentence"), TASKS.values(), ids=TASKS)
def test_a_task_that_breaks_a_promise(sorting, attributes, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_task(sorting(**attributes), dataset="clusters", model="point-perceptron", epochs=1)


def test_a_strangers_plugin_by_every_way_to_name_it(fake, install, tmp_path):
    install("deepzoo-line", line=LINE)

    checked = check_plugin("line")

    assert "line: From the command line it is trained, scored and listed." in checked
    assert "Listing it imports no framework." in checked
    import line

    assert check_plugin(line) == check_plugin("deepzoo-line") == checked


def test_a_plugin_in_a_folder_that_is_not_installed(fake, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    (tmp_path / "pyproject.toml").write_text(
        '[project.entry-points.deepzoo]\nmine = "line_in_folder"\n'
    )
    (tmp_path / "line_in_folder.py").write_text(LINE)

    assert any("From the command line" in line for line in check_plugin(tmp_path))
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(AssertionError, match=r"add a table \[project\.entry-points\.deepzoo\]"):
        check_plugin(tmp_path)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import no_such_module", "is skipped: importing it failed"),
        (f"import pydantic\n{LINE}", "imports pydantic when it is listed"),
        (LINE.replace("[Line]", "[Line, 3]"), "must return subclasses of Dataset"),
        (LINE.replace("[80, 90]", "[80, 70]"), "examples are in the training split too"),
    ],
    ids=["import", "heavy", "hook", "dataset"],
)
def test_a_plugin_that_breaks_a_promise(fake, install, source, sentence):
    install("deepzoo-line", line=source)

    with pytest.raises(AssertionError, match=sentence):
        check_plugin("line")


def test_a_name_that_no_plugin_has(fake):
    with pytest.raises(AssertionError, match="Did you mean 'fake'"):
        check_plugin("fakes")


def test_the_command_that_checks_a_plugin(fake, install, capsys):
    from deepzoo.cli import main

    install("deepzoo-line", line=LINE)

    assert main(["plugins", "check", "line", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["conforms"] is True


@pytest.mark.slow
def test_the_whole_fake_plugin(fake):
    assert check_plugin("fake", settings={"point-stream": {"units": 2}})


def test_the_example_in_the_repository():
    source = Path(__file__).parents[1] / "examples" / "deepzoo-haiku" / "deepzoo_haiku.py"
    scope = {"__name__": "haiku_example"}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), scope)

    assert check_dataset(scope["Haiku"])
