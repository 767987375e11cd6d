"""Looking around must not cost a framework: what may be imported when, and by whom."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PUBLIC = ("errors", "feedforward", "figures", "readers", "recurrent", "sampling", "testing")
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
HEAVY = set(RUFF["lint"]["flake8-tidy-imports"]["banned-module-level-imports"])

LOADED = """
import json, sys
sys.argv = ["deepzoo", *json.loads(sys.argv[1])]
try:
    {action}
except SystemExit as stop:
    print("exit", stop.code, file=sys.stderr)
top = {{name.partition(".")[0] for name in sys.modules}}
print("LOADED", json.dumps(sorted(top)))
"""


COMMAND = "from deepzoo.cli import main; raise SystemExit(main())"


def loaded_by(action, home, *arguments):
    """Runs `action` in a fresh process and returns the top-level modules it has loaded."""
    environment = {**os.environ, "DEEPZOO_HOME": str(home), "DEEPZOO_DATA": ""}
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(action=action), json.dumps(arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert "LOADED" in done.stdout, done.stderr
    return set(json.loads(done.stdout.rpartition("LOADED")[2])), done


def test_import_deepzoo_loads_neither_a_framework_nor_numpy(tmp_path):
    modules, _ = loaded_by("import deepzoo", tmp_path)
    assert not modules & (HEAVY | {"numpy"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["train", "--help"],
        ["generate", "--help"],
        ["datasets"],
        ["models"],
        ["tasks"],
        ["experiments"],
        ["plugins"],
        ["runs"],
        ["datasets", "--json"],
    ],
    ids=" ".join,
)
def test_looking_around_loads_neither_a_framework_nor_numpy(tmp_path, arguments):
    modules, done = loaded_by(COMMAND, tmp_path, *arguments)
    assert done.stdout.partition("LOADED")[0].strip(), done.stderr
    assert not modules & (HEAVY | {"numpy"})


@pytest.mark.parametrize(
    "arguments",
    [["train", "tweetz"], ["train", "tweets", "--model", "char-grue"], ["info", "tweetz"]],
    ids=" ".join,
)
def test_a_misspelt_name_loads_neither_a_framework_nor_numpy(tmp_path, arguments):
    modules, done = loaded_by(COMMAND, tmp_path, *arguments)
    assert "exit 2" in done.stderr
    assert "Did you mean" in done.stderr
    assert not modules & (HEAVY | {"numpy"})


def module_level(body):
    """Yields the statements that run at import, without those for type checkers only."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from module_level(node.orelse)
            continue
        yield node
        yield from module_level(ast.iter_child_nodes(node))


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def offenders(path, text):
    return [
        f"{path}:{node.lineno}: {name}"
        for node in module_level(ast.parse(text).body)
        for name in imported(node)
        if name.partition(".")[0] in HEAVY
    ]


def test_no_module_imports_a_heavy_library_at_its_top():
    found = []
    for folder in ("src", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "layers.py":
                found += offenders(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


def test_the_check_for_heavy_imports_finds_them_where_they_hide():
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import keras\n"
        "try:\n    import keras.ops\nexcept ImportError:\n    pass\n"
        "class A:\n    from tensorflow import nn\ndef f():\n    import keras\n"
    )
    assert offenders("a.py", text) == ["a.py:5: keras.ops", "a.py:9: tensorflow"]


def test_the_layers_of_the_core_and_the_walls_around_plugins_stand():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "lint_imports.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def module_name(path):
    """Returns the dotted name of a source file, and that of its package."""
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return name, ".".join(parts[:-1])


def run_time_imports(path, known):
    """Lists the modules of ours that a file imports when it runs, inside functions too."""
    _, package = module_name(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield from ([inner] if inner in known else [base] if base in known else [])


def circles(graph):
    """Finds the modules that import each other in a circle: what is left without ends."""
    graph = {name: set(imported) - {name} for name, imported in graph.items()}
    while True:
        ends = [name for name, imported in graph.items() if not imported & graph.keys()]
        starts = graph.keys() - {other for imported in graph.values() for other in imported}
        if not ends and not starts:
            return sorted(graph)
        for name in {*ends, *starts}:
            graph.pop(name, None)


def test_no_modules_import_each_other_in_a_circle():
    paths = [path for folder in ("src", "plugins") for path in (ROOT / folder).rglob("*.py")]
    known = {module_name(path)[0] for path in paths}
    graph = {module_name(path)[0]: set(run_time_imports(path, known)) for path in paths}
    assert len(graph) > 100
    assert not circles(graph)


def test_the_search_for_circles_finds_them():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == ["b", "c"]
    assert circles({"a": {"b"}, "b": set()}) == []


def test_plugins_import_nothing_but_what_is_public():
    public = {"deepzoo", *(f"deepzoo.{name}" for name in PUBLIC)}
    found = []
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in imported(node):
                if name.partition(".")[0] == "deepzoo" and name not in public:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}")
    assert not found
