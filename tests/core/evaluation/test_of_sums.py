"""Scores that are no means: against closed forms, the delta method and the bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo import Scores, summarise
from deepzoo.errors import PluginError
from deepzoo.evaluation.intervals import compare

ROWS = st.lists(st.tuples(st.floats(0, 50), st.integers(1, 9)), min_size=2, max_size=30)
SCORES = {
    "rmse": lambda sums: np.sqrt(sums[..., 0] / sums[..., 1]),
    "perplexity": lambda sums: 2 ** (sums[..., 0] / sums[..., 1] / 50),
}


def f1(sums):
    """From sums of right, predicted and true positives."""
    return 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(sorted(SCORES)))
def test_the_mean_of_the_values_is_the_function_of_the_sums(rows, name):
    statistics = np.array(rows, float)
    scores = Scores.of_sums(SCORES[name], statistics)
    assert len(scores.values) == len(rows)
    assert scores.values.mean() == pytest.approx(float(SCORES[name](statistics.sum(axis=0))))


@settings(max_examples=40, deadline=None)
@given(st.integers(100, 300), st.integers(0, 999), st.booleans())
def test_the_interval_of_a_ratio_is_that_of_the_delta_method(count, seed, grouped):
    generator = np.random.default_rng(seed)
    weights = generator.integers(50, 150, count).astype(float)
    values = generator.normal(3, 1, count)
    groups = generator.integers(0, count // 3, count) if grouped else None
    ratio = Scores.of_sums(
        lambda sums: sums[..., 0] / sums[..., 1], np.stack([values * weights, weights], 1), groups
    )
    low, high = summarise(Scores(values, weights, groups))[1:3]
    assert summarise(ratio)[1:3] == pytest.approx((low, high), abs=0.05 * (high - low))


@pytest.mark.parametrize("name", ["rmse", "f1"])
def test_an_interval_is_that_of_drawing_the_examples_again(name):
    generator = np.random.default_rng(3)
    if name == "rmse":
        statistics = np.stack([generator.normal(0, 2, 400) ** 2, np.ones(400)], axis=1)
        score = SCORES["rmse"]
    else:
        true, predicted = generator.random((2, 400)) < 0.3
        predicted |= true & (generator.random(400) < 0.6)
        statistics, score = np.stack([true & predicted, predicted, true], axis=1), f1
    value, low, high, count = summarise(Scores.of_sums(score, statistics))
    drawn = [score(statistics[generator.integers(0, 400, 400)].sum(axis=0)) for _ in range(2000)]
    assert value == pytest.approx(float(score(statistics.sum(axis=0))))
    assert (low, high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), rel=0.02)
    assert count == 400


def test_rmse_of_known_numbers():
    errors = np.array([3.0, 4.0, 0.0, 0.0])
    statistics = np.stack([errors**2, np.ones(4)], axis=1)
    scores = Scores.of_sums(SCORES["rmse"], statistics)
    assert summarise(scores)[0] == 2.5
    # By hand: without each example the errors are sqrt(16/3), 3^0.5, and twice sqrt(25/3).
    without = np.sqrt([16 / 3, 9 / 3, 25 / 3, 25 / 3])
    spread = math.sqrt(3 / 4 * ((without - without.mean()) ** 2).sum())
    low, high = summarise(Scores.of_sums(SCORES["rmse"], statistics))[1:3]
    assert (high - low) / 2 == pytest.approx(1.959964 * spread)


def test_two_networks_are_compared_on_the_same_examples():
    generator = np.random.default_rng(0)
    hard = generator.normal(0, 2, 300)
    better, worse = (
        Scores.of_sums(SCORES["rmse"], np.stack([(hard * factor) ** 2, np.ones(300)], axis=1))
        for factor in (0.95, 1)
    )
    difference, low, high = compare(better, worse)
    assert low < difference < high < 0
    assert high - low < 0.1 * (summarise(worse)[2] - summarise(worse)[1])


def test_what_is_divided_by_nothing_is_undefined():
    nothing = Scores.of_sums(f1, np.zeros((5, 3)))
    assert np.isnan(nothing.values).all()
    assert np.isnan(summarise(nothing)[:3]).all()
    assert len(Scores.of_sums(f1, np.zeros((0, 3))).values) == 0


def test_a_score_that_hangs_on_one_example_has_no_interval():
    statistics = np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0]])
    value, low, high, count = summarise(Scores.of_sums(f1, statistics))
    assert (value, count) == (1, 3)
    assert np.isnan([low, high]).all()
    difference = compare(Scores.of_sums(f1, statistics), Scores.of_sums(f1, np.ones((3, 3))))
    assert difference[0] == 0
    assert np.isnan(difference[1:]).all()


def test_one_example_is_a_score():
    value, low, _, count = summarise(Scores.of_sums(SCORES["rmse"], [[9.0, 1.0]]))
    assert (value, count) == (3, 1)
    assert math.isnan(low)


def test_shapes_are_told():
    with pytest.raises(PluginError, match=r"statistics \[n, k\].*received: \[4\]"):
        Scores.of_sums(SCORES["rmse"], np.ones(4))
    with pytest.raises(PluginError, match=r"expected \[1\], received \[2\].*sums\[..., 0\]"):
        Scores.of_sums(lambda sums: sums[0] ** 2, np.ones((4, 2)))
