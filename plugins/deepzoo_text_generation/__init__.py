"""Text generation: networks that read a text token by token and learn to continue it."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import TextGeneration

    return [TextGeneration]


@deepzoo.hookimpl
def register_datasets():
    """Registers tweets, three books, and the user's own text."""
    from .datasets import DATASETS

    return DATASETS


@deepzoo.hookimpl
def register_models():
    """Registers the recurrent models and the baselines."""
    from .baselines import BASELINES
    from .models import MODELS

    return [*MODELS, *BASELINES]


@deepzoo.hookimpl
def register_experiments():
    """Registers the published experiments."""
    from .experiments import EXPERIMENTS

    return EXPERIMENTS
