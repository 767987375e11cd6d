"""Writes what the documentation lists from the code, so that it cannot say anything else.

Each page of `PAGES` has one block between two comments; the rest of it is written by hand.
`--check` changes nothing and fails if a block is stale. The Python reference is not
written here: mkdocstrings renders the docstrings.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import os
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
CORE = ROOT / "src" / "deepzoo"
BLOCK = re.compile(r"(<!-- made by scripts/reference.py -->\n).*?(<!-- end -->)", re.DOTALL)
INDENT = " " * 15

# The contracts of the imports know the layers.
sys.path.insert(0, str(Path(__file__).parent))


def command_line() -> str:
    """Returns the help page of every command."""
    pages = [f"## {' '.join(path)}\n\n```text\n{help_of(path[1:])}\n```\n" for path in commands()]
    return "\n".join(pages)


def commands() -> Iterator[list[str]]:
    """Yields every command as its words, the program first."""
    from deepzoo.cli.app import make_root
    from deepzoo.cli.verbs import known

    def walk(words: list[str], command: Any, parent: Any) -> Iterator[list[str]]:
        yield words
        if hasattr(command, "list_commands"):
            context = command.make_context(words[-1], [], parent=parent, resilient_parsing=True)
            for name in command.list_commands(context):
                yield from walk([*words, name], command.get_command(context, name), context)
        elif hasattr(command, "verb"):
            # The page without --task is that of the first one.
            yield from ([*words, "--task", task.name] for task in known()[command.verb][1:])

    yield from walk(["deepzoo"], make_root(), None)


def help_of(words: list[str]) -> str:
    """Returns what a command prints for `--help`."""
    from deepzoo.cli import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*words, "--help"])
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def hooks() -> str:
    """Returns every hook with its signature."""
    from deepzoo.plugins import hookspecs

    rows = []
    for name, hook in vars(hookspecs).items():
        if hasattr(hook, "deepzoo_spec"):
            arguments = ", ".join(inspect.signature(hook).parameters)
            rows.append(f"### `{name}({arguments})`\n\n{inspect.getdoc(hook)}\n")
    return "\n".join(rows)


def datasets() -> str:
    """Returns every built-in dataset with its files and settings."""
    from deepzoo.plugins import registry

    pages = []
    for entry in registry.datasets():
        cls = entry.cls
        rows = [f"### {entry.name}\n\n{inspect.getdoc(cls)}\n"]
        facts = {"kind": cls.kind.name, "licence": cls.license, "source": cls.homepage}
        rows += [f"- {name}: {value}" for name, value in facts.items() if value]
        rows += [
            f"- file: `{file.paths[0]}`, {file.size:,} bytes, sha256 `{file.sha256[:12]}...`"
            for file in cls.files.values()
        ]
        pages.append("\n".join(rows) + "\n" + settings(cls))
    return "\n".join(pages)


def models() -> str:
    """Returns every built-in model with its settings and their defaults."""
    from deepzoo.plugins import registry

    return "\n".join(
        f"### {entry.name}\n\n{inspect.getdoc(entry.cls)}\n\n"
        f"- task: {entry.cls.task}\n- framework: {entry.cls.framework}\n{settings(entry.cls)}"
        for entry in registry.models()
    )


def settings(cls: Any) -> str:
    """Returns the settings of a recipe as a table."""
    rows = [
        f"| `{setting.name}` | {shown(setting.default)} | {setting.help} |"
        for setting in cls.settings()
    ]
    return "\n".join(["", "| setting | default | |", "|---|---|---|", *rows, ""]) if rows else ""


def shown(default: Any) -> str:
    """Returns a default as it is typed on the command line."""
    if isinstance(default, tuple):
        default = ",".join(map(str, default))
    return (
        f"`{str(default).lower() if isinstance(default, bool) else default}`"
        if default != ""
        else ""
    )


def exit_codes() -> str:
    """Returns the table of exit codes, from the drawn tree of errors."""
    from deepzoo import errors

    tree = [line for line in (errors.__doc__ or "").splitlines() if re.match(r"\s*[*+-] ", line)]
    rows = []
    for line in tree:
        name, _, rest = line.strip().lstrip("*+- ").partition(" ")
        meaning = re.sub(r"^\s*(?:exit code )?(\d+)\s*", "", rest).strip()
        code = re.search(r"\d+", rest)
        rows.append(f"| {code[0] if code else ''} | `{name}` | {meaning or 'any other error'} |")
    return "\n".join(["| code | error | means |", "|---|---|---|", *rows, ""])


def tree() -> str:
    """Returns every module of the core, room by room, from the top layer to the bottom."""
    import lint_imports

    lines = ["src/deepzoo/"]
    for room in (room for layer in lint_imports.LAYERS for room in layer.split(" | ")):
        folder = CORE / room
        path = folder / "__init__.py" if folder.is_dir() else CORE / f"{room}.py"
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        entries = [docstring.splitlines()[0].partition(": for plugins")[0].rstrip(".")]
        if folder.is_dir():
            names = [module.stem for module in sorted(folder.glob("*.py"))]
            packages = [f"{module.parent.name}/" for module in sorted(folder.glob("*/*.py"))]
            entries.append(", ".join([*names[1:], *sorted(set(packages))]))
        for first, entry in zip([room + "/" * folder.is_dir(), ""], entries, strict=False):
            lines += textwrap.wrap(
                entry, 88, initial_indent=f"  {first:13}", subsequent_indent=INDENT
            )
    return "\n".join(["```text", *lines, "```"])


PAGES = {
    "reference/command-line": command_line,
    "reference/hooks": hooks,
    "reference/datasets": datasets,
    "reference/models": models,
    "reference/exit-codes": exit_codes,
    "explanation/architecture": tree,
}


def prepare() -> None:
    """Takes all built-in plugins and no others, and a terminal of 80 columns without colour."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    os.environ["DEEPZOO_PLUGINS"] = ",".join(project["entry-points"]["deepzoo"])
    os.environ.update(DEEPZOO_STRICT="1", COLUMNS="80", TERMINAL_WIDTH="80", NO_COLOR="1")


def stale(write: bool) -> list[str]:
    """Makes every block and returns the names of the pages that are stale."""
    prepare()
    changed = []
    for name, make in PAGES.items():
        path = DOCS / f"{name}.md"
        old = path.read_text(encoding="utf-8")
        block = make()
        new = BLOCK.sub(lambda match, block=block: f"{match[1]}\n{block}\n{match[2]}", old)
        if new != old:
            changed.append(name)
            if write:
                path.write_text(new, encoding="utf-8", newline="\n")
    return changed


if __name__ == "__main__":
    changed = stale(write="--check" not in sys.argv)
    if changed and "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(changed)}. Write them with: python scripts/reference.py")
