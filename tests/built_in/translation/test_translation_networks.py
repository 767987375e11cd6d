"""The networks: as published, exact in resuming, and blind to other pairs of a row."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_translation.models import CharSeq2Seq, TransformerSmall
from deepzoo_translation.packing import PAIR, POSITION, TOKEN, pack_pairs
from deepzoo_translation.prepare import prepare
from deepzoo_translation.task import Translation
from deepzoo_translation.vocabulary import END, PAD, START
from hypothesis import given, settings
from hypothesis import strategies as st
from translation_cases import SEQ2SEQ, TRANSFORMER, Toy, few, ids

from deepzoo.errors import CheckpointError, UsageError
from deepzoo.testing import check_model

keras = pytest.importorskip("keras")

CASES = {
    "characters": (CharSeq2Seq, SEQ2SEQ),
    "transformer": (TransformerSmall, few(TRANSFORMER)),
}


@pytest.fixture(autouse=True)
def nothing_beside(monkeypatch):
    """Leaves out the baselines and the samples, whose loop is compiled for every network."""
    monkeypatch.setattr(Translation, "baselines", ())
    monkeypatch.setattr(Translation, "progress_sample", lambda *arguments: None)


@pytest.mark.parametrize("case", CASES)
def test_a_model_keeps_its_promises(case):
    model, chosen = CASES[case]
    checked = check_model(model, dataset=Toy, epochs=2, evaluate_sentences=4, **chosen)
    assert not [line for line in checked if line.startswith("Skipped")]


def spec(vocabulary: int = 20, length: int = 9) -> dict:
    return {
        "source_vocabulary": vocabulary,
        "target_vocabulary": vocabulary + 5,
        "source_length": length,
        "target_length": length + 2,
        "seed": 0,
    }


def test_the_published_network_has_its_parameters():
    network = CharSeq2Seq().build(spec(74, 19))
    encoder = 4 * 256 * (73 + 256 + 1)
    decoder = 4 * 256 * (78 + 256 + 1)
    assert network.model.count_params() == encoder + decoder + 257 * 79
    assert CharSeq2Seq().optimizer == "rmsprop"
    words = CharSeq2Seq(level="words").build(spec(74, 19))
    assert words.model.count_params() == 2 * 4 * 256 * 513 + 256 * (74 + 79) + 257 * 79


def test_teacher_forcing_gives_three_arrays_and_padding_counts_nothing():
    prepared = prepare(Toy().load({}), CharSeq2Seq(), 5)
    (sources, before), after, weights = prepared.train.batch(np.array([3, 0]))
    assert (before[:, 0] == START).all()
    assert np.array_equal(before[:, 1:], np.where(before[:, 1:] == PAD, PAD, after[:, :-1]))
    assert ((after != PAD) == weights.astype(bool)).all()
    assert (after == END).sum(axis=1).tolist() == [1, 1]
    assert sources.shape[1] == prepared.spec["source_length"]
    assert after.shape[1] == prepared.spec["target_length"]


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(0, 9))
def test_every_pair_is_in_one_row_and_rows_are_nearly_full(count, seed):
    sources, targets = ids(count, 12, 50, seed), ids(count, 11, 50, seed + 100)
    packed = pack_pairs(sources, targets, 16)
    pairs = []
    for read, written, after in zip(*packed.inputs, packed.targets, strict=True):
        for pair in range(1, read[PAIR].max() + 1):
            source, target = read[PAIR] == pair, written[PAIR] == pair
            assert read[POSITION][source].tolist() == list(range(source.sum()))
            assert written[POSITION][target].tolist() == list(range(target.sum()))
            assert written[TOKEN][target][0] == START
            assert after[target][-1] == END
            assert after[target][:-1].tolist() == written[TOKEN][target][1:].tolist()
            pairs.append((read[TOKEN][source].tolist(), after[target][:-1].tolist()))
        assert not read[TOKEN][read[PAIR] == 0].any()
        assert not after[written[PAIR] == 0].any()
    assert sorted(pairs) == sorted(zip(sources, targets, strict=True))


def test_long_rows_are_filled_well():
    packed = pack_pairs(ids(500, 16, 50), ids(500, 16, 50, 1), 64)
    assert (packed.targets != PAD).mean() > 0.9


def small(**settings) -> tuple[TransformerSmall, object]:
    keras.utils.set_random_seed(1)
    model = TransformerSmall(width=16, heads=2, layers=2, hidden=24, longest=31, **settings)
    return model, model.build(spec(25, 31))


def test_a_pair_is_read_the_same_alone_and_among_others():
    _, network = small()
    sources, targets = ids(6, 9, 25), ids(6, 9, 25, 1)
    together = pack_pairs(sources, targets, 32)
    logits = np.asarray(network.model(together.inputs))
    compared = 0
    for row, (read, written) in enumerate(zip(*together.inputs, strict=True)):
        for pair in range(1, read[PAIR].max() + 1):
            target = written[PAIR] == pair
            index = sources.index(read[TOKEN][read[PAIR] == pair].tolist())
            alone = pack_pairs([sources[index]], [targets[index]], 32)
            expected = np.asarray(network.model(alone.inputs))[0, : target.sum()]
            assert logits[row, target] == pytest.approx(expected, abs=1e-4)
            compared += 1
    assert compared == 6


def test_heads_that_do_not_divide_the_width_are_refused():
    with pytest.raises(UsageError, match=r"heads is 3.*divides the width 16"):
        TransformerSmall(width=16, heads=3).build(spec())


def test_attention_weights_of_the_source_tokens_sum_to_one():
    _, network = small()
    weights = network.attention_weights([5, 6, 7], [8, 9])
    assert weights.shape == (3, 3)
    assert weights.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_smoothed_targets_are_learned_from_in_training_alone():
    from deepzoo_translation.layers import LabelSmoothing

    rng = np.random.default_rng(0)
    logits, real = rng.normal(size=(2, 3, 5)).astype("f"), np.array([[1, 1, 0], [1, 0, 0]])
    targets = rng.integers(0, 5, (2, 3))
    layer = LabelSmoothing(0.1)
    assert np.array_equal(layer(logits, real, training=False), logits)
    assert not layer.losses
    layer(logits, real, training=True)
    log_probabilities = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    smooth = 0.9 * np.eye(5)[targets] + 0.1 / 5
    whole = (-(smooth * log_probabilities).sum(axis=-1) * real).mean()
    plain = (-np.take_along_axis(log_probabilities, targets[..., None], -1)[..., 0] * real).mean()
    assert plain + float(layer.losses[0]) == pytest.approx(whole / 0.9, rel=1e-5)


@pytest.mark.parametrize(("width", "count"), [(1, 9), (4, 35)])
def test_sentences_are_translated_alike_without_keras(width, count):
    sizes = {**spec(), "target_vocabulary": 20}
    model = TransformerSmall(width=8, heads=2, hidden=12, layers=2, beam=width, longest=15)
    network = model.build(sizes)
    rng = np.random.default_rng(width)
    arrays = {key: rng.normal(0, 0.6, a.shape).astype("f") for key, a in network.arrays().items()}
    network.load_arrays(arrays)
    light = model.from_arrays(sizes, arrays)
    sources = ids(count, 12, 20)
    for first, second in zip(light.translate(sources), network.translate(sources), strict=True):
        assert first.tokens == second.tokens
        assert first.score == pytest.approx(second.score, abs=1e-4)
    inputs, _, _ = pack_pairs(ids(6, 5, 20), ids(6, 5, 20, seed=1), 16).batch(np.arange(2))
    np.testing.assert_allclose(light.predict(inputs), network.predict(inputs), atol=1e-4)
    pair = sources[0], [5, 6, 7]
    np.testing.assert_allclose(
        light.attention_weights(*pair), network.attention_weights(*pair), atol=1e-5
    )


def test_weights_of_another_architecture_are_refused_without_keras():
    sizes = {**spec(), "target_vocabulary": 20}
    arrays = TransformerSmall(width=8, heads=2, hidden=12, layers=1).build(sizes).arrays()
    with pytest.raises(CheckpointError, match="are too few"):
        TransformerSmall(width=8, heads=2, hidden=12, layers=2).from_arrays(sizes, arrays)
    with pytest.raises(CheckpointError, match="are left over"):
        TransformerSmall(width=8, heads=2, hidden=12, layers=1).from_arrays(
            sizes, {**arrays, "9999/bias": np.zeros(1)}
        )
