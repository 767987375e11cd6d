"""How a verb that writes shows its texts: the text alone, as it comes, or as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from ..interfaces.task import Verb
from .console import console


def show(
    run: Any,
    verb: str,
    declared: Verb,
    given: list[Any],
    options: dict[str, Any],
    *,
    stream: bool = False,
) -> None:
    """Continues each prompt and shows the outputs.

    Args:
        run: The run.
        verb: Name of a verb that writes.
        declared: What the verb declares.
        given: The prompts, or nothing.
        options: The verb's options.
        stream: Show the text as it comes.
    """
    prompts = [item.value for item in given] or [None]
    seed = options.get("seed")
    objects: list[dict[str, Any]] = []
    printer = _Printer(quiet=console.json)
    for number, prompt in enumerate(prompts):
        if seed is not None:
            # Equal prompts on several lines give different texts, the first one as alone.
            options["seed"] = seed + number
        if stream:
            options[declared.stream] = printer.piece
        started = time.perf_counter()
        outputs = printer.show(getattr(run, verb)(prompt, **options))
        seconds = time.perf_counter() - started
        objects.append(_object(run, declared, prompt or "", outputs, seconds))
    if console.json:
        console.emit(objects[0] if len(objects) == 1 else objects)


class _Printer:
    """Writes texts, separated by a blank line, in pieces or whole."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._texts = 0
        self._open = False

    def piece(self, text: str) -> None:
        """Writes what has just been generated."""
        self._write(str(text))

    def show(self, answer: Any) -> list[str]:
        """Writes what is not yet written; returns the whole texts."""
        if isinstance(answer, str) or not isinstance(answer, Iterable):
            texts = [str(answer)]
        elif isinstance(answer, (list, tuple)):
            texts = [str(text) for text in answer]
        else:  # pieces, as they come
            pieces = []
            for piece in answer:
                pieces.append(str(piece))
                self._write(pieces[-1])
            texts = ["".join(pieces)]
        # Of several texts only the first one comes in pieces.
        whole = texts[1:] if self._open else texts
        if self._open:
            self._end()
        for text in whole:
            self._write(text)
            self._end()
        return texts

    def _write(self, text: str) -> None:
        if not self.quiet:
            if not self._open and self._texts:
                console.result()
            console.result(text, end="")
        self._open = True

    def _end(self) -> None:
        if not self.quiet:
            console.result()
        self._texts += 1
        self._open = False


def _object(
    run: Any, declared: Verb, prompt: str, outputs: list[str], seconds: float
) -> dict[str, Any]:
    def tokens(text: str) -> int:
        return declared.length(run, text) if declared.length else len(text)

    count = sum(tokens(text) - tokens(prompt) for text in outputs)
    return {
        "run": run.id,
        "prompt": prompt,
        "outputs": outputs,
        "seconds": seconds,
        "tokens_per_second": max(0, count) / seconds if seconds else None,
    }
