"""Commands of plugins: clashes of names, and the options that every command has."""

from __future__ import annotations

import json
import logging

import pytest
import typer

from deepzoo import Task, Text
from deepzoo.cli import main
from deepzoo.errors import DataError


class Juggling(Task):
    name = "juggling"
    kinds = (Text,)
    default_model = "hands"

    def throw(self, run):
        """Throws a ball."""


@pytest.fixture(autouse=True)
def no_others(monkeypatch):
    monkeypatch.setenv("DEEPZOO_PLUGINS", "")


@pytest.fixture
def commands(plugin):
    """Registers a plugin with commands: `commands("deepzoo-a", bow=lambda: "bows")`."""

    def register(distribution, plugin_name="inline", **functions):
        def register_commands(app):
            for name, function in functions.items():
                app.command(name)(function)

        return plugin(plugin_name, distribution, register_commands=register_commands)

    return register


def run(capsys, *words, code=0):
    capsys.readouterr()
    assert main(list(words)) == code
    return capsys.readouterr()


def test_two_plugins_with_one_command_are_named_and_the_bare_name_is_refused(commands, capsys):
    commands("deepzoo-a", bow=lambda: "a bows")
    commands("deepzoo-b", bow=lambda: "b bows", wave=lambda: "b waves")
    clash = "Several plugins offer a command named 'bow': deepzoo-a:bow and deepzoo-b:bow"
    assert f"{clash}; write one of them in full." in run(capsys, "plugins").err
    refused = run(capsys, "bow", code=6).err
    assert f"error: {clash}." in refused
    assert "deepzoo deepzoo-a:bow" in refused
    assert run(capsys, "deepzoo-a:bow").out == "a bows\n"
    assert run(capsys, "deepzoo-b:bow").out == "b bows\n"
    assert run(capsys, "wave").out == "b waves\n"
    shown = run(capsys, "--help").out
    assert "deepzoo-a:bow" in shown
    assert "\n  wave" in shown


def test_a_command_named_like_one_of_ours_is_told_of(commands, capsys):
    commands("deepzoo-a", doctor=lambda: "says aah")
    assert "deepzoo:doctor and deepzoo-a:doctor; 'doctor' is the built-in one" in (
        run(capsys, "plugins").err
    )
    assert "says aah" not in run(capsys, "doctor").out
    assert run(capsys, "deepzoo-a:doctor").out == "says aah\n"


def test_a_command_named_like_a_verb_is_told_of(commands, capsys, plugin):
    plugin("juggling", "deepzoo-juggling", register_tasks=lambda: [Juggling])
    commands("deepzoo-a", throw=lambda: "throws up")
    clash = "a command named 'throw': deepzoo-juggling:throw and deepzoo-a:throw"
    assert clash in run(capsys, "plugins").err
    assert clash in run(capsys, "throw", code=6).err
    assert run(capsys, "deepzoo-a:throw").out == "throws up\n"


def test_a_verb_of_two_plugins_is_no_clash(capsys, plugin):
    plugin("one", "deepzoo-one", register_tasks=lambda: [Juggling])
    other = type("Other", (Juggling,), {"name": "other"})
    plugin("two", "deepzoo-two", register_tasks=lambda: [other])
    captured = run(capsys, "--help")
    assert captured.out.count("throw ") == 1
    assert "Several" not in captured.err


def test_a_command_that_is_offered_twice_skips_the_plugin(commands, capsys):
    commands("deepzoo-a", bow=lambda: "bows")
    commands("deepzoo-a", "second", bow=lambda: "bows again")
    assert "'deepzoo-a' offers 'bow' twice" in run(capsys, "plugins").err


def test_commands_of_a_plugin_that_fails_are_none_of_the_next(plugin, commands, capsys):
    def register_commands(app):
        app.command("half")(lambda: None)
        raise RuntimeError("no more")

    plugin("broken", "deepzoo-broken", register_commands=register_commands)
    commands("deepzoo-a", bow=lambda: "bows")
    assert "There is no command 'half'" in run(capsys, "half", code=2).err


ROWS = [{"ball": "red", "height": 2.5}, {"ball": "blue", "height": 3}]


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        ("a text", "a text\n"),
        ({"ball": "red", "height": 2.5}, "ball    red\nheight  2.5\n"),
        (ROWS, "BALL  HEIGHT\nred      2.5\nblue       3\n"),
        (["red", "blue"], "red\nblue\n"),
    ],
)
def test_what_a_command_returns_is_its_result(result, shown, commands, capsys):
    commands("deepzoo-a", balls=lambda: result)
    assert run(capsys, "balls").out == shown
    assert json.loads(run(capsys, "balls", "--json").out) == result


def test_commands_in_a_group_have_the_common_options_too(plugin, capsys):
    group = typer.Typer()

    @group.command()
    def count(balls: int):
        """Counts balls."""
        logging.getLogger("deepzoo").info("counting")
        print(balls)

    @group.command()
    def drop():
        """Drops a ball."""
        raise DataError("It rolled away.")

    def register_commands(app):
        app.add_typer(group, name="balls")

    plugin("balls", "deepzoo-balls", register_commands=register_commands)
    assert run(capsys, "balls", "count", "3") == ("3\n", "counting\n")
    assert run(capsys, "balls", "count", "3", "-q") == ("3\n", "")
    assert json.loads(run(capsys, "balls", "count", "3", "--json").out) == {"output": "3\n"}
    assert json.loads(run(capsys, "balls", "drop", "--json", code=3).out)["error"]["exit_code"] == 3
    assert "Traceback" in run(capsys, "balls", "drop", "--debug", code=3).err
    assert "Common options" in run(capsys, "balls", "count", "--help").out


def test_a_command_with_a_json_option_of_its_own_writes_what_it_likes(commands, capsys):
    def own(json: bool = False):
        print("[1]" if json else "one")

    commands("deepzoo-a", own=own)
    assert run(capsys, "own", "--json").out == "[1]\n"
