"""Runs that others need: trained once per data and settings, and kept in the cache.

The baselines beside every score are such runs, and a task may ask for one itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CheckpointError, UsageError
from ..evaluation.score import score
from ..networks.devices import configure
from ..runs.folder import RunFolder
from ..runs.formats import FORMAT, RECORD
from ..system import paths
from ..system.files import make_folder, write_json
from ..system.processes import abandoned, holder, temporary_beside
from .fit import fit_network
from .record import describe, origin
from .schedule import TrainingPlan

if TYPE_CHECKING:
    from ..interfaces.dataset import Dataset
    from ..interfaces.scores import Scores
    from ..workload import Workload

_IN_PROGRESS: ContextVar[tuple[str, ...]] = ContextVar("in_progress", default=())


def baseline_scores(workload: Workload) -> Callable[[str], dict[str, Scores]]:
    """Returns a function that scores another model on the same question, by its name."""
    return lambda model: cached_run(workload.with_model(model)).scores()


def cached_run(workload: Workload) -> RunFolder:
    """Returns the cached run of a workload, trained and scored without baselines of its own."""
    recipes = workload.recipes
    with _no_cycle(f"{recipes.dataset.name} with {recipes.model.name}"):
        folder = paths.cache() / "runs" / _key(workload)
        return _finished(folder) or _train(workload, folder)


def remove_cached(dataset: type[Dataset]) -> list[Path]:
    """Deletes the cached runs on a dataset, and returns their folders."""
    removed = []
    for record in sorted((paths.cache() / "runs").glob(f"*/{RECORD}")):
        run = _finished(record.parent)
        if run is None or run.dataset != dataset.name:
            continue
        if run.record["plugins"]["dataset"]["distribution"] == origin(dataset)["distribution"]:
            shutil.rmtree(run.path)
            removed.append(run.path)
    return removed


def _finished(folder: Path) -> RunFolder | None:
    with contextlib.suppress(CheckpointError):
        run = RunFolder.open(folder)
        if run.status == "finished":
            return RunFolder.open(folder, id=f"{run.dataset}/{folder.name}")
    return None


def _train(workload: Workload, folder: Path) -> RunFolder:
    model = workload.recipes.model
    device = configure() if model.framework == "keras" else None
    temporary = temporary_beside(folder, ".tmp")
    for leftover in abandoned(folder, ".tmp"):
        shutil.rmtree(leftover, ignore_errors=True)
    make_folder(temporary)
    id = f"{workload.recipes.dataset.name}/{folder.name}"
    try:
        record = {"format": FORMAT, "status": "running", **holder(), **describe(workload, device)}
        write_json(temporary / RECORD, record)
        run = RunFolder.open(temporary, id=id)
        run.save("preprocessor", workload.prepared.preprocessor)
        network = workload.build(device)
        plan = TrainingPlan(epochs=model.epochs, seed=workload.seed)
        results = fit_network(workload, run, network, plan, lambda event: None)
        run.save_weights(network.arrays())
        score(workload, run, network)
        run.update(**results, status="finished")
        if _finished(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):  # another process finished the same run first
                os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return RunFolder.open(folder, id=id)


def _key(workload: Workload) -> str:
    recipes, model = workload.recipes, workload.recipes.model
    content = {
        "fingerprint": workload.data.fingerprint,
        "settings": workload.settings,
        "task": recipes.task.name,
        "model": model.name,
        "seed": workload.seed,
        "origins": [origin(type(recipe)) for recipe in (recipes.dataset, recipes.task, model)],
        "source": _source({type(model), type(recipes.task)}),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode())
    return f"{model.name}-{digest.hexdigest()[:16]}"


def _source(classes: Iterable[type]) -> list[str]:
    """Hashes the files of the packages that classes are in, so that an edit counts at once."""
    hashes = []
    for package in sorted({cls.__module__.partition(".")[0] for cls in classes}):
        file = Path(getattr(sys.modules.get(package), "__file__", None) or "")
        files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
        digest = hashlib.sha256()
        for path in filter(Path.is_file, files):
            digest.update(path.read_bytes())
        hashes.append(digest.hexdigest())
    return hashes


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
