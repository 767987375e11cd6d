"""Setting types: says in words what a setting's annotation allows."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
}
BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def describe(annotation: Any) -> str:
    """Says what is allowed, or nothing where the annotation has rules of its own.

    Example:
        >>> from annotated_types import Ge, Lt
        >>> describe(Annotated[float, Ge(0), Lt(1)])
        'a number, at least 0 and below 1'
        >>> describe(Literal["adam", "sgd"])
        "one of 'adam', 'sgd'"
    """
    if get_origin(annotation) is Annotated:
        inner, *rules = get_args(annotation)
        bounds = [_bound(rule) for rule in rules]
        if not all(bounds):
            return ""
        return f"{describe(inner)}, {' and '.join(bounds)}"
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(repr(option) for option in get_args(annotation))}"
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [describe(part) for part in get_args(annotation)]
        return " or ".join(parts) if all(parts) else ""
    if annotation in (None, type(None)):
        return "none"
    element = sequence_of(annotation)
    if element is not None:
        return f"a list with commas, each {describe(element)}" if describe(element) else ""
    return WORDS.get(annotation, "")


def with_rules_of(annotation: Any, other: Any) -> Any:
    """Adds the bounds of another annotation, unless they are there already.

    Example:
        >>> from annotated_types import Ge
        >>> describe(with_rules_of(int, Annotated[int, Ge(1)]))
        'a whole number, at least 1'
    """
    own = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    rules = get_args(other)[1:] if get_origin(other) is Annotated else ()
    for rule in rules:
        if rule not in own:
            annotation = Annotated[annotation, rule]
    return annotation


def accepts_none(annotation: Any) -> bool:
    """Whether None is an allowed value."""
    if get_origin(annotation) is Annotated:
        return accepts_none(get_args(annotation)[0])
    return annotation in (None, type(None)) or (
        get_origin(annotation) in (Union, types.UnionType)
        and any(accepts_none(part) for part in get_args(annotation))
    )


def options_of(annotation: Any) -> tuple[Any, ...]:
    """Returns the options of a `Literal`, wherever it stands in the annotation."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        return tuple(option for part in get_args(annotation) for option in options_of(part))
    return ()


def sequence_of(annotation: Any) -> Any | None:
    """Returns the type of the elements of a tuple or list, or None for anything else."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return sequence_of(parts[0])
    if origin in (Union, types.UnionType):
        return next((found for part in parts if (found := sequence_of(part)) is not None), None)
    if origin in (tuple, list) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return parts[0] if parts else str
    return None


def _bound(rule: Any) -> str:
    found = []
    for name, words in BOUNDS.items():
        value = getattr(rule, name, None)
        if value is not None:
            found.append(f"{words} {value}")
    if getattr(rule, "min_length", 0):
        found.append(f"with at least {rule.min_length} of them")
    if getattr(rule, "max_length", None) is not None:
        found.append(f"with at most {rule.max_length} of them")
    if getattr(rule, "multiple_of", None) is not None:
        found.append(f"a multiple of {rule.multiple_of}")
    return " and ".join(found)
