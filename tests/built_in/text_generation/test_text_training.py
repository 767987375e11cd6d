"""Training on text of every sort, and using it from a process that never loads Keras."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pytest
from deepzoo_text_generation.datasets import TomSawyer
from mirror import serving
from text_cases import QUICK, documents
from training_cases import cut_after, digest

from deepzoo import api
from deepzoo.cli import main
from deepzoo.errors import Interrupted
from deepzoo.training.progress import Fetched, Planned

SETTINGS = [part for key, value in QUICK.items() for part in ("--set", f"{key}={value}")]

USE = """
import json, sys, deepzoo
run = deepzoo.load(sys.argv[1])
answers = {
    "text": run.generate("Qa", seed=1),
    "many": run.generate("Qa", n=12, seed=1),
    "predict": run.predict("Qa."),
}
answers["frameworks"] = sorted({"keras", "tensorflow", "jax", "torch"} & set(sys.modules))
answers["evaluate"] = run.evaluate()["metrics"]
print(json.dumps(answers))
"""


pytestmark = pytest.mark.usefixtures("no_baselines")


def test_training_on_the_sample_says_so_and_learns():
    run = api.train("text", sample=True, limit=150, model="char-rnn", epochs=2, settings=QUICK)
    assert run.data == "sample"
    assert run.status == "finished"
    losses = [row["loss"] for row in run.history]
    assert losses[1] < losses[0]
    assert run.history[0]["val_bits_per_character"] > 0
    assert (run.path / "samples" / "epoch-0001.txt").read_text(encoding="utf-8")


def test_a_fresh_process_generates_and_predicts_without_keras_and_scores_alike(trained, run):
    answer = subprocess.run(
        [sys.executable, "-c", USE, str(trained)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    answers = json.loads(answer.stdout)
    assert answers["frameworks"] == []
    assert answers["text"] == run.generate("Qa", seed=1)
    assert answers["many"][0] == answers["text"]
    assert answers["predict"]["bits_per_character"] > 0
    for metric, value in answers["evaluate"].items():
        assert value == pytest.approx(run.metrics[metric], abs=1e-3), metric


def test_predict_names_what_is_likely_next(run):
    answers = run.predict("", top=3)
    assert answers["next"][0]["token"] == "Q"
    assert len(answers["next"]) == 3
    probabilities = [row["probability"] for row in answers["next"]]
    assert sorted(probabilities, reverse=True) == probabilities
    assert sum(probabilities) <= 1
    assert run.predict("Qa.")["next"][0] == {"token": "", "probability": pytest.approx(1, abs=0.2)}


@pytest.fixture(scope="module")
def aims():
    """The digest of the run that was never cut."""
    return []


@pytest.mark.parametrize("step", [3, 9])
def test_char_best_with_dropout_resumes_exactly(monkeypatch, tmp_path, aims, step):
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(["text", *documents(60)]), encoding="utf-8")
    settings = {**QUICK, "buckets": 64, "text_column": "text"}
    options = {"data": str(path), "model": "char-best", "epochs": 2, "settings": settings}
    if not aims:
        aims.append(digest(api.train("text", **options)))
    with monkeypatch.context() as patched:
        cut_after(patched, step)
        with pytest.raises(Interrupted) as stopped:
            api.train("text", **options)
    run = api.load(stopped.value.hint.split()[-1])
    assert run.status == "interrupted"
    assert run.recipe("model").dropout > 0
    assert [digest(api.resume(run))] == aims


def write_file(folder):
    path = folder / "mine.txt"
    path.write_text("\n".join(documents()), encoding="utf-8")
    return path


def write_folder(folder):
    for number, text in enumerate(documents(60)):
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


def write_csv(folder):
    path = folder / "mine.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "body"], *enumerate(documents(60))])
    return path


@pytest.mark.parametrize(
    ("write", "more"),
    [(write_file, []), (write_folder, []), (write_csv, ["--set", "text_column=body"])],
)
def test_your_own_text_from_the_command_line(tmp_path, capsys, write, more):
    folder = tmp_path / "data"
    folder.mkdir()
    path = write(folder)
    command = ["train", "text", "--data", str(path), "--model", "char-rnn", "--epochs", "1"]
    assert main([*command, *SETTINGS, *more, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["data"] == "local"
    assert answer["metrics"]["bits_per_character"] > 0
    assert main(["generate", "--run", answer["run"], "--seed", "1", "Qa"]) == 0
    assert capsys.readouterr().out.startswith("Qa")


SETTINGS_OF = {
    "char-gru": {},
    "char-lstm": {"step": 3, "units": 8},
    "char-rnn": {"layers": 2, "residual": True, "lower_case": True},
    "word-gru": {"vocabulary_size": 20},
}


@pytest.mark.parametrize("model", SETTINGS_OF)
def test_every_model_learns_writes_and_is_scored(model):
    settings = {**QUICK, **SETTINGS_OF[model]}
    texts = [f"{text[1:-1].strip()} is {number}" for number, text in enumerate(documents(120))]
    run = api.train("text", data=texts, model=model, epochs=1, settings=settings)
    first, again = (api.load(run.id).generate(n=3, seed=0, length=30) for _ in range(2))
    assert first == again
    assert len(set(first)) > 1
    assert "\ufffd" not in "".join(first)
    assert 0 < run.metrics["bits_per_character"] < 12
    if model == "char-rnn":
        assert not any(map(str.isupper, first))
        assert api.load(run.id).generate("IS", seed=0).startswith("is")
    assert run.predict("is")["bits_per_character"] > 0


def test_a_download_is_reported_while_it_arrives(monkeypatch, tmp_path):
    monkeypatch.delenv("DEEPZOO_DATA", raising=False)
    monkeypatch.setenv("DEEPZOO_CACHE", str(tmp_path / "cache"))
    book = ("The old lady pulled her spectacles down and looked.\n" * 200).encode()
    events = []
    with serving(book) as mirror:
        monkeypatch.setattr(TomSawyer, "files", {"text": mirror.file(name="tom_sawyer.txt")})
        api.train("tom-sawyer", model="char-rnn", epochs=1, settings=QUICK, on_event=events.append)
    fetched = [event for event in events if isinstance(event, Fetched)]
    assert fetched[-1] == Fetched(len(book), len(book))
    assert events.index(fetched[-1]) < [type(event) for event in events].index(Planned)
