"""The conformance kit on whole plugins: installed, in a folder, or as a module."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from deepzoo.errors import UnknownNameError, UsageError
from deepzoo.plugins.loader import load_plugins
from deepzoo.testing import check_dataset, check_plugin

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


def test_a_strangers_plugin_by_every_way_to_name_it(fake, install):
    install("deepzoo-line", line=LINE)

    checked = check_plugin("line")

    assert "line: From the command line it is trained, scored and listed." in checked
    assert "Listing it imports no framework." in checked
    import line

    assert check_plugin(line) == check_plugin("deepzoo-line") == checked


@pytest.fixture
def folder(tmp_path):
    """Gives the folder of a project with two plugins."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[project.entry-points.deepzoo]\nmine = "line_in_folder"\nother = "other_in_folder"\n'
    )
    (project / "line_in_folder.py").write_text(LINE)
    (project / "other_in_folder.py").write_text(LINE.replace('"line"', '"other"'))
    return project


def test_all_plugins_in_a_folder_that_is_not_installed(fake, folder):
    before = list(sys.path), set(sys.modules), list(load_plugins().found)

    checked = check_plugin(folder)

    for name in ("line", "other"):
        assert f"{name}: From the command line it is trained, scored and listed." in checked
    assert (list(sys.path), load_plugins().found) == (before[0], before[2])
    assert not {name for name in sys.modules if name.endswith("_in_folder")}
    assert len(list(folder.iterdir())) == 3  # not even a __pycache__
    (folder / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(AssertionError, match=r"add a table \[project\.entry-points\.deepzoo\]"):
        check_plugin(folder)


def test_the_folder_of_an_installed_plugin_is_that_plugin(fake, install, folder):
    (folder / "other_in_folder.py").write_text("broken")
    points = {"mine": "line_in_folder"}
    install("deepzoo-mine", points=points, path=folder)
    installed = [entry for entry in load_plugins().found if entry.name == "mine"]

    with pytest.raises(AssertionError) as error:
        check_plugin(folder)

    assert str(error.value).startswith("Importing other_in_folder failed: NameError")
    assert [entry for entry in load_plugins().found if entry.name == "mine"] == installed
    other = folder.parent / "copy"
    other.mkdir()
    (other / "pyproject.toml").write_text((folder / "pyproject.toml").read_text())
    (other / "line_in_folder.py").write_text(LINE)
    with pytest.raises(AssertionError, match="Another line_in_folder is installed"):
        check_plugin(other)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import no_such_module", "is skipped: importing it failed"),
        (LINE.replace("[Line]", "[Line, 3]"), "must return subclasses of Dataset"),
        (LINE.replace("[80, 90]", "[80, 70]"), "examples are in the training split too"),
    ],
    ids=["import", "hook", "dataset"],
)
def test_a_plugin_that_breaks_a_promise(fake, install, source, sentence):
    install("deepzoo-line", line=source)

    with pytest.raises(AssertionError, match=sentence):
        check_plugin("line")


def test_a_name_that_no_plugin_has(fake):
    with pytest.raises(UnknownNameError, match="Did you mean 'fake'"):
        check_plugin("fakes")
    with pytest.raises(UsageError, match=r"'untis'.*Did you mean 'units'"):
        check_plugin("fake", settings={"untis": 3})


def test_a_slow_import_and_a_framework_are_warned_of(fake, install):
    slow = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
    install("deepzoo-line", line=f"import pydantic\n{slow}{LINE}")

    *_, heavy, slow = check_plugin("line")

    assert heavy.startswith("Warning: line imports pydantic when it is listed")
    assert re.match(r"Warning: Importing line takes \d\.\d s", slow)


def test_the_command_lists_every_fault_and_says_how_many(fake, install, capsys):
    from deepzoo.cli import main

    install("deepzoo-line", line=LINE)
    assert main(["plugins", "check", "line", "--set", "model.epochs=1", "--json"]) == 0
    assert "Listing it imports no framework." in json.loads(capsys.readouterr().out)["checked"]

    wrong = LINE.replace("[80, 90]", "[80, 70]").replace('"Points on a line."', "pass")
    install("deepzoo-wrong", wrong=wrong.replace('"line"', '"wrong"'))
    assert main(["plugins", "check", "wrong", "--limit", "20"]) == 1
    errors = capsys.readouterr().err
    assert errors.count("error: wrong: ") == 2  # no docstring, and parts that overlap
    assert "wrong has 2 faults" in errors
    assert main(["plugins", "check"]) == 2


def test_every_plugin_of_a_distribution_is_checked(fake, install):
    install("deepzoo-two", one=LINE, two=LINE.replace('"line"', '"other"').replace("0.", "0.1"))

    checked = check_plugin("deepzoo-two")

    for name in ("line", "other"):
        assert f"{name}: Loading it twice gives the same data." in checked


@pytest.mark.slow
def test_the_whole_fake_plugin(fake):
    assert check_plugin("fake", settings={"point-stream": {"units": 2}})


def test_the_example_in_the_repository():
    source = Path(__file__).parents[3] / "examples" / "deepzoo-haiku" / "deepzoo_haiku.py"
    scope = {"__name__": "haiku_example"}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), scope)

    assert check_dataset(scope["Haiku"])


def test_a_model_that_refuses_the_settings_of_the_check_is_skipped_by_name(fake, plugin):
    from deepzoo_fake.models import PointPerceptron

    def refuse(self, spec):
        raise UsageError("It adds bits.")

    body = {"__doc__": "Refuses.", "name": "refusing", "build": refuse}
    plugin("refusing", register_models=lambda: [type("Refusing", (PointPerceptron,), body)])

    (sentence,) = [line for line in check_plugin("refusing") if "Skipped" in line][1:]
    assert sentence.startswith("refusing: Skipped: It adds bits.")
