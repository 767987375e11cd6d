"""Arguments of `train` and of verbs: one check by their annotations, for shell and Python."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from annotated_types import Ge, Gt, Lt

import deepzoo
from deepzoo import api
from deepzoo.cli.commands import train as commands
from deepzoo.errors import UsageError
from deepzoo.interfaces.arguments import check_call, check_value, expected, hints_of
from deepzoo.plugins import registry
from deepzoo.testing.verb_checks import misfits

PERCENT = Annotated[int | None, Ge(0)]


@pytest.mark.parametrize(
    ("annotation", "value", "fitting"),
    [
        (int, np.int64(2), 2),
        (float, 1, 1.0),
        (float, np.float32(0.5), 0.5),
        (bool, np.True_, True),
        (PERCENT, None, None),
        (PERCENT, np.uint8(7), 7),
        (list[str] | None, "Joe", ["Joe"]),
        (list[str], ("a", "b"), ["a", "b"]),
        (str | Sequence[str], "a, b", "a, b"),
        (Path, "a/b", Path("a/b")),
        (Path | Any, 5, 5),
        (Literal["a", "b"], "b", "b"),
        (Callable[[str], None], print, print),
    ],
    ids=repr,
)
def test_values_come_in_the_type_of_their_annotation(annotation, value, fitting):
    found = check_value(annotation, value)
    assert (found, type(found)) == (fitting, type(fitting))


@pytest.mark.parametrize(
    ("annotation", "value", "said"),
    [
        (int, 1.5, "a whole number; received 1.5"),
        (int, True, "a whole number; received True"),
        (int, "3", "a whole number; received '3'"),
        (float, float("nan"), "a number; received nan"),
        (PERCENT, -1, "a whole number of 0 or more; received -1"),
        (str, b"x", "text; received bytes"),
        (str, ["a"], "text; received the list"),
        (list[str], 5, "a list, each text; received 5"),
        (Literal["a", "b"], "c", "one of 'a', 'b'; received 'c'"),
        (bool, 1, "True or False; received 1"),
        (Path, None, "the path of a file; received None"),
        (Callable[[str], None], "x", "a function; received 'x'"),
    ],
    ids=repr,
)
def test_other_values_are_refused_in_one_line(annotation, value, said):
    with pytest.raises(ValueError, match=r"; received") as caught:
        check_value(annotation, value)
    assert said in str(caught.value)


def verbs():
    """Lists the verbs of all installed tasks."""
    for entry in registry.tasks():
        for name, method in entry.cls.verbs().items():
            yield pytest.param(entry.cls, method, id=f"{entry.cls.name}-{name}")


@pytest.mark.parametrize(("task", "method"), list(verbs()))
def test_every_option_of_every_verb_refuses_what_its_annotation_excludes(task, method):
    bound, hints = getattr(task(), method.__name__), hints_of(method)
    parameters = list(inspect.signature(bound).parameters.values())[1:]
    inputs = ["x" for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    options = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    assert set(options) <= set(hints)
    for name in options:
        for value in misfits(hints[name]):
            with pytest.raises(UsageError, match=f"^{method.__name__}: {name} must be .* received"):
                check_call(bound, [None, *inputs], {name: value})
    with pytest.raises(UsageError, match="has no option 'nonsense'"):
        check_call(bound, [None, *inputs], {"nonsense": 1})


@pytest.mark.parametrize(("task", "method"), list(verbs()))
def test_every_verb_that_takes_text_refuses_other_inputs(task, method):
    bound, hints = getattr(task(), method.__name__), hints_of(method)
    parameters = list(inspect.signature(bound).parameters.values())[1:]
    inputs = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
    for parameter in inputs:
        if "text" in expected(hints[parameter.name]):
            for value in (5, b"x", object()):
                with pytest.raises(UsageError, match=f"{parameter.name} must be"):
                    check_call(bound, [None, value], {})


def numbers_of_train():
    """Lists the options of `train` and `resume` whose values have limits or types."""
    for function in (api.train, api.resume):
        for name, annotation in hints_of(function).items():
            if name not in ("data", "return", "more_settings"):
                yield pytest.param(function, name, annotation, id=f"{function.__name__}-{name}")


@pytest.mark.parametrize(("function", "name", "annotation"), list(numbers_of_train()))
def test_every_option_of_train_refuses_what_its_annotation_excludes(function, name, annotation):
    given = [] if function is api.train else ["run"]
    for value in misfits(annotation):
        if name == "dataset":
            continue
        with pytest.raises(UsageError, match=f"{name} must be .* received"):
            function(*given, **{name: {1} if value == {} else value})


@pytest.mark.parametrize("name", ["train", "resume"])
def test_the_shell_has_the_limits_of_python(name):
    ours, theirs = hints_of(getattr(api, name)), hints_of(getattr(commands, name))
    for option in set(ours) & set(theirs) - {"return", "settings", "data"}:
        assert expected(ours[option]) == expected(theirs[option]), option


def test_a_stop_string_is_one_string():
    text = deepzoo.generate("Today I will", seed=1, length=100)
    assert deepzoo.generate("Today I will", seed=1, length=100, stop="will be") == (
        deepzoo.generate("Today I will", seed=1, length=100, stop=["will be"])
    )
    assert deepzoo.generate("Today I will", seed=np.int64(1), length=np.int32(100)) == text


@pytest.mark.parametrize(
    "options",
    [{"n": -1}, {"seed": 1.5}, {"length": -5}, {"prompt": ["a"]}, {"prompt": b"a"}, {"prompt": 5}],
    ids=repr,
)
def test_generate_refuses_in_one_line(options):
    with pytest.raises(UsageError, match=f"generate: {next(iter(options))} must be") as caught:
        deepzoo.generate(**options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("value", "fits"), [(0.5, True), (0, False), (1, False)])
def test_bounds_that_are_not_reached_are_kept_by_verbs_too(value, fits):
    annotation = Annotated[float, Gt(0), Lt(1)]
    assert expected(annotation) == "a number above 0 below 1"
    if fits:
        assert check_value(annotation, value) == value
    else:
        with pytest.raises(ValueError, match="a number above 0 below 1; received"):
            check_value(annotation, value)
