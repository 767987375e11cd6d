"""Training from the command line, on a network of NumPy, and what can be done with the run."""

from __future__ import annotations

import json

import pytest

import deepzoo
from deepzoo.cli import main

TRAIN = ["train", "clusters", "--model", "point-perceptron"]


@pytest.fixture(autouse=True)
def only_fake(fake, monkeypatch):
    """Leaves the built-in plugins out: this is about the core."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "fake")


def test_training_shows_the_plan_then_epochs_then_scores(fake, capsys):
    assert main([*TRAIN, "--epochs", "2"]) == 0
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert lines[0] == "note: 3 classes: left (80), right (80), top (80)."
    assert lines[1] == "plan: 9 parameters, 24 steps, 2 epochs"
    assert [line for line in lines if line.startswith("epoch")][1].startswith("epoch 2/2  loss ")
    assert lines[-1] == "Next: deepzoo predict clusters/point-perceptron-1 INPUT"
    assert out.startswith("clusters/point-perceptron-1\n  sorting-points, full data, 2 epochs")
    assert "point-centroid" in out
    assert "24 test examples" in out
    assert "\x1b" not in out + err
    assert max(map(len, out.splitlines())) <= 80


def test_json_is_the_only_thing_on_stdout(fake, capsys):
    assert main([*TRAIN, "--json", "--name", "mine", "--seed", "3"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["run"] == "clusters/mine"
    assert {"dataset", "model", "task", "epochs", "steps", "seconds", "path"} <= set(row)
    assert row["data"] == "full"
    assert row["baselines"]["point-centroid"].keys() == row["metrics"].keys()
    assert len(row["intervals"]["accuracy"]) == 2


def test_quiet_leaves_only_results(fake, capsys):
    assert main([*TRAIN, "-q"]) == 0
    out, err = capsys.readouterr()
    assert "accuracy" in out
    assert err == ""


def test_options_reach_the_training(fake, monkeypatch):
    seen = {}

    def train(dataset, **options):
        seen.update(options, dataset=dataset)
        return {"steps": 1}

    monkeypatch.setattr("deepzoo.api.train", train)
    options = "--epochs 4 --batch-size 8 --set units=3 --set task.noise=0.5 --data d --no-sample"
    options += " --seed 5 --device cpu --precision mixed --name n --from other --patience 2"
    options += " --max-minutes 1.5 --limit 100 --deterministic --dry-run --task sorting-points"
    assert main(["train", "clusters", *options.split()]) == 0
    assert seen == {
        "dataset": "clusters",
        "model": None,
        "task": "sorting-points",
        "epochs": 4,
        "batch_size": 8,
        "settings": {"units": "3", "task.noise": "0.5"},
        "data": "d",
        "sample": False,
        "seed": 5,
        "device": "cpu",
        "precision": "mixed",
        "name": "n",
        "from_run": "other",
        "patience": 2,
        "max_minutes": 1.5,
        "limit": 100,
        "deterministic": True,
        "dry_run": True,
    }


def test_a_sample_is_named_first_and_last(fake, capsys):
    assert main([*TRAIN, "--sample"]) == 0
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert lines[0].startswith("warning: SAMPLE")
    assert "sample data" in lines[-1]
    assert "sample data" in out


def test_a_finished_run_is_not_resumed_but_can_go_on(fake, capsys):
    main([*TRAIN, "--epochs", "1"])
    capsys.readouterr()
    assert main(["resume", "clusters/point-perceptron-1"]) == 0
    assert "nothing to do" in capsys.readouterr().err
    assert main(["resume", "clusters/point-perceptron-1", "--epochs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 2


@pytest.fixture
def trained(fake, capsys):
    main([*TRAIN, "--epochs", "2"])
    capsys.readouterr()


def test_evaluate_scores_again_and_names_the_run(trained, capsys):
    assert main(["evaluate", "clusters"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "run clusters/point-perceptron-1",
        "note: 3 classes: left (80), right (80), top (80).",
    ]
    assert "higher is better" in out
    assert main(["evaluate", "clusters", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == "clusters/point-perceptron-1"


def test_runs_are_listed_and_shown(trained, capsys):
    assert main(["runs"]) == 0
    out = capsys.readouterr().out
    assert "clusters/point-perceptron-1" in out
    assert "finished" in out
    assert main(["runs", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert list(row) == "run dataset distribution model task status data metrics path".split()
    assert main(["runs", "show", "clusters"]) == 0
    out = capsys.readouterr().out
    assert "dataset.data_seed" in out
    assert "EPOCH" in out
    assert main(["runs", "show", "clusters", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["history"]) == 2


def test_a_damaged_run_does_not_hide_the_others(trained, capsys, home):
    main([*TRAIN, "--epochs", "1"])
    (home / "runs/clusters/point-perceptron-1/run.json").write_text("{")
    (home / "runs/clusters/point-perceptron-2/metrics.json").write_text("{")
    capsys.readouterr()
    assert main(["runs", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sorted(row["status"] for row in rows) == ["corrupt", "finished"]


def test_two_runs_are_compared_example_by_example(trained, capsys):
    main([*TRAIN, "--set", "learning_rate=0.001"])
    capsys.readouterr()
    runs = ["clusters/point-perceptron-1", "clusters/point-perceptron-2"]
    assert main(["runs", "compare", *runs]) == 0
    out = capsys.readouterr().out
    assert "accuracy (higher is better)" in out
    assert "model.learning_rate" in out
    assert main(["runs", "compare", *runs, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["runs"][1]["differences"]["accuracy"]) == 3


def test_the_curves_of_several_runs_are_drawn_together(trained, capsys, tmp_path):
    main([*TRAIN, "--seed", "7"])
    capsys.readouterr()
    runs = [row["run"] for row in deepzoo.list_runs()][:2]
    target = tmp_path / "both.png"
    assert main(["runs", "compare", *runs, "--out", str(target), "--last", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["picture"] == str(target)
    assert target.read_bytes().startswith(b"\x89PNG")
    over = ["--over", "seconds"]
    assert main(["runs", "compare", *runs, "--out", str(target), *over]) == 0
    for option in (over, ["--last", "1"]):
        assert main(["runs", "compare", *runs, *option]) == 2
        assert f"{option[0]} is about the picture" in capsys.readouterr().err


def test_curves_are_drawn_from_the_history(trained, capsys, tmp_path):
    target = tmp_path / "curves.png"
    assert main(["runs", "plot", "clusters", "--out", str(target)]) == 0
    assert capsys.readouterr().out.strip() == str(target)
    assert target.read_bytes().startswith(b"\x89PNG")
    assert main(["runs", "plot", "clusters", "panel"]) == 2
    assert "curves" in capsys.readouterr().err


def test_a_run_is_packed_removed_and_unpacked(trained, capsys, tmp_path):
    target = tmp_path / "run.zip"
    name = "clusters/point-perceptron-1"
    assert main(["runs", "pack", "clusters", "--out", str(target)]) == 0
    assert main(["runs", "rm", name, "--json"]) == 2
    assert main(["runs", "rm", "clusters", "--yes"]) == 2
    capsys.readouterr()
    assert main(["runs", "rm", name, "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"removed": [name]}
    assert main(["runs", "unpack", str(target)]) == 0
    assert capsys.readouterr().out.strip() == name
    assert main(["evaluate", name, "-q"]) == 0


def test_published_samples_stand_beside_a_score(trained, plugin, capsys, monkeypatch):
    from deepzoo import Experiment, Published

    class Report(Experiment):
        name = "report"
        dataset = "clusters"
        model = "point-perceptron"
        samples = (Published("1,0", "right [/b]", {"top": 1}),)

    plugin(register_experiments=lambda: [Report])
    assert main(["evaluate", "clusters"]) == 0
    assert "sample (top=1): 1,0\npublished: right [/b]\n" in capsys.readouterr().out
    assert main(["evaluate", "clusters", "--json"]) == 0
    (sample,) = json.loads(capsys.readouterr().out)["samples"]
    assert (sample["prompt"], sample["ours"]) == ("1,0", None)
    task = type(deepzoo.load("clusters").recipe("task"))
    monkeypatch.setattr(
        task, "answer_as_published", lambda self, one, run: f"{one.prompt} {run.id}"
    )
    assert main(["evaluate", "clusters"]) == 0
    assert "published: right [/b]\nours:      1,0 clusters/" in capsys.readouterr().out
