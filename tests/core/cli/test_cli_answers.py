"""Inputs that fail, files that do not exist, and answers as tables, matrices and files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from deepzoo import Task, verb
from deepzoo.cli import main, outputs
from deepzoo.cli.signatures import reads_files
from deepzoo.cli.verbs import build
from deepzoo.errors import DataError, UsageError
from deepzoo.interfaces.arguments import hints_of
from deepzoo.interfaces.ask import ask, input_of
from deepzoo.interfaces.kinds import Text
from deepzoo.interfaces.task import Verb
from deepzoo.plugins import registry


class Sizes(Task):
    """A task that measures words."""

    name = "sizes"
    kinds = (Text,)
    default_model = "none"

    @verb(batched=True, columns=("letter", "count", "odd"))
    def spell(self, run, words: list[str]):
        """Counts the letters of words."""
        answers = []
        for word in words:
            if not word.isalpha():
                raise UsageError(f"{word} is no word.", "Letters only.")
            odd = {"odd": True} if len(word) % 2 else {}
            rows = [{"letter": letter, "count": word.count(letter)} for letter in sorted({*word})]
            answers.append({"letters": rows if len(word) > 1 else [], **odd})
        return answers

    def measure(self, run, file: Path):
        """Measures a file."""
        return file.stat().st_size

    @verb(draws=True)
    def draw(self, run, text: str):
        """Draws a picture."""
        import numpy as np
        from matplotlib.figure import Figure

        return Figure() if text == "figure" else np.zeros((2, 3), "uint8")

    def table(self, run):
        """Counts pairs."""
        return {"names": ["cat", "dog"], "confusion": [[5, 1], [2, 12]]}

    def wide(self, run):
        """Describes classes, then counts pairs."""
        rows = [{"class": name, "about": "x" * 100} for name in ("cat", "dog")]
        return {"classes": rows, **self.table(run)}

    @verb(highlights="words")
    def weigh(self, run, text: str):
        """Weighs the first word."""
        return {"words": {text.split()[0]: 1.0}}


class FakeRun(SimpleNamespace):
    def __getattr__(self, name):
        return lambda *inputs, **options: ask(getattr(Sizes(), name), self, inputs, options)


@pytest.fixture
def sizes(plugin, monkeypatch):
    """Registers the task, with one run of it."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin(register_tasks=lambda: [Sizes])
    run = FakeRun(id="words/sizes-1", task="sizes")
    monkeypatch.setattr("deepzoo.api.load", lambda reference, **options: run)


def test_words_that_decided_are_shown_in_their_text_instead_of_a_heading(
    sizes, capsys, monkeypatch
):
    assert main(["weigh", "x", "to be", "or not"]) == 0
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.setattr("deepzoo.cli.console.is_terminal", lambda stream: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["weigh", "x", "to be", "or not"]) == 0
    out = capsys.readouterr().out
    assert "\x1b[1;32mto\x1b[0m be\n" in out
    assert re.sub(r"\x1b\[[0-9;]*m", "", out) == plain


def test_a_matrix_has_its_names_after_rows_too_wide_for_a_table(sizes, capsys):
    assert main(["wide", "x"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["class", "cat"]
    assert [line.split() for line in lines[-2:]] == [["cat", "5", "1"], ["dog", "2", "12"]]


def test_an_input_that_fails_does_not_take_the_others_with_it(sizes, capsys):
    assert main(["spell", "x", "to", "2", "be", "3"]) == 1
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if line in ("to", "2", "be", "3")] == [
        "to",
        "2",
        "be",
        "3",
    ]
    assert err.count("error:") == 2
    assert "error: 2 is no word." in err


def test_a_failing_input_has_its_error_in_json(sizes, capsys):
    assert main(["spell", "x", "to", "2", "be", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["input"] for row in rows] == ["to", "2", "be"]
    assert rows[0]["output"]["letters"] == [
        {"letter": "o", "count": 1},
        {"letter": "t", "count": 1},
    ]
    assert rows[1]["error"] == {
        "type": "UsageError",
        "message": "2 is no word.",
        "hint": "Letters only.",
        "exit_code": 2,
    }


def test_a_missing_file_among_several_has_its_error_too(sizes, capsys, tmp_path):
    (tmp_path / "a").write_text("four")
    files = [str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "a")]
    assert main(["measure", "x", *files, "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row.get("output") for row in rows] == [4, None, 4]
    assert "does not exist" in rows[1]["error"]["message"]


def test_one_failing_input_or_all_for_one_reason_is_an_error_of_the_command(sizes, capsys):
    assert main(["spell", "x", "2"]) == UsageError.exit_code
    assert main(["spell", "x", "2", "2", "--json"]) == UsageError.exit_code
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "2 is no word."


@pytest.mark.parametrize("words", [["to", "be"], ["a", "b"], ["to", "2", "a"], ["odd", "to"]])
def test_a_csv_file_has_the_same_columns_whatever_the_answers(sizes, tmp_path, words):
    path = tmp_path / "answers.csv"
    assert main(["spell", "x", *words, "--out", str(path)]) == (1 if "2" in words else 0)
    header, *rows = path.read_text().splitlines()
    assert header == "input,letter,count,odd"
    assert list(dict.fromkeys(row.split(",")[0] for row in rows)) == words


@pytest.mark.parametrize(("text", "name"), [("figure", "new/v"), ("array", "picture")])
def test_out_says_the_name_that_was_written(sizes, capsys, tmp_path, text, name):
    assert main(["draw", "x", text, "--out", str(tmp_path / name), "--json"]) == 0
    written = Path(json.loads(capsys.readouterr().out)[0]["path"])
    assert written == tmp_path / f"{name}.png"
    assert written.read_bytes().startswith(b"\x89PNG")


def test_nested_figures_print_as_a_matrix(sizes, capsys):
    assert main(["table", "x"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[-3:]] == [
        ["cat", "dog"],
        ["cat", "5", "1"],
        ["dog", "2", "12"],
    ]
    assert not outputs.is_matrix([[1], [1, 2]])
    assert not outputs.is_matrix([["a"]])


def text_verbs():
    """Lists the verbs of all installed tasks that take text."""
    for entry in registry.tasks():
        for name, method in entry.cls.verbs().items():
            parameter = input_of(method)
            if parameter and not reads_files(hints_of(method)[parameter.name]):
                yield pytest.param(entry.cls, name, id=f"{entry.cls.name}-{name}")


@pytest.mark.parametrize(("task", "name"), list(text_verbs()))
@pytest.mark.parametrize(
    "word", ["no-such-file.txt", "nodir/x.csv", "./x", "/no/where", "x.jsonl.gz"]
)
def test_a_word_that_names_a_file_that_is_not_there_is_told_as_such(task, name, word):
    run = [] if Verb.of(task.verbs()[name]).run_optional else ["some/run"]
    with pytest.raises(DataError, match=r"does not exist; expected a file.*-- "):
        build(name, task, 0)([*run, word], standalone_mode=False)


def test_a_folder_is_told_as_such_and_two_dashes_take_the_word_literally(
    sizes, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("rolls").mkdir()
    assert main(["spell", "x", "./rolls"]) == DataError.exit_code
    assert "is a folder" in capsys.readouterr().err
    assert main(["spell", "x", "rolls/buns"]) == DataError.exit_code
    Path("rolls").rmdir()
    assert main(["draw", "x", "--", "no-such-file.txt"]) == 0
    assert main(["draw", "x", "rolls/buns"]) == 0  # an item of many baskets
    assert main(["draw", "x", "https://example.org/a.txt"]) == 0


def test_notes_of_the_core_are_shown_as_notes(sizes, capsys, monkeypatch):
    import logging

    monkeypatch.setattr(
        Sizes, "table", lambda self, run: logging.getLogger("deepzoo").info("Reading: 5 of 6")
    )
    level = logging.getLogger("deepzoo").level
    main(["table", "x"])
    assert "Reading: 5 of 6" in capsys.readouterr().err
    assert logging.getLogger("deepzoo").level == level
