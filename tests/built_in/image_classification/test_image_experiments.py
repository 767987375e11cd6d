"""The published experiments: their figures as printed, and settings that exist."""

from __future__ import annotations

import pytest
from deepzoo_image_classification.experiments import (
    EXPERIMENTS,
    SETTLED,
    CifarChannels,
    CifarCombined,
    CifarOptimizers,
    FashionCNN,
)


def named(experiments) -> list[str]:
    return [experiment.name for experiment in experiments]


def test_every_experiment_of_the_three_reports_is_there():
    assert named(EXPERIMENTS) == [
        "fashion-cnn",
        "mnist-perceptron",
        "mnist-mlp",
        "mnist-cnn",
        "mnist-permuted",
        "mnist-permuted-cnn",
        "cifar10-cnn",
        "cifar10-channels",
        "cifar10-optimizers",
        "cifar10-combined",
    ]


def test_the_table_of_channels_has_the_published_means():
    columns, rows = {}, {}
    for figure in CifarChannels.figures:
        columns.setdefault(figure.when["model.channels1"], []).append(figure.value)
        rows.setdefault(figure.when["model.channels2"], []).append(figure.value)
    means = [
        {key: round(100 * sum(values) / len(values), 2) for key, values in table.items()}
        for table in (columns, rows)
    ]
    assert means[0] == pytest.approx({10: 51.08, 30: 53.68, 50: 54.40, 70: 55.14, 90: 55.14})
    assert means[1] == pytest.approx({20: 53.51, 40: 54.36, 60: 54.13, 80: 53.59, 100: 53.85})


def test_the_best_pair_of_channels_is_the_network_of_the_optimizers():
    best = max(CifarChannels.figures, key=lambda figure: figure.value)
    assert {key: CifarOptimizers.settings[key] for key in best.when} == dict(best.when)
    plain = CifarOptimizers.figures[0]
    assert (plain.value, plain.metric) == (best.value, SETTLED)


def test_the_fashion_network_has_three_forms():
    assert [figure.value for figure in FashionCNN.figures] == [0.899, 0.897, 0.891]


def test_what_was_only_proposed_has_no_figures():
    assert not CifarCombined.figures
