"""Verbs: one input, one answer; several inputs are asked in turn, or all at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from ..errors import PluginError, UsageError
from .arguments import check_call, check_named, hints_of
from .task import Verb


def ask(
    method: Callable[..., Any], run: Any, inputs: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    """Calls a verb with each input, or with all of them if it is batched.

    Args:
        method: The verb, bound to its task.
        run: The run that is asked.
        inputs: Its inputs; they may be left out where the verb has none or a default.
        options: Its options by name.

    Returns:
        The answer to one input; a list of answers to several.

    Raises:
        UsageError: An argument is missing, of another type or out of range.
        PluginError: A batched verb returned something else than an answer for each input.
    """
    parameter = input_of(method)
    if parameter is None or (not inputs and parameter.default is not parameter.empty):
        return _call(method, (run, *inputs), options)
    if not inputs:
        raise UsageError(f"{method.__name__} expects at least one {singular(method)}.")
    if not Verb.of(method).batched:
        answers = [_call(method, (run, value), options) for value in inputs]
    else:
        annotation = input_type(method)
        name = f"{method.__name__}: {singular(method)}"
        answers = _call(
            method, (run, [check_named(name, annotation, value) for value in inputs]), options
        )
        if not isinstance(answers, list) or len(answers) != len(inputs):
            received = f"{len(answers)}" if isinstance(answers, list) else f"{answers!r:.60}"
            raise PluginError(
                f"{run.task}: {method.__name__} is batched and must return a list of "
                f"{len(inputs)} answers, one for each input; received: {received}."
            )
    return answers[0] if len(inputs) == 1 else answers


def input_of(method: Callable[..., Any]) -> inspect.Parameter | None:
    """Returns the parameter of a verb's input, or None if it has none."""
    return next(iter(positional(method)), None)


def positional(method: Callable[..., Any]) -> list[inspect.Parameter]:
    """Returns the parameters of a verb after its run that are no options."""
    return [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is not parameter.KEYWORD_ONLY and parameter.name not in ("self", "run")
    ]


def input_type(method: Callable[..., Any]) -> Any:
    """Returns the annotation of one input: that of an element, if a verb is batched."""
    parameter = input_of(method)
    hint = hints_of(method).get(parameter.name, Any) if parameter else Any
    if not Verb.of(method).batched:
        return hint
    rules = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    parts = get_args(get_args(hint)[0] if rules else hint)
    element = parts[0] if parts else Any
    return Annotated[element, *rules] if rules else element


def singular(method: Callable[..., Any]) -> str:
    """Returns the name of one input: `sentence` of a batched verb that takes `sentences`."""
    parameter = input_of(method)
    name = parameter.name if parameter else "input"
    return name.removesuffix("s") if Verb.of(method).batched else name


def _call(method: Callable[..., Any], arguments: Sequence[Any], options: Mapping[str, Any]) -> Any:
    positional, named = check_call(method, arguments, options)
    return method(*positional, **named)
