"""Verbs: their declarations, and what they answer to inputs from the training data."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import DataError, UsageError
from ..figures import is_picture
from ..interfaces import arguments
from ..interfaces.ask import input_of
from ..interfaces.task import Task, Verb
from .findings import Findings, check_json

if TYPE_CHECKING:
    from ..interfaces.kinds import Splits
    from ..run import Run
    from ..workload import Workload


def check_verbs(findings: Findings, cls: type[Task]) -> None:
    """Checks that each verb can be a command."""
    from ..cli.verbs import build

    verbs = cls.verbs()
    if not verbs:
        findings.checked.append("Skipped: it has no verbs.")
    promise = f"Its verbs are commands: {', '.join(verbs)}." if verbs else ""
    with findings.part(promise):
        for verb, method in verbs.items():
            where = f"{cls.__name__}.{verb}"
            with findings.part():
                _check_options(findings, method, where)
                advice = "Import the types of its options at the top."
                with findings.attempt(f"Making a command of {where}", advice):
                    build(verb, cls, 0)


def _check_options(findings: Findings, method: Callable[..., Any], where: str) -> None:
    findings.expect(
        method.__doc__, f"Give {where} a docstring: its first line is the command's help."
    )
    for option in inspect.signature(method).parameters.values():
        if option.kind is option.KEYWORD_ONLY:
            findings.require(
                option.default is not option.empty and option.annotation is not option.empty,
                f"{where}: the option `{option.name}` needs a type and a default.",
            )
            _check_refusals(findings, where, option.name, arguments.hints_of(method))


def _check_refusals(findings: Findings, where: str, option: str, hints: dict[str, Any]) -> None:
    """Checks that values of a wrong type and out of range can be told from right ones."""
    findings.require(
        option in hints,
        f"{where}: the type of the option `{option}` cannot be read: import it at the top.",
    )
    annotation = hints[option]
    low, _ = arguments.limits(getattr(annotation, "__metadata__", ()))
    findings.require(
        low is not None or "a whole number" not in arguments.expected(annotation),
        f"{where}: say which numbers the option `{option}` takes: "
        f"`{option}: Annotated[int, typer.Option(min=...)]`.",
    )
    for value in misfits(annotation):
        try:
            arguments.check_value(annotation, value)
        except ValueError:
            continue
        findings.require(False, f"{where}: the option `{option}` takes {value!r}: give it a type.")


def misfits(annotation: Any) -> list[Any]:
    """Returns values that an annotation does not allow: of other types, and out of range."""
    low, high = arguments.limits(getattr(annotation, "__metadata__", ()))
    values: list[Any] = [b"text", {}]
    if low is not None:
        values.append(low - 1)
    if high is not None:
        values.append(high + 1)
    if "number" in arguments.expected(annotation):
        values += ["three", True, float("nan")]
    return [*values, 1.5] if "whole" in arguments.expected(annotation) else values


def check_answers(findings: Findings, workload: Workload, run: Run) -> None:
    """Asks a trained run what users ask, with inputs from the training data."""
    task, splits = workload.recipes.task, workload.data.splits
    with findings.attempt(f"{type(task).__name__}.example_inputs()"):
        inputs = list(task.example_inputs(splits))[:2]
    for verb in type(task).verbs():
        with findings.part():
            _ask(findings, run, verb, inputs, splits)


def _ask(findings: Findings, run: Run, verb: str, inputs: list[Any], splits: Splits) -> None:
    """Asks with one input twice, and with several together."""
    cls = type(run.recipe("task"))
    method, where = cls.verbs()[verb], f"{cls.__name__}.{verb}"
    options = {"seed": 1} if "seed" in inspect.signature(method).parameters else {}
    options |= {"data": splits} if Verb.of(method).reads_data else {}
    ask = functools.partial(getattr(run, verb), **options)
    alone = inputs[:1] if input_of(method) else []
    several = len(inputs) > 1 and bool(alone)
    with findings.attempt(f"{where}({', '.join(f'{item!r:.40}' for item in alone)})"):
        try:
            first, again = ask(*alone), ask(*alone)
            both = ask(*inputs) if several else [first]
        except (UsageError, DataError) as error:
            if cls.example_inputs is not Task.example_inputs:
                raise
            findings.checked.append(f"Skipped: {where} takes other inputs. {error}")
            return
    with findings.part(f"{where} answers, and the same each time."):
        if Verb.of(method).draws:
            findings.require(is_picture(first), f"{where} must return a picture.")
        elif not check_json(findings, first, f"{where}: the answer"):
            return
        findings.expect(
            alike(first, again),
            f"{where} answers differently the second time: draw from a generator with a fixed "
            "seed, or give it the option `seed`.",
        )
        findings.require(
            isinstance(both, list) and len(both) == max(1, len(inputs) * several),
            f"{where}, asked with {len(inputs)} inputs, returned {both!r:.60}: "
            "give a list with one answer for each.",
        )
        findings.expect(
            alike(first, both[0]),
            f"{where} answers an input differently when it is asked together with others.",
        )


def alike(first: Any, second: Any) -> bool:
    """Compares answers; numbers may differ by rounding, and figures are not compared."""
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=1e-3, abs_tol=1e-5)
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(alike(first[k], second[k]) for k in first)
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(map(alike, first, second))
    return is_picture(first) or first == second
