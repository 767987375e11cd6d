"""Seeded splits and draws by class."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.interfaces.random_splits import split_random, stratified


def test_a_random_split_is_seeded_complete_and_disjoint():
    train, validation, test = split_random(101, 3)
    assert [len(train), len(validation), len(test)] == [81, 10, 10]
    assert sorted(np.concatenate([train, validation, test])) == list(range(101))
    again = split_random(101, 3)
    assert all(map(np.array_equal, again, (train, validation, test)))
    assert not np.array_equal(split_random(101, 4)[0], train)


def test_a_random_split_by_class_keeps_the_shares():
    labels = np.array([0] * 80 + [1] * 20)
    for indices, count in zip(split_random(100, 0, labels), (80, 10, 10), strict=True):
        assert list(np.bincount(labels[indices])) == [count * 8 // 10, count * 2 // 10]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60))
def test_any_number_of_examples_is_split_without_loss(count):
    parts = split_random(count, 0, None)
    assert sorted(int(index) for part in parts for index in part) == list(range(count))


@pytest.mark.parametrize("count", [0, 1, 7, 33, 59, 60, 99])
def test_a_stratified_draw_has_the_right_number_and_shares(count):
    labels = np.repeat([3, 5, 9], [10, 20, 30])
    drawn = stratified(labels, count, seed=1)
    assert len(drawn) == len(set(drawn.tolist())) == min(count, 60)
    counts = np.bincount(labels[drawn], minlength=10)[[3, 5, 9]]
    assert (abs(counts - np.array([10, 20, 30]) * min(count, 60) / 60) < 1).all()
