"""Translation: networks that translate sentences from one language into another."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import Translation

    return [Translation]


@deepzoo.hookimpl
def register_datasets():
    """Registers sentences in English and Dutch, and the user's own pairs."""
    from .datasets import DATASETS

    return DATASETS


@deepzoo.hookimpl
def register_models():
    """Registers the networks and the baselines."""
    from .baselines import BASELINES
    from .models import MODELS

    return [*MODELS, *BASELINES]


@deepzoo.hookimpl
def register_experiments():
    """Registers the published experiments."""
    from .experiments import EXPERIMENTS

    return EXPERIMENTS
