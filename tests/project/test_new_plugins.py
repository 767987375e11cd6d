"""What `plugins new` writes is installed, trained, checked and tested, as its README says."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUICK = ["--epochs", "1", "--max-minutes", "1"]
FORMS = {  # of each, what makes it quick
    "geese": (["--dataset", "text"], ["--set", "units=16"]),
    "small-net": (["--model", "image-classification"], []),
    "weather": (["--task"], []),
}


def run(*words):
    """Runs a command that has to succeed, and returns what it says."""
    done = subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def environment(tmp_path):
    """A virtual environment that sees the packages of this one; returns its Python."""
    pytest.importorskip("hatchling")
    pytest.importorskip("editables")
    folder = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    [packages] = folder.glob("[Ll]ib/**/site-packages")
    parent = sysconfig.get_paths()["purelib"]
    (packages / "parent.pth").write_text(f"import site; site.addsitedir({parent!r})\n")
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.mark.parametrize("name", FORMS)
def test_a_new_plugin_is_installed_trained_checked_and_tested(
    name, environment, command, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    options, small = FORMS[name]
    assert command("plugins", "new", name, *options).stdout.strip() == f"deepzoo-{name}"
    project = tmp_path / f"deepzoo-{name}"
    pip = [sys.executable, "-m", "pip", "--python", environment, "install", "--quiet"]
    run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", project)

    readme = (project / "README.md").read_text()
    train, check = (line.split()[2:] for line in readme.splitlines() if "$ deepzoo" in line)
    sample = ["--sample"] if "--model" in options else []
    run(environment, "-m", "deepzoo", *train, *small, *sample, *QUICK)
    assert f"{name} conforms" in run(environment, "-m", "deepzoo", *check, *small)
    own = ["-c", project / "pyproject.toml", "-p", "no:cacheprovider"]
    assert "1 passed" in run(environment, "-m", "pytest", *own, project)


def test_the_example_of_a_task_is_what_is_written(command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert command("plugins", "new", "forecasting", "--task").returncode == 0
    written, example = (
        {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}
        for folder in (tmp_path / "deepzoo-forecasting", ROOT / "examples/deepzoo-forecasting")
    )
    assert written.pop("LICENSE").startswith(example.pop("LICENSE").partition("20")[0])
    assert written == example
