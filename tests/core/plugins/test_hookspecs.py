"""Every hook of hookspecs.py: what it does in Python and on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from run_fakes import Poems, Rhyme, Table, ship

import deepzoo
from deepzoo import Dataset, Experiment, Kind, Model, Splits, Task
from deepzoo.cli import main
from deepzoo.interfaces.kinds import Text
from deepzoo.plugins import hookspecs, registry
from deepzoo.plugins import loader as plugins

HOOKS = [name for name in vars(hookspecs) if name.startswith("register_")]


class Haiku(Dataset):
    """Three lines."""

    name = "haiku"
    kind = Text

    def load(self, files):
        return Splits(Text(["an old pond"] * 8), Text([]), Text([]))


class Counting(Task):
    """Count the syllables."""

    name = "counting"
    kinds = (Text,)
    default_model = "counter"

    def tally(self, run, text: str, *, loudly: bool = False):
        """Counts the syllables of a line."""


class Counter(Model):
    """Five, seven, five."""

    name = "counter"
    task = "counting"


def listed(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_hook_has_a_test():
    assert HOOKS
    assert not [name for name in HOOKS if f"test_hook_{name}" not in globals()]


def test_hook_register_datasets(plugin, capsys):
    plugin(register_datasets=lambda: [Haiku])

    assert registry.dataset("haiku") is Haiku
    assert len(deepzoo.load_dataset("haiku").train) == 8
    [row] = [row for row in listed(capsys, "datasets") if row["name"] == "haiku"]
    assert row["kind"] == "text"


def test_hook_register_models(plugin, capsys):
    plugin(register_models=lambda: [Counter], register_tasks=lambda: [Counting])

    assert registry.model("counter") is Counter
    [row] = [row for row in listed(capsys, "models") if row["name"] == "counter"]
    assert row["task"] == "counting"


def test_hook_register_tasks(plugin, capsys):
    plugin(register_tasks=lambda: [Counting])

    assert registry.task("counting") is Counting
    assert "counting" in [row["name"] for row in listed(capsys, "tasks")]
    assert main(["tally", "--help"]) == 0
    assert "--loudly" in capsys.readouterr().out


def test_hook_register_kinds(plugin):
    class Waves(Kind):
        name = "waves"
        heights: np.ndarray

    plugin(register_kinds=lambda: [Waves])

    assert registry.find("kind", "waves").cls is Waves
    assert len(registry.find("kind", "waves").cls(np.zeros(3)).take([0, 2])) == 2


def test_hook_register_experiments(plugin, capsys):
    class Ponds(Experiment):
        """Bashō's pond."""

        name = "ponds"
        dataset = "haiku"
        model = "counter"

    plugin(register_experiments=lambda: [Ponds])

    assert registry.find("experiment", "ponds").cls is Ponds
    assert "ponds" in [row["name"] for row in listed(capsys, "experiments")]


def test_hook_register_runs(plugin, capsys, tmp_path):
    plugin(
        register_datasets=lambda: [Poems],
        register_tasks=lambda: [Rhyme],
        register_models=lambda: [Table],
        register_runs=lambda: [ship(tmp_path, Rhyme)],
    )

    assert deepzoo.load("poems").generate("O") == ["O ! 0.0 network 3"]
    assert "poems@shipped" in [row["run"] for row in listed(capsys, "runs", "--shipped")]


class Recorder:
    """Notes what it is told, as an experiment tracker does."""

    def __init__(self, run):
        self.run, self.told = run, []

    def set_model(self, model):
        self.told.append("model")

    def set_params(self, params):
        self.told.append("params")

    def on_train_begin(self, logs=None):
        self.told.append("begin")

    def on_epoch_end(self, epoch, logs=None):
        self.told.append(epoch)
        assert np.isfinite(logs["loss"])

    def on_train_end(self, logs=None):
        self.told.append("end")


def test_hook_register_callbacks(plugin, fake):
    recorders = []
    plugin(register_callbacks=lambda run: [recorders.append(Recorder(run)) or recorders[-1]])

    run = deepzoo.train("clusters", model="point-perceptron", epochs=2)

    [recorder] = recorders
    assert recorder.run.path == run.path
    assert [item for item in recorder.told if item not in ("model", "params")] == [
        "begin",
        0,
        1,
        "end",
    ]


def unreachable(run):
    raise ConnectionError("no tracker")


@pytest.mark.parametrize(
    ("hook", "reason"),
    [(unreachable, "no tracker"), (lambda run: None, "must return a list; received: None")],
)
def test_callbacks_that_cannot_be_made_do_not_stop_the_training(plugin, fake, hook, reason):
    plugin("tracker", "deepzoo-tracker", register_callbacks=hook)

    run = deepzoo.train("clusters", model="point-perceptron", epochs=1)

    assert run.status == "finished"
    assert any(reason in line for line in plugins.warnings())


def test_hook_register_commands(plugin, capsys):
    def register_commands(app):
        @app.command()
        def bow(times: int = 1):
            """Bow politely."""
            print("bow " * times)

    plugin(register_commands=register_commands)

    assert main(["bow", "--times", "2"]) == 0
    assert capsys.readouterr().out == "bow bow \n"
    assert main(["--help"]) == 0
    assert "Bow politely" in capsys.readouterr().out


def test_a_command_that_cannot_be_added_leaves_the_others(plugin, capsys):
    def register_commands(app):
        raise RuntimeError("no commands today")

    plugin("shy", "deepzoo-shy", register_commands=register_commands)

    assert main(["datasets"]) == 0
    assert main(["--help"]) == 0
    assert "no commands today" in capsys.readouterr().err


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_says_in_one_sentence_what_it_is_for(hook):
    sentence = getattr(hookspecs, hook).__doc__.strip()

    assert sentence.endswith(".")
    assert "\n" not in sentence
