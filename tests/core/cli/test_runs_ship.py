"""`runs ship`: a plugin of strangers ships a run, and every command treats it as a shipped one."""

from __future__ import annotations

import json
import sys

import pytest

import deepzoo
from deepzoo.cli import main
from deepzoo.cli.commands.runs_ship import HOOK
from deepzoo.runs import store
from deepzoo.testing import check_plugin

EXAMPLE = "deepzoo predict clusters 1,2"
FILES = (
    "run.json", "preprocessor.json", "history.json", "metrics.json", "weights.safetensors"
)  # fmt: skip


@pytest.fixture
def package(tmp_path, fake):
    """A package without a run yet, and a trained run."""
    folder = tmp_path / "code" / "deepzoo_three"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("import deepzoo\n")
    deepzoo.train("clusters", model="point-perceptron", epochs=2, name="best")
    return folder


@pytest.fixture
def shipped(package, install):
    """The same after the run was shipped and the package installed; gives the run before."""
    assert main(["runs", "ship", "clusters", str(package), "--example", EXAMPLE]) == 0
    (package / "__init__.py").write_text(f"import deepzoo\n\n{HOOK}\n")
    install("deepzoo-three", points={"three": "deepzoo_three"}, path=package.parent)
    run = deepzoo.load("clusters/best")
    before = (run.metrics, run.predict("1,2", top=3))
    store.remove(run)
    yield before
    for name in ("deepzoo_three", "deepzoo_three.shipped"):
        sys.modules.pop(name, None)


def test_what_a_plugin_ships_answers_as_the_run_did(shipped, capsys):
    metrics, answer = shipped
    run = deepzoo.load("clusters")
    assert run.id == "clusters@shipped"
    assert run.metrics == pytest.approx(metrics, abs=0.05)
    assert run.predict("1,2", top=3) == pytest.approx(answer, abs=0.005)
    assert run.baselines.keys() == {"point-centroid"}
    assert not {"pid", "host"} & run.record.keys()
    capsys.readouterr()
    assert main(["predict", "clusters", "1,2"]) == 0
    assert capsys.readouterr().err == "run clusters@shipped\n"


def test_its_licence_and_its_command_to_try_are_shown(shipped, capsys):
    assert main(["runs", "show", "clusters@shipped"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "license CC0-1.0" in shown
    assert "homepage https://example.org/clusters" in shown
    assert f"example {EXAMPLE}" in shown
    assert "command deepzoo train clusters" in shown
    for arguments in (["tasks"], ["runs", "--shipped"]):
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert (EXAMPLE if arguments == ["tasks"] else "clusters@shipped") in text
    assert main(["runs", "--shipped", "--json"]) == 0
    assert EXAMPLE in [row["example"] for row in json.loads(capsys.readouterr().out)]


def test_it_may_have_a_name_of_its_own(package, install):
    command = ["runs", "ship", "clusters", str(package), "--as", "three-heaps"]
    assert main([*command, "--example", "deepzoo predict three-heaps 1,2"]) == 0
    (package / "__init__.py").write_text(f"import deepzoo\n\n{HOOK}\n")
    install("deepzoo-three", points={"three": "deepzoo_three"}, path=package.parent)
    try:
        run = deepzoo.load("three-heaps")
        assert (run.id, run.dataset) == ("three-heaps@shipped", "clusters")
        assert deepzoo.load("clusters").id == "clusters/best"
    finally:
        for name in ("deepzoo_three", "deepzoo_three.shipped"):
            sys.modules.pop(name, None)


def test_the_conformance_kit_opens_it(shipped):
    assert "clusters@shipped is whole, and its network can be built." in check_plugin("three")
    (deepzoo.load("clusters@shipped").path / "weights.safetensors").unlink()
    with pytest.raises(AssertionError, match="installation is damaged"):
        check_plugin("three")


def test_ones_own_run_takes_over(shipped, capsys):
    deepzoo.train("clusters", model="point-perceptron", epochs=1, name="mine")
    assert deepzoo.load("clusters").id == "clusters/mine"
    assert main(["predict", "clusters", "1,2"]) == 0
    assert capsys.readouterr().err == "run clusters/mine\n"


def test_it_is_evaluated_packed_and_started_from_but_never_changed(shipped, capsys, tmp_path):
    path = deepzoo.load("clusters@shipped").path
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    assert main(["evaluate", "clusters"]) == 0
    assert main(["runs", "pack", "clusters", "--out", str(tmp_path / "packed.zip")]) == 0
    assert main(["runs", "unpack", str(tmp_path / "packed.zip")]) == 0
    assert main(["train", "clusters", "--model", "point-perceptron", "--epochs", "1",
                 "--from", "clusters@shipped", "--name", "next"]) == 0  # fmt: skip
    assert deepzoo.load("clusters/next").record["from_run"] == "clusters@shipped"
    capsys.readouterr()
    for code, *arguments in ((5, "resume"), (2, "runs", "rm", "--yes")):
        assert main([*arguments, "clusters@shipped"]) == code
        error = capsys.readouterr().err
        assert "clusters@shipped came with a plugin and cannot be" in error
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_refused_with_how_to_reinstall(shipped, file, capsys):
    path = deepzoo.load("clusters@shipped").path / file
    path.write_bytes(path.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["predict", "clusters", "1,2"]) == 5
    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith(f"error: The installation is damaged: {path} should have the hash")
    assert hint == "hint:  Reinstall: pip install --force-reinstall --no-deps deepzoo-three"


def test_shipping_again_keeps_the_command(shipped, package, capsys):
    before = (package / "shipped.py").read_text()
    assert main(["runs", "ship", "clusters@shipped", str(package), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["run"], row["metrics"]["accuracy"] > 0.3) == ("clusters@shipped", True)
    weights = [line for line in before.splitlines() if "weights" in line or "example" in line]
    assert all(line in (package / "shipped.py").read_text() for line in weights)


def test_what_cannot_be_shipped_is_refused(package, capsys, tmp_path):
    for arguments, reason in (
        (["clusters", str(tmp_path)], "is no Python package"),
        (["clusters", str(package)], "has a command for users to try"),
    ):
        assert main(["runs", "ship", *arguments]) == 2
        assert reason in capsys.readouterr().err
    assert [path.name for path in package.iterdir()] == ["__init__.py"]
    assert main(["runs", "ship", "clusters", str(package), "--example", EXAMPLE]) == 0
    assert HOOK in capsys.readouterr().err
