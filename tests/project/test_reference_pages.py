"""The reference is made from the code and says all of it."""

import inspect
import re

import pages
import pytest
from pages import PAGES, ROOT

import deepzoo
from deepzoo.plugins import hookspecs

REFERENCE = ROOT / "docs" / "reference"
HOOKS = {name: spec for name, spec in vars(hookspecs).items() if hasattr(spec, "deepzoo_spec")}


def page(name):
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture
def calm(monkeypatch):
    """Keeps what the script sets in the environment from the other tests."""
    for name in ("DEEPZOO_PLUGINS", "COLUMNS", "TERMINAL_WIDTH", "NO_COLOR"):
        monkeypatch.setenv(name, "80")


def test_the_reference_pages_are_what_the_script_writes(calm):
    stale = pages.reference().stale(write=False)
    assert not stale, "write them with: python scripts/reference.py"


def test_every_command_has_a_heading():
    for words in pages.helps():
        assert f"\n## {' '.join(['deepzoo', *words])}\n" in page("command-line")


def test_every_hook_has_a_heading_with_its_arguments_and_no_other_is_named():
    for name, spec in HOOKS.items():
        assert f"### `{name}({', '.join(inspect.signature(spec).parameters)})`" in page("hooks")
    named = {hook for one in PAGES for hook in re.findall(r"\bregister_\w+", pages.read(one))}
    assert named == set(HOOKS)


def test_every_public_name_is_described():
    for name in deepzoo.__all__:
        assert re.search(rf"### {name}\n|`{name}`|deepzoo\.{name}\b", page("python")), name


def test_environment_variables_are_the_ones_that_are_read():
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    read = set(re.findall(r"[\"'](DEEPZOO_[A-Z_]+)[\"']", text))
    assert set(re.findall(r"`(DEEPZOO_[A-Z_]+)`", page("command-line"))) == read


def test_every_field_of_a_run_is_described():
    run = deepzoo.load("tweets@shipped")
    text = page("run-folder")
    described = set(re.findall(r"`(\w+)`", text))
    assert set(run.record) <= described
    assert set(run.results) <= described
    files = {path.name for path in run.path.iterdir() if path.is_file()}
    assert {name for name in files if f"`{name}`" not in text} <= {"README.md"}


def test_plugins_import_only_modules_that_the_reference_calls_public():
    public = set(re.findall(r"^\| `(deepzoo\.\w+)` \|", page("python"), re.MULTILINE))
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"^\s*(?:from|import) (deepzoo\.\w+)", text, re.MULTILINE)
        assert set(used) <= public, path
