"""A run remembers what it was trained on: changed, moved, missing and other data, of every kind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from changed_data import CASES

import deepzoo
from deepzoo.cli import main
from deepzoo.errors import DataError
from deepzoo.plugins import registry

CHANGES = [(kind, change) for kind, case in CASES.items() for change in case.changes]


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """A folder with a run and its data of each kind that was trained on."""
    return tmp_path_factory.mktemp("originals")


@pytest.fixture
def trained(monkeypatch, tmp_path, home, originals):
    """Gives a run on data of a kind, trained once, and its data; tests may change both."""
    for entry in registry.tasks():
        monkeypatch.setattr(entry.cls, "baselines", ())

    def train(kind: str):
        case, data, original = CASES[kind], tmp_path / "mine", originals / kind
        if not original.exists():
            case.write(original / "data")
            first = deepzoo.train(data=str(original / "data"), name="first", **case.options)
            shutil.copytree(first.path, original / "run")
        folder = home / "runs" / case.options["dataset"] / "own"
        shutil.copytree(original / "run", folder)
        shutil.copytree(original / "data", data)
        run = deepzoo.load(str(folder))
        run.keep_data_path(data)
        return run, data

    return train


def stored(run) -> list[bytes]:
    """Returns the bytes of the run's own scores."""
    return [(run.path / name).read_bytes() for name in ("metrics.json", "scores.npz")]


def resumed(run) -> list:
    """Returns a resumption of the run, unless it was fitted in closed form."""
    return [lambda: deepzoo.resume(run, epochs=2)] if (run.path / "checkpoints").exists() else []


def main_score(run, result) -> float:
    """Returns the score that the task puts first."""
    return result["metrics"][next(iter(run.recipe("task").metrics))]


def test_each_task_has_a_case():
    tasks = {CASES[kind].options.get("task") for kind in CASES} - {None}
    datasets = {CASES[kind].options["dataset"] for kind in CASES}
    defaults = {
        registry.default_task(registry.dataset(name), None, None)[0].name for name in datasets
    }
    assert {entry.name for entry in registry.tasks() if entry.plugin.startswith("deepzoo_")} <= (
        tasks | defaults
    )


@pytest.mark.parametrize(("kind", "change"), CHANGES)
def test_changed_data_are_refused_for_the_runs_own_score(kind, change, trained):
    run, data = trained(kind)
    before = stored(run)
    CASES[kind].changes[change](data)
    uses = [run.evaluate, *resumed(run)]
    uses += [lambda: run.per_class()] if kind == "images" else []
    for use in uses:
        with pytest.raises(DataError, match="have changed since it was trained: ") as refused:
            use()
        assert f"deepzoo train {run.dataset} --task {run.task}" in refused.value.hint
        assert f"--data {data}" in refused.value.hint
    with pytest.raises(DataError, match="have changed"):
        run.workload().prepared  # noqa: B018
    assert stored(run) == before


@pytest.mark.parametrize("kind", CASES)
def test_data_that_moved_are_named_once(kind, trained, capsys):
    run, data = trained(kind)
    before, score = stored(run), main_score(run, run.evaluate())
    moved = data.rename(data.parent / "elsewhere")
    assert main(["evaluate", run.id]) == 3
    message = capsys.readouterr().err
    assert f"are missing: there is no {data}" in message
    assert f"deepzoo evaluate {run.id} --data PATH" in message
    for resume in resumed(run):
        with pytest.raises(DataError, match="are missing"):
            resume()
    result = run.evaluate(data=str(moved))
    assert main_score(run, result) == score
    assert "other_data" not in result
    assert stored(run) == before
    assert main_score(run, deepzoo.load(run.id).evaluate()) == score


@pytest.mark.parametrize("kind", CASES)
def test_names_are_matched_whatever_else_is_in_the_data(kind, trained, tmp_path, caplog):
    run, data = trained(kind)
    before, score = stored(run), main_score(run, run.evaluate())
    other = tmp_path / "other"
    CASES[kind].write(other, "in training")
    result = run.evaluate(data=other)
    assert main_score(run, result) == score  # of the same test split
    assert "OTHER DATA" in caplog.text
    assert "OTHER DATA" in result["data_notes"][-1]
    assert result["baselines"] == {}
    assert stored(run) == before
    files = sorted(path.name for path in (run.path / "evaluations").iterdir())
    assert files == [f"{result['other_data']}.json", f"{result['other_data']}.npz"]
    assert run.evaluations[result["other_data"]]["metrics"] == result["metrics"]
    assert run.data_path == data


@pytest.mark.parametrize("kind", CASES)
def test_what_a_run_does_not_know_is_counted_and_named(kind, trained, tmp_path, caplog):
    run, _ = trained(kind)
    CASES[kind].write(tmp_path / "other", "everywhere")
    run.evaluate(data=tmp_path / "other")
    assert CASES[kind].unknown in caplog.text


def test_data_of_which_a_run_knows_nothing_are_refused(trained, tmp_path):
    run, data = trained("images")
    for split in ("train", "val", "test"):
        for name in ("dark", "light"):
            (data / split / name).rename(data / split / f"{name}er")
    with pytest.raises(DataError, match=r"'darker' \(4\), 'lighter' \(4\)\. Without them"):
        run.evaluate(data=data)


def test_pictures_of_another_size_are_scaled_as_photos_are(trained, tmp_path):
    from PIL import Image

    run, data = trained("images")
    for path in data.rglob("*.png"):
        Image.open(path).resize((30, 30)).save(path)
    assert main_score(run, run.evaluate(data=data)) == 1


def test_data_given_in_python_are_given_again(trained, tmp_path):
    documents = [f"text {number}, {'abc' * (number % 7)}" for number in range(40)]
    options = {"model": "unigram", "settings": {"evaluate_texts": 0}}
    run = deepzoo.train("text", data=documents, **options)
    with pytest.raises(deepzoo.errors.UsageError, match="data given in Python") as refused:
        run.evaluate()
    assert "run.evaluate(data=...)" in refused.value.hint
    assert "other_data" not in run.evaluate(data=documents)
    assert run.evaluate(data=[*documents, "more"])["other_data"].startswith("python-")


def test_a_run_whose_data_were_split_at_random_is_told_so(trained, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("text\n" + "".join(f"letter {n} of a few words\n" for n in range(60)))
    options = {"model": "unigram", "settings": {"evaluate_texts": 0}}
    run = deepzoo.train("text", data=str(path), **options)
    assert run.record["own_splits"] == "by content"
    record = {key: value for key, value in run.record.items() if key != "own_splits"}
    (run.path / "run.json").write_text(json.dumps(record | {"fingerprint": "that of 0.1"}))
    for data in (None, str(path)):
        with pytest.raises(DataError, match="split at random, and they are split by") as refused:
            deepzoo.load(run.id).evaluate(data=data)
        assert "deepzoo train text" in refused.value.hint
    path.write_text(path.read_text() + "one letter more\n")
    with pytest.raises(DataError, match="have changed since it was trained"):
        deepzoo.load(run.id).evaluate()


def test_an_unpacked_run_is_told_where_its_data_are(trained, tmp_path):
    from deepzoo.runs.packing import pack, unpack

    run, data = trained("text")
    unpacked = deepzoo.load(unpack(pack(run, tmp_path / "run.zip")).id)
    with pytest.raises(DataError, match="was trained on data; where that is on this machine"):
        unpacked.evaluate()
    assert unpacked.evaluate(data=data)["metrics"] == run.evaluate()["metrics"]


def test_verbs_and_pictures_take_data_that_moved_and_no_others(trained, tmp_path, capsys):
    run, data = trained("images")
    moved = data.rename(data.parent / "elsewhere")
    assert main(["per-class", run.id, "--data", str(moved), "--json"]) == 0
    assert run.per_class(data=moved)["names"] == ["dark", "light"]
    picture = str(tmp_path / "confusion.png")
    words = ["runs", "plot", run.id, "confusion", "--data", str(moved), "--out", picture]
    assert main(words) == 0
    assert run.plot("confusion", data=moved) is not None
    CASES["images"].changes["a picture more"](moved)
    capsys.readouterr()
    assert main(["per-class", run.id, "--data", str(moved)]) == 3
    assert main(words) == 3
    assert "train 24 -> 25" in capsys.readouterr().err


def test_scores_on_other_data_come_with_a_warning_first_and_a_note_last(trained, tmp_path, capsys):
    run, _ = trained("baskets")
    CASES["baskets"].write(tmp_path / "other", "everywhere")
    assert main(["evaluate", run.id, "--data", str(tmp_path / "other")]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert "OTHER DATA" in lines[0]
    assert "OTHER DATA" in lines[-1]
    compared = deepzoo.load(run.id).metrics
    assert compared == run.metrics


@pytest.mark.parametrize("kind", CASES)
def test_a_run_is_shown_with_its_scores_on_other_data(kind, trained, tmp_path, capsys):
    run, _ = trained(kind)
    CASES[kind].write(tmp_path / "other", "in training")
    result = run.evaluate(data=tmp_path / "other")
    capsys.readouterr()
    assert main(["runs", "show", run.id]) == 0
    shown = capsys.readouterr().out.partition(f"other data: {result['other_data']}\n")[2]
    assert next(iter(result["metrics"])) in shown.partition("test examples")[0]
    assert main(["runs", "show", run.id, "--json"]) == 0
    stored = json.loads(capsys.readouterr().out)["evaluations"]
    assert stored[result["other_data"]]["intervals"] == result["intervals"]


def test_a_refusal_for_data_loads_no_framework(trained):
    run, data = trained("pairs")
    CASES["pairs"].changes["a word changed"](data)
    code = (
        "import sys; from deepzoo.cli import main; "
        f"assert main(['evaluate', {run.id!r}]) == 3; "
        "assert not {'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)"
    )
    for _ in range(2):  # changed, then missing
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
        data = data.rename(data.parent / "elsewhere")
