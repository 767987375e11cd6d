"""`plugins new`: writes a complete project for a dataset, a model or a task."""

from __future__ import annotations

import datetime
import importlib.util
import keyword
import re
from pathlib import Path

from ..errors import UsageError, did_you_mean
from ..system.files import make_folder, write_text
from . import registry

TEMPLATES = Path(__file__).parent / "templates"
OWN_MODEL = "example_model.py"  # the module of a plugin that is the template for models of its task


def new_plugin(name: str, what: str, of: str = "", folder: Path = Path()) -> Path:
    """Writes a plugin: a project with one module that works, its test, README and licence.

    Args:
        name: Its name, such as `haiku`; the distribution is `deepzoo-haiku`.
        what: What it adds: `dataset`, `model` or `task`.
        of: The kind of the dataset, or the task of the model.
        folder: Where the folder of the project goes.

    Returns:
        The folder of the project.

    Raises:
        UsageError: The name is taken or no name, or there is no such kind.
        UnknownNameError: There is no such task.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(
            f"The name of a plugin is lower-case words with hyphens between. Received: {name!r}.",
            "deepzoo plugins new haiku --dataset text",
        )
    taken = next((entry for entry in registry.entries(what) if entry.name == name), None)
    if taken:
        raise UsageError(f"There is a {what} of that name: {taken.qualified}.", "Choose another.")
    project, module = folder / f"deepzoo-{name}", f"deepzoo_{name.replace('-', '_')}"
    if project.exists():
        raise UsageError(f"{project} exists already.", "Choose another name, or delete it.")
    source, cls = _source(what, of), name.title().replace("-", "")
    if keyword.iskeyword(cls) or re.search(rf"\b{cls}\b", source):
        raise UsageError(f"'{name}' would be the class {cls}, which means something else.")
    words = {
        "deepzoo_mine": module,
        "Mine": cls,
        "mine": name,
        "ABOUT": re.search(r'class Mine\(.*\):\s+"""(.*?)"""', source)[1],  # pyright: ignore[reportOptionalSubscript]
        "TRAIN": _training(name, what, of),
        "WHAT": what,
        "YEAR": str(datetime.date.today().year),
    }
    make_folder(project)
    write_text(project / f"{module}.py", _filled(source, words))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        write_text(project / file, _filled(_read(file), words))
    write_text(project / f"test_{module}.py", _filled(_read("test.txt"), words))
    return project


def _filled(text: str, words: dict[str, str]) -> str:
    """Puts names in the places of a template."""
    for place, word in words.items():
        text = re.sub(rf"(?<![A-Za-z]){place}(?![A-Za-z])", word, text)
    return text


def _source(what: str, of: str) -> str:
    """Returns the module that a new plugin begins with."""
    if what == "task":
        return _read("task.py")
    if what == "model":
        task = registry.task(of)
        package = importlib.util.find_spec(task.__module__.partition(".")[0])
        folders = (package and package.submodule_search_locations) or ()
        # A plugin with several tasks has a template for each of them.
        names = (f"example_{task.name.replace('-', '_')}.py", OWN_MODEL)
        places = (Path(folder) / name for name in names for folder in folders)
        found = [file for file in places if file.is_file()]
        own = found[0].read_text("utf-8") if found else _read("model.py")
        return own.replace('"forecasting"', f'"{task.name}"')
    files = {
        path.stem.removeprefix("dataset_").replace("_", "-"): path.name
        for path in sorted(TEMPLATES.glob("dataset_*.py"))
    }
    if of not in files:
        raise UsageError(
            f"There is no template for datasets of kind '{of}'.{did_you_mean(of, list(files))}",
            f"Kinds with one: {', '.join(files)}",
        )
    return _read(files[of])


def _read(file: str) -> str:
    return (TEMPLATES / file).read_text(encoding="utf-8")


def _training(name: str, what: str, of: str) -> str:
    """Returns what `deepzoo train` is given to train with the new plugin."""
    if what == "dataset":
        return name
    if what == "task":
        return "demand"  # the dataset of the template
    return f"{registry.datasets_for(registry.task(of))[0].name} --model {name}"
