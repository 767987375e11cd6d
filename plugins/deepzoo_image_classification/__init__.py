"""Image classification: networks that predict which class a small image belongs to."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .layers import Augment
    from .models import ImageModel
    from .networks import ImageNetwork

__all__ = ["Augment", "ImageModel", "ImageNetwork"]

__getattr__ = lazy_names(__name__, "models", "networks", "layers")

register_tasks = lazy_hook(__name__, "task:ImageClassification")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
