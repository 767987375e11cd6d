"""What README and docs say is true: blocks run, commands and settings exist, links work."""

import ast
import importlib
import inspect
import re
import shlex
import sys
import tomllib
import types

import pages
import pytest
from pages import PAGES, ROOT

import deepzoo

WITH_PYTHON = [page for page in PAGES if pages.blocks(page, "python")]
WITH_COMMANDS = [page for page in PAGES if list(pages.typed(page))]
TUTORIALS = {"haiku", "tiny-net", "my-model", "demand", "forecast"}  # what they add
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def quick(monkeypatch):
    """Trainings check their arguments and return the shipped run."""

    def stand_in(action):
        signature = inspect.signature(action)

        def checked(*arguments, **options):
            signature.bind(*arguments, **options)
            return deepzoo.load("tweets@shipped")

        return checked

    for action in ("train", "resume"):
        monkeypatch.setattr(deepzoo, action, stand_in(getattr(deepzoo, action)))
    monkeypatch.setattr("deepzoo.run.Run.evaluate", lambda run, **options: run.results)


@pytest.mark.parametrize("page", WITH_PYTHON, ids=pages.name)
def test_python_blocks_run_from_top_to_bottom(page, quick, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "page", types.ModuleType("page"))
    space = {"__name__": "page"}
    for number, body in enumerate(pages.programs(page), 1):
        exec(compile(body, f"{pages.name(page)} block {number}", "exec"), space)
    assert "deepzoo" in space or "check_dataset" in space


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=pages.name)
def test_commands_and_their_options_exist(page):
    for words in pages.typed(page):
        if words[:1] != ["deepzoo"] or words[1] in TUTORIALS:
            continue
        command = pages.command_of(words[1:])
        assert command or words[1].startswith("-"), words
        shown = " ".join(pages.help_pages(command))
        options = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", shown))
        used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= options, (words, used - options)


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=pages.name)
def test_names_and_settings_of_trainings_exist(page):
    from deepzoo.interfaces import settings
    from deepzoo.plugins import registry

    for words in pages.typed(page):
        if words[:2] != ["deepzoo", "train"] or TUTORIALS & set(words):
            continue
        dataset = registry.dataset(words[2])
        named = [words[words.index(o) + 1] if o in words else None for o in ("--task", "--model")]
        task, model = registry.default_task(dataset, *named)
        owners = {"dataset": dataset, "kind": dataset.kind.options, "task": task, "model": model}
        given = [words[i + 1] for i, word in enumerate(words) if word == "--set"]
        assert settings.assign(owners, settings.parse(given))


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=pages.name)
def test_make_targets_and_extras_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in pages.typed(page):
        if words[0] == "make":
            assert words[1] in targets
        for extra in re.findall(r"\.\[([\w,]+)\]", " ".join(words)):
            assert set(extra.split(",")) <= set(PROJECT["optional-dependencies"])


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", pages.prose(page)):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_commands_named_in_passing_exist(page):
    commands = {key[0] for key in pages.helps() if key}
    named = re.findall(r"`deepzoo ([a-z][\w-]*)", pages.prose(page))
    assert set(named) - TUTORIALS <= commands


def test_the_tutorial_shows_the_pyproject_of_the_example():
    (shown,) = pages.blocks(ROOT / "docs/tutorial/first-plugin.md", "toml")
    assert shown == (ROOT / "examples/deepzoo-haiku/pyproject.toml").read_text()
    assert len(shown.splitlines()) == 9


def test_the_tutorial_on_a_task_is_the_example_from_top_to_bottom():
    shown = "\n".join(pages.programs(ROOT / "docs/tutorial/a-task.md"))
    example = (ROOT / "examples/deepzoo-forecasting/deepzoo_forecasting.py").read_text()
    assert ast.unparse(ast.parse(shown)) == ast.unparse(ast.parse(example))


def test_the_readme_shows_what_the_included_model_writes(command):
    blocks = pages.blocks(ROOT / "README.md", "console")
    typed, _, shown = next(body for body in blocks if "--length" in body).partition("\n")
    done = command(*shlex.split(typed)[2:])
    assert done.stdout == shown


def test_the_architecture_names_each_file_once_and_each_exists():
    text = pages.prose(ROOT / "docs/explanation/architecture.md")
    named = re.findall(r"`([\w/]+\.py)`", text)
    assert len(named) == len(set(named)) > 20
    assert not [name for name in named if not (ROOT / "src/deepzoo" / name).is_file()]


def test_the_picture_of_the_architecture_describes_the_layers_that_are_checked():
    layers = pages.script("lint_imports").LAYERS
    rooms = [room for layer in layers for room in layer.split(" | ")]
    assert sorted(pages.script("architecture").ABOUT) == sorted(rooms)


def test_every_task_has_a_page_and_a_row_that_name_all_it_offers():
    from deepzoo.plugins import registry

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for task in registry.tasks():
        page = ROOT / f"docs/tasks/{task.name}.md"
        assert f"docs/tasks/{page.name}" in readme
        text = page.read_text(encoding="utf-8")
        models = [entry.name for entry in registry.models() if entry.cls.task == task.name]
        for name in [*models, *task.cls.verbs()]:
            assert re.search(rf"`(deepzoo )?{name}`|deepzoo {name}", text), name
    assert len(registry.tasks()) == readme.count("docs/tasks/")


@pytest.mark.parametrize("path", sorted(ROOT.glob("plugins/*/example_model.py")))
def test_the_page_of_a_task_shows_its_example_and_what_is_public(path):
    package = importlib.import_module(path.parent.name)
    task = path.parent.name.removeprefix("deepzoo_").replace("_", "-")
    page = ROOT / f"docs/tasks/{task}.md"
    assert path.read_text(encoding="utf-8") in pages.blocks(page, "python")
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert re.search(rf"`{name}\b", page.read_text(encoding="utf-8")), name
