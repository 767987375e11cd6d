"""Console: results on standard output, everything else on standard error.

Nothing here interprets markup, so foreign text is shown as it is; on a terminal
control characters are taken out of it. Rich lays out tables on a terminal.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STYLES = {"bold": "1", "red": "31", "yellow": "33", "green": "32", "bold green": "1;32"}
_LONG = 2_000  # letters of a text that are shown with its words in colour


def clean(text: str) -> str:
    """Takes control characters out of `text`, all but line ends and tabs."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


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

    def highlight(self, text: str, weights: Mapping[str, float]) -> bool:
        """Writes a text with some words in colour, the weightiest in bold, to a terminal only.

        Args:
            text: The text; of a long one the beginning is written.
            weights: Words of it with their weights. Those of less than a tenth of the greatest
                are not coloured.

        Returns:
            Whether it was written: not into a pipe, and not where no colour is wanted.
        """
        if not _coloured(sys.stdout):
            return False
        most = max(weights.values())
        kept = [word for word, weight in weights.items() if 10 * weight >= most]

        def styled(match: re.Match[str]) -> str:
            style = "bold green" if 2 * weights[match[0]] >= most else "green"
            return _styled(style, match[0], sys.stdout)

        words = "|".join(map(re.escape, sorted(kept, key=len, reverse=True)))
        shown = re.sub(rf"(?<!\w)(?:{words})(?!\w)", styled, clean(text[:_LONG]))
        _write(sys.stdout, shown + "\u2026" * (len(text) > _LONG) + "\n")
        return True

    def raw(self, text: str) -> None:
        """Writes a text with its control codes, which are ours, to standard output."""
        _write(sys.stdout, text)

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

    def answer(self, value: Any, text: object) -> None:
        """Writes the one result of a command: as a JSON value if asked for, else as a text."""
        if self.json:
            self.emit(value)
        else:
            self.result(text)

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

        On a terminal it is made to fit: long cells are wrapped, long words shortened. Into a
        pipe everything is written, a row a line.

        Args:
            headers: One heading per column.
            rows: The cells; None is an empty cell.
            right: Numbers of the columns that are set flush right.
        """
        cells = [["" if cell is None else _cell(cell) for cell in row] for row in rows]
        cells.insert(0, list(headers))
        lines, wide = _aligned(cells, right)
        if is_terminal(sys.stdout) and wide > columns():
            lines = _fitted(cells, right)
        else:
            lines[0] = _styled("bold", lines[0], sys.stdout)
        _write(sys.stdout, "\n".join(lines) + "\n")


console = Console()


def _fitted(rows: list[list[str]], right: Sequence[int]) -> list[str]:
    """Wraps and shortens a table, headings first, to the width of the terminal."""
    import rich.console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column, heading in enumerate(rows[0]):
        table.add_column(Text(heading), justify="right" if column in right else "left")
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    screen = rich.console.Console(
        file=io.StringIO(),
        width=columns(),
        color_system=None if os.environ.get("NO_COLOR") else "standard",
        force_terminal=True,
        legacy_windows=False,
    )
    with screen.capture() as capture:
        screen.print(table)
    return [line.rstrip() for line in capture.get().rstrip("\n").split("\n")]


def _aligned(rows: list[list[str]], right: Sequence[int]) -> tuple[list[str], int]:
    """Lays out a table as wide as its cells, and counts its columns on the screen.

    Rich's tables load so slowly that they are left to those that do not fit.
    """
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        blanks = [" " * (size - cell_len(text)) for text, size in zip(row, widths, strict=True)]
        pairs = enumerate(zip(row, blanks, strict=True))
        parts = [blank + text if i in right else text + blank for i, (text, blank) in pairs]
        lines.append("  ".join(parts).rstrip())
    return lines, sum(widths) + 2 * len(widths) - 2


def columns() -> int:
    """Returns the width of the terminal."""
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def _cell(value: object) -> str:
    return " ".join(clean(str(value)).split("\n")).replace("\t", " ")


def _one_line(text: object) -> str:
    return clean(" ".join(str(text).split("\n"))).strip()


def _styled(style: str, text: str, stream: IO[str] | None) -> str:
    """Returns `text` in a style, or as it is where no colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if text and _coloured(stream) else text


def _coloured(stream: IO[str] | None) -> bool:
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


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
