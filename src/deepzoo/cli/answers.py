"""What verbs answer: printed as text, as JSON, or written as pictures."""

from __future__ import annotations

import inspect
import secrets
import time
from pathlib import Path
from typing import Any

from ..console import console
from . import facts, pictures, tables
from . import inputs as reading
from .verbs import INPUTS, OUT, RUN, STREAM, TASK, callback_of, draws


def answer(verb: str, method: Any, parameter: Any, values: dict[str, Any], literals: int) -> None:
    """Finds the run, reads the inputs, calls the verb and shows what it answers.

    Args:
        verb: Name of the verb.
        method: The task's method.
        parameter: Its input parameter, or None.
        values: What was parsed, by name of the parameter.
        literals: How many inputs stood after `--`.
    """
    reference, task = values.pop(RUN), values.pop(TASK)
    words, out = values.pop(INPUTS, None) or [], values.pop(OUT, None)
    _check_number(verb, parameter, words)
    if out and not draws(method):
        tables.check(Path(out))
    given = reading.read_inputs(
        words,
        literals,
        paths=parameter is not None and "Path" in str(parameter.annotation),
        lines=parameter is not None and _in_lines(parameter),
    )
    run = find(verb, reference, task)
    notes = [f"run {run.id}"] if verb == "generate" or run.id != reference else []
    if "seed" in values and values["seed"] is None:
        values["seed"] = secrets.randbelow(2**31)
        notes.append(f"seed {values['seed']}")
    if notes:
        console.note(", ".join(notes))
    if verb == "generate":
        from . import generate

        wanted = values.pop(STREAM, False)
        generate.show(run, given, values, callback_of(method) if wanted else "")
        return
    started = time.perf_counter()
    found = call(getattr(run, verb), parameter, given, values)
    if out and not draws(method):
        _write(run, [item.label for item in given], found, Path(out))
    else:
        show(run, verb, given, found, out, time.perf_counter() - started)


def _in_lines(parameter: Any) -> bool:
    """Tells whether each line of a file is an input of its own."""
    from ..task import EachLine

    marks = getattr(parameter.annotation, "__metadata__", ())
    return parameter.name == "prompt" or EachLine in marks


def find(verb: str, reference: str | None, task: str | None) -> Any:
    """Returns the run that was named, or the one a verb uses when none is."""
    from .. import resolve

    if reference is None:
        return resolve.default_run(verb)
    return resolve.resolve(reference, task=task, verb=verb)


def _check_number(verb: str, parameter: Any, words: list[str]) -> None:
    """A prompt is one word; several are a sentence that was written without quotes."""
    from ..errors import UsageError

    if len(words) > 1 and parameter is not None and parameter.name == "prompt":
        raise UsageError(
            f"{verb} takes one {parameter.name}; received {len(words)}.",
            f"Put it in quotes: deepzoo {verb} '{' '.join(words)}'",
        )


def call(verb: Any, parameter: Any, given: list[Any], options: dict[str, Any]) -> list[Any]:
    """Calls a verb and returns one answer per input (one in all where it takes none)."""
    if parameter is None or not given:
        return [verb(**options)]
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        found = verb(*(item.value for item in given), **options)
        return [found] if len(given) == 1 else list(found)
    return [verb(item.value, **options) for item in given]


def show(
    run: Any, verb: str, given: list[Any], found: list[Any], out: str | None, seconds: float
) -> None:
    """Shows one answer per input."""
    rows = []
    for number, one in enumerate(found):
        label = given[number].label if given else None
        if pictures.is_picture(one):
            suffix = "" if len(found) == 1 else f"-{number + 1}"
            target = Path(out or f"{verb}.png")
            one = {"path": str(pictures.save(one, target.with_stem(target.stem + suffix)))}
        rows.append((label, one))
    if console.json:
        objects = []
        for label, one in rows:
            named = {} if label is None else {"input": label}
            path = isinstance(one, dict) and list(one) == ["path"]
            objects.append({"run": run.id, **named, **(one if path else {"output": one})})
        console.emit(objects if given else objects[0])
        return
    for label, one in rows:
        if len(rows) > 1:
            console.heading(label)
        if isinstance(one, dict) and list(one) != ["path"]:
            nothing = {key: "(none)" for key, value in one.items() if value in ("", [])}
            facts.show({**one, **nothing})
        else:
            for line in _lines(one):
                console.result(line)
    if console.verbose:
        console.note(f"{seconds:.2f} s")


def _write(run: Any, labels: list[str], found: list[Any], path: Path) -> None:
    """Writes answers to a CSV file, and says how many rows it has."""
    rows = tables.rows(labels, found)
    tables.write(path, rows)
    if console.json:
        console.emit({"run": run.id, "path": str(path), "rows": len(rows)})
    else:
        console.result(f"{path} ({len(rows):,} rows)")


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(value["path"])]
    if isinstance(value, (list, tuple)):
        return [facts.text(item) for item in value]
    return [_short(value)]


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
