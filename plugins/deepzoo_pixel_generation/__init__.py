"""Pixel generation: networks that draw images pixel by pixel."""

from typing import TYPE_CHECKING

from deepzoo import lazy_hook, lazy_names

if TYPE_CHECKING:
    from .models import PixelModel

__all__ = ["PixelModel"]

__getattr__ = lazy_names(__name__, "models")

register_tasks = lazy_hook(__name__, "task:TASKS")
register_models = lazy_hook(__name__, "models:MODELS", "baselines:BASELINES")
register_experiments = lazy_hook(__name__, "experiments:EXPERIMENTS")
register_runs = lazy_hook(__name__, "shipped:SHIPPED")
