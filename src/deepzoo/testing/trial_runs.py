"""Trials: short trainings in a temporary folder, as the command line would run them."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import signal
import tempfile
import threading
import types
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

from ..errors import Interrupted
from ..interfaces.dataset import Dataset
from ..interfaces.model import Model
from ..interfaces.settings import Recipes, assign, qualified, resolve
from ..interfaces.task import Task
from ..plugins import registry
from ..plugins.hookspecs import hookimpl
from ..plugins.loader import load_plugins
from ..run import Run
from ..runs import store
from ..training import lifecycle
from ..training.execute import execute
from ..training.progress import ProgressEvent, Stepped
from ..training.schedule import TrainingOptions, TrainingPlan
from ..workload import Workload
from .dataset_checks import load
from .findings import Findings, recipe_of

BORROWED = "deepzoo-checked"


@contextlib.contextmanager
def workshop(*classes: type[Any]) -> Iterator[None]:
    """Gives a temporary DEEPZOO_HOME, and registers the classes that no plugin registers."""
    plugins = load_plugins()
    hooks: dict[str, list[type[Any]]] = {}
    for cls in classes:
        if not registry.registered(cls).plugin:
            category = next(name for name, base in registry.BASES.items() if issubclass(cls, base))
            hooks.setdefault(f"register_{category}s", []).append(cls)
    module = types.SimpleNamespace(
        **{hook: hookimpl(lambda found=found: found) for hook, found in hooks.items()}
    )
    added = plugins.register(module, "checked", BORROWED, "0") if hooks else None
    # TensorFlow warns of functions that are traced often, which many small networks are.
    tensorflow = logging.getLogger("tensorflow")
    level = tensorflow.level
    tensorflow.setLevel(logging.ERROR)
    try:
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
            mock.patch.dict(os.environ, DEEPZOO_HOME=home),
        ):
            yield
    finally:
        tensorflow.setLevel(level)
        if added is not None:
            plugins.unregister(added)


def dataset_for(findings: Findings, task: Task, dataset: Any) -> Dataset:
    """Returns the dataset of a trial: the one given, or a registered one that the task reads."""
    if dataset is not None:
        return recipe_of(findings, dataset, Dataset, "dataset")
    for entry in registry.datasets_for(type(task)):
        cls = entry.cls
        if not cls.files or cls.sample is not Dataset.sample:
            return cls()
    kinds = ", ".join(kind.name for kind in task.kinds)
    findings.require(False, f"Give `dataset=`: no registered dataset holds {kinds}.")
    raise AssertionError


def make_workload(
    findings: Findings,
    dataset: Dataset,
    task: Task,
    model: Model,
    limit: int | None,
    settings: Mapping[str, Any],
) -> Workload:
    """Makes a workload on data that are loaded once, with settings of any of its recipes."""
    owners = {"dataset": dataset, "kind": dataset.kind.options(), "task": task, "model": model}
    classes = {owner: type(recipe) for owner, recipe in owners.items()}
    with findings.attempt("Setting " + ", ".join(settings)):
        values = qualified(owners)
        for key, value in settings.items():
            own = key in model.as_dict()  # what is given to make a check fast is the model's
            owner, name = ("model", key) if own else resolve(classes, key)
            values[f"{owner}.{name}"] = value
        recipes = Recipes(**assign(classes, values))
    data = load(findings, recipes.dataset)
    if limit is not None and limit < len(data.splits.train):
        train = data.splits.train.take(range(limit))
        data = dataclasses.replace(data, splits=dataclasses.replace(data.splits, train=train))
    with findings.attempt(f"{type(task).__name__}.prepare()"):
        workload = Workload(recipes, given=data)
        _ = workload.prepared  # made here, so that what fails is told
    return workload


def train(findings: Findings, workload: Workload) -> Run:
    """Trains a workload to its end."""
    with findings.attempt(f"Training {workload.recipes.model.name}"):
        return lifecycle.start(workload, OPTIONS, _ignore, open_run=Run)


def train_interrupted(findings: Findings, workload: Workload) -> Run:
    """Trains the same workload, stopped by Ctrl-C after its first step and then resumed."""
    stopped = []

    def stop(event: ProgressEvent) -> None:
        if isinstance(event, Stepped) and not stopped:
            stopped.append(True)
            signal.raise_signal(signal.SIGINT)

    with findings.attempt("Interrupting the training"), contextlib.suppress(Interrupted):
        lifecycle.start(workload, OPTIONS, stop, open_run=Run, name="interrupted")
    run = next(run for run in store.list_runs() if run.id.endswith("/interrupted"))
    plan = TrainingPlan(epochs=workload.recipes.model.epochs, seed=workload.seed)
    with findings.attempt("Resuming the training"):
        device = lifecycle.device_of(workload, OPTIONS)
        execute(workload, run, plan, device, _ignore, resume=True)
    return Run.of(run)


def can_interrupt() -> bool:
    """Whether signals arrive here: Python gives them to the main thread alone."""
    return threading.current_thread() is threading.main_thread()


OPTIONS = TrainingOptions(device="cpu")


def _ignore(event: ProgressEvent) -> None:
    """Ignores an event."""
