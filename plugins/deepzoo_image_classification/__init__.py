"""Image classification: networks that say which class a small picture belongs to."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import ImageClassification

    return [ImageClassification]


@deepzoo.hookimpl
def register_datasets():
    """Registers five collections of small pictures, and the user's own."""
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
    """Registers what was published."""
    from .experiments import EXPERIMENTS

    return EXPERIMENTS
