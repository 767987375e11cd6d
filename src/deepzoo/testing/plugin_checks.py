"""check_plugin: everything a plugin registers, and the way through the command line."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UsageError, did_you_mean
from ..plugins.loader import Plugin, load_plugins
from .assertions import attempt, expect
from .dataset_checks import check_dataset
from .model_checks import check_model
from .task_checks import check_task
from .trial_runs import BORROWED, workshop

HEAVY = ("jax", "keras", "matplotlib", "optuna", "pydantic", "sklearn", "tensorflow", "torch")
IMPORTS = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
for name in dir(module):
    if name.startswith("register_") and name not in ("register_callbacks", "register_commands"):
        list(getattr(module, name)())
print("LOADED", json.dumps(sorted(set(json.loads(sys.argv[2])) & set(sys.modules))))
"""
Settings = Mapping[str, Mapping[str, Any]]


def check_plugin(
    plugin: Any, *, settings: Settings | None = None, limit: int | None = 100
) -> list[str]:
    """Checks everything that a plugin registers.

    Args:
        plugin: Its entry-point name, its distribution, a folder with a `pyproject.toml`, or
            the module itself.
        settings: Settings by name of model or task that make its check fast:
            `{"char-gru": {"units": 8}}`. Two epochs are trained unless these say otherwise.
        limit: Number of training examples or documents.

    Returns:
        What was checked, a sentence each.

    Raises:
        AssertionError: A promise is broken; the sentence says what to do.
    """
    from ..plugins import registry

    settings = settings or {}
    registered, module = _find(plugin)
    try:
        checked = _check_loading(registered, module)
        entries = _entries(registered)
        for entry in entries["dataset"]:
            checked += _named(entry, _check_dataset(entry.cls))
        for entry in entries["task"]:
            default = registry.find("model", entry.cls.default_model, entry.distribution).cls
            options = {**_epochs(2, default), **settings.get(entry.name, {})}
            options |= settings.get(entry.cls.default_model, {})
            checked += _named(entry, check_task(entry.cls, limit=limit, **options))
        for entry in entries["model"]:
            options = {**_epochs(2, entry.cls), **settings.get(entry.name, {})}
            checked += _named(entry, _check_model(entry.cls, limit, options))
        for entry in entries["experiment"]:
            checked += _named(entry, _check_experiment(entry.cls))
        for entry in entries["dataset"][:1]:
            checked += _named(entry, _check_command_line(entry.cls, settings, limit))
        return checked
    finally:
        if registered.distribution == BORROWED:
            load_plugins().unregister(registered)


def _find(plugin: Any) -> tuple[Plugin, str]:
    """Finds an installed plugin, or registers a module or the one in a folder."""
    plugins = load_plugins()
    if not isinstance(plugin, str | Path):
        same = [entry for entry in plugins.found if entry.module is plugin]
        name = getattr(plugin, "__name__", "")
        return (same or [plugins.register(plugin, name or "plugin", BORROWED, "0")])[0], name
    for entry in plugins.found:
        module = getattr(entry.module, "__name__", "")
        if str(plugin) in (entry.name, entry.distribution, module):
            return entry, module
    if (Path(plugin) / "pyproject.toml").is_file():
        name, module = _from_folder(Path(plugin))
        return plugins.register(module, name, BORROWED, "0"), module.__name__
    known = [entry.name for entry in plugins.found]
    raise AssertionError(
        f"No plugin is named '{plugin}'.{did_you_mean(str(plugin), known)} "
        "Install it first (pip install -e FOLDER), or name a folder with a pyproject.toml."
    )


def _from_folder(folder: Path) -> tuple[str, Any]:
    import tomllib

    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    points = project.get("project", {}).get("entry-points", {}).get("deepzoo", {})
    expect(
        points,
        f"{folder / 'pyproject.toml'} names no plugin: add a table [project.entry-points.deepzoo] "
        'with a line like haiku = "deepzoo_haiku".',
    )
    name, target = next(iter(points.items()))
    for source in (folder / "src", folder):
        if source.is_dir() and str(source.resolve()) not in sys.path:
            sys.path.insert(0, str(source.resolve()))
    with attempt(f"Importing {target}"):
        return name, importlib.import_module(target)


def _check_loading(registered: Plugin, module: str) -> list[str]:
    from ..plugins import registry

    registry.load_all()
    expect(not registered.error, f"{registered} is skipped: {registered.error}.")
    expect(
        not registered.blocked,
        f"{registered} is left out by the environment variable DEEPZOO_PLUGINS.",
    )
    checked = [f"{registered} implements {', '.join(registered.hooks)}."]
    if not module:
        return [*checked, "Skipped: without a module its imports cannot be looked at."]
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, module, json.dumps(HEAVY)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    expect("LOADED" in done.stdout, f"Importing {module} alone failed: {done.stderr[-300:]}")
    heavy = json.loads(done.stdout.rpartition("LOADED")[2])
    expect(
        not heavy,
        f"{module} imports {', '.join(heavy)} when it is listed: import them inside functions.",
    )
    return [*checked, "Listing it imports no framework."]


def _entries(registered: Plugin) -> dict[str, list[Any]]:
    from ..plugins import registry

    return {
        category: [
            entry
            for entry in registry.entries(category)
            if (entry.plugin, entry.distribution) == (registered.name, registered.distribution)
        ]
        for category in registry.BASES
    }


def _named(entry: Any, checked: list[str]) -> list[str]:
    return [f"{entry.name}: {sentence}" for sentence in checked]


def _offline(cls: Any) -> bool:
    from ..interfaces.dataset import Dataset

    return cls.sample is not Dataset.sample or not (cls.files or cls.name == cls.kind.name)


def _check_dataset(cls: Any) -> list[str]:
    if not _offline(cls):
        return ["Skipped: it needs files and has no sample; check it with check_dataset(data=...)."]
    return check_dataset(cls)


def _check_model(cls: Any, limit: int | None, options: Mapping[str, Any]) -> list[str]:
    """Checks a model, unless it refuses the data or settings that all models are checked with."""
    try:
        return check_model(cls, limit=limit, **options)
    except AssertionError as error:
        if not isinstance(error.__cause__, UsageError):
            raise
        refused = f"Skipped: {error.__cause__.message}"
        return [f"{refused} Check it with check_model and settings that it takes."]


def _check_experiment(cls: Any) -> list[str]:
    from ..interfaces.settings import assign
    from ..plugins import registry

    with attempt(f"{cls.__name__}", "Name a dataset, a model and settings that exist."):
        near = registry.registered(cls).distribution
        dataset = registry.find("dataset", cls.dataset, near).cls
        task, model = registry.default_task(dataset, None, cls.model)
        owners = {"dataset": dataset, "kind": dataset.kind.options, "task": task, "model": model}
        assign(owners, cls.settings)
        for key, values in cls.grid.items():
            for value in values:
                assign(owners, {key: value})
    return ["Its dataset, model and settings exist."]


def _epochs(number: int, model: Any) -> dict[str, int]:
    """Returns the setting of a short training, for a model that is trained in epochs."""
    return {"epochs": number} if any(item.name == "epochs" for item in model.settings()) else {}


def _check_command_line(cls: Any, settings: Settings, limit: int | None) -> list[str]:
    """Trains, evaluates and lists as a user would."""
    from ..plugins import registry

    if not _offline(cls):
        return ["Skipped: without files or a sample it cannot be trained on here."]
    model = registry.default_task(cls)[1]
    options = {**_epochs(1, model), **settings.get(model.name, {})}
    sets = [word for key in options for word in ("--set", f"model.{key}={options[key]}")]
    sample = ["--sample"] if cls.files or cls.name == cls.kind.name else []
    short = ["--limit", str(limit)] if limit else []
    name = registry.registered(cls).qualified
    with workshop():
        words = ("train", name, *sets, *sample, *short, "--device", "cpu", "--name", "checked")
        trained = _command(*words)
        scored = _command("evaluate", trained["run"])
        expect(
            scored["metrics"] == trained["metrics"],
            f"Scores change between `train` and `evaluate`: {trained['metrics']} then "
            f"{scored['metrics']}. Scoring and loading must not draw at random.",
        )
        runs = [row["run"] for row in _command("runs")]
        expect(trained["run"] in runs, f"`deepzoo runs` lists {runs}, not {trained['run']}.")
    return ["From the command line it is trained, scored and listed."]


def _command(*words: str) -> Any:
    from ..cli import main

    out, errors = io.StringIO(), io.StringIO()
    line = f"deepzoo {' '.join(words)} --json"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main([*words, "--json"])
    text = (errors.getvalue() or out.getvalue()).strip()
    expect(code == 0, f"`{line}` ended with exit code {code}: {text[-500:]}")
    try:
        return json.loads(out.getvalue())
    except ValueError as error:
        raise AssertionError(f"`{line}` printed something besides JSON: {error}.") from error
