"""The published experiments: their figures as printed, and settings that exist."""

from __future__ import annotations

import pytest
from deepzoo_text_generation.experiments import (
    EXPERIMENTS,
    STARTS,
    NumpyRNNExperiment,
    TweetsGRU,
)


def named(experiments) -> list[str]:
    return [experiment.name for experiment in experiments]


def test_every_experiment_of_the_three_reports_is_there():
    assert named(EXPERIMENTS) == [
        "tweets-gru",
        "tweets-settings",
        "tweets-length",
        "tweets-end",
        "tweets-layers",
        "tweets-words",
        "novel-lstm",
        "novel-lstm-nietzsche",
        "numpy-rnn",
        "numpy-rnn-shakespeare",
    ]


def test_the_published_losses_belong_to_their_epochs():
    losses = {
        figure.when["model.epochs"]: figure.value
        for figure in TweetsGRU.figures
        if figure.metric == "training loss"
    }
    assert losses == {5: 1.31, 10: 1.14}


def test_numpy_rnn_is_published_with_an_error_for_each_parameter():
    errors = [figure.metric[-1] for figure in NumpyRNNExperiment.figures if figure.value < 1]
    assert sorted(errors) == ["U", "V", "W", "b", "c"]
    assert [figure.value for figure in NumpyRNNExperiment.figures if figure.value > 1] == [39, 42]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=named(EXPERIMENTS))
def test_samples_begin_with_their_start(experiment):
    for sample in experiment.samples:
        assert sample.output.startswith(sample.prompt)
        assert sample.prompt in ("", *STARTS)


def test_samples_say_after_how_many_epochs_and_at_which_temperature():
    conditions = [(s.when["model.epochs"], s.when["temperature"]) for s in TweetsGRU.samples]
    assert conditions == [(5, 1.0), (10, 1.0), (10, 3.0), (10, 0.3)]
