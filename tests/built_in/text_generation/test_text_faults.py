"""Text that is too short, oddly encoded, or of any script; prompts nobody expected."""

from __future__ import annotations

import json
import os

import pytest
from deepzoo_text_generation.models import CharRNN
from deepzoo_text_generation.own_text import UserText
from deepzoo_text_generation.task import TextGeneration
from text_cases import documents, train

from deepzoo import api
from deepzoo.cli import main
from deepzoo.data.load import load_data
from deepzoo.errors import DataError

pytestmark = pytest.mark.usefixtures("no_baselines")


def test_a_file_too_short_is_named_with_what_was_expected(tmp_path, capsys):
    path = tmp_path / "short.txt"
    path.write_text("All of it is this, 34 characters.\n", encoding="utf-8")
    assert main(["train", "text", "--data", str(path), "--model", "char-gru"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "too short: " in err
    assert "expected at least 101 (sequence length 100)" in err
    assert "Traceback" not in err


def variants():
    text = "\n".join(documents()) + "\nA line with é.\n"
    return {
        "plain": text.encode(),
        "bom": text.encode("utf-8-sig"),
        "crlf": text.replace("\n", "\r\n").encode(),
        "cr": text.replace("\n", "\r").encode(),
        "utf-16": text.encode("utf-16"),
        "utf-32": text.encode("utf-32"),
    }


def test_byte_order_marks_and_line_ends_do_not_change_what_is_learned(tmp_path):
    learned = {}
    for name, data in variants().items():
        path = tmp_path / f"{name}.txt"
        path.write_bytes(data)
        loaded = load_data(UserText(), path=path)
        ready = TextGeneration().prepare(loaded.splits, CharRNN(sequence_length=10))
        learned[name] = (ready.preprocessor["tokens"], loaded.fingerprint)
        assert (name == "plain") == (len(loaded.notes) == 3), (
            loaded.notes
        )  # what a document is, that it is little text, and its cut
    assert set(map(str, learned.values())) == {str(learned["plain"])}
    run = train(str(tmp_path / "crlf.txt"))
    assert (run.preprocessor["tokens"], run.record["fingerprint"]) == learned["plain"]
    assert run.record["notes"]


SCRIPTS = {
    "emoji": "👩‍👩‍👧 and 🏳️‍🌈 👍🏽",
    "right-to-left": "שלום עולם، مرحبا بالعالم",
    "combining": "e\u0301a\u0308 ก็ नमस्ते",
    "separators": "a\u2028b\u2029c\u0085d",
    "controls": "a\x00b\x1b[31mred\x1b]0;x\x07 [bold]x[/x]",
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """Trains on texts of every script; gives the folder of the run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("scripts")))
        patched.setattr(TextGeneration, "baselines", ())
        return train([f"{text}{number}" for number in range(40) for text in SCRIPTS.values()]).path


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_comes_back_exactly(script, scripts, capsys):
    run, text = api.load(str(scripts)), SCRIPTS[script]
    assert set(text) <= set(run.preprocessor["tokens"])
    assert run.generate(text, seed=0).startswith(text)
    assert run.predict(text)["bits_per_character"] > 0
    assert main(["generate", "--run", str(scripts), "--json", "--seed", "0", "--", text]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["outputs"] == [run.generate(text, seed=0)]
    assert "warning" not in err


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}])
def test_any_text_can_be_written_to_a_narrow_terminal(command, scripts, environment):
    prompt = api.load(str(scripts)).path.with_name("prompt.txt")
    prompt.write_text(SCRIPTS["emoji"], encoding="utf-8")
    answer = command("generate", "--run", scripts, "--seed", "1", prompt, **environment)
    assert answer.returncode == 0, answer.stderr
    assert " and " in answer.stdout


def test_unknown_characters_of_a_prompt_cost_one_warning_line(trained, capsys):
    command = ["generate", "--run", str(trained), "--seed", "1"]
    assert main([*command, "Qä🙂\x1b[0m"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Qa")
    warnings = [line for line in err.splitlines() if "warning" in line]
    assert len(warnings) == 1
    assert "'ä' -> 'a', '🙂' dropped" in warnings[0]
    assert "\x1b" not in err
    assert main([*command, "Qa"]) == 0
    assert "warning" not in capsys.readouterr().err


def test_a_lone_surrogate_is_refused_on_the_command_line_and_dropped_in_python(
    trained, run, capsys, caplog
):
    assert main(["generate", "--run", str(trained), os.fsdecode(b"Qa\xff")]) == 2
    assert capsys.readouterr().out == ""
    assert run.generate("Qa\udcff", seed=1) == run.generate("Qa", seed=1)
    assert "'\\udcff' dropped" in caplog.text


def test_names_with_markup_are_shown_as_they_are(tmp_path, capsys):
    path = tmp_path / "a[bold]b[id].txt"
    path.write_text("tiny", encoding="utf-8")
    assert main(["train", "text", "--data", str(path), "--model", "char-gru"]) == 3
    assert main(["train", "text", "--data", str(tmp_path / "no[x].txt")]) == 3
    assert "no[x].txt" in capsys.readouterr().err


def test_an_empty_training_text_is_refused():
    with pytest.raises(DataError):
        train(["", " "])
