"""One verb, two tasks: the options are those of the task that the run belongs to."""

from __future__ import annotations

import json

import pytest

from deepzoo.cli import main


@pytest.fixture(autouse=True)
def runs(fake, monkeypatch, capsys):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "fake")
    train = ["train", "clusters", "--epochs", "1", "-q", "--model"]
    assert main([*train, "point-perceptron", "--name", "sorting"]) == 0
    assert main(["train", "clusters", "-q", "--model", "point-mean", "--name", "copying"]) == 0
    capsys.readouterr()


def test_each_run_has_the_options_of_its_task(capsys):
    assert main(["predict", "sorting", "1,0", "--top", "2", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["run"], row["input"], len(row["output"])) == ("clusters/sorting", "1,0", 2)
    assert main(["predict", "--digits", "1", "copying", "1,0", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert all(number == round(number, 1) for number in row["output"])


def test_options_of_the_other_task_are_refused(capsys):
    assert main(["predict", "copying", "1,0", "--top", "2"]) == 2
    assert "--top" in capsys.readouterr().err


def test_help_is_that_of_the_run(capsys):
    assert main(["predict", "copying", "--help"]) == 0
    out = capsys.readouterr().out
    assert "--digits" in out
    assert "--top" not in out
    assert main(["predict", "--help"]) == 0
    assert "Others: point-copying" in capsys.readouterr().out
    assert main(["predict", "--task", "point-copying", "--help"]) == 0
    assert "--digits" in capsys.readouterr().out
    assert main(["predict", "--task", "point-copyng", "--help"]) == 2
    assert "point-copying" in capsys.readouterr().err
    assert main(["--help"]) == 0
    assert "Predict with a run of" in " ".join(capsys.readouterr().out.split())


def test_a_dataset_with_runs_of_two_tasks_needs_a_choice(capsys):
    assert main(["predict", "clusters", "1,0"]) == 2
    assert "--task" in capsys.readouterr().err
    assert main(["predict", "clusters", "1,0", "--task", "point-copying", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["run"] == "clusters/copying"


def test_without_a_run_it_says_so(capsys):
    assert main(["predict"]) == 2
    assert "Missing argument 'RUN'" in capsys.readouterr().err
