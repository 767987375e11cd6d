"""Image classification: networks that predict which class a small image belongs to."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import ImageClassification

    return [ImageClassification]


@deepzoo.hookimpl
def register_datasets():
    """Registers five collections of small images, and the user's own."""
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
