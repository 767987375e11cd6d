"""Sampling: temperature, filters and penalties as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from deepzoo.errors import UsageError
from deepzoo.sampling.sampler import Sampling, choose, filter_logits, gumbel

VOCABULARY = 6
LOGITS = arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.integers(2, 9)),
    elements=st.floats(-80, 80, width=32),
)
SAMPLINGS = st.builds(
    Sampling,
    temperature=st.floats(0.001, 50),
    top_k=st.integers(0, 12),
    top_p=st.floats(0.001, 1),
    repetition_penalty=st.floats(1, 3),
)
quick = settings(max_examples=60, deadline=None)


def probabilities(logits):
    """Softmax, as plain as it can be written."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@quick
@given(LOGITS, SAMPLINGS)
def test_filters_keep_the_likeliest_token_and_never_make_nan(logits, sampling):
    kept = filter_logits(logits, sampling)
    assert not np.isnan(kept).any()
    rows = np.arange(len(logits))
    assert (kept[rows, logits.argmax(axis=1)] == 0).all()


@quick
@given(LOGITS, st.integers(1, 12))
def test_top_k_keeps_k_tokens_and_all_tied_with_the_kth(logits, k):
    kept = np.isfinite(filter_logits(logits, Sampling(top_k=k)))
    for row, mask in zip(logits - logits.max(axis=1, keepdims=True), kept, strict=True):
        kth = np.sort(row)[::-1][min(k, len(row)) - 1]
        np.testing.assert_array_equal(mask, row >= kth)


@quick
@given(LOGITS, st.floats(0.01, 0.99))
def test_top_p_keeps_the_fewest_tokens_that_reach_p(logits, top_p):
    kept = np.isfinite(filter_logits(logits, Sampling(top_p=top_p)))
    for row, mask in zip(probabilities(logits), kept, strict=True):
        assert mask.any()
        assert row[mask].sum() >= top_p - 1e-5
        assert row[mask].sum() - row[mask].min() * (row == row[mask].min()).sum() < top_p + 1e-5
        assert row[mask].min() >= row[~mask].max(initial=0) - 1e-12


@quick
@given(LOGITS, st.integers(0, 1000))
def test_a_temperature_near_zero_takes_the_likeliest(logits, seed):
    logits = logits.astype(np.int64).astype(np.float32)
    noise = gumbel(np.random.default_rng(seed), len(logits), logits.shape[1])
    chosen = choose(filter_logits(logits, Sampling(temperature=0.001)), noise)
    np.testing.assert_array_equal(logits[np.arange(len(logits)), chosen], logits.max(axis=1))


@quick
@given(LOGITS, SAMPLINGS, st.integers(0, 1000))
def test_what_is_filtered_or_forbidden_is_never_drawn(logits, sampling, seed):
    logits[:, 0] = -np.inf
    kept = filter_logits(logits, sampling)
    chosen = choose(kept, gumbel(np.random.default_rng(seed), len(logits), logits.shape[1]))
    assert np.isfinite(kept[np.arange(len(logits)), chosen]).all()
    assert (chosen != 0).all()


def test_draws_follow_the_softmax():
    logits = np.log(np.array([[0.5, 0.3, 0.15, 0.05]], np.float32))
    chosen = choose(filter_logits(logits, Sampling()), gumbel(np.random.default_rng(0), 40000, 4))
    np.testing.assert_allclose(np.bincount(chosen) / 40000, [0.5, 0.3, 0.15, 0.05], atol=0.01)


def test_temperature_divides_and_the_penalty_multiplies_log_probabilities():
    logits = np.log(np.array([[0.5, 0.4, 0.1]], np.float32))
    np.testing.assert_allclose(
        probabilities(filter_logits(logits, Sampling(temperature=0.5))),
        np.array([[0.25, 0.16, 0.01]]) / 0.42,
        rtol=1e-5,
    )
    penalised = filter_logits(logits + 7, Sampling(repetition_penalty=2), np.array([[3, 0, 0]]))
    np.testing.assert_allclose(
        probabilities(penalised), np.array([[0.25, 0.4, 0.1]]) / 0.75, rtol=1e-5
    )


def test_filters_leave_the_logits_they_were_given_alone():
    logits = np.arange(6, dtype=np.float32)[None]
    filter_logits(logits, Sampling(0.5, 2, 0.5, 2.0), np.ones((1, 6)))
    np.testing.assert_array_equal(logits, np.arange(6)[None])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 0),
        ("temperature", -1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("top_k", -1),
        ("top_p", 0),
        ("top_p", 1.5),
        ("top_p", float("nan")),
        ("repetition_penalty", 0.5),
    ],
)
def test_values_out_of_range_are_refused_by_name(name, value):
    with pytest.raises(UsageError, match=f"^{name} must be .*; received {value}"):
        Sampling(**{name: value})
