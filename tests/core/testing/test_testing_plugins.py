"""The conformance kit on whole plugins: installed, in a folder, or as a module."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

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


def test_a_plugin_in_a_folder_that_is_not_installed(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
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
    assert "Listing it imports no framework." in json.loads(capsys.readouterr().out)["checked"]


@pytest.mark.slow
def test_the_whole_fake_plugin(fake):
    assert check_plugin("fake", settings={"point-stream": {"units": 2}})


def test_the_example_in_the_repository():
    source = Path(__file__).parents[3] / "examples" / "deepzoo-haiku" / "deepzoo_haiku.py"
    scope = {"__name__": "haiku_example"}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), scope)

    assert check_dataset(scope["Haiku"])


def test_a_model_that_refuses_the_settings_of_the_check_is_skipped_by_name(monkeypatch):
    from deepzoo.errors import UsageError
    from deepzoo.testing import plugin_checks

    def refuse(*arguments, **options):
        raise AssertionError("build failed") from UsageError("It adds bits.")

    def fail(*arguments, **options):
        raise AssertionError("It does not learn.")

    monkeypatch.setattr(plugin_checks, "check_model", refuse)
    (sentence,) = plugin_checks._check_model(object, 10, {})
    assert sentence.startswith("Skipped: It adds bits.")
    monkeypatch.setattr(plugin_checks, "check_model", fail)
    with pytest.raises(AssertionError, match="does not learn"):
        plugin_checks._check_model(object, 10, {})
