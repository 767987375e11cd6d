"""Autoencoding: networks that compress images and restore them, or clean noisy pages."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import AutoencoderModel, PageModel
    from .networks import AutoencoderNetwork

__all__ = ["AutoencoderModel", "AutoencoderNetwork", "PageModel"]

__getattr__ = lazy_names(__name__, "models", "networks")

register_tasks = lazy_hook(__name__, "task:TASKS")
register_datasets = lazy_hook(__name__, "datasets:DATASETS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
