"""Inputs of verbs: files are read, `-` is standard input, the rest is taken as it stands."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import DataError, UsageError
from .console import console

_ENDINGS = tuple(
    f".{ending}{packed}"
    for ending in "txt text md csv tsv json jsonl ndjson html xml pdf docx xlsx".split()
    for packed in ("", ".gz")
)
_ROOTS = ("/", "./", "../", "~/")
_LONGEST_PATH = 1_000


class Input(NamedTuple):
    """One input: how the user wrote it, and what the verb gets, or why it cannot be read."""

    label: str
    value: Any
    error: DataError | None = None


def read_inputs(words: list[str], literals: int, *, paths: bool, lines: bool) -> list[Input]:
    """Turns the words of a command line into inputs.

    Args:
        words: What was typed, in order.
        literals: How many of the last ones stood after `--` and are never files.
        paths: The verb reads files itself and gets their paths.
        lines: Each line of a file is an input of its own, as with prompts; empty ones are
            left out with a warning.

    Raises:
        DataError: The only input cannot be read; of several, those that can be are returned.
    """
    inputs: list[Input] = []
    for number, word in enumerate(words):
        if number >= len(words) - literals:
            inputs.append(Input(word, word))
            continue
        try:
            inputs += [Input(word, _path(word))] if paths else _texts(word, lines)
        except DataError as error:
            if len(words) == 1:
                raise
            inputs.append(Input(word, None, error))
    return inputs


def _texts(word: str, lines: bool) -> list[Input]:
    """Reads the file or standard input that a word names; other words are texts themselves."""
    if word in ("-", "/dev/stdin"):
        return _split(word, _standard_input(), lines)
    if os.path.exists(word) and not os.path.isdir(word):
        return _split(word, _read(Path(word)), lines)
    if _names_a_file(word):
        what = "is a folder" if os.path.isdir(word) else "does not exist"
        raise DataError(
            f"{word} {what}; expected a file, or text.",
            f"To take it as text, put it last, after two dashes: -- {shlex.quote(word)}",
        )
    return [Input(word, word)]


def _names_a_file(word: str) -> bool:
    """Tells a path from text: by its ending, its first characters, or the folder it is in.

    A slash alone decides nothing: `rolls/buns` is an item of many baskets.
    """
    if "://" in word or "\n" in word or len(word) > _LONGEST_PATH:
        return False
    inside = os.sep in word and os.path.isdir(os.path.dirname(word) or os.sep)
    return inside or word.startswith(_ROOTS) or word.lower().endswith(_ENDINGS)


def _read(path: Path) -> str:
    """Reads a file of inputs, gzipped or not."""
    from ..readers.text import read_text

    try:
        return read_text(path)
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
