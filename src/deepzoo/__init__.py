"""deepzoo: a zoo of small neural networks to train, understand and use.

Importing it loads neither Keras nor NumPy; what an action needs is loaded when it is called.
Names are looked up on first use (PEP 562), so that the command line, which starts with this
import, loads only what its command needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import evaluate, generate, load, predict, resume, train, use
    from .baselines import cached_run
    from .dataset import Dataset, File, Files, Splits
    from .errors import DeepzooError
    from .experiment import Experiment, Figure, Published
    from .hookspecs import hookimpl
    from .keras_network import KerasNetwork
    from .kinds import Kind, KindSettings
    from .listings import (
        list_datasets,
        list_experiments,
        list_models,
        list_plugins,
        list_runs,
        list_tasks,
    )
    from .loading import data
    from .model import Model, Network, Stepper
    from .recipe import setting
    from .run import Run
    from .task import Arrays, EachLine, Metric, Prepared, Scores, Shipped, Task

__version__ = "0.1.0"

_MODULES = {
    "api": ("evaluate", "generate", "load", "predict", "resume", "train", "use"),
    "baselines": ("cached_run",),
    "dataset": ("Dataset", "File", "Files", "Splits"),
    "errors": ("DeepzooError",),
    "experiment": ("Experiment", "Figure", "Published"),
    "hookspecs": ("hookimpl",),
    "keras_network": ("KerasNetwork",),
    "kinds": ("Kind", "KindSettings"),
    "listings": (
        "list_datasets",
        "list_experiments",
        "list_models",
        "list_plugins",
        "list_runs",
        "list_tasks",
    ),
    "loading": ("data",),
    "model": ("Model", "Network", "Stepper"),
    "recipe": ("setting",),
    "run": ("Run",),
    "task": ("Arrays", "EachLine", "Metric", "Prepared", "Scores", "Shipped", "Task"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Arrays",
    "Dataset",
    "DeepzooError",
    "EachLine",
    "Experiment",
    "Figure",
    "File",
    "Files",
    "KerasNetwork",
    "Kind",
    "KindSettings",
    "Metric",
    "Model",
    "Network",
    "Prepared",
    "Published",
    "Run",
    "Scores",
    "Shipped",
    "Splits",
    "Stepper",
    "Task",
    "__version__",
    "cached_run",
    "data",
    "evaluate",
    "generate",
    "hookimpl",
    "list_datasets",
    "list_experiments",
    "list_models",
    "list_plugins",
    "list_runs",
    "list_tasks",
    "load",
    "predict",
    "resume",
    "setting",
    "train",
    "use",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
