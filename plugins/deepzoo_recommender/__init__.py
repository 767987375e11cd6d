"""Recommender: networks that recommend what else belongs in a basket."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import Recommender

    return [Recommender]


@deepzoo.hookimpl
def register_datasets():
    """Registers the baskets of a grocery store, and the user's own."""
    from .datasets import DATASETS

    return DATASETS


@deepzoo.hookimpl
def register_models():
    """Registers the models and the baselines."""
    from .baselines import BASELINES
    from .models import MODELS

    return [*MODELS, *BASELINES]


@deepzoo.hookimpl
def register_experiments():
    """Registers the published experiment."""
    from .experiments import EXPERIMENTS

    return EXPERIMENTS
