"""A run's folder as an object: records, locks, networks, verbs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from run_fakes import CLASSES, Rhyme, Table, TableNetwork, hooks, make_run, ship

from deepzoo.errors import CheckpointError, PluginError, ResourceError, UsageError
from deepzoo.interfaces.scores import Scores
from deepzoo.run import Run
from deepzoo.runs import display, store


@pytest.fixture
def fakes(monkeypatch, plugin):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    return plugin("verse", **hooks())


def test_a_verb_of_the_task_is_a_method(fakes):
    run = make_run()
    assert run.generate("O", n=2) == ["O . 0.5 network 6"] * 2
    assert run.count("a b c") == 3
    assert set(run.verbs()) == {"generate", "count"}
    assert "generate" in dir(run)
    assert run.generate.__doc__ == Rhyme.generate.__doc__


def test_what_the_task_cannot_do_is_an_attribute_error_that_says_what_it_can(fakes):
    with pytest.raises(AttributeError, match=r"no 'encode'.*count, generate"):
        _ = make_run().encode
    assert not hasattr(make_run(), "_repr_mimebundle_")


def test_the_network_is_built_once_and_only_when_it_is_needed(fakes):
    TableNetwork.built = 0
    run = Run.open(make_run().path)
    assert (run.status, run.metrics, TableNetwork.built) == ("finished", {"bits": 2.5}, 0)
    np.testing.assert_array_equal(run.network.predict([0, 2]), [1, 3])
    assert run.keras_model is None
    run.generate()
    assert TableNetwork.built == 1


def test_a_twin_steps_and_the_network_is_not_built(fakes):
    TableNetwork.built = 0
    run = make_run(settings={"model.fast": True})
    assert run.generate("O") == ["O . 0.0 twin 6"]
    assert TableNetwork.built == 0


def test_few_inputs_are_answered_without_keras_unless_it_is_loaded(fakes, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(Table, "numpy_limit", 3)
    run = make_run(settings={"model.fast": True})
    assert run.network_for(3) is run.numpy_network
    assert run.network_for(4) is run.network
    assert run.network_for(3) is run.network  # it is there already
    run = make_run(settings={"model.fast": True})
    monkeypatch.setitem(sys.modules, "keras", object())
    assert run.network_for(1) is run.network


def test_a_network_in_memory_is_taken_over(fakes):
    run, network = make_run(), TableNetwork(2)
    run.attach(network)
    assert run.network is network


def test_recipes_have_the_settings_of_the_run(fakes):
    recipes = make_run(settings={"dataset.lines": 9, "kind.encoding": "latin-1"}).recipes()
    assert list(vars(recipes)) == ["dataset", "kind", "task", "model"]
    assert (recipes.dataset.lines, recipes.kind.encoding) == (9, "latin-1")
    assert recipes.model == Table()


def test_a_setting_that_is_gone_is_named(fakes):
    with pytest.raises(CheckpointError, match=r"model\.depth"):
        _ = make_run(settings={"model.depth": 2}).network


def test_a_run_whose_plugin_is_gone_lists_and_says_what_to_install(fakes):
    owner = {"plugin": "foo", "distribution": "deepzoo-foo", "version": "1.2"}
    run = make_run(task="limerick", plugins={"task": owner})
    assert [display.row(row)["task"] for row in store.list_runs()] == ["limerick"]
    with pytest.raises(PluginError, match=r"deepzoo-foo.*1\.2") as caught:
        run.generate("O")
    assert caught.value.exit_code == 6
    with pytest.raises(PluginError, match="no installed plugin offers"):
        make_run(task="limerick").generate("O")
    assert "count" not in dir(run)


def test_the_plugin_of_the_run_is_asked_where_two_have_the_name(fakes, plugin):
    class Other(Rhyme):
        def generate(self, run, prompt=""):
            return "other"

    Other.name = "rhyme"
    plugin("other", "deepzoo-other", **hooks(**{**CLASSES, "register_tasks": [Other]}))
    assert make_run(plugins={"task": {"distribution": "deepzoo-other"}}).generate() == "other"
    mine = {"task": {"distribution": "deepzoo-inline"}, "model": {"distribution": "deepzoo-inline"}}
    assert make_run(plugins=mine).generate("O")[0].startswith("O")


def test_without_weights_it_says_how_to_get_them(fakes):
    run = make_run(status="interrupted")
    with pytest.raises(CheckpointError, match=r"interrupted.*deepzoo resume poems/table-1"):
        _ = run.network


@pytest.mark.parametrize("content", [b"", b"\x00" * 9, b"PK\x03\x04not a model"])
def test_damaged_weights_are_named(fakes, content):
    run = make_run()
    (run.path / "weights.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError, match=f"{len(content)} bytes"):
        _ = run.network


def test_the_record_changes_whole(home):
    run = make_run(status="failed", error={"type": "DivergedError", "message": "loss is NaN"})
    again = Run.open(run.path)
    assert again.record == run.record
    assert again.describe_error() == "DivergedError: loss is NaN"
    again.update(status="finished", error=None)
    assert (run.status, run.reload().status) == ("failed", "finished")
    assert json.loads((run.path / "run.json").read_text())["status"] == "finished"


def test_a_folder_that_disappears_is_a_resource_error(home):
    run = make_run()
    shutil.rmtree(run.path)
    for write in (lambda: run.update(epochs=2), lambda: run.save("history", [])):
        with pytest.raises(ResourceError, match="No such file") as caught:
            write()
        assert caught.value.exit_code == 8


def test_results_come_back(home):
    run = make_run()
    run.save("history", [{"epoch": 1, "loss": 2.0}])
    run.save_scores({"bits": Scores(np.array([1.0, 2.0]))})
    run.save_sample(3, "a verse")
    run.save_sample(10_000, "a better verse", "step")
    again = Run.open(run.path)
    assert again.history == [{"epoch": 1, "loss": 2.0}]
    assert again.scores()["bits"].values.tolist() == [1.0, 2.0]
    assert (run.path / "samples" / "epoch-0003.txt").read_text() == "a verse"
    assert (run.path / "samples" / "step-10000.txt").read_text() == "a better verse"
    run.save("history", [])
    assert run.history == []
    assert make_run(status="interrupted").history == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "0 bytes"),
        ("[1]", "no format number"),
        ('{"format": "1"}', "no format number"),
        ('{"format": 1, "settings": []}', "settings is not a dict"),
        ('{"format": 2, "versions": {"deepzoo": "9.1"}}', r"deepzoo 9\.1: expected format 1"),
    ],
)
def test_a_record_that_is_none_is_refused(home, text, says):
    path = make_run().path
    (path / "run.json").write_text(text)
    with pytest.raises(CheckpointError, match=says):
        Run.open(path)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r"has no run\.json"):
        Run.open(tmp_path)


def test_damaged_results_are_named(home):
    run = make_run()
    (run.path / "metrics.json").write_text("[]")
    with pytest.raises(CheckpointError, match=r"metrics\.json is damaged"):
        _ = Run.open(run.path).metrics


def test_a_shipped_run_cannot_be_changed(tmp_path):
    run = Run.open(ship(tmp_path, Rhyme).folder, id="poems@shipped", shipped=True)
    assert (run.id, run.status) == ("poems@shipped", "finished")
    for change in (
        lambda: run.update(status="failed"),
        lambda: run.save("history", []),
        lambda: run.save_scores({}),
        lambda: run.save_sample(1, ""),
    ):
        with pytest.raises(UsageError, match="came with a plugin"):
            change()


def test_a_run_shows_itself(home):
    run = make_run(data="sample", parameters=12345, seconds=61.5)
    run.update(model="<b>&")
    run.save(
        "metrics",
        {
            "metrics": {"bits_per_line": 2.51234, "wit": 0.5},
            "intervals": {"bits_per_line": [2.4, 2.6], "wit": [None, None]},
            "baselines": {"unigram": {"bits_per_line": 4.0}},
        },
    )
    assert repr(run) == (
        "<Run 'poems/table-1', finished, sample data, bits per line 2.512 [2.4, 2.6], wit 0.5>"
    )
    page = run._repr_html_()
    for text in ("poems/table-1", "12,345", "&lt;b&gt;&amp;", "bits per line, unigram", "62 s"):
        assert text in page
    (run.path / "metrics.json").write_text("{")
    assert "is damaged" in repr(Run.open(run.path))


def test_opening_and_stepping_import_no_framework(home):
    path = make_run().path
    code = (
        "import sys; from deepzoo.run import Run; from deepzoo.runs import store; "
        f"run = Run.open({str(path)!r}); repr(run); run._repr_html_(); store.list_runs(); "
        "run.arrays(); "
        "heavy = {'keras', 'tensorflow', 'pydantic', 'matplotlib', 'sklearn'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or None)"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
