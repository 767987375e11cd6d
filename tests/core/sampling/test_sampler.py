"""Generating with any stepper: batches, ends, seeds, forbidden tokens."""

from __future__ import annotations

import numpy as np
import pytest
from chains import VOCABULARY, Chain, chain, cycle

from deepzoo.errors import DivergedError
from deepzoo.sampling.sampler import Sampling, generate, gumbel, streams


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
        with pytest.raises(ValueError, match="one token or more"):
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
