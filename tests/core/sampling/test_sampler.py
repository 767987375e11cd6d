"""Sampling: filters and penalties as properties; batches, ends, seeds, forbidden tokens."""

from __future__ import annotations

import numpy as np
import pytest
from chains import VOCABULARY, Chain, chain, cycle
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from deepzoo.errors import DivergedError, UsageError
from deepzoo.sampling import Sampling, filter_logits, generate, gumbel, streams

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
    chosen = np.argmax(filter_logits(logits, Sampling(temperature=0.001)) + noise, axis=-1)
    np.testing.assert_array_equal(logits[np.arange(len(logits)), chosen], logits.max(axis=1))


@quick
@given(LOGITS, SAMPLINGS, st.integers(0, 1000))
def test_what_is_filtered_or_forbidden_is_never_drawn(logits, sampling, seed):
    logits[:, 0] = -np.inf
    kept = filter_logits(logits, sampling)
    noise = gumbel(np.random.default_rng(seed), *logits.shape)
    chosen = np.argmax(kept + noise, axis=-1)
    assert np.isfinite(kept[np.arange(len(logits)), chosen]).all()
    assert (chosen != 0).all()


def test_draws_follow_the_softmax():
    logits = np.log(np.array([[0.5, 0.3, 0.15, 0.05]], np.float32))
    noise = gumbel(np.random.default_rng(0), 40000, 4)
    chosen = np.argmax(filter_logits(logits, Sampling()) + noise, axis=-1)
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


def test_prompts_of_different_length_are_each_continued():
    prompts = [np.array([0]), np.array([3, 1, 4]), np.array([5, 5])]
    written = generate(cycle(), prompts, [4, 0, 2])
    assert [list(tokens) for tokens in written] == [[1, 2, 3, 4], [], [0, 1]]


def test_a_long_prompt_may_begin_to_write_long_after_a_short_one_has_ended():
    stepper = cycle()
    written = generate(stepper, [np.array([0]), np.arange(99) % VOCABULARY], [2, 3])
    assert [list(tokens) for tokens in written] == [[1, 2], [3, 4, 5]]
    assert len(stepper.read) == 101


def test_the_prompt_is_read_and_the_last_token_written_is_not():
    stepper = cycle()
    generate(stepper, [np.array([2, 4, 1])], 2)
    assert [int(tokens[0]) for tokens in stepper.read] == [2, 4, 1, 2]


def test_the_end_stops_each_sequence_by_itself_and_is_not_returned():
    stepper, streamed = cycle(), []
    written = generate(
        stepper,
        [np.array([0]), np.array([3])],
        10,
        end=5,
        on_token=lambda index, token: streamed.append((index, token)),
    )
    assert [list(tokens) for tokens in written] == [[1, 2, 3, 4], [4]]
    assert streamed == [(0, 1), (1, 4), (0, 2), (0, 3), (0, 4)]
    assert len(stepper.read) == 5


def test_an_end_may_be_waited_for_without_limit():
    assert len(generate(cycle(), [np.array([0])], 10**12, end=3)[0]) == 2


def test_tokens_come_before_the_next_step():
    stepper, seen = cycle(), []
    generate(stepper, [np.array([0])], 3, on_token=lambda *_: seen.append(len(stepper.read)))
    assert seen == [1, 2, 3]


def test_forbidden_tokens_do_not_occur():
    prompts = [np.array([0])] * 3
    assert 2 in np.concatenate(generate(chain(), prompts, 60))
    assert not {2, 5} & set(np.concatenate(generate(chain(), prompts, 60, forbidden=[2, 5])))
    with pytest.raises(ValueError, match="every token"):
        generate(chain(), prompts, 3, forbidden=range(VOCABULARY))


def test_the_penalty_counts_prompt_and_output():
    even = Chain(np.zeros((4, 4)))
    written = generate(even, [np.array([0])], 3, Sampling(repetition_penalty=1000.0))[0]
    assert sorted(written) == [1, 2, 3]


def test_three_texts_begin_with_the_one_and_seeds_differ():
    prompt, sampling = np.array([1, 2]), Sampling(temperature=0.8, top_p=0.95)
    one = generate(chain(), [prompt], 50, sampling, 7)
    three = generate(chain(), [prompt] * 3, 50, sampling, 7)
    np.testing.assert_array_equal(one[0], three[0])
    assert not np.array_equal(three[0], three[1])
    assert not np.array_equal(one[0], generate(chain(), [prompt], 50, sampling, 8)[0])


def test_a_sequence_does_not_depend_on_the_prompts_beside_it():
    together = generate(chain(), [np.array([1]), np.array([1, 2, 3, 4])], 30, seed=3)
    beside = generate(chain(), [np.array([1, 1, 1, 1, 1]), np.array([1, 2, 3, 4])], 30, seed=3)
    np.testing.assert_array_equal(together[1], beside[1])


def test_a_longer_text_begins_with_the_shorter_whatever_the_block_of_noise(monkeypatch):
    long = generate(chain(), [np.array([1])] * 2, 90, seed=1)
    np.testing.assert_array_equal(
        long[1][:20], generate(chain(), [np.array([1])] * 2, 20, seed=1)[1]
    )
    monkeypatch.setattr("deepzoo.sampling.plan.BLOCK_ELEMENTS", 7 * 2 * VOCABULARY)
    blocks = generate(chain(), [np.array([1])] * 2, 90, seed=1)
    for whole, parts in zip(long, blocks, strict=True):
        np.testing.assert_array_equal(whole, parts)


def test_noise_is_finite_and_has_the_mean_of_gumbel_noise():
    noise = gumbel(streams(0, 2)[1], 1000, 50)
    assert noise.dtype == np.float32
    assert np.isfinite(noise).all()
    assert noise.mean() == pytest.approx(0.5772, abs=0.02)


def test_broken_weights_are_named_and_not_sampled_from():
    logits = np.zeros((3, 3))
    logits[1] = np.nan
    with pytest.raises(DivergedError, match="not finite"):
        generate(Chain(logits), [np.array([1])], 5)


def test_an_empty_prompt_is_a_mistake_of_the_caller():
    for prompts in ([], [np.array([1]), np.array([], dtype=int)]):
        with pytest.raises(ValueError, match="at least one token"):
            generate(chain(), prompts, 5)


def test_one_sequence_runs_on_one_blas_thread_and_the_limit_is_lifted_after():
    from threadpoolctl import threadpool_info

    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before, during = threads(), []
    generate(cycle(), [np.array([0])], 1, on_token=lambda *_: during.extend(threads()))
    assert set(during) == {1}
    assert threads() == before


def test_no_sequence_ends_before_its_least_tokens():
    rng = np.random.default_rng(0)

    class Ending:
        """A network that nearly always ends."""

        def start(self, n):
            return None

        def step(self, tokens, state):
            logits = rng.normal(size=(len(tokens), 5)).astype("f")
            logits[:, 3] += 20
            return logits, None

    prompts = [np.array([0]), np.array([1, 2, 4]), np.array([2])]
    written = generate(Ending(), prompts, [9, 9, 2], end=3, least=[0, 5, 7])
    assert [len(tokens) for tokens in written] == [0, 5, 2]
    assert 3 not in np.concatenate(written)
    greedy = generate(Ending(), prompts, 9, Sampling(top_k=1), end=3, least=4)
    assert [len(tokens) for tokens in greedy] == [4, 4, 4]
