"""Text generation: networks that read a text token by token and learn to continue it."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import RecurrentModel, TextModel
    from .networks import WindowNetwork
    from .numpy_networks import ScoringMixin
    from .vocabulary import SEPARATOR, Vocabulary

__all__ = [
    "SEPARATOR",
    "RecurrentModel",
    "ScoringMixin",
    "TextModel",
    "Vocabulary",
    "WindowNetwork",
]

__getattr__ = lazy_names(__name__, "models", "vocabulary", "numpy_networks", "networks")

register_tasks = lazy_hook(__name__, "task:TextGeneration")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
