"""Console: results on standard output, everything else on standard error.

Nothing here interprets markup, so foreign text is shown as it is; on a terminal
control characters are taken out of it. Rich is used for the training display alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NARROWEST = 24  # columns in which wrapped text can still be read
_STYLES = {"bold": "1", "red": "31", "yellow": "33"}


def clean(text: str) -> str:
    """Takes control characters out of `text`, all but line ends and tabs."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def display_width(text: str) -> int:
    """Counts the columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


def shorten(text: str, width: int) -> str:
    """Cuts `text` to `width` columns, ending in `...` where something is missing."""
    if display_width(text) <= width:
        return text
    dots = "..." if width > 6 else ""
    kept = ""
    for character in text:
        if display_width(kept + character) > max(1, width - len(dots)):
            break
        kept += character
    return kept.rstrip() + dots


def is_terminal(stream: IO[str] | None) -> bool:
    """Tells whether `stream` is a terminal, so that control codes may be sent."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


@dataclasses.dataclass
class Console:
    """Where commands write, and what the user asked for.

    Args:
        json: Standard output holds one JSON value and nothing else.
        quiet: Notes and progress are left out; warnings and errors stay.
        verbose: TensorFlow's own messages and more detail are shown.
        debug: Unexpected errors show their traceback.
    """

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    warned: set[str] = dataclasses.field(default_factory=set)

    @contextlib.contextmanager
    def new_command(self) -> Iterator[None]:
        """Resets the options for one command, which may be called within another."""
        outer = dataclasses.replace(self)
        self.json = self.quiet = self.verbose = self.debug = False
        self.warned = set()
        try:
            yield
        finally:
            for field in dataclasses.fields(self):
                setattr(self, field.name, getattr(outer, field.name))

    def result(self, text: object = "", end: str = "\n") -> None:
        """Writes a result to standard output."""
        _write(sys.stdout, _shown(text, sys.stdout) + end)

    def heading(self, text: object) -> None:
        """Writes a line in bold to standard output."""
        _write(sys.stdout, _styled("bold", _shown(text, sys.stdout), sys.stdout) + "\n")

    def note(self, text: object = "") -> None:
        """Writes a line that is not a result, unless `--quiet` was given."""
        if not self.quiet:
            _write(sys.stderr, _shown(text, sys.stderr) + "\n")

    def warn(self, text: object) -> None:
        """Writes a warning, once however often it is raised."""
        line = _one_line(text)
        if line not in self.warned:
            self.warned.add(line)
            _write(sys.stderr, f"{_styled('yellow', 'warning:', sys.stderr)} {line}\n")

    def error(self, message: object, hint: str = "") -> None:
        """Writes an error in one line and its remedy in another."""
        _write(sys.stderr, f"{_styled('red', 'error:', sys.stderr)} {_one_line(message)}\n")
        if hint:
            _write(sys.stderr, f"hint:  {_one_line(hint)}\n")

    def emit(self, value: Any) -> None:
        """Writes one JSON value to standard output."""
        import json

        from ..system.files import plain_json

        text = json.dumps(plain_json(value), ensure_ascii=False, allow_nan=False)
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            text = json.dumps(plain_json(value), allow_nan=False)
        _write(sys.stdout, text + "\n")

    def table(
        self, headers: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()
    ) -> None:
        """Writes a table to standard output.

        On a terminal it is made to fit: the last column is wrapped, or, where the others
        leave it too little room, the widest columns are shortened. Into a pipe everything
        is written.

        Args:
            headers: One heading per column.
            rows: The cells; None is an empty cell.
            right: Numbers of the columns that are set flush right.
        """
        cells = [["" if cell is None else _cell(cell) for cell in row] for row in rows]
        limit = width(sys.stdout)
        widths = _widths([list(headers), *cells], limit)
        lines = []
        for row in [list(headers), *cells]:
            first, *more = _wrapped(row[-1], widths[-1]) if limit else [row[-1]]
            lines.append(_line([*row[:-1], first], widths, right))
            blank = [""] * (len(row) - 1)
            lines += [_line([*blank, text], widths, right) for text in more]
        lines[0] = _styled("bold", lines[0], sys.stdout)
        _write(sys.stdout, "\n".join(lines) + "\n")


console = Console()


def width(stream: IO[str] | None) -> int | None:
    """Returns the columns of a terminal, or None where lines may be of any length."""
    if not is_terminal(stream):
        return None
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def _widths(rows: list[list[str]], limit: int | None) -> list[int]:
    widths = [max(display_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    if limit is None:
        return widths
    room = limit - 2 * (len(widths) - 1)
    left = room - sum(widths[:-1])
    if left >= min(widths[-1], _NARROWEST):
        return [*widths[:-1], min(widths[-1], left)]
    while sum(widths) > room and max(widths) > 3:
        widths[widths.index(max(widths))] -= 1
    return widths


def _wrapped(text: str, size: int) -> list[str]:
    if display_width(text) != len(text) or size < _NARROWEST:
        return [text]  # it is shortened then
    return textwrap.wrap(text, size, break_on_hyphens=False) or [""]


def _line(row: list[str], widths: list[int], right: Sequence[int]) -> str:
    parts = []
    for column, size in enumerate(widths):
        text = shorten(row[column], size)
        space = " " * (size - display_width(text))
        parts.append(space + text if column in right else text + space)
    return "  ".join(parts).rstrip()


def _cell(value: object) -> str:
    return " ".join(clean(str(value)).split("\n")).replace("\t", " ")


def _one_line(text: object) -> str:
    return clean(" ".join(str(text).split("\n"))).strip()


def _styled(style: str, text: str, stream: IO[str] | None) -> str:
    """Returns `text` in a style, or as it is where no colour is wanted."""
    if not text or os.environ.get("NO_COLOR") or not is_terminal(stream):
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def _shown(text: object, stream: IO[str] | None) -> str:
    return clean(str(text)) if is_terminal(stream) else str(text)


def _write(stream: IO[str] | None, text: str) -> None:
    """Writes to a stream that may be missing, closed, or unable to show every character."""
    if stream is None or getattr(stream, "closed", False):
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = getattr(stream, "encoding", None) or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def show_plugin_warnings() -> None:
    """Shows what is wrong with plugins, if the command has loaded any."""
    from ..plugins import loader

    if loader.load_plugins.cache_info().currsize:
        for line in loader.warnings():
            console.warn(line)
