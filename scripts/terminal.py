"""Records a terminal session of deepzoo as a picture, from what the commands print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

COLUMNS = 96
COMMANDS = (
    "deepzoo train addition --quiet",
    'deepzoo predict addition "57+68" --quiet',
    'deepzoo generate "Today I will" --temperature 0.4 --length 70 --seed 3 --quiet',
)


def write(folder: Path) -> None:
    """Runs the commands in an empty home and writes `terminal.svg`."""
    from rich._export_format import CONSOLE_SVG_FORMAT
    from rich.console import Console
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"))  # noqa: SIM115
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "COLUMNS": str(COLUMNS), "DEEPZOO_HOME": home}
        for command in COMMANDS:
            console.print(Text("$ ", "bold green") + Text(command, "bold"))
            console.print(Text(printed(command, environment)))
    # A page must not load fonts from elsewhere.
    template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    picture = console.export_svg(
        title="deepzoo",
        theme=DEFAULT_TERMINAL_THEME,
        code_format=template,
        unique_id="terminal",
    )
    picture = picture.replace("rgba(255,255,255,0.35)", "#c8ccd4")  # a frame that shows on white
    (folder / "terminal.svg").write_text(picture, encoding="utf-8", newline="\n")


def printed(command: str, environment: dict[str, str]) -> str:
    """Returns what a command prints on standard output."""
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n") + "\n"
