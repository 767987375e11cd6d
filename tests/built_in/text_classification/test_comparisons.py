"""The experiments that compare ways to classify: their figures are among the metrics."""

from __future__ import annotations

from deepzoo_text_classification.baselines import BASELINES
from deepzoo_text_classification.comparisons import COMPARISONS, GzipNeighbours
from deepzoo_text_classification.datasets import DbpediaParagraphs
from deepzoo_text_classification.task import TextClassification

from deepzoo import Experiment


def test_their_models_exist_and_their_figures_are_scores_of_the_task():
    models = {model.name for model in BASELINES}
    for experiment in COMPARISONS:
        assert issubclass(experiment, Experiment)
        assert experiment.model in models
        assert {figure.metric for figure in experiment.figures} <= set(TextClassification.metrics)
    assert GzipNeighbours.dataset == DbpediaParagraphs.name
    assert GzipNeighbours.settings == {"dataset.splits": "report"}
