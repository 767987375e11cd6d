"""The console: foreign text is shown as it is, whatever stdout can show, and never raises."""

from __future__ import annotations

import io
import json
import re

import pytest

from deepzoo.cli.console import Console, clean


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Makes standard output a terminal of 40 columns, when called in the test."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def start():
        stream = Terminal()
        monkeypatch.setattr("sys.stdout", stream)
        return stream

    return start


@pytest.fixture
def ascii_stdout(monkeypatch):
    """Makes standard output one of ASCII, when called in the test; gives the bytes."""

    def start():
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, "ascii")
        monkeypatch.setattr("sys.stdout", stream)
        return raw

    return start


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a[/b] [red]c", "a[/b] [red]c"),
        ("\x1b]0;title\x07after", "]0;titleafter"),
        ("line\n\ttab", "line\n\ttab"),
        ("bell\x07 c1\x9b nul\x00 del\x7f", "bell c1 nul del"),
        ("\U0001f600 e\u0301 \u202b\u05d0 \u2028", "\U0001f600 e\u0301 \u202b\u05d0 \u2028"),
    ],
)
def test_clean_takes_control_characters_and_nothing_else(text, cleaned):
    assert clean(text) == cleaned


def test_terminals_get_no_control_characters_of_foreign_text(terminal):
    screen = terminal()
    Console().result("corpus \x1b]0;x\x07 [/red] \x1b[31m")
    assert screen.getvalue() == "corpus ]0;x [/red] [31m\n"


def test_pipes_get_the_text_unchanged(capsys):
    Console().result("a\x1b[31m[/b]\u2028")
    assert capsys.readouterr().out == "a\x1b[31m[/b]\u2028\n"


def test_headings_are_bold_on_terminals_only(terminal, monkeypatch):
    screen = terminal()
    Console().heading("x[/b]")
    assert screen.getvalue() == "\x1b[1mx[/b]\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    Console().heading("x")
    assert screen.getvalue().endswith("m\nx\n")


def test_errors_are_one_line_without_colour_in_a_pipe(capsys):
    Console().error("two\nlines\x1b[31m", "do\nthis")
    assert capsys.readouterr().err == "error: two lines[31m\nhint:  do this\n"


def seen(screen):
    """Returns the lines on a terminal as they are seen, without their styles."""
    return re.sub("\x1b\\[[0-9;]*m", "", screen.getvalue()).splitlines()


def test_a_table_fits_the_terminal(terminal):
    screen = terminal()
    Console().table(["NAME", "ABOUT"], [["short", "long " * 30], ["x", None]])
    lines = seen(screen)
    assert max(map(len, lines)) <= 40
    assert lines[1] == "short  long long long long long long"
    assert lines[2] == "       long long long long long long"
    assert " ".join(lines).count("long") == 30
    assert screen.getvalue().startswith("\x1b[1mNAME ")


def test_a_table_of_many_columns_is_wrapped_and_its_long_words_shortened(terminal):
    screen = terminal()
    Console().table(["A", "B", "C"], [["a " * 20, "b " * 20, "c" * 60], ["", "", "   "]])
    lines = seen(screen)
    assert max(map(len, lines)) <= 40
    assert (" ".join(lines).count("a"), " ".join(lines).count("b")) == (20, 20)
    assert lines[1].endswith("c…")


def test_a_table_interprets_nothing_and_has_no_style_without_colour(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = terminal()
    for words in (1, 12):  # as wide as its cells, and wrapped
        Console().table(["A[/b]"], [["[red]x\x1b[31m :smile:" + " 12" * words]])
    assert seen(screen) == [
        "A[/b]",
        "[red]x[31m :smile: 12",
        "A[/b]",
        "[red]x[31m :smile: 12 12 12 12 12 12 12",
        "12 12 12 12 12",
    ]
    assert "\x1b" not in screen.getvalue()


def test_headings_of_a_table_that_fits_are_bold(terminal):
    screen = terminal()
    Console().table(["A", "N"], [["one", 1]], right=(1,))
    assert screen.getvalue() == "\x1b[1mA    N\x1b[0m\none  1\n"


def test_a_table_in_a_pipe_is_complete(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    Console().table(["NAME", "ABOUT"], [["a[/b]", "long " * 30]])
    assert "a[/b]  " + ("long " * 30).strip() in capsys.readouterr().out


def test_columns_are_aligned_by_what_is_seen(capsys):
    Console().table(["A", "N"], [["\u4e16\u754c", "1"], ["e\u0301e", "23"]], right=(1,))
    assert capsys.readouterr().out.splitlines()[1:] == ["\u4e16\u754c   1", "e\u0301e    23"]


def test_ascii_output_replaces_what_it_cannot_show(ascii_stdout):
    raw = ascii_stdout()
    Console().result("caf\u00e9 \U0001f600")
    assert raw.getvalue() == b"caf? ?\n"


def test_json_survives_ascii_and_is_exact(ascii_stdout):
    raw = ascii_stdout()
    Console().emit({"text": "caf\u00e9 \u2028 \ud800"})
    assert json.loads(raw.getvalue()) == {"text": "caf\u00e9 \u2028 \ud800"}


def test_json_holds_plain_values_only(capsys):
    import numpy as np

    values = {"a": np.float32(1.5), "b": np.arange(2), "c": float("nan"), 4: (True, None)}
    Console().emit(values)
    assert json.loads(capsys.readouterr().out) == {
        "a": 1.5,
        "b": [0, 1],
        "c": None,
        "4": [True, None],
    }


def test_closed_and_missing_streams_are_silent(monkeypatch):
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stdout", closed)
    monkeypatch.setattr("sys.stderr", None)
    console = Console()
    console.result("x")
    console.table(["A"], [["b"]])
    console.warn("y")
    assert console.warned == {"y"}


def test_quiet_leaves_warnings(capsys):
    console = Console(quiet=True)
    console.note("note")
    console.warn("careful")
    console.warn("careful")
    assert capsys.readouterr().err == "warning: careful\n"


def test_a_command_starts_afresh_and_leaves_the_outer_one_as_it_was():
    console = Console(json=True, warned={"x"})
    with console.new_command():
        assert console == Console()
        console.debug = True
    assert console == Console(json=True, warned={"x"})


def test_the_words_that_decided_are_coloured_on_a_terminal(terminal):
    stream = terminal()
    weights = {"waste": 8.0, "of": 1.0, "two": 0.1, "a.": 2.0}
    assert Console().highlight("A waste of two hours, wasted: a. often\x07", weights)
    shown = stream.getvalue()
    assert shown.startswith("A \x1b[1;32mwaste\x1b[0m \x1b[32mof\x1b[0m two hours, wasted: ")
    assert shown.endswith("\x1b[32ma.\x1b[0m often\n")
    assert Console().highlight("waste " * 1_000, weights)
    assert stream.getvalue().endswith("\u2026\n")


def test_without_colours_no_text_is_repeated(terminal, monkeypatch, capsys):
    assert not Console().highlight("A waste", {"waste": 1.0})
    stream = terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Console().highlight("A waste", {"waste": 1.0})
    assert capsys.readouterr().out == stream.getvalue() == ""
