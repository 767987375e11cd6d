"""Reads the project's Markdown (code blocks, commands, links) and imports its scripts."""

import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("plugins/*.md")])


def name(page):
    return str(page.relative_to(ROOT))


def read(page):
    return page.read_text(encoding="utf-8")


def blocks(page, *languages):
    return [body for language, body in BLOCK.findall(read(page)) if language in languages]


def programs(page):
    """Returns the blocks of Python; one that is indented continues the one before."""
    parts = []
    for body in blocks(page, "python"):
        if body.startswith(" "):
            parts[-1] += "\n" + body
        else:
            parts.append(body)
    return parts


def prose(page):
    """Returns a page without its code blocks."""
    return BLOCK.sub("", read(page))


def typed(page):
    """Yields what the reader is to type at a prompt, split into words at pipes."""
    for body in blocks(page, "console"):
        for line in body.splitlines():
            if line[:2] in ("$ ", "> "):
                lexer = shlex.shlex(line[2:], posix=True, punctuation_chars="|")
                lexer.whitespace_split, lexer.escape = True, ""
                words = list(lexer)
                while words:
                    end = words.index("|") if "|" in words else len(words)
                    yield [word for word in words[:end] if not re.fullmatch(r"[A-Z_]+=\w+", word)]
                    words = words[end + 1 :]


@cache
def script(name):
    """Imports a script of the project, such as the one that writes the reference pages."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def helps():
    """Returns the help page of every command, by its words after the program's name."""
    reference = script("reference")
    return {tuple(words[1:]): reference.help_of(words[1:]) for words in reference.commands()}


def command_of(words):
    """Returns the longest command that `words` begin with."""
    known = helps()
    return max((key for key in known if tuple(words[: len(key)]) == key), key=len)


def help_pages(command):
    """Returns the help of a command; of a verb, that for every task that offers it."""
    words = (*command, "--task")
    return [text for key, text in helps().items() if key == command or key[: len(words)] == words]
