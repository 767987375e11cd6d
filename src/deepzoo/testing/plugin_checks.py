"""check_plugin: everything a plugin registers, and the way through the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from ..errors import UsageError, did_you_mean
from ..plugins.loader import Plugin
from ..plugins.registration import Registered
from .dataset_checks import check_dataset
from .findings import Faults, Findings
from .locate import plugins_of
from .model_checks import check_model
from .task_checks import check_task
from .trial_runs import workshop

HEAVY = ("jax", "keras", "matplotlib", "optuna", "pydantic", "sklearn", "tensorflow", "torch")
SLOW = 0.2
"""Seconds that the import of a plugin may take: every command waits for it."""

IMPORTS = """
import importlib, json, sys, time
import deepzoo
started = time.process_time()
module = importlib.import_module(sys.argv[1])
seconds = time.process_time() - started
for name in dir(module):
    if name.startswith("register_") and name not in ("register_callbacks", "register_commands"):
        list(getattr(module, name)())
heavy = sorted(set(json.loads(sys.argv[2])) & set(sys.modules))
print("LOADED", json.dumps({"heavy": heavy, "seconds": seconds}))
"""


def check_plugin(
    plugin: Any,
    *,
    dataset: str | None = None,
    settings: Mapping[str, Any] | None = None,
    limit: int | None = 100,
) -> list[str]:
    """Checks everything that a plugin registers.

    Args:
        plugin: Its entry-point name, its distribution, a folder with a `pyproject.toml`, or
            the module itself. All plugins of a distribution or a folder are checked.
        dataset: What its tasks and models are trained on; by default any registered dataset
            of the right kind.
        settings: Settings that make the checks fast, for all models and tasks that have them
            (`{"units": 8}`) or for those of a name (`{"char-gru": {"units": 8}}`). Two epochs
            are trained unless these say otherwise.
        limit: Number of training examples or documents.

    Returns:
        What was checked, a sentence each.

    Raises:
        AssertionError: Promises are broken; each line says of one what to do.
    """
    return examine(plugin, dataset=dataset, settings=settings, limit=limit).finish()


def examine(
    plugin: Any,
    *,
    dataset: str | None = None,
    settings: Mapping[str, Any] | None = None,
    limit: int | None = 100,
) -> Findings:
    """Checks a plugin as `check_plugin` does, and returns all that was found."""
    findings, trial = Findings(), Trial(dataset, settings or {}, limit)
    with contextlib.ExitStack() as stack:
        registered = plugins_of(findings, plugin, stack)
        entries = {id(item): _entries(item) for item in registered}
        if settings or dataset:
            trial.refuse_unknown([entry for found in entries.values() for entry in found])
        for item in registered:
            with findings.part():
                _check_loading(findings, item)
                for entry in entries[id(item)]:
                    _check_entry(findings, entry, trial)
                for entry in entries[id(item)][:1]:  # datasets come first
                    findings.include(entry.name, _check_command_line, entry.cls, trial)
                _check_shipped(findings, item)
    return findings


@dataclasses.dataclass(frozen=True)
class Trial:
    """What everything of a plugin is tried with."""

    dataset: str | None
    settings: Mapping[str, Any]
    limit: int | None

    def options(self, *classes: type[Any], epochs: int = 2) -> dict[str, Any]:
        """Returns the settings for some classes: those for all that have them, then their own."""
        known = {setting.name for cls in classes for setting in cls.settings()}
        chosen = {name: value for name, value in self.settings.items() if name in known}
        own = [self.settings.get(cls.name, {}) for cls in classes]
        short = {"epochs": epochs} if "epochs" in known else {}  # a closed form has none
        return {**short, **chosen, **{k: v for part in own for k, v in part.items()}}

    def dataset_of(self, task: type[Any]) -> str | None:
        """Returns the dataset that was asked for, if the task reads its kind."""
        from ..plugins import registry

        fits = self.dataset and issubclass(registry.dataset(self.dataset).kind, task.kinds)
        return self.dataset if fits else None

    def refuse_unknown(self, entries: list[Registered]) -> None:
        """Raises an error for a setting that nothing has, and for an unknown dataset."""
        from ..plugins import registry

        if self.dataset:
            registry.dataset(self.dataset)
        classes = [cls for entry in entries for cls in _tried(entry.cls)]
        names = {setting.name for cls in classes for setting in cls.settings()}
        names |= {cls.name for cls in classes}
        for key in self.settings:
            if key not in names:
                raise UsageError(
                    f"Nothing here has a setting '{key}'.{did_you_mean(key, [*names])}"
                )


def _tried(cls: type[Any]) -> list[type[Any]]:
    """Returns the classes whose settings the check of a class can change."""
    from ..interfaces.dataset import Dataset
    from ..interfaces.model import Model
    from ..interfaces.task import Task
    from ..plugins import registry

    near = registry.registered(cls).distribution
    if issubclass(cls, Task):
        return [cls, registry.find("model", cls.default_model, near).cls]
    if issubclass(cls, Dataset):
        return [registry.default_task(cls)[1]]
    return [cls] if issubclass(cls, Model) else []


def _entries(registered: Plugin) -> list[Registered]:
    """Returns what a plugin registers, in the order in which it is checked."""
    from ..plugins import registry

    owner = (registered.name, registered.distribution)
    return [
        entry
        for category in ("dataset", "task", "model", "experiment")
        for entry in registry.entries(category)
        if (entry.plugin, entry.distribution) == owner
    ]


def _check_loading(findings: Findings, registered: Plugin) -> None:
    from ..plugins import registry

    registry.load_all()
    findings.require(not registered.error, f"{registered} is skipped: {registered.error}.")
    findings.require(
        not registered.blocked,
        f"{registered} is left out by the environment variable DEEPZOO_PLUGINS.",
    )
    findings.checked.append(f"{registered} implements {', '.join(registered.hooks)}.")
    module = getattr(registered.module, "__name__", "")
    if not module:
        findings.checked.append("Skipped: without a module its imports cannot be looked at.")
        return
    done = subprocess.run(
        [sys.executable, "-B", "-c", IMPORTS, module, json.dumps(HEAVY)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    loaded = "LOADED" in done.stdout
    findings.require(loaded, f"Importing {module} alone failed: {done.stderr[-300:].strip()}")
    facts = json.loads(done.stdout.rpartition("LOADED")[2])
    if facts["heavy"]:
        findings.warnings.append(
            f"{module} imports {', '.join(facts['heavy'])} when it is listed: "
            "import them inside functions."
        )
    else:
        findings.checked.append("Listing it imports no framework.")
    if facts["seconds"] > SLOW:
        findings.warnings.append(
            f"Importing {module} takes {facts['seconds']:.1f} s, for which every command waits: "
            "import what is slow inside functions."
        )


def _check_shipped(findings: Findings, plugin: Plugin) -> None:
    """Opens the trained runs that come with a plugin, and loads their weights."""
    from ..plugins import registry
    from ..run import Run
    from ..runs.shipped import SUFFIX, open_shipped

    for owner, shipped in registry.shipped_runs():
        if owner is plugin:
            name, advice = shipped.name + SUFFIX, "Write it again: deepzoo runs ship"
            promise = f"{name} is whole, and its network can be built."
            with findings.part(promise), findings.attempt(name, advice):
                _ = Run.of(open_shipped(plugin, shipped)).network


def _check_entry(findings: Findings, entry: Registered, trial: Trial) -> None:
    """Checks one class that a plugin registers."""
    from ..interfaces.dataset import Dataset
    from ..interfaces.model import Model
    from ..interfaces.task import Task

    cls, name = entry.cls, entry.name
    if issubclass(cls, Dataset):
        findings.include(name, _check_dataset, cls)
    elif issubclass(cls, Task):
        findings.include(name, _check_task, cls, trial)
    elif issubclass(cls, Model):
        findings.include(name, _check_model, cls, trial)
    else:
        findings.include(name, _check_experiment, cls)


def _offline(cls: Any) -> bool:
    from ..interfaces.dataset import Dataset

    return cls.sample is not Dataset.sample or not (cls.files or cls.name == cls.kind.name)


def _check_dataset(cls: Any) -> list[str]:
    if not _offline(cls):
        return ["Skipped: it needs files and has no sample; check it with check_dataset(data=...)."]
    return check_dataset(cls)


def _check_task(cls: Any, trial: Trial) -> list[str]:
    options = trial.options(*_tried(cls))
    return check_task(cls, dataset=trial.dataset_of(cls), limit=trial.limit, **options)


def _check_model(cls: Any, trial: Trial) -> list[str]:
    """Checks a model, unless it refuses the data or settings that all models are checked with."""
    from ..plugins import registry

    task = registry.find("task", cls.task, registry.registered(cls).distribution).cls
    dataset, options = trial.dataset_of(task), trial.options(cls)
    try:
        return check_model(cls, dataset=dataset, limit=trial.limit, **options)
    except Faults as error:
        refused = error.findings.refused
        if not refused or len(error.findings.faults) > 1:
            raise
        return [f"Skipped: {refused} Check it with check_model and settings that it takes."]


def _check_experiment(cls: Any) -> list[str]:
    from ..interfaces.settings import assign
    from ..plugins import registry

    findings, promise = Findings(), "Its dataset, model and settings exist."
    advice = "Name a dataset, a model and settings that exist."
    with findings.part(promise), findings.attempt(cls.__name__, advice):
        near = registry.registered(cls).distribution
        data = registry.find("dataset", cls.dataset, near).cls
        swept = {key: values for key, values in cls.grid.items() if key != "model"}
        for name in cls.models():
            task, model = registry.default_task(data, None, name)
            owners = {"dataset": data, "kind": data.kind.options, "task": task, "model": model}
            assign(owners, cls.settings)
            for key, values in swept.items():
                for value in values:
                    assign(owners, {key: value})
    return findings.finish()


def _check_command_line(cls: Any, trial: Trial) -> list[str]:
    """Trains, evaluates and lists as a user would."""
    from ..interfaces.dataset import Dataset

    findings = Findings()
    if not issubclass(cls, Dataset):
        return []
    if not _offline(cls):
        return ["Skipped: without files or a sample it cannot be trained on here."]
    with findings.part("From the command line it is trained, scored and listed."), workshop():
        trained = _command(findings, *_training(cls, trial))
        scored = _command(findings, "evaluate", trained["run"])
        findings.expect(
            scored["metrics"] == trained["metrics"],
            f"Scores change between `train` and `evaluate`: {trained['metrics']} then "
            f"{scored['metrics']}. Scoring and loading must not draw at random.",
        )
        runs = [row["run"] for row in _command(findings, "runs")]
        findings.expect(
            trained["run"] in runs, f"`deepzoo runs` lists {runs}, not {trained['run']}."
        )
    return findings.finish()


def _training(cls: Any, trial: Trial) -> list[str]:
    """Returns the command that trains on a dataset for one epoch."""
    from ..plugins import registry

    options = trial.options(*_tried(cls), epochs=1)
    sets = [word for key in options for word in ("--set", f"model.{key}={options[key]}")]
    sample = ["--sample"] if cls.files or cls.name == cls.kind.name else []
    short = ["--limit", str(trial.limit)] if trial.limit else []
    name = registry.registered(cls).qualified
    return ["train", name, *sets, *sample, *short, "--device", "cpu", "--name", "checked"]


def _command(findings: Findings, *words: str) -> Any:
    """Runs a command and returns its JSON."""
    from ..cli import main

    out, errors = io.StringIO(), io.StringIO()
    line = f"deepzoo {' '.join(words)} --json"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main([*words, "--json"])
    text = (errors.getvalue() or out.getvalue()).strip()
    findings.require(code == 0, f"`{line}` ended with exit code {code}: {text[-500:]}")
    with findings.attempt(f"Reading the JSON that `{line}` printed"):
        return json.loads(out.getvalue())
