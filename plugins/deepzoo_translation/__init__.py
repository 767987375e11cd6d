"""Translation: networks that read a sentence in one language and write it in another."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import Translation

    return [Translation]


@deepzoo.hookimpl
def register_datasets():
    """Registers English and Dutch sentences, and the user's own pairs."""
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
