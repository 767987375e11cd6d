"""Size is looked at like speed: short files, short functions, one screen of hooks."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "plugins", "tests", "scripts", "benchmarks", "examples")


def sources(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_400_lines():
    long = [
        f"{path.relative_to(ROOT)}: {lines(path)}"
        for path in sources(*FOLDERS)
        if lines(path) > 400
    ]
    assert not long


def body_lines(node):
    """Counts the lines a function does its work in: signature and docstring explain it."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


def test_no_function_is_longer_than_50_lines():
    long = []
    for path in sources(*FOLDERS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = body_lines(node)
                if length > 50:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} {length}")
    assert not long


def test_the_median_file_is_short():
    assert statistics.median(lines(path) for path in sources("src", "plugins")) <= 250


def test_all_hooks_fit_on_one_screen():
    assert lines(ROOT / "src/deepzoo/plugins/hookspecs.py") < 60


def test_a_plugin_opens_with_a_short_page():
    long = [
        f"{path.relative_to(ROOT)}: {lines(path)}"
        for path in sorted((ROOT / "plugins").glob("*/__init__.py"))
        if lines(path) >= 40
    ]
    assert not long
