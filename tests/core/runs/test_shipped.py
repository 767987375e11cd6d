"""Runs that come with a plugin: found when nothing else fits, checked file by file."""

from __future__ import annotations

import dataclasses
import json

import pytest
from run_fakes import Censor, Rhyme, hooks, make_run, ship

from deepzoo import list_runs, list_tasks
from deepzoo.errors import CheckpointError, UnknownNameError, UsageError
from deepzoo.run import Run
from deepzoo.runs.resolve import default_run, resolve
from deepzoo.runs.shipped import open_shipped


@pytest.fixture
def shipping(monkeypatch, plugin, tmp_path):
    """A plugin with a shipped run; gives both."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    run = ship(tmp_path / "package", Rhyme)
    return plugin("verse", **hooks(register_runs=[run])), run


def test_a_shipped_run_has_its_name_and_lends_it_when_nothing_else_fits(shipping):
    assert resolve("poems@shipped").id == "poems@shipped"
    assert Run.of(resolve("poems")).generate("O") == ["O ! 0.0 network 3"]
    make_run("a", status="interrupted")
    assert resolve("poems").shipped
    make_run("b", data="sample")
    assert resolve("poems").id == "poems/b"
    assert resolve("poems@shipped").shipped


def test_a_shipped_run_must_fit_too(shipping):
    with pytest.raises(UsageError, match="cannot 'judge'"):
        resolve("poems@shipped", verb="judge")
    with pytest.raises(UnknownNameError):
        resolve("poems@shipped", task="censor")


def test_two_tasks_that_ship_one_name_are_told_apart(shipping, plugin, tmp_path):
    plugin("other", "deepzoo-other", register_runs=lambda: [ship(tmp_path / "other", Censor)])
    with pytest.raises(UsageError, match=r"deepzoo-other:poems@shipped \(censor\).*--task"):
        resolve("poems@shipped")
    assert resolve("poems@shipped", task="rhyme").path == shipping[1].folder
    assert resolve("deepzoo-other:poems@shipped").task == "censor"


def test_the_shipped_run_of_another_distribution_has_its_name(shipping, plugin, tmp_path):
    plugin("built-in", "deepzoo", register_runs=lambda: [ship(tmp_path / "censor", Censor)])
    assert resolve("poems@shipped").id == "poems@shipped"
    assert resolve("poems@shipped").task == "censor"
    theirs = resolve("deepzoo-inline:poems@shipped", task="rhyme")
    assert theirs.id == "deepzoo-inline:poems@shipped"
    assert theirs.path == shipping[1].folder


def test_weights_in_half_precision_become_float32(shipping):
    arrays = Run.of(resolve("poems@shipped")).arrays()
    assert [array.dtype for array in arrays.values()] == ["float32"]


def test_recipes_are_looked_up_where_the_plugin_is_now(shipping):
    plugin, shipped = shipping
    record = json.loads((shipped.folder / "run.json").read_text())
    record["plugins"] = {
        "task": {"plugin": "verse", "distribution": "moved"},
        "model": {"plugin": "other", "distribution": "deepzoo-other"},
    }
    (shipped.folder / "run.json").write_text(json.dumps(record))
    run = open_shipped(plugin, dataclasses.replace(shipped, sha256={}))
    origins = {owner: origin["distribution"] for owner, origin in run.record["plugins"].items()}
    assert origins == {"task": "deepzoo-inline", "model": "deepzoo-other"}


def test_a_plugin_that_returns_no_runs_is_skipped(plugin):
    broken = plugin("broken", "deepzoo-broken", register_runs=lambda: ["trained/poems"])
    assert list_runs("poems", shipped=True) == []
    assert "must return deepzoo.Shipped; received: 'trained/poems'" in broken.error


def test_listings_have_the_commands_to_try(shipping):
    [row] = [row for row in list_tasks() if row["name"] == "rhyme"]
    assert row["examples"] == ["deepzoo generate O"]
    [row] = list_runs("poems", shipped=True)
    assert (row["run"], row["example"]) == ("poems@shipped", "deepzoo generate O")
    assert list_runs("poems") == list_runs("tales", shipped=True) == []


@pytest.mark.parametrize("file", ["run.json", "preprocessor.json", "weights.safetensors"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "delete"])
def test_a_damaged_installation_says_so(shipping, file, damage):
    folder = shipping[1].folder
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "delete":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content if damage == "flip" else content[:-1])
    with pytest.raises(CheckpointError, match=r"installation is damaged.*Reinstall") as caught:
        open_shipped(*shipping)
    assert file in str(caught.value)
    assert caught.value.exit_code == 5


def test_the_default_run_is_the_users_best_one_and_never_a_sample(shipping):
    assert default_run().id == "poems@shipped"
    make_run("s", loss=0.1, data="sample")
    make_run("i", loss=0.1, status="interrupted")
    make_run("t", loss=0.1, dataset="tales")
    make_run("c", task="censor")
    assert default_run().id == "poems@shipped"
    make_run("l", loss=2.0)
    assert default_run().id == "poems/l"
    make_run("f", loss=3.0, data="full")
    assert default_run().id == "poems/f"


def test_without_a_shipped_run_there_is_no_default(monkeypatch, plugin):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin("verse", **hooks())
    make_run("a", loss=1.0)
    with pytest.raises(UnknownNameError, match="--run"):
        default_run()


def test_the_default_verb_must_be_one_of_the_task(shipping):
    assert default_run("count").shipped
    with pytest.raises(UnknownNameError, match="judge"):
        default_run("judge")
