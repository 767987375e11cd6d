"""deepzoo: a zoo of small neural networks to train, understand and use.

Importing it loads neither Keras nor NumPy; what an action needs is loaded when it is called.
"""

from __future__ import annotations

from .api import evaluate, generate, load, predict, resume, train, use
from .baselines import cached_run
from .data import data
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
from .model import Model, Network, Stepper
from .recipe import setting
from .run import Run
from .task import Arrays, Metric, Prepared, Scores, Shipped, Task

__version__ = "0.1.0"

__all__ = [
    "Arrays",
    "Dataset",
    "DeepzooError",
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
