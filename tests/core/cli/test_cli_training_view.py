"""What a training shows: a bar on a terminal that leaves no trace, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import io

import pytest

from deepzoo.cli.console import console
from deepzoo.cli.training_view import TrainingView, duration
from deepzoo.training.progress import (
    EpochEnded,
    Estimated,
    Fetched,
    Message,
    Planned,
    ProgressEvent,
    Sampled,
    Stepped,
)

EVENTS = [
    Planned(layers=3, parameters=12345, steps=200, epochs=2),
    Estimated(12.5),
    Stepped(
        epoch=1,
        epochs=2,
        step=40,
        steps=100,
        loss=2.345678,
        metrics={"accuracy": 0.5},
        examples_per_second=12345.6,
        seconds_left=200.0,
    ),
    ProgressEvent(),
    EpochEnded(
        epochs=2,
        row={
            "epoch": 1,
            "loss": 2.3,
            "val_loss": 2.1,
            "steps": 100,
            "seconds": 65.0,
            "learning_rate": 0.001,
        },
        sample="Today [/b]\x1b[31m I will\nnever " + "x" * 200,
    ),
    Sampled(10_000, "It\nwas\na\ndark\n" + "x" * 200),
    Message("warning", "careful [/b]"),
    Message("phase", "Scoring the test split"),
]


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def fileno(self):
        raise io.UnsupportedOperation


@pytest.fixture(autouse=True)
def fresh():
    with console.new_command():
        yield


def watch():
    with TrainingView() as view:
        view(Fetched(1, None))
        for event in EVENTS:
            view(event)


def test_plain_lines_where_nobody_looks(capsys):
    watch()
    out, err = capsys.readouterr()
    assert out == ""
    assert "fetching" not in err
    lines = err.splitlines()
    assert lines[:3] == [
        "plan: 3 layers, 12,345 parameters, 200 steps, 2 epochs",
        "expected: 12 min",
        "epoch 1/2  loss 2.3  val_loss 2.1  1 min 5 s",
    ]
    assert lines[3] == "  Today [/b][31m I will"
    assert lines[4].startswith("  never xxx")
    assert len(lines[4]) <= 80
    assert lines[5] == "step 10,000"
    assert lines[6].startswith("  It was a dark xxx")
    assert len(lines[6]) <= 80
    assert lines[7:] == ["warning: careful [/b]", "Scoring the test split"]


def test_a_terminal_gets_a_bar_that_disappears(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    watch()
    text = screen.getvalue()
    assert "loss 2.346  accuracy 0.5" in text
    assert "12,346/s" in text
    assert "3 min 20 s left" in text
    assert text.index("epoch 1/2  loss 2.3 ") > text.index("12,346/s")
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")  # the cursor is back


def test_a_download_has_a_bar_until_the_next_line(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with TrainingView() as view:
        view(Fetched(1_000_000, 2_500_000))
        view(Fetched(2_500_000, None))
        assert "\x1b[?25h" not in screen.getvalue()
        view(EVENTS[0])
        assert "\x1b[?25h" in screen.getvalue()
    assert "fetching" in screen.getvalue()
    assert "2.5 MB" in screen.getvalue()


def test_the_bar_goes_when_training_fails(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with contextlib.suppress(RuntimeError), TrainingView() as view:
        view(EVENTS[2])
        raise RuntimeError
    assert screen.getvalue().endswith("\x1b[2K")
    assert "\x1b[?25h" in screen.getvalue()


def test_quiet_shows_warnings_alone(capsys, monkeypatch):
    console.quiet = True
    watch()
    assert capsys.readouterr().err == "warning: careful [/b]\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.04 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (754, "12 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_times_are_written_as_people_say_them(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(("steps", "warned"), [(1, True), (99, True), (100, False)])
def test_a_handful_of_steps_is_pointed_out(steps, warned, capsys):
    with TrainingView() as view:
        view(Planned(layers=0, parameters=None, steps=steps, epochs=1))
    assert ("raise --epochs or lower --batch-size" in capsys.readouterr().err) == warned
