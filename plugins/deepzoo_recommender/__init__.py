"""Recommender: networks that recommend what else belongs in a basket."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import BasketModel
    from .networks import MissingItemNetwork
    from .numpy_networks import MASK

__all__ = ["MASK", "BasketModel", "MissingItemNetwork"]

__getattr__ = lazy_names(__name__, "models", "numpy_networks", "networks")

register_tasks = lazy_hook(__name__, "task:Recommender")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
