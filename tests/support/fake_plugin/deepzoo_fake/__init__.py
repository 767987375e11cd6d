"""Points on a plane: the plugin that the core's tests train on, small and without text."""

from __future__ import annotations

import deepzoo


@deepzoo.hookimpl
def register_kinds():
    from .kinds import Points

    return [Points]


@deepzoo.hookimpl
def register_datasets():
    from .datasets import Clusters, OwnPoints

    return [Clusters, OwnPoints]


@deepzoo.hookimpl
def register_tasks():
    from .task import PointCopying, SortingPoints

    return [SortingPoints, PointCopying]


@deepzoo.hookimpl
def register_models():
    from . import models

    return [
        models.PointDense,
        models.PointStream,
        models.PointPerceptron,
        models.PointCentroid,
        models.PointCopier,
        models.PointMean,
    ]


@deepzoo.hookimpl
def register_experiments():
    from .experiments import ClustersUnits

    return [ClustersUnits]
