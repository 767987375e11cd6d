"""The baselines: proper probabilities, honest bits, and state that survives storing."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation import baseline_networks
from deepzoo_text_generation.baselines import BASELINES, XZ, CharSixGram, Unigram
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo import Network, Stepper
from deepzoo.errors import CheckpointError

VOCABULARY = 7
SPEC = {"vocabulary": VOCABULARY, "separator": 0}
STEPPERS = [
    Unigram(),
    CharSixGram(smoothing="kneser-ney"),
    CharSixGram(smoothing="witten-bell"),
]
DOCUMENT = st.lists(st.integers(1, VOCABULARY - 1), max_size=30)


def corpus(documents: list[list[int]]) -> np.ndarray:
    return np.array([token for text in documents for token in (0, *text)] + [0], np.uint16)


def fitted(model, documents):
    network = model.build(SPEC)
    row = corpus(documents)[None]
    network.fit_arrays(row[:, :-1], row[:, 1:])
    return network


def words(count: int, seed: int) -> list[np.ndarray]:
    """Documents with something to learn: three words in any order."""
    generator = np.random.default_rng(seed)
    lexicon = ([1, 2, 3, 4], [5, 6, 1], [2, 2, 6, 3, 5])
    picks = generator.integers(0, 3, (count, 5))
    return [np.concatenate([lexicon[pick] for pick in row]).astype(np.uint16) for row in picks]


def totals(network, documents) -> list[float]:
    """Returns the bits of each document."""
    return [float(bits.sum()) for bits in network.bits(documents)]


def stepped_bits(network, document) -> float:
    state, logits, total = network.start(1), None, 0.0
    for token in (0, *document, 0):
        if logits is not None:
            total -= float(logits[0, token]) / np.log(2)
        logits, state = network.step(np.array([token]), state)
    return total


@pytest.mark.parametrize("model", STEPPERS)
@settings(max_examples=25, deadline=None)
@given(documents=st.lists(DOCUMENT, min_size=1, max_size=6), prompt=DOCUMENT)
def test_probabilities_sum_to_one_and_none_is_zero_in_any_context(model, documents, prompt):
    network = fitted(model, documents)
    state = network.start(1)
    for token in (0, *prompt):
        logits, state = network.step(np.array([token]), state)
        probabilities = np.exp(logits.astype(np.float64))
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert probabilities.min() > 0


@pytest.mark.parametrize("model", STEPPERS)
@settings(max_examples=25, deadline=None)
@given(
    documents=st.lists(DOCUMENT, min_size=1, max_size=6),
    held_out=st.lists(DOCUMENT, min_size=1, max_size=4),
)
def test_bits_are_those_of_the_steps_from_the_start_of_each_document(model, documents, held_out):
    network = fitted(model, documents)
    bits = totals(network, [np.array(text, np.uint16) for text in held_out])
    assert bits == pytest.approx([stepped_bits(network, text) for text in held_out], rel=1e-5)


@pytest.mark.parametrize("model", [*STEPPERS, XZ()])
def test_bits_are_equal_after_storing(model):
    network = fitted(model, words(50, seed=0))
    fresh = model.build(SPEC)
    fresh.load_arrays(network.arrays())
    held_out = words(20, seed=1)
    assert totals(fresh, held_out) == totals(network, held_out)
    assert all(array.dtype.kind in "iu" for array in network.arrays().values())


@pytest.mark.parametrize("model", STEPPERS[1:])
def test_long_documents_are_scored_in_blocks_without_a_seam(model, monkeypatch):
    network = fitted(model, words(50, seed=0))
    held_out = [np.concatenate(words(40, seed=1)), *words(5, seed=2)]
    whole = totals(network, held_out)
    monkeypatch.setattr(baseline_networks, "SCORED_AT_ONCE", 37)
    assert totals(network, held_out) == pytest.approx(whole, rel=1e-12)


def test_longer_contexts_earn_their_place():
    train, held_out = words(300, seed=0), words(50, seed=1)
    single, six, packed = (sum(totals(fitted(model(), train), held_out)) for model in BASELINES)
    assert six < 0.5 * single
    assert packed < single


def test_the_unigram_counts_frequencies():
    network = fitted(Unigram(), [[1] * 700 + [2] * 290])
    probabilities = np.exp(network.step(np.array([0]), network.start(1))[0][0])
    assert probabilities[[1, 2]] == pytest.approx([0.7, 0.29], abs=0.01)


@pytest.mark.parametrize("model", STEPPERS)
def test_sequences_of_a_batch_do_not_mix(model):
    network = fitted(model, words(50, seed=0))
    rows = np.array([[0, 1, 2, 3], [0, 5, 6, 1], [6, 6, 6, 6]])
    together = network.predict(rows)
    assert together.shape == (3, 4, VOCABULARY)
    for row, alone in zip(rows, together, strict=True):
        assert np.array_equal(network.predict(row[None])[0], alone)


@pytest.mark.parametrize("model", STEPPERS)
def test_a_baseline_is_a_network_and_a_stepper(model):
    network = fitted(model, [[1, 2]])
    assert isinstance(network, Network)
    assert isinstance(network, Stepper)


def test_xz_scores_documents_with_letters_outside_bytes():
    spec = {"vocabulary": 60_000, "separator": 0}
    network = XZ().build(spec)
    text = np.random.default_rng(0).integers(1, 60_000, 400).astype(np.uint16)
    network.fit_arrays(np.append(0, text)[None], np.append(text, 0)[None])
    known, new = totals(network, [text[:200]]), totals(network, [np.flip(text)[:200]])
    assert 0 < known[0] < 0.3 * new[0]


def test_xz_shares_the_cost_of_a_block_by_characters():
    held_out = words(40, seed=1)
    bits = np.array(totals(fitted(XZ(), words(50, seed=0)), held_out))
    rates = bits / [len(text) + 1 for text in held_out]
    assert 2 <= len(set(rates.round(9))) <= 8


@pytest.mark.parametrize("model", [*STEPPERS, XZ()])
def test_no_documents_have_no_bits(model):
    assert fitted(model, [[1, 2, 3]]).bits([]) == []


@pytest.mark.parametrize("model", [*STEPPERS, XZ()])
def test_foreign_weights_are_refused(model):
    with pytest.raises(CheckpointError, match="kernel"):
        model.build(SPEC).load_arrays({"kernel": np.zeros(3)})


def test_weights_of_another_vocabulary_are_refused():
    network = fitted(CharSixGram(), [[1, 2, 3]])
    with pytest.raises(CheckpointError, match=r"expected keys/1 of shape \(9,\)"):
        CharSixGram().build({"vocabulary": 9}).load_arrays(network.arrays())


def test_of_a_very_long_block_the_beginning_is_compressed(monkeypatch):
    network = fitted(XZ(), words(50, seed=0))
    document = np.concatenate(words(300, seed=1))
    whole = totals(network, [document])[0]
    monkeypatch.setattr(baseline_networks, "MOST_OF_A_BLOCK", 2000)
    assert totals(network, [document])[0] == pytest.approx(whole, rel=0.2)
    assert totals(network, [document])[0] != whole
