"""How `generate` shows its texts: the text alone, as it comes, or as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from ..console import console


def show(run: Any, given: list[Any], options: dict[str, Any], callback: str = "") -> None:
    """Generates for each prompt and shows the outputs.

    Args:
        run: The run.
        given: The prompts, or nothing.
        options: The verb's options.
        callback: Name of the option that takes a function, if text is wanted as it comes.
    """
    prompts = [item.value for item in given] or [None]
    seed = options.get("seed")
    objects: list[dict[str, Any]] = []
    printer = _Printer(quiet=console.json)
    for number, prompt in enumerate(prompts):
        if seed is not None:
            # Equal prompts on several lines give different texts, the first one as alone.
            options["seed"] = seed + number
        if callback:
            options[callback] = printer.piece
        started = time.perf_counter()
        outputs = printer.show(run.generate(prompt, **options))
        objects.append(_object(run, prompt, outputs, time.perf_counter() - started))
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


def _object(run: Any, prompt: str | None, outputs: list[str], seconds: float) -> dict[str, Any]:
    count = sum(_tokens(run, text) for text in outputs)
    count -= len(outputs) * _tokens(run, prompt or "")
    return {
        "run": run.id,
        "prompt": prompt or "",
        "outputs": outputs,
        "seconds": seconds,
        "tokens_per_second": max(0, count) / seconds if seconds else None,
    }


def _tokens(run: Any, text: str) -> int:
    return len(text.split()) if run.preprocessor.get("level") == "word" else len(text)
