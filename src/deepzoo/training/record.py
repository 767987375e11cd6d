"""The record of a run, `run.json`: names, settings, versions, device, command."""

from __future__ import annotations

import platform
import shlex
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

from ..plugins import registry
from ..runs.changes import split_sizes
from ..runs.formats import OWN_SPLITS
from .schedule import TrainingOptions

if TYPE_CHECKING:
    from ..networks.devices import Device
    from ..workload import Workload


def describe(
    workload: Workload,
    device: Device | None,
    options: TrainingOptions | None = None,
    source: str | None = None,
) -> dict[str, Any]:
    """Collects the fields of `run.json` that are known before the training starts.

    Args:
        workload: Recipes and data.
        device: Where Keras computes; None for a network without Keras.
        options: How it is trained.
        source: Id of the run whose weights it begins with, or None.
    """
    options = options or TrainingOptions()
    spec = workload.prepared.spec  # first: it may choose settings by the amount of data
    recipes = {owner: getattr(workload.recipes, owner) for owner in ("dataset", "task", "model")}
    data = workload.data
    return {
        **{owner: recipe.name for owner, recipe in recipes.items()},
        "plugins": {owner: origin(type(recipe)) for owner, recipe in recipes.items()},
        "settings": workload.settings,
        "seed": workload.seed,
        "limit": workload.limit,
        "data": data.source,
        "data_path": workload.path.name if workload.path else None,
        "data_given": workload.given is not None and not data.files,
        "files": data.files,
        "fingerprint": data.fingerprint,
        "split_sizes": split_sizes(data),
        "own_splits": OWN_SPLITS,
        "notes": list(data.notes),
        "spec": spec,
        "versions": versions(),
        "backend": device.backend if device else "numpy",
        "device": device.name if device else "cpu",
        "device_reason": device.reason if device else "a network without Keras",
        "threads": device.threads if device else 1,
        "precision": options.precision,
        "deterministic": options.deterministic,
        "command": command(workload, options, source),
        "watch_test": workload.recipes.model.watch_test,
    }


def versions() -> dict[str, str]:
    """Returns the versions that decide whether a run can be repeated bit for bit."""
    installed = {"python": platform.python_version()}
    for name in ("deepzoo", "keras", "numpy", "tensorflow", "jax", "torch"):
        if name in ("deepzoo", "numpy") or name in sys.modules:
            try:
                installed[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                installed[name] = "unknown"
    return installed


def command(workload: Workload, options: TrainingOptions, source: str | None) -> str:
    """Writes the command line that repeats a training."""
    recipes = workload.recipes
    dataset, task, model = (
        registry.spelled(type(recipe)) for recipe in (recipes.dataset, recipes.task, recipes.model)
    )
    words = ["deepzoo", "train", dataset, "--task", task, "--model", model]
    words += ["--seed", str(workload.seed)]
    if workload.path:
        words += ["--data", workload.path.name]
    if workload.sample:
        words += ["--sample"]
    if workload.limit:
        words += ["--limit", str(workload.limit)]
    for option, value in {**vars(options), "from": source}.items():
        if value not in (None, False, "auto", "float32"):
            words += [f"--{option.replace('_', '-')}"] + ([] if value is True else [str(value)])
    for owner, recipe in vars(recipes).items():
        defaults = type(recipe)().as_dict()
        for name, value in recipe.as_dict().items():
            if value != defaults[name]:
                words += ["--set", f"{owner}.{name}={spelled(value)}"]
    return shlex.join(words)


def origin(cls: type[Any]) -> dict[str, str]:
    """Says which plugin registered a class."""
    entry = registry.registered(cls)
    return {
        "plugin": entry.plugin,
        "distribution": entry.distribution,
        "version": entry.version,
    }


def spelled(value: Any) -> str:
    """Writes a value as it is typed after `--set key=`."""
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
