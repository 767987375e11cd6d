"""The reference is made from the code and is complete."""

import importlib
import inspect
import re
import shutil
import subprocess
import sys

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
    for name in ("DEEPZOO_PLUGINS", "DEEPZOO_STRICT", "COLUMNS", "TERMINAL_WIDTH", "NO_COLOR"):
        monkeypatch.setenv(name, "80")


def test_the_reference_pages_are_what_the_script_writes(calm):
    stale = pages.script("reference").stale(write=False)
    assert not stale, "write them with: python scripts/reference.py"


def test_every_command_has_a_heading():
    for words in pages.helps():
        assert f"\n## {' '.join(['deepzoo', *words])}\n" in page("command-line")


def test_every_hook_has_a_heading_with_its_arguments_and_no_other_is_named():
    for name, spec in HOOKS.items():
        assert f"### `{name}({', '.join(inspect.signature(spec).parameters)})`" in page("hooks")
    named = {hook for path in PAGES for hook in re.findall(r"\bregister_\w+", pages.read(path))}
    assert named == set(HOOKS)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Builds the documentation in a folder of its own; returns the site and what was printed."""
    pytest.importorskip("zensical")
    pytest.importorskip("mkdocstrings_handlers.python")
    folder = tmp_path_factory.mktemp("documentation")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site", done.stdout + done.stderr


def anchors(site, name):
    html = (site[0] / "reference" / f"{name}.html").read_text(encoding="utf-8")
    return set(re.findall(r'id="(deepzoo[\w.]*)"', html))


def test_the_documentation_is_built_without_a_warning(site):
    # `--strict` counts its own warnings, not those on docstrings.
    assert "griffe" not in site[1], site[1]


def test_every_public_name_is_described(site):
    described = anchors(site, "python")
    names = {f"deepzoo.{name}" for name in deepzoo.__all__} - {"deepzoo.hookimpl"}
    assert names - {"deepzoo.__version__"} <= described
    for cls in map(deepzoo.__getattr__, "Dataset Model Task Kind Network Run".split()):
        methods = {name for name, _ in inspect.getmembers(cls) if name[0] != "_"}
        declared = {name for name in methods if callable(getattr(cls, name))}
        declared |= {name for name in methods if isinstance(getattr(cls, name), property)}
        assert {f"deepzoo.{cls.__name__}.{name}" for name in declared - {"options"}} <= described


@pytest.mark.parametrize("name", pages.script("lint_imports").PUBLIC)
def test_every_name_of_a_public_module_is_described(site, name):
    module = importlib.import_module(f"deepzoo.{name}")
    values = {
        public: getattr(module, public) for public in getattr(module, "__all__", vars(module))
    }
    names = {
        f"deepzoo.{name}.{public}"
        for public, value in values.items()
        if getattr(value, "__module__", "").startswith("deepzoo")
        if inspect.isclass(value) or inspect.isfunction(value)
    }
    assert names <= anchors(site, "modules")


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
    public = set(re.findall(r"^- \[`(deepzoo\.\w+)`\]", page("python"), re.MULTILINE))
    assert public == {f"deepzoo.{name}" for name in pages.script("lint_imports").PUBLIC}
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"^\s*(?:from|import) (deepzoo\.\w+)", text, re.MULTILINE)
        assert set(used) <= public, path
