"""A built-in plugin is like anyone's: lifted out with nine lines of its own it runs unchanged."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "entry-points"
]["deepzoo"]
PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "{distribution}"
version = "0.1"
dependencies = ["deepzoo"]
[project.entry-points.deepzoo]
{name} = "{package}"
"""


@pytest.fixture(scope="module")
def lifted_out(tmp_path_factory):
    """Copies each built-in into a project of its own and installs that with pip."""
    pytest.importorskip("hatchling")
    site = tmp_path_factory.mktemp("site")
    for name, package in PLUGINS.items():
        project = tmp_path_factory.mktemp(name)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "plugins" / package, project / package, ignore=ignored)
        text = PROJECT.format(distribution=lifted(name), name=name, package=package)
        assert len(text.splitlines()) == 9
        (project / "pyproject.toml").write_text(text)
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", site]
        command = [sys.executable, "-m", "pip", "install", *options, project]
        subprocess.run(command, check=True, capture_output=True)
    return site


def lifted(name):
    return PLUGINS[name].replace("_", "-")


@pytest.fixture
def answers(lifted_out, command):
    """Runs a command with the built-in plugins, or with the lifted ones alone."""

    def run(*arguments, lifted_ones):
        environment = {"DEEPZOO_PLUGINS": ",".join(f"deepzoo:{name}" for name in PLUGINS)}
        if lifted_ones:
            names = ",".join(f"{lifted(name)}:{name}" for name in PLUGINS)
            path = os.pathsep.join(filter(None, [str(lifted_out), os.environ.get("PYTHONPATH")]))
            environment = {"DEEPZOO_PLUGINS": names, "PYTHONPATH": path}
        done = command(*arguments, "--json", **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_the_code_is_the_same_to_the_byte(lifted_out):
    for package in PLUGINS.values():
        for path in (ROOT / "plugins" / package).rglob("*.py"):
            copy = lifted_out / path.relative_to(ROOT / "plugins")
            assert filecmp.cmp(path, copy, shallow=False), path


def test_the_copies_are_loaded_and_the_built_ins_are_not(answers):
    rows = answers("plugins", lifted_ones=True)

    status = {(row["name"], row["distribution"]): row["status"] for row in rows}
    for name in PLUGINS:
        assert status[name, lifted(name)] == "works", rows
        assert status[name, "deepzoo"] == "switched off"


@pytest.mark.parametrize("listing", ["datasets", "models", "tasks", "experiments"])
def test_they_offer_the_same(answers, listing):
    built_in, copies = (answers(listing, lifted_ones=lifted_ones) for lifted_ones in (False, True))

    assert [row["name"] for row in copies] == [row["name"] for row in built_in] != []


def test_a_lifted_plugin_trains_and_scores_the_same(answers):
    words = ("train", "shakespeare", "--sample", "--model", "char-6gram")

    built_in, copies = (
        answers(*words, "--name", f"run-{lifted_ones}", lifted_ones=lifted_ones)
        for lifted_ones in (False, True)
    )

    assert copies["metrics"] == built_in["metrics"]
    assert copies["baselines"] == built_in["baselines"]


def test_a_lifted_plugin_brings_its_trained_run(answers):
    words = ("generate", "Today I will", "--seed", "1", "--length", "40")

    built_in, copies = (answers(*words, lifted_ones=lifted_ones) for lifted_ones in (False, True))

    assert copies["outputs"] == built_in["outputs"]
    assert copies["outputs"][0].startswith("Today I will")
