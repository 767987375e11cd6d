"""Verbs: one input and one answer; the core maps over several, or hands all on at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated

import pytest

from deepzoo import EachLine, Task, verb
from deepzoo.errors import PluginError, UsageError
from deepzoo.interfaces.ask import ask

RUN = SimpleNamespace(task="words")


class Words(Task):
    """Words."""

    name = "words"

    def shout(self, run, word: Annotated[str, EachLine], *, times: int = 1):
        """Shouts."""
        return word.upper() * times

    @verb(batched=True)
    def number(self, run, words: Annotated[list[str], EachLine]):
        """Numbers words."""
        return [f"{number} {word}" for number, word in enumerate(words)]

    @verb(batched=True)
    def count(self, run, words: list[str]):
        """Returns one answer for all."""
        return len(words)

    @verb(batched=True)
    def first(self, run, words: list[str]):
        """Returns too few answers."""
        return words[:1]

    def again(self, run, word: str = "nothing"):
        """Has an input that may be left out."""
        return word

    def all(self, run):
        """Has no input."""
        return "all"


def call(name, *inputs, **options):
    return ask(getattr(Words(), name), RUN, inputs, options)


def test_one_input_has_one_answer_and_several_have_a_list():
    assert call("shout", "a", times=2) == "AA"
    assert call("shout", "a", "b") == ["A", "B"]
    assert call("number", "a") == "0 a"
    assert call("number", "a", "b") == ["0 a", "1 b"]


def test_an_input_may_be_left_out_where_the_verb_allows_it():
    assert call("again") == "nothing"
    assert call("again", "x") == "x"
    assert call("all") == "all"
    with pytest.raises(UsageError, match=r"shout expects at least one word\."):
        call("shout")
    with pytest.raises(UsageError, match="all"):
        call("all", "x")


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("shout", ("a", 3), "shout: word must be text; received 3"),
        ("number", ("a", None), "number: word must be text; received None"),
        ("number", (["a", "b"],), "number: word must be text; received the list"),
    ],
)
def test_each_input_is_checked_by_its_annotation(name, inputs, words):
    with pytest.raises(UsageError, match=words):
        call(name, *inputs)


@pytest.mark.parametrize(("name", "received"), [("count", "2"), ("first", "1")])
def test_a_batched_verb_answers_each_input(name, received):
    words = f"words: {name} is batched and must return a list of 2 answers.*received: {received}"
    with pytest.raises(PluginError, match=words):
        call(name, "a", "b")
