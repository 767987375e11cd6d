"""The examples in examples/ are plugins like any stranger's: they install, train and answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "deepzoo-haiku"
TRACKER = ROOT / "examples" / "deepzoo-tracker"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Installs haiku and tracker with pip into a folder of their own, without a network."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", folder]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, EXAMPLE, TRACKER], check=True)
    return folder


@pytest.fixture
def haiku(site, command, monkeypatch, tmp_path):
    """Runs a command with the examples installed, and returns its JSON."""
    monkeypatch.chdir(tmp_path)  # the tracker writes to the current folder

    def run(*arguments):
        done = command(*arguments, "--json", PYTHONPATH=str(site))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_the_example_is_as_small_as_the_documentation_says():
    module = (EXAMPLE / "deepzoo_haiku.py").read_text(encoding="utf-8")
    dataset = module.partition("class Haiku")[2].partition("@deepzoo.hookimpl")[0]
    assert len([line for line in dataset.splitlines() if line.strip()]) <= 12
    assert len((EXAMPLE / "pyproject.toml").read_text().splitlines()) == 9


def test_the_example_is_listed_with_its_distribution(haiku):
    assert "haiku" in [row["name"] for row in haiku("datasets")]
    assert "deepzoo-haiku" in json.dumps(haiku("plugins"))


def test_a_network_learns_the_example_and_writes_from_it(haiku, command, site):
    small = ["--set", "units=48", "--set", "embedding=16", "--epochs", "2", "--name", "small"]
    trained = haiku("train", "haiku", "--model", "char-gru", *small)
    metric = next(iter(trained["metrics"]))
    assert trained["metrics"][metric] < trained["baselines"]["unigram"][metric]
    assert trained["data"] == "full"
    tracked = command("tracked", PYTHONPATH=str(site)).stdout.splitlines()
    assert [line.split()[:2] for line in tracked] == [["haiku/small", "1"], ["haiku/small", "2"]]
    written = haiku("generate", "an old", "--run", "haiku/small", "--seed", "1")
    assert written["outputs"][0].startswith("an old")
    assert haiku("evaluate", "haiku")["metrics"] == pytest.approx(trained["metrics"])


@pytest.mark.parametrize("example", [EXAMPLE, TRACKER], ids=lambda path: path.name)
def test_the_tests_of_the_examples_pass(site, example):
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", example],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
