"""deepzoo: a zoo of small neural networks to train, understand and use.

Importing it loads neither Keras nor NumPy; what an action needs is loaded when it is called.
Names are looked up on first use (PEP 562), so that the command line, which starts with this
import, loads only what its command needs.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import (
        cached_run,
        evaluate,
        generate,
        list_runs,
        load,
        predict,
        resume,
        train,
        use,
    )
    from .data.load import load_dataset
    from .errors import DeepzooError
    from .evaluation.intervals import summarise
    from .interfaces.dataset import Dataset, File, Files
    from .interfaces.example import ArraySpec, Example
    from .interfaces.experiment import Experiment, Figure, Published
    from .interfaces.image_kinds import ImagePairs, Images
    from .interfaces.kinds import (
        Baskets,
        Kind,
        KindSettings,
        LabelledText,
        Splits,
        Text,
        TextPairs,
        shared,
    )
    from .interfaces.model import Model, rule
    from .interfaces.network import Network, Stepper
    from .interfaces.recipe import setting
    from .interfaces.scores import Metric, Scores
    from .interfaces.shipped import Shipped
    from .interfaces.task import (
        Arrays,
        EachLine,
        Prepared,
        Task,
        verb,
    )
    from .interfaces.windows import Windows
    from .networks.keras_network import KerasNetwork
    from .networks.numpy_network import NumpyNetwork
    from .plugins.hookspecs import hookimpl
    from .plugins.lazy_hook import lazy_hook, lazy_names
    from .plugins.listings import (
        list_datasets,
        list_experiments,
        list_models,
        list_plugins,
        list_tasks,
    )
    from .run import Run
    from .training.progress import ProgressEvent

__version__ = "0.1.0"

_MODULES = {
    "api": (
        "cached_run",
        "evaluate",
        "generate",
        "list_runs",
        "load",
        "predict",
        "resume",
        "train",
        "use",
    ),
    "data.load": ("load_dataset",),
    "errors": ("DeepzooError",),
    "evaluation.intervals": ("summarise",),
    "interfaces.dataset": ("Dataset", "File", "Files"),
    "interfaces.example": ("ArraySpec", "Example"),
    "interfaces.experiment": ("Experiment", "Figure", "Published"),
    "interfaces.image_kinds": ("ImagePairs", "Images"),
    "interfaces.kinds": (
        "Baskets",
        "Kind",
        "KindSettings",
        "LabelledText",
        "Splits",
        "Text",
        "TextPairs",
        "shared",
    ),
    "interfaces.model": ("Model", "rule"),
    "interfaces.network": ("Network", "Stepper"),
    "interfaces.recipe": ("setting",),
    "interfaces.scores": ("Metric", "Scores"),
    "interfaces.shipped": ("Shipped",),
    "interfaces.task": (
        "Arrays",
        "EachLine",
        "Prepared",
        "Task",
        "verb",
    ),
    "interfaces.windows": ("Windows",),
    "networks.keras_network": ("KerasNetwork",),
    "networks.numpy_network": ("NumpyNetwork",),
    "plugins.hookspecs": ("hookimpl",),
    "plugins.lazy_hook": ("lazy_hook", "lazy_names"),
    "plugins.listings": (
        "list_datasets",
        "list_experiments",
        "list_models",
        "list_plugins",
        "list_tasks",
    ),
    "run": ("Run",),
    "training.progress": ("ProgressEvent",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "ArraySpec",
    "Arrays",
    "Baskets",
    "Dataset",
    "DeepzooError",
    "EachLine",
    "Example",
    "Experiment",
    "Figure",
    "File",
    "Files",
    "ImagePairs",
    "Images",
    "KerasNetwork",
    "Kind",
    "KindSettings",
    "LabelledText",
    "Metric",
    "Model",
    "Network",
    "NumpyNetwork",
    "Prepared",
    "ProgressEvent",
    "Published",
    "Run",
    "Scores",
    "Shipped",
    "Splits",
    "Stepper",
    "Task",
    "Text",
    "TextPairs",
    "Windows",
    "__version__",
    "cached_run",
    "evaluate",
    "generate",
    "hookimpl",
    "lazy_hook",
    "lazy_names",
    "list_datasets",
    "list_experiments",
    "list_models",
    "list_plugins",
    "list_runs",
    "list_tasks",
    "load",
    "load_dataset",
    "predict",
    "resume",
    "rule",
    "setting",
    "shared",
    "summarise",
    "train",
    "use",
    "verb",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
