"""Answers of verbs: printed as text, as JSON, or written as pictures and tables."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from .. import api, figures
from ..errors import DataError, DeepzooError, UsageError
from ..interfaces.task import EachLine, Verb
from . import half_blocks, outputs
from .console import console
from .inputs import Input, read_inputs
from .signatures import DATA, INPUTS, OUT, RUN, STREAM, TASK, reads_files

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
    """Finds the run, reads the inputs, calls the verb and shows its answers.

    Args:
        verb: Name of the verb.
        method: The task's method.
        parameter: Its input parameter, or None.
        values: The parsed arguments, by parameter name.
        literals: How many of the inputs came after `--`, to be taken literally.
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
        outputs.check_table(Path(out))
    given = read_inputs(
        words,
        literals,
        paths=parameter is not None and reads_files(parameter.annotation),
        lines=EachLine in getattr(getattr(parameter, "annotation", None), "__metadata__", ()),
    )
    if run is None and reference is None:
        run = api.default_run(verb)
    run = run or api.load(reference or "", task=task, verb=verb)
    if (data := values.pop(DATA, None)) is not None:
        run = run.with_data(data)
    notes = [f"run {run.id}"] if declared.run_optional or run.id != reference else []
    if "seed" in values and values["seed"] is None:
        values["seed"] = secrets.randbelow(2**31)
        notes.append(f"seed {values['seed']}")
    if notes:
        console.note(", ".join(notes))
    if declared.writes:
        _write_texts(run, verb, declared, given, values, stream=values.pop(STREAM, False))
        return
    started = time.perf_counter()
    answers = call(getattr(run, verb), declared.batched, given, values)
    if as_table:
        _write_table(run, declared, given, answers, Path(out))
    else:
        show(run, verb, given, answers, out, time.perf_counter() - started, declared.highlights)
    if any(isinstance(answer, DeepzooError) for answer in answers):
        raise typer.Exit(1)


def call(verb: Any, batched: bool, given: list[Input], options: dict[str, Any]) -> list[Any]:
    """Calls a verb and returns one answer per input (one in all where it takes none).

    Of several inputs, one that fails has its error as its answer.

    Raises:
        DeepzooError: All inputs fail for the same reason.
    """
    if not given:
        return [verb(**options)]
    values = [item.value for item in given if item.error is None]
    batches = [values] if batched else [[value] for value in values]
    answered = iter([answer for batch in batches for answer in _answers(verb, batch, options)])
    answers = [item.error or next(answered) for item in given]
    reasons = {str(answer) if isinstance(answer, DeepzooError) else None for answer in answers}
    if len(reasons) == 1 and isinstance(answers[0], DeepzooError):
        raise answers[0]
    return answers


def _answers(verb: Any, values: list[Any], options: dict[str, Any]) -> list[Any]:
    """Answers inputs together; if that fails, each half apart, until those that fail are alone."""
    if not values:
        return []
    try:
        answers = verb(*values, **options)
        return [answers] if len(values) == 1 else list(answers)
    except (UsageError, DataError) as error:
        if len(values) == 1:
            return [error]
    middle = len(values) // 2
    return [
        *_answers(verb, values[:middle], options),
        *_answers(verb, values[middle:], options),
    ]


def show(
    run: Run,
    verb: str,
    given: list[Input],
    answers: list[Any],
    out: str | None,
    seconds: float,
    highlights: str = "",
) -> None:
    """Shows one answer per input; pictures are written, and their paths shown.

    Small pictures are also drawn, where the terminal can.

    Under the key `highlights`, an answer has the words of its input to show in colour.
    """
    rows, pictures = [], {}
    for number, answer in enumerate(answers):
        label = given[number].label if given else None
        if figures.is_picture(answer):
            suffix = "" if len(answers) == 1 else f"-{number + 1}"
            target, pictures[number] = Path(out or verb), answer
            answer = {"path": str(figures.save(answer, target.with_stem(target.stem + suffix)))}
        rows.append((label, answer))
    if console.json:
        objects = []
        for label, answer in rows:
            named = {} if label is None else {"input": label}
            objects.append({"run": run.id, **named, **_object(answer)})
        console.emit(objects if given else objects[0])
        return
    for number, (label, answer) in enumerate(rows):
        weights = answer.get(highlights) if isinstance(answer, dict) else None
        coloured = weights and given and console.highlight(given[number].value, weights)
        if len(rows) > 1 and not coloured:
            console.heading(label)
        if isinstance(answer, DeepzooError):
            named = "" if label is None or label in answer.message else f"{label}: "
            console.error(f"{named}{answer.message}", answer.hint)
        elif isinstance(answer, dict) and not _is_path(answer):
            nothing = {key: "(none)" for key, value in answer.items() if value in ("", [])}
            outputs.show({**answer, **nothing})
        elif outputs.is_matrix(answer):
            outputs.matrix(answer)
        elif isinstance(answer, (list, tuple)):
            for item in answer:
                console.result(outputs.text(item))
        else:
            text = answer["path"] if _is_path(answer) else answer
            console.result(f"{text:.4g}" if isinstance(text, float) else text)
            if number in pictures:
                half_blocks.show(pictures[number])
    if console.verbose:
        console.note(f"{seconds:.2f} s")


def _is_path(answer: Any) -> bool:
    return isinstance(answer, dict) and list(answer) == ["path"]


def _object(answer: Any) -> dict[str, Any]:
    """Returns an answer, a written file or an error as a part of a JSON object."""
    if isinstance(answer, DeepzooError):
        return {"error": answer.as_json()}
    return answer if _is_path(answer) else {"output": answer}


def _write_table(
    run: Run, declared: Verb, given: list[Input], answers: list[Any], path: Path
) -> None:
    """Writes answers to a CSV file, and says how many rows it has.

    An input that fails has an empty row, and its error is shown.
    """
    for item, answer in zip(given, answers, strict=True):
        if isinstance(answer, DeepzooError):
            named = "" if item.label in answer.message else f"{item.label}: "
            console.error(f"{named}{answer.message}", answer.hint)
    answers = [{} if isinstance(answer, DeepzooError) else answer for answer in answers]
    rows = outputs.table_rows([item.label for item in given], answers)
    outputs.write_table(path, rows, ("input", *declared.columns))
    written = {"run": run.id, "path": str(path), "rows": len(rows)}
    console.answer(written, f"{path} ({len(rows):,} rows)")


def _write_texts(
    run: Run, verb: str, declared: Verb, given: list[Input], options: dict[str, Any], stream: bool
) -> None:
    """Continues each prompt and shows the texts, piece by piece if `stream`."""
    prompts = [item.value for item in given] or [None]
    seed = options.get("seed")
    objects = []
    printer = _Printer(quiet=console.json)
    for number, prompt in enumerate(prompts):
        if seed is not None:
            # Equal prompts on several lines give different texts, the first one as alone.
            options["seed"] = seed + number
        if stream:
            options[declared.stream] = printer.piece
        started = time.perf_counter()
        try:
            answer = getattr(run, verb)(prompt, **options)
        except (UsageError, DataError) as error:
            if len(prompts) == 1:
                raise
            console.error(f"{prompt}: {error.message}", error.hint)
            objects.append({"run": run.id, "prompt": prompt, **_object(error)})
            continue
        texts = [answer] if isinstance(answer, str) else list(answer)
        printer.show(texts)
        seconds = time.perf_counter() - started
        objects.append(_text_object(run, declared, prompt or "", texts, seconds))
    if console.json:
        console.emit(objects[0] if len(objects) == 1 else objects)
    if any("error" in item for item in objects):
        raise typer.Exit(1)


class _Printer:
    """Writes texts, separated by a blank line, in pieces or whole."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._texts = 0
        self._open = False

    def piece(self, text: str) -> None:
        """Writes what has just been generated."""
        if not self.quiet:
            if not self._open and self._texts:
                console.result()
            console.result(text, end="")
        self._open = True

    def show(self, texts: list[str]) -> None:
        """Writes what has not been streamed: of several texts only the first is streamed."""
        if not self._open:
            self.piece(texts[0])
        self._end()
        for text in texts[1:]:
            self.piece(text)
            self._end()

    def _end(self) -> None:
        if not self.quiet:
            console.result()
        self._texts += 1
        self._open = False


def _text_object(
    run: Run, declared: Verb, prompt: str, texts: list[str], seconds: float
) -> dict[str, Any]:
    def tokens(text: str) -> int:
        return declared.length(run, text) if declared.length else len(text)

    count = sum(tokens(text) - tokens(prompt) for text in texts)
    return {
        "run": run.id,
        "prompt": prompt,
        "outputs": texts,
        "seconds": seconds,
        "tokens_per_second": max(0, count) / seconds if seconds else None,
    }
