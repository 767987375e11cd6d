"""Windows are cut when they are needed: they equal slices of the series and never copy it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo import Scores, Windows, summarise


@given(
    size=st.integers(1, 60),
    length=st.integers(1, 12),
    step=st.integers(1, 12),
    context=st.integers(0, 4),
)
def test_windows_are_slices(size, length, step, context):
    tokens = np.arange(1, size + 1, dtype=np.uint8)
    examples = Windows(tokens, length, step, every_step=True, context=context)
    starts = [start for start in range(0, size, step) if start + length < size]
    assert len(examples) == len(starts)
    inputs, targets, weights = examples.batch(np.arange(len(examples)))
    assert weights is None
    padded = [*[0] * context, *tokens.tolist()]
    for row, start in enumerate(starts):
        assert inputs[row].tolist() == padded[start : start + context + length]
        assert targets[row].tolist() == tokens[start + 1 : start + length + 1].tolist()


def test_the_last_position_alone_has_a_target():
    inputs, targets, _ = Windows(np.arange(9, dtype=np.uint8), 4, 3).batch(np.array([1]))
    assert inputs.tolist() == [[3, 4, 5, 6]]
    assert targets.tolist() == [7]


def test_windows_in_a_row_cover_every_token_once():
    examples = Windows(np.arange(31, dtype=np.uint8), 5, 5, every_step=True)
    _, targets, _ = examples.batch(np.arange(len(examples)))
    assert targets.reshape(-1).tolist() == list(range(1, 31))


def test_batches_are_pure_and_the_text_is_not_copied():
    tokens = np.arange(40, dtype=np.uint8)
    examples = Windows(tokens, 8, 3, context=2)
    assert examples.inputs is tokens
    first, again = (examples.batch(np.array([4, 1])) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    first[0][:] = 0
    np.testing.assert_array_equal(examples.batch(np.array([4, 1]))[0], again[0])


@given(
    lengths=st.lists(st.integers(1, 7), max_size=9),
    length=st.integers(1, 6),
    context=st.integers(0, 4),
    horizon=st.sampled_from([None, 1, 3]),
    seed=st.integers(0, 99),
)
def test_shuffled_windows_are_those_of_the_parts_in_another_order(
    lengths, length, context, horizon, seed
):
    generator = np.random.default_rng(seed)
    parts = [generator.integers(1, 9, count) for count in (*lengths, 1)]
    row, starts = np.concatenate(parts), np.cumsum([0, *lengths])
    examples = Windows(row, length, 2, horizon=horizon, context=context, parts=starts)
    shuffled = examples.for_epoch(np.random.default_rng(seed))
    assert len(shuffled) == len(examples)
    order = np.arange(len(lengths))
    if len(lengths) > 1:
        order = np.random.default_rng(seed).permutation(len(lengths))
    moved = np.concatenate([*[parts[index] for index in order], parts[-1]])
    indices = np.arange(len(examples))
    expected = Windows(moved, length, 2, horizon=horizon, context=context).batch(indices)
    for part, other in zip(shuffled.batch(indices)[:2], expected[:2], strict=True):
        np.testing.assert_array_equal(part, other)
    assert shuffled.inputs is row
    assert shuffled.for_epoch(np.random.default_rng(0)) is shuffled


def test_windows_without_parts_stay_in_order():
    examples = Windows(np.arange(9), 2, 2)
    assert examples.for_epoch(np.random.default_rng(0)) is examples


@pytest.mark.parametrize(
    ("options", "shape", "targets"),
    [
        ({}, (2,), [[3, 13], [5, 15]]),
        ({"horizon": 1}, (1, 2), [[[3, 13]], [[5, 15]]]),
        ({"horizon": 2}, (2, 2), [[[3, 13], [4, 14]], [[5, 15], [6, 16]]]),
        ({"every_step": True}, (3, 2), [[[1, 11], [2, 12], [3, 13]], [[3, 13], [4, 14], [5, 15]]]),
    ],
)
def test_a_series_may_have_features_and_a_horizon(options, shape, targets):
    series = np.stack([np.arange(8.0), np.arange(10.0, 18)], axis=1)
    examples = Windows(series, 3, 2, **options)
    inputs, received, weights = examples.batch(np.arange(2))
    assert inputs.tolist() == [series[:3].tolist(), series[2:5].tolist()]
    assert inputs.dtype == received.dtype == np.float32
    assert received.shape[1:] == shape
    assert received.tolist() == targets
    assert weights is None
    assert len(examples) == (8 - 3 - (options.get("horizon") or 1)) // 2 + 1


def test_a_series_that_is_too_short_has_no_windows():
    assert len(Windows(np.arange(4), 3, horizon=2)) == len(Windows(np.arange(0), 3)) == 0
    assert len(Windows(np.arange(5), 3, horizon=2)) == 1


def test_groups_are_stretches_of_the_series():
    assert Windows(np.arange(12), 2, horizon=2).groups().tolist() == [0] * 4 + [1] * 4 + [2]
    assert Windows(np.arange(12), 2, 3).groups().tolist() == [0, 1, 2, 3]


def test_overlapping_windows_get_the_interval_of_independent_ones():
    generator, covered, naive = np.random.default_rng(0), 0, 0
    for _ in range(200):
        windows = Windows(generator.normal(0, 1, 800), 4, horizon=4)
        _, targets, _ = windows.batch(np.arange(len(windows)))
        values = targets.mean(axis=1)  # errors of neighbours are nearly the same
        for groups in (windows.groups(), None):
            _, low, high, _ = summarise(Scores(values, groups=groups))
            covered += groups is not None and low <= 0 <= high
            naive += groups is None and low <= 0 <= high
    assert covered > 0.87 * 200
    assert naive < 0.75 * 200
