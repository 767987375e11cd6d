"""Names have owners: runs of another plugin's dataset of the same name are never taken for ours."""

from __future__ import annotations

import json

import pytest
from run_fakes import Poems, Table, hooks, make_run

from deepzoo import Dataset, Text, api
from deepzoo.cli import main
from deepzoo.errors import PluginError, UnknownNameError, UsageError
from deepzoo.plugins import registry
from deepzoo.runs.best_run import question
from deepzoo.runs.resolve import resolve
from deepzoo.runs.store import list_runs

THEIRS, OTHERS = "deepzoo-theirs", "deepzoo-others"


class TheirPoems(Dataset):
    """Poems of somebody else."""

    name = "poems"
    kind = Text


class TheirTable(Table):
    """A table of somebody else."""


@pytest.fixture(autouse=True)
def owners(monkeypatch, plugin):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin("verse", "deepzoo", **hooks())
    return plugin("theirs", THEIRS, register_datasets=lambda: [TheirPoems])


def run_of(distribution, **fields):
    return make_run(plugins={"dataset": {"distribution": distribution}}, **fields)


def test_the_best_run_of_a_name_is_that_of_its_owner():
    ours, theirs = run_of("deepzoo", loss=2.0), run_of(THEIRS, loss=1.0)
    assert resolve("poems").id == resolve("deepzoo:poems").id == ours.id
    assert resolve(f"{THEIRS}:poems").id == theirs.id
    assert resolve(theirs.id).id == resolve(f"{THEIRS}:{theirs.id}").id == theirs.id
    with pytest.raises(UnknownNameError):
        resolve(f"deepzoo:{theirs.id}")


def test_a_bare_name_without_runs_of_its_owner_has_none():
    run_of(THEIRS)
    with pytest.raises(UnknownNameError, match="no run of 'poems' yet"):
        resolve("poems")
    with pytest.raises(UnknownNameError, match="no run of 'deepzoo:poems' yet"):
        resolve("deepzoo:poems")


def test_listings_keep_owners_apart(capsys):
    ours, theirs = run_of("deepzoo"), run_of(THEIRS)
    assert [row["run"] for row in api.list_runs("poems")] == [ours.id]
    assert [row["run"] for row in api.list_runs(f"{THEIRS}:poems")] == [theirs.id]
    assert main(["runs"]) == 0
    shown = capsys.readouterr().out
    assert f"\ndeepzoo:{ours.id} " in shown
    assert f"\n{THEIRS}:{theirs.id} " in shown
    assert main(["runs", "rm", "--yes", "--json", f"{THEIRS}:{theirs.id}"]) == 0
    assert json.loads(capsys.readouterr().out) == {"removed": [theirs.id]}
    assert main(["runs"]) == 0
    assert f"\n{ours.id} " in capsys.readouterr().out


def test_equal_data_of_two_owners_are_two_questions():
    ours, theirs = run_of("deepzoo"), run_of(THEIRS)
    assert question(ours) != question(theirs)
    assert question(ours) == question(run_of("deepzoo"))


def test_a_name_of_two_other_plugins_is_refused(plugin):
    class Tales(Dataset):
        name = "tales"
        kind = Text

    class OtherTales(Tales):
        pass

    theirs, others = (run_of(owner, dataset="tales") for owner in (THEIRS, OTHERS))
    with pytest.raises(UsageError, match=f"{OTHERS}:tales and {THEIRS}:tales"):
        list_runs("tales")
    plugin("one", THEIRS, register_datasets=lambda: [Tales])
    assert [run.id for run in list_runs("tales")] == [theirs.id]
    plugin("two", OTHERS, register_datasets=lambda: [OtherTales])
    with pytest.raises(PluginError, match="Several plugins offer a dataset named 'tales'"):
        resolve("tales")
    assert resolve(f"{OTHERS}:tales").id == others.id


def test_runs_of_a_plugin_that_is_gone_are_found_by_its_name(plugin):
    run = run_of(OTHERS, dataset="tales")
    assert resolve("tales").id == resolve(f"{OTHERS}:tales").id == run.id


def test_a_class_is_spelled_as_users_must_write_it(plugin):
    plugin("models", THEIRS, register_models=lambda: [TheirTable])
    assert registry.spelled(Poems) == "poems"
    assert registry.spelled(TheirPoems) == f"{THEIRS}:poems"
    assert registry.spelled(TheirTable) == f"{THEIRS}:table"
    assert registry.meaning("model", "table", near=THEIRS) is TheirTable
