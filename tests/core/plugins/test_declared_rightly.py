"""What a class declares is checked when it is registered, in one sentence each."""

from __future__ import annotations

import pytest

from deepzoo import Model, Task, Text
from deepzoo.errors import PluginError
from deepzoo.plugins.registration import check_class


def sounding(method):
    """Makes a task with a verb."""
    declared = {"name": "sounding", "kinds": (Text,), "default_model": "none", "say": method}
    return type("Sounding", (Task,), declared)


def every(self, run, *texts):
    """The form of plugin API 1."""


def pair(self, run, text, other):
    """Two inputs."""


def one(self, run, text, *, times: int = 1):
    """One input and an option."""


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (every, r"say takes \*texts: in plugin API 2 a verb takes one"),
        (pair, "write `[*],` before"),
    ],
)
def test_a_verb_takes_one_input(method, words):
    with pytest.raises(PluginError, match=words):
        check_class("task", sounding(method))
    check_class("task", sounding(one))


def test_the_settings_that_a_model_honours_exist():
    declared = {"name": "net", "task": "sounding", "training_settings": ("epochs", "learning_rte")}
    with pytest.raises(PluginError, match=r"'learning_rte'.*Did you mean 'learning_rate'"):
        check_class("model", type("Net", (Model,), declared))
