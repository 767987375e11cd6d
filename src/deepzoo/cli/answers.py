"""What verbs answer: printed as text, as JSON, or written as pictures."""

from __future__ import annotations

import inspect
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import api
from ..errors import UsageError
from ..evaluation import figures
from ..interfaces.task import EachLine, Verb
from . import facts, generated, inputs, outputs
from .console import console
from .signatures import INPUTS, OUT, RUN, STREAM, TASK, reads_files

if TYPE_CHECKING:
    from ..run import Run


def answer(
    verb: str,
    method: Any,
    parameter: Any,
    values: dict[str, Any],
    literals: int,
    run: Run | None = None,
) -> None:
    """Finds the run, reads the inputs, calls the verb and shows what it answers.

    Args:
        verb: Name of the verb.
        method: The task's method.
        parameter: Its input parameter, or None.
        values: What was parsed, by name of the parameter.
        literals: How many inputs stood after `--`.
        run: The run, if it has been looked up already.
    """
    declared = Verb.of(method)
    reference, task = values.pop(RUN), values.pop(TASK)
    words, out = values.pop(INPUTS, None) or [], values.pop(OUT, None)
    if declared.run_optional and len(words) > 1:
        raise UsageError(
            f"{verb} takes one {parameter.name}; received {len(words)}.",
            f"Put it in quotes: deepzoo {verb} '{' '.join(words)}'",
        )
    as_table = out and not declared.draws
    if as_table:
        outputs.check(Path(out))
    given = inputs.read_inputs(
        words,
        literals,
        paths=parameter is not None and reads_files(parameter.annotation),
        lines=EachLine in getattr(getattr(parameter, "annotation", None), "__metadata__", ()),
    )
    run = run or find(verb, reference, task)
    notes = [f"run {run.id}"] if declared.run_optional or run.id != reference else []
    if "seed" in values and values["seed"] is None:
        values["seed"] = secrets.randbelow(2**31)
        notes.append(f"seed {values['seed']}")
    if notes:
        console.note(", ".join(notes))
    if declared.writes:
        wanted = values.pop(STREAM, False)
        generated.show(run, verb, declared, given, values, stream=wanted)
        return
    started = time.perf_counter()
    answers = call(getattr(run, verb), parameter, given, values)
    if as_table:
        _write(run, [item.label for item in given], answers, Path(out))
    else:
        show(run, verb, given, answers, out, time.perf_counter() - started)


def find(verb: str, reference: str | None, task: str | None) -> Run:
    """Returns the run that was named, or the one a verb uses when none is."""
    if reference is None:
        return api.default_run(verb)
    return api.load(reference, task=task, verb=verb)


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
        if figures.is_picture(one):
            suffix = "" if len(found) == 1 else f"-{number + 1}"
            target = Path(out or f"{verb}.png")
            one = {"path": str(figures.save(one, target.with_stem(target.stem + suffix)))}
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
    rows = outputs.rows(labels, found)
    outputs.write(path, rows)
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
