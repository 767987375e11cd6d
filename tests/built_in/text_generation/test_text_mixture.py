"""A network mixed with counts: the probabilities, what is stored, and the whole way of a run."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation.baseline_networks import NGramNetwork
from deepzoo_text_generation.mixture import Mixture, fit_exponents, pack, unpack
from deepzoo_text_generation.numpy_networks import ScoringMixin

import deepzoo
from deepzoo.errors import CheckpointError
from deepzoo.networks.weights import to_bytes
from deepzoo.recurrent import softmax

VOCABULARY = 6


@pytest.fixture(scope="module")
def text():
    """Words drawn from a few, so that longer n-grams occur again, and separators."""
    rng = np.random.default_rng(0)
    words = [rng.integers(1, VOCABULARY, rng.integers(2, 6)) for _ in range(12)]
    words.append(np.array([0]))
    return np.concatenate([[0], *(words[i] for i in rng.integers(0, 13, 400)), [0]])


@pytest.fixture(scope="module")
def ngram(text):
    network = NGramNetwork(VOCABULARY, 4)
    network.fit_arrays(text[:-1], text[1:])
    return network


class Constant(ScoringMixin):
    """Always predicts the same."""

    def __init__(self, probabilities):
        self.logits = np.log(probabilities) + 3.0  # logits need not be normalised

    def start(self, n):
        return n

    def step(self, tokens, state):
        return np.tile(self.logits, (len(tokens), 1)), state

    def advance(self, tokens, state):
        return state


def test_stored_counts_give_the_same_probabilities(ngram, text):
    arrays = pack(ngram, pruned=9)
    assert {array.dtype.itemsize for key, array in arrays.items() if "discounts" not in key} <= {
        1,
        2,
    }
    documents = [text[1:80], text[300:310]]
    for first, second in zip(
        ngram.bits(documents), unpack(arrays, VOCABULARY).bits(documents), strict=True
    ):
        np.testing.assert_allclose(first, second, rtol=1e-5)


def test_without_what_was_seen_once_probabilities_still_sum_to_one(ngram, text):
    arrays = pack(ngram, pruned=3)
    assert len(to_bytes(arrays)) < len(to_bytes(pack(ngram, pruned=9)))
    pruned = unpack(arrays, VOCABULARY)
    state = pruned.start(1)
    for token in text[:200]:
        logits, state = pruned.step(np.array([token]), state)
        assert np.exp(logits).sum() == pytest.approx(1, abs=1e-5)


def test_the_mixture_multiplies_and_reading_ahead_changes_nothing(ngram, text):
    probabilities = np.array([0.1, 0.2, 0.3, 0.2, 0.1, 0.1])
    mixture = Mixture(Constant(probabilities), ngram, [0.75, 0.5])
    tokens = text[:50, None]
    state, counted = mixture.start(1), ngram.start(1)
    for token in tokens:
        logits, state = mixture.step(token, state)
        expected, counted = ngram.step(token, counted)
        product = probabilities**0.75 * np.exp(expected) ** 0.5
        np.testing.assert_allclose(softmax(logits), product / product.sum(), rtol=1e-4)
    ahead = mixture.advance(tokens[:-1], mixture.start(1))
    np.testing.assert_array_equal(mixture.step(tokens[-1], ahead)[0], logits)


def test_exponents_favour_the_better_model_and_undo_a_wrong_scale():
    rng = np.random.default_rng(0)
    good, noise = rng.normal(size=(2, 4000, 5))
    targets = np.array([rng.choice(5, p=row) for row in softmax(good)])
    scale, ignored = fit_exponents(np.stack([good / 3, noise]), targets)
    assert scale == pytest.approx(3, abs=0.2)
    assert abs(ignored) < 0.1


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    pytest.importorskip("keras")
    settings = {"units": 16, "embedding": 8, "buckets": 64, "evaluate_texts": 2}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("home")))
        yield deepzoo.train("tweets", sample=True, epochs=1, limit=300, settings=settings)


def test_a_run_is_no_worse_than_its_network_or_its_counts(run):
    prepared = run.workload().prepared
    arrays = run.arrays()
    network = run.recipe("model").from_arrays(
        run.spec, {key: array for key, array in arrays.items() if "ngram" not in key}
    )
    documents = prepared.test.tokens
    mixed, alone, counted = (
        np.concatenate(scorer.bits(documents)).mean()
        for scorer in (run.numpy_network, network, unpack(arrays, run.spec["vocabulary"]))
    )
    assert mixed < min(alone, counted) + 1e-3 < alone
    assert run.metrics["bits_per_character"] < alone
    opened = deepzoo.Run.open(run.path)
    assert opened.numpy_network.exponents.tolist() == run.numpy_network.exponents.tolist()
    assert opened.generate("I", seed=1, n=9, length=20) == run.generate("I", seed=1, n=9, length=20)


def test_weights_of_a_run_without_counts_open_and_others_are_refused(run):
    network = run.network
    arrays = {key: array for key, array in network.arrays().items() if "ngram" not in key}
    network.load_arrays(arrays)
    assert not hasattr(network.numpy_network(), "exponents")
    network.load_arrays(run.arrays())
    off = type(run.recipe("model"))(**{**run.recipe("model").as_dict(), "counts": 0})
    with pytest.raises(CheckpointError, match="counts"):
        off.build(run.spec).load_arrays(run.arrays())
