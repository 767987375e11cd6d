"""Runs that others need: trained once per data and settings, and kept in the cache.

The baselines beside every score are such runs, and a task may ask for one itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import paths
from .errors import CheckpointError, UsageError

if TYPE_CHECKING:
    from .job import Job
    from .run import Run

_IN_PROGRESS: ContextVar[tuple[str, ...]] = ContextVar("in_progress", default=())


def cached_run(dataset: str, model: str, **settings: Any) -> Run:
    """Returns a finished run of `model` on `dataset`, training it if there is none yet.

    Args:
        dataset: Name of the dataset.
        model: Name of the model.
        **settings: Settings, plain or qualified with a double underscore for the dot.

    Raises:
        UsageError: The run needs itself, directly or through others.
    """
    from .job import Job

    assignments = {key.replace("__", "."): value for key, value in settings.items()}
    return cached(Job.make(dataset, model=model, assignments=assignments))


def cached(job: Job) -> Run:
    """Returns the cached run of a job, trained and scored without baselines of its own."""
    with _no_cycle(f"{job.recipes['dataset'].name} with {job.recipes['model'].name}"):
        folder = paths.cache() / "runs" / _key(job)
        return _finished(folder) or _train(job, folder)


def _finished(folder: Path) -> Run | None:
    from .run import Run

    with contextlib.suppress(CheckpointError):
        run = Run.open(folder)
        if run.status == "finished":
            return Run.open(folder, id=f"{run.dataset}/{folder.name}")
    return None


def _train(job: Job, folder: Path) -> Run:
    from .devices import configure
    from .evaluation import score
    from .files import make_folder, write_json
    from .leftovers import abandoned, temporary_beside
    from .locks import holder
    from .record import describe
    from .run import Run
    from .run_record import FORMAT
    from .training import TrainingPlan
    from .training_run import store_weights, train_network

    model = job.recipes["model"]
    device = configure() if model.framework == "keras" else None
    temporary = temporary_beside(folder, ".tmp")
    for leftover in abandoned(folder, ".tmp"):
        shutil.rmtree(leftover, ignore_errors=True)
    make_folder(temporary)
    try:
        record = {"format": FORMAT, "status": "running", **holder(), **describe(job, device, {})}
        write_json(temporary / "run.json", record)
        run = Run.open(temporary, id=f"{record['dataset']}/{folder.name}")
        run.save("preprocessor", job.prepared.preprocessor)
        network = job.build(device)
        plan = TrainingPlan(epochs=model.epochs, seed=job.seed)
        results = train_network(job, run, network, plan, lambda event: None, False)
        store_weights(run, network)
        score(job, run, network, baselines=False)
        run.update(**results, status="finished")
        if _finished(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):  # another process finished the same run first
                os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Run.open(folder, id=f"{job.recipes['dataset'].name}/{folder.name}")


def _key(job: Job) -> str:
    from .record import origin

    model = job.recipes["model"]
    content = {
        "fingerprint": job.data.fingerprint,
        "settings": job.settings,
        "task": job.recipes["task"].name,
        "model": model.name,
        "seed": job.seed,
        "origin": origin(type(model)),
    }
    import hashlib

    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode())
    return f"{model.name}-{digest.hexdigest()[:16]}"


@contextlib.contextmanager
def _no_cycle(what: str) -> Iterator[None]:
    chain = _IN_PROGRESS.get()
    if what in chain:
        raise UsageError(f"A run needs itself: {' -> '.join([*chain, what])}.")
    token = _IN_PROGRESS.set((*chain, what))
    try:
        yield
    finally:
        _IN_PROGRESS.reset(token)
