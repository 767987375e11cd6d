"""What happens when a command goes wrong: one line, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from deepzoo import errors
from deepzoo.cli import main

ERRORS = [
    (errors.DataError("No text.", "Give some."), 3),
    (errors.DownloadError("No network."), 4),
    (errors.IntegrityError("Wrong hash."), 4),
    (errors.CheckpointError("Damaged."), 5),
    (errors.ResumeError("Other data."), 5),
    (errors.PluginError("Broken."), 6),
    (errors.DivergedError("NaN."), 7),
    (errors.ResourceError("Disk full."), 8),
    (errors.UnsafeFileError("A link."), 9),
    (errors.Interrupted("Stopped.", "deepzoo resume x", 2), 130),
    (errors.Interrupted("Stopped.", "deepzoo resume x", 15), 143),
    (KeyboardInterrupt(), 130),
    (MemoryError(), 8),
    (RuntimeError("a\nbug"), 1),
]


@pytest.fixture
def failing(fake, monkeypatch):
    """Makes training raise an error, when called with it."""

    def fail_with(error):
        def train(*arguments, **options):
            raise error

        monkeypatch.setattr("deepzoo.api.train", train)

    return fail_with


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_every_error_has_its_exit_code_and_one_line(failing, capsys, error, code):
    failing(error)
    assert main(["train", "clusters"]) == code
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if line.startswith("error:")]
    assert len(lines) == 1
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_with_json_the_error_is_the_one_object_on_stdout(failing, capsys, error, code):
    failing(error)
    assert main(["train", "clusters", "--json"]) == code
    found = json.loads(capsys.readouterr().out)["error"]
    assert sorted(found) == ["exit_code", "hint", "message", "type"]
    assert found["exit_code"] == code
    if isinstance(error, errors.DeepzooError):
        assert (found["type"], found["message"]) == (type(error).__name__, error.message)


def test_debug_shows_the_traceback_and_without_it_says_so(failing, capsys):
    failing(RuntimeError("a bug"))
    assert main(["train", "clusters"]) == 1
    assert "hint:  --debug shows the traceback" in capsys.readouterr().err
    assert main(["train", "clusters", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--epochs", "-1"], "a whole number of 1 or more; received '-1'"),
        (["--epochs", "0"], "a whole number of 1 or more"),
        (["--epochs", "1.5"], "a whole number of 1 or more"),
        (["--epochs", "many"], "a whole number of 1 or more; received 'many'"),
        (["--batch-size", "0"], "a whole number of 1 or more"),
        (["--max-minutes", "nan"], "a number of 0.001 or more; received 'nan'"),
        (["--max-minutes", "inf"], "a number of 0.001 or more; received 'inf'"),
        (["--max-minutes", "-1"], "a number of 0.001 or more"),
        (["--patience", "0"], "a whole number of 1 or more"),
        (["--limit", "0"], "a whole number of 1 or more"),
        (["--seed", "-1"], "a whole number from 0 to 4294967295; received '-1'"),
        (["--device", "tpu"], "auto, cpu, all or gpu:N"),
        (["--precision", "float8"], "float32 or mixed"),
        (["--set", "units"], "key=value"),
        (["--set", "units=0"], "Received: '0'"),
        (["--set", "learning_rate=nan"], "learning_rate"),
        (["--set", "unitz=3"], "Did you mean 'units'?"),
        (["--epoch", "3"], "--epochs"),
        (["--sample", "--data", "x"], "--sample and --data"),
        (["extra"], "unexpected extra argument"),
    ],
    ids=" ".join,
)
def test_bad_options_exit_with_2_and_the_allowed_range(fake, capsys, arguments, said):
    assert main(["train", "clusters", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("error:") == 1


def test_bad_verb_options_name_their_range(fake, capsys):
    assert main(["predict", "clusters", "1,2", "--top", "0"]) == 2
    assert "There is no run of 'clusters'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["trian"], "Did you mean 'train'?"),
        (["predikt"], "Did you mean 'predict'?"),
        (["runs", "plott"], "Did you mean 'plot'?"),
        (["train", "clusterz"], "Did you mean 'clusters'?"),
        (["train", "clusters", "--model", "point-dens"], "Did you mean 'point-dense'?"),
        (["train", "clusters", "--task", "sorting"], "Did you mean 'sorting-points'?"),
        (["info", "point-dens"], "Did you mean 'point-dense'?"),
    ],
    ids=" ".join,
)
def test_what_was_probably_meant(fake, capsys, arguments, meant):
    assert main(arguments) == 2
    assert meant in capsys.readouterr().err


def test_usage_errors_are_json_too(fake, capsys):
    assert main(["train", "clusters", "--epochs", "-1", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "UsageError"


def test_a_broken_plugin_costs_one_named_line_and_nothing_else(fake, install, capsys):
    install("deepzoo-broken", "2.0", broken="raise SystemExit(3)")
    assert main(["datasets"]) == 0
    out, err = capsys.readouterr()
    assert "clusters" in out
    lines = [line for line in err.splitlines() if "deepzoo-broken 2.0" in line]
    assert len(lines) == 1
    assert lines[0].startswith("warning:")


def start(*arguments, stdout=subprocess.PIPE, **options):
    command = [sys.executable, "-m", "deepzoo", *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, **options)


def test_a_pipe_that_closes_early_is_no_error(fake):
    read, write = os.pipe()
    process = start("datasets", stdout=write)
    os.close(write)
    os.close(read)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 141)
    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err


def test_a_closed_standard_output_is_no_error(fake):
    line = f'"{sys.executable}" -m deepzoo datasets >&-'
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_an_argument_that_is_no_text_is_refused(command):
    done = command("train", os.fsdecode(b"tw\xffeets"), PYTHONUTF8="1")
    assert done.returncode == 2
    assert "not valid text" in done.stderr
    assert "tw\\udcffeets" in done.stderr


def test_an_ascii_terminal_gets_replacements_and_twenty_columns_are_enough(fake, install, command):
    install(
        "deepzoo-odd",
        odd="import deepzoo\n"
        "class Odd(deepzoo.Dataset):\n"
        "    '''Caf\u00e9 [/red] \\x1b]0;x\\x07 [id].'''\n"
        "    name = 'odd'\n"
        "    kind = deepzoo.Text\n"
        "@deepzoo.hookimpl\n"
        "def register_datasets():\n"
        "    return [Odd]\n",
    )
    done = command("datasets", PYTHONIOENCODING="ascii", LC_ALL="C", COLUMNS="20")
    assert done.returncode == 0
    assert "Caf? [/red]" in done.stdout
    assert "[id]" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["datasets"], ["datasets", "--json"]], ids=" ".join)
def test_a_full_disk_below_standard_output_exits_with_8(fake, arguments):
    with open("/dev/full", "w") as full:
        process = start(*arguments, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 8
    assert b"Traceback" not in err


def test_a_full_disk_or_a_missing_right_is_no_bug(failing, capsys):
    failing(OSError(28, "No space left on device", "/runs/x"))
    assert main(["train", "clusters"]) == 8
    assert "error: /runs/x: No space left on device." in capsys.readouterr().err
    failing(OSError(5, "Input/output error"))
    assert main(["train", "clusters"]) == 1


def test_a_command_within_a_command_leaves_the_outer_one_alone(fake, plugin, capsys):
    from deepzoo.cli.console import console

    def register_commands(app):
        @app.command()
        def outer():
            main(["datasets", "--json", "-q"])
            console.note(f"json {console.json}")

    plugin(register_commands=register_commands)
    assert main(["outer"]) == 0
    assert "json False" in capsys.readouterr().err
