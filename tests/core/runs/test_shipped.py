"""Runs that come with a plugin: found when nothing else fits, checked file by file."""

from __future__ import annotations

import pytest
from run_fakes import CLASSES, Censor, Rhyme, hooks, make_run, ship

from deepzoo.errors import CheckpointError, UnknownNameError, UsageError
from deepzoo.run import Run
from deepzoo.runs.resolve import default_run, resolve
from deepzoo.runs.shipped import open_shipped


@pytest.fixture
def shipping(monkeypatch, plugin, tmp_path):
    """The same plugin with a shipped run; gives its task and its folder."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    task = ship(tmp_path / "package" / "best", Rhyme)
    plugin("verse", **hooks(**{**CLASSES, "register_tasks": [task, Censor]}))
    return task, tmp_path / "package" / "best"


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
    other = ship(tmp_path / "censor", Censor)
    plugin(
        "other", "deepzoo-other", register_tasks=lambda: [type("New", (other,), {"name": "new"})]
    )
    with pytest.raises(UsageError, match="--task: new, rhyme"):
        resolve("poems@shipped")
    assert resolve("poems@shipped", task="rhyme").path == shipping[1]


def test_the_shipped_run_of_another_distribution_has_its_name(shipping, plugin, tmp_path):
    task = ship(tmp_path / "censor", Censor)
    plugin("built-in", "deepzoo", register_tasks=lambda: [type("New", (task,), {"name": "new"})])
    assert resolve("poems@shipped").id == "poems@shipped"
    assert resolve("poems@shipped").task == "censor"
    theirs = resolve("deepzoo-inline:poems@shipped", task="rhyme")
    assert theirs.id == "deepzoo-inline:poems@shipped"
    assert theirs.path == shipping[1]


@pytest.mark.parametrize("file", ["run.json", "preprocessor.json", "weights.safetensors"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "delete"])
def test_a_damaged_installation_says_so(shipping, file, damage):
    task, folder = shipping
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "delete":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content if damage == "flip" else content[:-1])
    with pytest.raises(CheckpointError, match=r"installation is damaged.*Reinstall") as caught:
        open_shipped("poems", task)
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
