"""Turns the words of a command line into numbers, paths and choices.

Typer does this with pydantic, whose import would cost every command a quarter of a
second. The few types our commands use are converted here; others are left to Typer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer

from ..interfaces import arguments

SIMPLE = (str, int, float, bool, Path)


class Converter:
    """Converts the value of one parameter; stands in for Typer's own converter.

    Args:
        annotation: One of `SIMPLE`.
        choices: The allowed values, if only some are.
    """

    def __init__(self, annotation: Any, choices: tuple[Any, ...] | None) -> None:
        self.annotation = annotation
        self.choices = choices

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Called by Typer with what the user typed, or with the default."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        try:
            if several:
                return tuple(self._one(item, param) for item in value)
            return self._one(value, param)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None

    def _one(self, value: Any, param: Any) -> Any:
        if self.choices is not None:
            if value not in self.choices:
                raise ValueError(f"expected one of {', '.join(self.choices)}; received {value!r}")
            return value
        if self.annotation is bool:
            return bool(value)  # a flag: the parser has made it true or false
        if self.annotation in (str, Path):
            return self.annotation(value)
        annotation = Annotated[self.annotation, param]  # it has `min` and `max`
        try:
            return arguments.check_value(annotation, self.annotation(value))
        except (ValueError, OverflowError):
            expected = arguments.expected(annotation)
            raise ValueError(f"expected {expected}; received {value!r}") from None


def install(parameter: Any) -> None:
    """Gives a parameter our converter, if it has one of the simple types.

    The attributes are not part of Typer's documented interface. Where another
    version lacks them nothing is changed: Typer then converts by itself, slower.
    """
    descriptor = getattr(parameter, "type_descriptor", None)
    if descriptor is None or not hasattr(parameter, "_runtime_param"):
        return
    annotation = descriptor.annotation
    if get_origin(annotation) is list:
        annotation = get_args(annotation)[0]
    choices = descriptor.choices
    if choices is not None and all(isinstance(choice, str) for choice in choices):
        if any(type(choice) is not str for choice in choices):
            return
        parameter._runtime_param = Converter(str, tuple(choices))
    elif annotation in SIMPLE and descriptor.parameter_info.parser is None:
        exists = getattr(descriptor.parameter_info, "exists", False)
        if not (annotation is Path and exists):
            parameter._runtime_param = Converter(annotation, None)
