"""Addition: networks that read a sum as text and write the result."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_tasks():
    """Registers the task."""
    from .task import Addition

    return [Addition]


@deepzoo.hookimpl
def register_datasets():
    """Registers the sums, which are drawn from a seed."""
    from .datasets import Sums

    return [Sums]


@deepzoo.hookimpl
def register_models():
    """Registers the models and the baselines."""
    from .baselines import BASELINES
    from .models import MODELS

    return [*MODELS, *BASELINES]


@deepzoo.hookimpl
def register_experiments():
    """Registers the published experiments."""
    from .experiments import EXPERIMENTS

    return EXPERIMENTS
