"""Inputs of verbs: files are read, `-` is standard input, the rest is taken as it stands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import DataError, UsageError
from .console import console


class Input(NamedTuple):
    """One input: how the user wrote it, and what the verb gets."""

    label: str
    value: Any


def read_inputs(words: list[str], literals: int, *, paths: bool, lines: bool) -> list[Input]:
    """Turns the words of a command line into inputs.

    Args:
        words: What was typed, in order.
        literals: How many of the last ones stood after `--` and are never files.
        paths: The verb reads files itself and gets their paths.
        lines: Each line of a file is an input of its own, as with prompts; empty ones are
            left out with a warning.
    """
    inputs: list[Input] = []
    for number, word in enumerate(words):
        if number >= len(words) - literals:
            inputs.append(Input(word, word))
        elif paths:
            inputs.append(Input(word, _path(word)))
        elif word == "-":
            inputs += _split(word, _standard_input(), lines)
        elif os.path.isfile(word):
            inputs += _split(word, _read(Path(word)), lines)
        else:
            inputs.append(Input(word, word))
    return inputs


def _read(path: Path) -> str:
    """Reads a file of inputs, gzipped or not."""
    from ..readers.folders import unpacked
    from ..readers.text import read_text

    try:
        with unpacked(path) as plain:
            return read_text(plain)
    except DataError as error:  # what it hints at are settings of datasets
        raise type(error)(error.message, "Inputs are read as UTF-8 text.") from None


def _path(word: str) -> Path:
    if word == "-":
        raise UsageError("This command reads files by their name, not standard input.")
    path = Path(word)
    if not path.exists():
        raise DataError(f"{word} does not exist; expected a file.", "Check the path.")
    return path


def _standard_input() -> str:
    if sys.stdin is None:
        raise UsageError("Standard input is closed, so '-' cannot be read.")
    data = sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"Standard input is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}.",
            "Convert it first, for example with: iconv -t utf-8",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split(label: str, text: str, lines: bool) -> list[Input]:
    if not lines:
        return [Input(label, text.removesuffix("\n"))]
    where = "Standard input" if label == "-" else label
    rows = text.removesuffix("\n").split("\n")
    inputs = [Input(row, row) for row in rows if row.strip()]
    if not inputs:
        raise DataError(f"{where} holds no prompt; expected one on each line.")
    empty = [number for number, row in enumerate(rows, 1) if not row.strip()]
    if empty:
        which = f"line {empty[0]}" if len(empty) == 1 else f"the first is line {empty[0]}"
        console.warn(f"{where}: {len(empty)} empty line{'s'[: len(empty) > 1]} left out, {which}.")
    return inputs
