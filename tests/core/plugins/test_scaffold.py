"""`plugins new`: what it writes is complete and works as it stands; what it refuses."""

import ast
import importlib
import json
import sys
import tomllib

import pytest

from deepzoo import testing
from deepzoo.cli import main
from deepzoo.errors import UsageError
from deepzoo.plugins import registry
from deepzoo.plugins.scaffold import TEMPLATES, new_plugin

KINDS = ["baskets", "images", "text", "text-pairs"]


@pytest.fixture
def imported(monkeypatch):
    """Imports the module of a project, and forgets it afterwards."""

    def load(project):
        [path] = project.glob("deepzoo_*.py")
        monkeypatch.syspath_prepend(project)
        monkeypatch.delitem(sys.modules, path.stem, raising=False)
        module = importlib.import_module(path.stem)
        monkeypatch.delitem(sys.modules, path.stem)
        return module

    return load


@pytest.mark.parametrize("kind", KINDS)
def test_a_dataset_of_each_kind_keeps_the_promises_of_a_dataset(kind, tmp_path, imported):
    module = imported(new_plugin("wild-geese", "dataset", kind, tmp_path))

    assert module.WildGeese.name == "wild-geese"
    assert module.WildGeese.kind.name == kind
    assert module.register_datasets() == [module.WildGeese]
    testing.check_dataset(module.WildGeese)


def test_the_project_names_itself_alike_everywhere(tmp_path):
    project = new_plugin("wild-geese", "dataset", "text", tmp_path)
    settings = tomllib.loads((project / "pyproject.toml").read_text())["project"]

    assert sorted(path.name for path in project.iterdir()) == [
        "LICENSE",
        "README.md",
        "deepzoo_wild_geese.py",
        "pyproject.toml",
        "test_deepzoo_wild_geese.py",
    ]
    assert settings["name"] == project.name == "deepzoo-wild-geese"
    assert settings["entry-points"]["deepzoo"] == {"wild-geese": "deepzoo_wild_geese"}
    for path in project.iterdir():
        text = path.read_text()
        assert not [word for word in ("mine", "Mine", "ABOUT", "TRAIN", "YEAR") if word in text]


@pytest.mark.parametrize("task", [entry.name for entry in registry.tasks()])
def test_a_model_is_for_its_task_and_is_trained_on_data_of_that_task(task, tmp_path, imported):
    project = new_plugin("small-net", "model", task, tmp_path)
    words = (project / "README.md").read_text().partition("deepzoo train ")[2].split()

    assert imported(project).SmallNet.task == task
    assert words[1:3] == ["--model", "small-net"]
    assert registry.dataset(words[0]).kind in registry.task(task).kinds


def code_lines(text):
    """Counts lines that are neither blank nor of a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    blank = {number for number, line in enumerate(text.splitlines(), 1) if not line.strip()}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            blank.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(text.splitlines()) - len(blank)


def test_a_whole_task_is_short():
    assert code_lines((TEMPLATES / "task.py").read_text()) <= 150


@pytest.mark.parametrize("name", ["Haiku", "a haiku", "9lives", "-a", "", "a--b", "../a", "a_b"])
def test_a_name_that_is_none_is_refused(name, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["plugins", "new", "--task", "--", name]) == 2
    assert f"lower-case words with hyphens between. Received: {name!r}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new-words", "--dataset", "txt"], "no template for datasets of kind 'txt'"),
        (["new-words", "--model", "text-generaton"], "Did you mean 'text-generation'?"),
        (["tweets", "--dataset", "text"], "There is a dataset of that name: deepzoo:tweets"),
        (["char-gru", "--model", "text-generation"], "There is a model of that name"),
        (["addition", "--task"], "There is a task of that name"),
        (["new-words"], "Expected one of --dataset KIND, --model TASK and --task"),
        (["new-words", "--task", "--dataset", "text"], "Expected one of --dataset KIND"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    words, message, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["plugins", "new", *words]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_exists_is_left_alone(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["plugins", "new", "haiku", "--dataset", "text", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == "deepzoo-haiku"
    module = tmp_path / "deepzoo-haiku" / "deepzoo_haiku.py"
    module.write_text("my work")

    assert main(["plugins", "new", "haiku", "--task"]) == 2
    assert "deepzoo-haiku exists already" in capsys.readouterr().err
    assert module.read_text() == "my work"


@pytest.mark.parametrize("name", ["none", "windows", "series"])
def test_a_name_whose_class_means_something_else_is_refused(name, tmp_path):
    with pytest.raises(UsageError, match="which means something else"):
        new_plugin(name, "task", folder=tmp_path)
