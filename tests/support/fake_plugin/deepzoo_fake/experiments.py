"""A publication that never was."""

from __future__ import annotations

from deepzoo import Experiment, Figure


class ClustersUnits(Experiment):
    """How many units three clouds of points need."""

    name = "clusters-units"
    source = "A. Nonymous, On Three Clouds, 2020"
    dataset = "clusters"
    model = "point-dense"
    settings = {"model.epochs": 2}
    grid = {"model.units": (2, 8)}
    figures = (
        Figure("accuracy", 0.62, {"model.units": 2}),
        Figure("accuracy", 0.86, {"model.units": 8}),
    )
    claims = ("More units score higher.",)
