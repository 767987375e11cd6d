"""Trials: short trainings in a temporary folder, as the command line would run them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import tempfile
import threading
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..dataset import Dataset
from ..errors import Interrupted
from ..hookspecs import hookimpl
from ..model import Model
from ..task import Task
from .dataset_checks import load
from .expecting import attempt, expect, recipe_of

if TYPE_CHECKING:
    from ..job import Job
    from ..run import Run

BORROWED = "deepzoo-checked"


@contextlib.contextmanager
def workshop(*classes: type[Any]) -> Iterator[None]:
    """Gives a temporary DEEPZOO_HOME, and registers the classes that no plugin registers."""
    from .. import registry
    from ..plugins import load_plugins

    plugins, before = load_plugins(), os.environ.get("DEEPZOO_HOME")
    hooks: dict[str, list[type[Any]]] = {}
    for cls in classes:
        if not registry.registered(cls).plugin:
            category = next(name for name, base in registry.BASES.items() if issubclass(cls, base))
            hooks.setdefault(f"register_{category}s", []).append(cls)
    module = types.SimpleNamespace(
        **{hook: hookimpl(lambda found=found: found) for hook, found in hooks.items()}
    )
    added = plugins.register(module, "checked", BORROWED, "0") if hooks else None
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            os.environ["DEEPZOO_HOME"] = home
            yield
    finally:
        if before is None:
            os.environ.pop("DEEPZOO_HOME", None)
        else:
            os.environ["DEEPZOO_HOME"] = before
        if added is not None:
            plugins.unregister(added)


def dataset_for(task: Task, dataset: Any, model: Model | None = None) -> Dataset:
    """Returns the dataset of a trial: the one given, or a registered one that the task reads."""
    from .. import registry

    if dataset is not None:
        return recipe_of(dataset, Dataset, "dataset")
    for entry in registry.datasets():
        cls = entry.cls
        offline = not cls.files or cls.sample is not Dataset.sample
        if issubclass(cls.kind, task.kinds) and offline:
            return cls()
    kinds = ", ".join(kind.name for kind in task.kinds)
    raise AssertionError(f"Give `dataset=`: no registered dataset holds {kinds}.")


def make_job(
    dataset: Dataset, task: Task, model: Model, limit: int | None, settings: Mapping[str, Any]
) -> Job:
    """Makes a job on data that are loaded once, with settings of any of its recipes."""
    from ..job import Job
    from ..loading import Data
    from ..settings import assign, qualified, resolve

    owners = {"dataset": dataset, "kind": dataset.kind.options(), "task": task, "model": model}
    classes = {owner: type(recipe) for owner, recipe in owners.items()}
    with attempt("Setting " + ", ".join(settings)):
        values = qualified(owners)
        for key, value in settings.items():
            own = key in model.as_dict()  # what is given to make a check fast is the model's
            owner, name = ("model", key) if own else resolve(classes, key)
            values[f"{owner}.{name}"] = value
        recipes: dict[str, Any] = {**assign(classes, values)}
    data: Data = load(recipes["dataset"])
    if limit is not None and limit < len(data.splits.train):
        train = data.splits.train.take(range(limit))
        data = dataclasses.replace(data, splits=dataclasses.replace(data.splits, train=train))
    with attempt(f"{type(task).__name__}.prepare()"):
        job = Job(recipes, given=data)
        expect(job.prepared, f"{type(task).__name__}.prepare must return deepzoo.Prepared.")
    return job


def train(job: Job) -> Run:
    """Trains a job to its end."""
    from ..training_session import begin

    with attempt(f"Training {job.recipes['model'].name}"):
        return begin(job, OPTIONS, name=None, start_from=None, report=_ignore)


def train_interrupted(job: Job) -> Run:
    """Trains the same job, stopped by Ctrl-C after its first step and then resumed."""
    from .. import store
    from ..training import TrainingPlan
    from ..training_run import carry_out
    from ..training_session import _device, begin

    stopped = []

    def stop(event: Mapping[str, Any]) -> None:
        if event["kind"] == "step" and not stopped:
            stopped.append(True)
            signal.raise_signal(signal.SIGINT)

    with attempt("Interrupting the training"), contextlib.suppress(Interrupted):
        begin(job, OPTIONS, name="interrupted", start_from=None, report=stop)
    run = next(run for run in store.list_runs() if run.id.endswith("/interrupted"))
    plan = TrainingPlan(epochs=job.recipes["model"].epochs, seed=job.seed)
    with attempt("Resuming the training"):
        device = _device(job, OPTIONS)
        carry_out(job, run, plan, device, _ignore, resume=True)
    return run


def can_interrupt() -> bool:
    """Whether signals arrive here: Python gives them to the main thread alone."""
    return threading.current_thread() is threading.main_thread()


OPTIONS = {
    "device": "cpu",
    "precision": "float32",
    "deterministic": False,
    "patience": None,
    "max_minutes": None,
}


def _ignore(event: Mapping[str, Any]) -> None:
    """Reports to nobody."""
