"""Verbs as commands: options from the signature of the run's task, inputs from anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import pytest
import typer

from deepzoo import EachLine, Task, verb
from deepzoo.cli import main
from deepzoo.errors import DataError
from deepzoo.interfaces.ask import ask
from deepzoo.interfaces.kinds import Text


class Echo(Task):
    """A task that gives back what it gets."""

    name = "echo"
    kinds = (Text,)
    default_model = "none"

    @verb(writes=True, run_optional=True, stream="on_text")
    def generate(
        self,
        run,
        prompt: Annotated[str | None, EachLine] = None,
        *,
        n: Annotated[int, typer.Option("-n", min=1, help="Texts.")] = 1,
        temperature: Annotated[float, typer.Option(min=0.01, help="Warmth.")] = 1.0,
        stop: Annotated[str | None, typer.Option(help="Where to stop.")] = None,
        seed: int | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> str | list[str]:
        """Continues a text."""
        texts = [f"{prompt or 'nothing'} {seed} {number}" for number in range(n)]
        if on_text:
            for piece in texts[0].split(" ")[1:]:
                on_text(f"<{piece}>")
        return texts[0] if n == 1 else texts

    def encode(self, run, text: str, *, upper: bool = False):
        """Spells a text. In a sentence."""
        return text.upper() if upper else text

    def measure(self, run, file: Path) -> float:
        """Measures a file."""
        return float(file.stat().st_size)

    def count_words(self, run, text: str) -> int:
        """Counts words."""
        return len(text.split())

    @verb(draws=True)
    def draw(self, run) -> "Image":  # noqa: F821, UP037
        """Draws a picture."""
        import numpy as np

        return np.zeros((2, 3), "uint8")


class FakeRun(SimpleNamespace):
    preprocessor = {"level": "character"}

    def __getattr__(self, name):
        return lambda *inputs, **options: ask(getattr(Echo(), name), self, inputs, options)


@pytest.fixture(autouse=True)
def echo(plugin, monkeypatch):
    """Registers the task, with one run of it."""
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")
    plugin(register_tasks=lambda: [Echo])
    run = FakeRun(id="words/echo-1", task="echo")
    monkeypatch.setattr("deepzoo.api.load", lambda reference, **options: run)
    monkeypatch.setattr("deepzoo.api.default_run", lambda verb: run)


def test_generate_prints_the_text_alone_and_says_on_stderr_what_made_it(capsys):
    assert main(["generate", "Today", "--seed", "7"]) == 0
    out, err = capsys.readouterr()
    assert out == "Today 7 0\n"
    assert err == "run words/echo-1\n"


def test_without_a_seed_one_is_drawn_and_printed(capsys):
    assert main(["generate"]) == 0
    out, err = capsys.readouterr()
    seed = err.split("seed ")[1].strip()
    assert out == f"nothing {seed} 0\n"
    main(["generate", "--seed", seed])
    assert capsys.readouterr().out == out


def test_several_texts_are_separated_by_a_blank_line(capsys):
    assert main(["generate", "A", "-n", "2", "--seed", "1"]) == 0
    assert capsys.readouterr().out == "A 1 0\n\nA 1 1\n"


def test_generate_as_json(capsys):
    assert main(["generate", "A", "-n", "2", "--seed", "1", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == ["run", "prompt", "outputs", "seconds", "tokens_per_second"]
    assert row["outputs"] == ["A 1 0", "A 1 1"]
    assert row["prompt"] == "A"


@pytest.mark.parametrize("source", ["file", "-"])
def test_prompts_come_from_a_file_or_standard_input_one_a_line(
    capsys, tmp_path, monkeypatch, source
):
    lines = "first one\r\n\r\nsecond\r\n".encode("utf-8-sig")
    path = tmp_path / "prompts.txt"
    path.write_bytes(lines)
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["generate", "-" if source == "-" else str(path), "--seed", "5"]) == 0
    assert capsys.readouterr().out == "first one 5 0\n\nsecond 6 0\n"


def test_several_prompts_as_json_are_an_array(capsys, tmp_path):
    (tmp_path / "p").write_text("a\nb\n")
    assert main(["generate", str(tmp_path / "p"), "--json"]) == 0
    assert [row["prompt"] for row in json.loads(capsys.readouterr().out)] == ["a", "b"]


def test_after_two_dashes_everything_is_literal(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("note").write_text("from the file")
    assert main(["encode", "x", "note", "--json", "--", "note", "-", "--upper"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["output"] for row in rows] == ["from the file", "note", "-", "--upper"]
    assert [row["input"] for row in rows] == ["note", "note", "-", "--upper"]


def test_streamed_text_is_printed_as_it_comes_and_only_once(capsys):
    assert main(["generate", "A", "--seed", "1", "--stream"]) == 0
    assert capsys.readouterr().out == "<1><0>\n"


def test_a_prompt_without_quotes_gets_advice(capsys):
    assert main(["generate", "Today", "I", "will"]) == 2
    assert "deepzoo generate 'Today I will'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--temperature", "0", "a number of 0.01 or more; received '0'"),
        ("--temperature", "nan", "a number of 0.01 or more; received 'nan'"),
        ("-n", "0", "a whole number of 1 or more"),
        ("--seed", "x", "a whole number; received 'x'"),
    ],
)
def test_bad_options_of_a_verb_are_refused_with_the_range(capsys, option, value, said):
    assert main(["generate", "x", option, value]) == 2
    assert said in capsys.readouterr().err


def test_any_verb_is_a_command_with_its_own_help(capsys):
    assert main(["--help"]) == 0
    assert "encode       Spells a text\n" in capsys.readouterr().out
    assert main(["generate", "--help"]) == 0
    out = capsys.readouterr().out
    assert "[PROMPT]" in out
    assert "--stream" in out
    assert "on-text" not in out
    assert "[default: 1.0; x>=0.01]" in out


def test_a_verb_of_two_words_is_typed_with_a_hyphen(capsys):
    assert main(["count-words", "x", "three small words"]) == 0
    assert capsys.readouterr().out == "3\n"
    assert main(["--help"]) == 0
    assert "count-words  Counts words\n" in capsys.readouterr().out


def test_a_verb_does_not_hide_a_command(capsys, plugin):
    class Hiding(Task):
        name = "hiding"
        kinds = (Text,)
        default_model = "echo"

        def info(self, run):
            """Must not hide our own command."""

    plugin("hiding", "deepzoo-hiding", register_tasks=lambda: [Hiding])
    assert main(["--help"]) == 0
    captured = capsys.readouterr()
    assert "deepzoo-hiding:info" in captured.out
    assert "deepzoo:info and deepzoo-hiding:info; 'info' is the built-in one" in captured.err
    assert main(["info", "echo"]) == 0
    assert "(task)" in capsys.readouterr().out


def test_one_input_or_several(capsys):
    assert main(["encode", "x", "b[/b]", "--upper"]) == 0
    assert capsys.readouterr().out == "B[/B]\n"
    assert main(["encode", "x", "a", "b"]) == 0
    assert capsys.readouterr().out == "a\na\nb\nb\n"
    assert main(["encode", "x"]) == 2


def test_files_are_handed_on_where_the_verb_reads_them(capsys, tmp_path):
    (tmp_path / "f").write_text("four")
    assert main(["measure", "x", str(tmp_path / "f"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["output"] == 4.0
    assert main(["measure", "x", str(tmp_path / "missing")]) == DataError.exit_code
    assert main(["measure", "x", "-"]) == 2


def test_pictures_are_written_to_out(capsys, tmp_path):
    target = tmp_path / "new" / "picture.png"
    assert main(["draw", "x", "--out", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_standard_input_that_is_no_text_is_refused(capsys, tmp_path, monkeypatch):
    path = tmp_path / "bytes"
    path.write_bytes(b"ok\n\xff")
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["encode", "x", "-"]) == DataError.exit_code
    assert "byte 0xff at offset 3" in capsys.readouterr().err
