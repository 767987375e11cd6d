"""deepzoo: a zoo of small neural networks to train, understand and use."""

from __future__ import annotations

from .dataset import Dataset, File, Splits
from .errors import DeepzooError
from .experiment import Experiment, Figure, Published
from .hookspecs import hookimpl
from .kinds import Kind, KindSettings
from .model import Model, Network, Stepper
from .recipe import setting
from .task import Arrays, Metric, Prepared, Scores, Shipped, Task

__version__ = "0.1.0"

__all__ = [
    "Arrays",
    "Dataset",
    "DeepzooError",
    "Experiment",
    "Figure",
    "File",
    "Kind",
    "KindSettings",
    "Metric",
    "Model",
    "Network",
    "Prepared",
    "Published",
    "Scores",
    "Shipped",
    "Splits",
    "Stepper",
    "Task",
    "__version__",
    "hookimpl",
    "setting",
]
