"""Arguments of `train` and of the verbs of tasks, checked by the annotations of the functions.

The command line and Python share these checks: both refuse the same values in the same words.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import numbers
import os
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from ..errors import UsageError, did_you_mean

F = TypeVar("F", bound=Callable[..., Any])
_WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "True or False",
    Path: "the path of a file",
    type(None): "None",
    Callable: "a function",
    Mapping: "a dictionary",
}


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Resolves the types of a function's parameters, leaving out those that cannot be.

    Plugins may import a type for type checkers only; then the parameter is no option.
    """
    hints = {}
    for name, annotation in inspect.get_annotations(function).items():
        with contextlib.suppress(NameError):
            known = isinstance(annotation, str)
            hints[name] = eval(annotation, function.__globals__) if known else annotation
    return hints


def checked(function: F) -> F:
    """Lets a function check its arguments, as a decorator."""

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        positional, named = check_call(function, arguments, options)
        return function(*positional, **named)

    return call  # pyright: ignore[reportReturnType]


def check_call(
    function: Callable[..., Any], arguments: Sequence[Any], options: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Checks the arguments of a call, and returns them as the annotations want them.

    Raises:
        UsageError: An argument is missing, unknown, of another type or out of range.
    """
    signature, hints, name = inspect.signature(function), hints_of(function), function.__name__
    parameters = signature.parameters
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        names = [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY]
        for option in options:
            if option not in parameters:
                raise UsageError(
                    f"{name} has no option '{option}'.{did_you_mean(option, names)}",
                    f"It has: {', '.join(names)}" if names else "It has no options.",
                )
    try:
        bound = signature.bind(*arguments, **options)
    except TypeError as error:
        raise UsageError(f"{name}: {error}.", f"It takes {signature}".replace("'", "")) from None
    for key, value in bound.arguments.items():
        parameter = parameters[key]
        if key not in hints or parameter.kind is parameter.VAR_KEYWORD:
            continue
        if parameter.kind is parameter.VAR_POSITIONAL:
            where = f"{name}: {key}"
            fitting = tuple(check_named(where, hints[key], item) for item in value)
        else:
            unset = value is parameter.default
            fitting = value if unset else check_named(f"{name}: {key}", hints[key], value)
        bound.arguments[key] = fitting
    return bound.args, bound.kwargs


def check_named(name: str, annotation: Any, value: Any) -> Any:
    """Returns a value in the type of its annotation.

    Raises:
        UsageError: It does not fit; the message begins with the name.
    """
    try:
        return check_value(annotation, value)
    except ValueError as error:
        raise UsageError(f"{name} must be {error}.") from None


def check_value(annotation: Any, value: Any) -> Any:
    """Returns a value in the type of its annotation; numbers of NumPy count as numbers.

    A text where a list of texts is expected is a list of one.

    Raises:
        ValueError: The value does not fit; the message says what is expected and was received.

    Examples:
        >>> import numpy as np
        >>> check_value(int, np.int64(2)), check_value(list[str], "Joe")
        (2, ['Joe'])
        >>> check_value(int, 1.5)
        Traceback (most recent call last):
        ValueError: a whole number; received 1.5
    """
    try:
        return _fitted(annotation, value)
    except (ValueError, OverflowError):
        raise ValueError(f"{expected(annotation)}; received {_shown(value)}") from None


def _fitted(annotation: Any, value: Any) -> Any:
    """Returns the value that fits the annotation; types it does not know fit any value."""
    origin: Any = get_origin(annotation) or annotation
    parts = get_args(annotation)
    if origin is Annotated:
        return _inside(parts[1:], _fitted(parts[0], value))
    if origin in (Union, types.UnionType) and Any not in parts:
        for part in parts:
            with contextlib.suppress(ValueError):
                return _fitted(part, value)
        raise ValueError
    if origin in (list, tuple, Sequence):
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, (list, tuple, set, frozenset)):
            raise ValueError
        return [_fitted(parts[0] if parts else Any, item) for item in items]
    if origin is Literal:
        fits = any(type(value) is type(option) and value == option for option in parts)
    elif origin is bool:
        fits = isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")
    elif origin in (int, float):
        kind = numbers.Integral if origin is int else numbers.Real
        fits = isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)  # pyright: ignore[reportArgumentType]
    elif origin is Path:
        fits = isinstance(value, (str, os.PathLike)) and str(value)
    elif origin in (str, Mapping):
        fits = isinstance(value, origin)
    elif origin in (None, type(None)):
        fits = value is None
    else:
        fits = callable(value) if origin is Callable else True
    if not fits:
        raise ValueError
    fitting: Any = value
    return origin(fitting) if origin in (bool, int, float, Path) else fitting


def _inside(rules: Sequence[Any], value: Any) -> Any:
    (low, high), above, below = limits(rules), _bound(rules, "gt"), _bound(rules, "lt")
    if value is not None and not (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (above is None or value > above)
        and (below is None or value < below)
    ):
        raise ValueError
    return value


def limits(rules: Sequence[Any]) -> tuple[float | None, float | None]:
    """Returns the least and the greatest value that an annotation's rules allow, or None.

    Args:
        rules: Options of Typer with `min` and `max`, or rules of `annotated_types`.
    """
    return _bound(rules, "min", "ge"), _bound(rules, "max", "le")


def _bound(rules: Sequence[Any], *names: str) -> Any:
    """Returns the first bound of one of these names that the rules have, or None."""
    values = (getattr(rule, name, None) for rule in rules for name in names)
    return next((value for value in values if value is not None), None)


def expected(annotation: Any) -> str:
    """Says in words which values an annotation allows.

    Examples:
        >>> from annotated_types import Ge
        >>> expected(Annotated[int | None, Ge(1)]), expected(Literal["a", "b"])
        ('a whole number of 1 or more', "one of 'a', 'b'")
    """
    origin, parts = get_origin(annotation) or annotation, get_args(annotation)
    if origin is Annotated:
        low, high = limits(parts[1:])
        what = expected(parts[0])
        for name, word in (("gt", "above"), ("lt", "below")):
            value = _bound(parts[1:], name)
            what += "" if value is None else f" {word} {value}"
        if low is not None and high is not None:
            return f"{what} from {low} to {high}"
        if low is not None:
            return f"{what} of {low} or more"
        return f"{what} of {high} or less" if high is not None else what
    if origin in (Union, types.UnionType):
        return " or ".join(expected(part) for part in parts if part is not type(None))
    if origin in (list, tuple, Sequence):
        return f"a list, each {expected(parts[0])}" if parts else "a list"
    if origin is Literal:
        return f"one of {', '.join(map(repr, parts))}"
    return _WORDS.get(origin, getattr(origin, "__name__", str(origin)))


def _shown(value: Any) -> str:
    """Shows what was received: small values as they are, others by their type."""
    if isinstance(value, (str, numbers.Number, type(None))):
        return f"{value!r:.60}"
    kind = type(value).__name__
    return f"the {kind} {value!r:.40}" if isinstance(value, (list, tuple)) else kind
