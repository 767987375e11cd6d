"""Looking around: listings, info, data, plugins, completion, and what they do not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from deepzoo.cli import main


@pytest.fixture(autouse=True)
def only_fake(fake, monkeypatch):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "fake")


def rows(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def shown(capsys, *arguments):
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("listing", "name"),
    [
        ("datasets", "clusters"),
        ("models", "point-dense"),
        ("tasks", "point-copying"),
        ("experiments", "clusters-units"),
        ("plugins", "fake"),
    ],
)
def test_listings_have_names_in_json_and_in_the_first_column(capsys, listing, name):
    assert name in [row["name"] for row in rows(capsys, listing)]
    lines = shown(capsys, listing).splitlines()
    assert lines[0].startswith("NAME")
    assert name in [line.split()[0] for line in lines[1:]]


def test_models_of_one_task(capsys):
    found = [row["name"] for row in rows(capsys, "models", "--task", "point-copying")]
    assert found == ["point-copier", "point-mean"]


def test_names_that_clash_are_listed_in_full(capsys, install, monkeypatch):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "fake,other")
    install(
        "deepzoo-other",
        other="import deepzoo\n"
        "class Mine(deepzoo.Dataset):\n"
        "    name = 'clusters'\n"
        "    kind = deepzoo.Text\n"
        "@deepzoo.hookimpl\n"
        "def register_datasets():\n"
        "    return [Mine]\n",
    )
    out = shown(capsys, "datasets")
    assert "deepzoo-fake:clusters" in out
    assert "deepzoo-other:clusters" in out


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("clusters", ["(dataset)", "CC0-1.0", "data_seed", "spread of each cloud"]),
        ("point-dense", ["(model)", "sorting-points", "units", "share of units dropped"]),
        ("sorting-points", ["(task)", "predict", "accuracy", "higher"]),
        ("clusters-units", ["(experiment)", "Nonymous", "0.86", "model.units=8"]),
        ("deepzoo-fake:point-mean", ["(model)", "closed form"]),
    ],
)
def test_info_tells_everything_about_a_name(capsys, name, parts):
    out = shown(capsys, "info", name)
    assert [part for part in parts if part not in out] == []
    assert rows(capsys, "info", name)["distribution"] == "deepzoo-fake"


def test_info_builds_a_model_for_a_dataset(capsys):
    row = rows(capsys, "info", "point-perceptron", "--dataset", "clusters")
    assert row["network"]["parameters"] == 9
    assert "36" in shown(capsys, "info", "point-perceptron", "--dataset", "clusters")
    assert main(["info", "clusters", "--dataset", "clusters"]) == 2


def test_plugins_show_their_times_and_what_they_add(capsys):
    assert "datasets, experiments, kinds, models, tasks" in shown(capsys, "plugins")
    assert shown(capsys, "plugins", "--times").splitlines()[1].endswith(" s")
    assert {row["status"] for row in rows(capsys, "plugins")} == {"works", "switched off"}


def test_data_show_gives_sizes_and_examples(capsys):
    row = rows(capsys, "data", "show", "clusters", "-n", "2", "--set", "points=100")
    assert row["splits"] == {"train": 80, "validation": 10, "test": 10}
    assert len(row["examples"]) == 2
    assert set(row["examples"][0]) == {"positions", "labels"}
    assert "example 2" in shown(capsys, "data", "show", "clusters", "-n", "2")


def test_data_show_writes_the_picture_of_a_dataset_that_has_one(capsys, tmp_path, monkeypatch):
    from deepzoo.errors import UsageError
    from deepzoo.figures import blank
    from deepzoo.plugins import registry

    monkeypatch.chdir(tmp_path)
    command = ["data", "show", "clusters"]
    assert "picture" not in rows(capsys, *command)
    assert main([*command, "--out", "cloud.png"]) == UsageError.exit_code

    def drawing(self, splits):
        return blank(3, 2, "Points", self.name, f"{len(splits.train)} points")

    monkeypatch.setattr(registry.dataset("clusters"), "picture", drawing)
    assert rows(capsys, *command)["picture"] == "clusters.png"
    assert rows(capsys, *command, "--out", "cloud.png")["picture"] == "cloud.png"
    for name in ("clusters.png", "cloud.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_data_verify_path_and_rm(capsys, tmp_path, monkeypatch):
    import hashlib

    from deepzoo import File
    from deepzoo.plugins import registry

    monkeypatch.setenv("DEEPZOO_DATA", str(tmp_path))
    (tmp_path / "clusters").mkdir()
    (tmp_path / "clusters/points.csv").write_text("1,2\n")
    digest = hashlib.sha256(b"1,2\n").hexdigest()
    file = File(paths=("points.csv",), mirrors=("https://example.org/points.csv",), sha256=digest)
    cls = registry.dataset("clusters")
    monkeypatch.setattr(cls, "files", {"points": file})
    assert [row["status"] for row in rows(capsys, "data", "verify", "clusters")] == ["ok"]
    assert shown(capsys, "data", "path", "clusters").strip().endswith("points.csv")
    assert rows(capsys, "data", "rm", "clusters") == {"removed": []}
    assert (tmp_path / "clusters/points.csv").exists()
    (tmp_path / "clusters/points.csv").write_text("other\n")
    assert "other" in shown(capsys, "data", "verify", "clusters")
    assert main(["data"]) == 2


def test_a_plugin_adds_commands(capsys, plugin):
    def register_commands(app):
        @app.command()
        def hello(name: str):
            """Greets somebody."""
            print(f"hello {name}")

    plugin(register_commands=register_commands)
    assert shown(capsys, "hello", "you") == "hello you\n"
    assert "hello  Greets somebody" in shown(capsys, "--help")


def test_a_broken_command_of_a_plugin_is_left_out(capsys, plugin):
    def register_commands(app):
        raise SystemExit("no")

    plugin(register_commands=register_commands)
    assert main(["--help"]) == 0
    assert "deepzoo-inline" in capsys.readouterr().err


COMPLETE = """
import sys
from deepzoo.cli import main
try:
    main()
finally:
    heavy = {"numpy", "keras", "tensorflow", "pydantic", "matplotlib", "sklearn", "rich.progress"}
    print("HEAVY", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("deepzoo trai", "train"),
        ("deepzoo train clu", "clusters"),
        ("deepzoo train clusters --model point-p", "point-perceptron"),
        ("deepzoo models --task point", "point-copying"),
        ("deepzoo info clusters-", "clusters-units"),
        ("deepzoo evaluate clus", "clusters/mine"),
        ("deepzoo predict clus", "clusters/mine"),
        ("deepzoo runs sh", "show"),
    ],
)
def test_names_complete_without_any_framework(words, offered, home):
    run = home / "runs/clusters/mine"
    run.mkdir(parents=True)
    record = {"format": 1, "run": "clusters/mine", "dataset": "clusters", "status": "finished"}
    (run / "run.json").write_text(json.dumps(record))
    environment = {
        "_DEEPZOO_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", COMPLETE],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert offered in done.stdout.split()
    assert done.stderr == "HEAVY []\n"


def test_the_version_loads_no_plugin(install, command):
    install("deepzoo-slow", slow="import time\ntime.sleep(60)")
    done = command("--version", DEEPZOO_PLUGINS="slow", timeout=30)
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "deepzoo", "")


@pytest.mark.parametrize(
    "arguments", ["train clusterz", "generate --help", "runs", "info clusters"]
)
def test_looking_around_needs_neither_pydantic_nor_rich(arguments):
    script = COMPLETE.replace("main()", f"main({arguments.split()})")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == "HEAVY []"
