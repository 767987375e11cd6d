"""One set of weights gives the same logits on every path, and bits that add up."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation import scoring
from deepzoo_text_generation.models import CharBest, CharGRU, CharLSTM, CharRNN, RecurrentModel
from deepzoo_text_generation.numpy_networks import NumpyTextNetwork
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.errors import CheckpointError, UsageError

keras = pytest.importorskip("keras")

VOCABULARY, LENGTH, BATCH = 13, 8, 3
SPEC = {"vocabulary": VOCABULARY, "separator": 0, "batch_size": BATCH, "seed": 0}
SMALL = {"units": 10, "embedding": 6, "sequence_length": LENGTH}
MODELS = {
    "gru": CharGRU(**SMALL),
    "lstm": CharGRU(**SMALL, cell="lstm"),
    "rnn": CharRNN(**SMALL),
    "two-layers": CharGRU(**SMALL, layers=2, dropout=0.3),
    "residual": CharGRU(**SMALL, cell="lstm", layers=3, residual=True),
    "n-grams": CharBest(**SMALL, buckets=31),
    "n-grams-of-two-layers": CharBest(**SMALL, orders=(3, 2), layers=2, residual=True),
    "one-hot": CharGRU(**{**SMALL, "embedding": 0}),
    "last-position": CharLSTM(units=10, sequence_length=LENGTH, stateful=False),
    "last-position-of-n-grams": CharLSTM(
        units=10, embedding=4, orders=(2,), sequence_length=LENGTH
    ),
}
STEPPED = [name for name, model in MODELS.items() if model.every_step]


def built(model: RecurrentModel, seed=0):
    """Builds a network and gives it weights large enough to make a difference."""
    network = model.build(SPEC)
    rng = np.random.default_rng(seed)
    network.load_arrays(
        {
            key: rng.normal(0, 0.4, array.shape).astype("f")
            for key, array in network.arrays().items()
        }
    )
    return network


@pytest.fixture(scope="module", params=list(MODELS))
def network(request):
    return built(MODELS[request.param])


def rows(seed=0):
    """Tokens as a document begins: separators as context, then anything."""
    return np.random.default_rng(seed).integers(0, VOCABULARY, (BATCH, LENGTH))


def keras_logits(network, tokens):
    """Runs the Keras model over whole windows from a fresh state."""
    network.reset_states()
    context = np.zeros((len(tokens), network.recipe.context), int)
    logits = network.model(np.concatenate([context, tokens], axis=1), training=False)
    return keras.ops.convert_to_numpy(logits)


def stepped(network, tokens):
    state, steps = network.start(len(tokens)), []
    for column in tokens.T:
        logits, state = network.step(column, state)
        steps.append(logits)
    return np.stack(steps, axis=1)


def test_the_numpy_network_gives_the_logits_of_keras(network):
    tokens = rows()
    expected, logits = keras_logits(network, tokens), stepped(network.numpy_network(), tokens)
    if not network.recipe.every_step:
        logits = logits[:, -1]
    assert expected.shape == logits.shape
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-4)
    assert np.ptp(expected) > 0.1


def test_the_network_steps_as_its_numpy_network(network):
    tokens = rows(1)
    np.testing.assert_array_equal(
        stepped(network, tokens), stepped(network.numpy_network(), tokens)
    )


@pytest.mark.parametrize("name", STEPPED)
def test_steps_in_keras_operations_give_the_same_logits(name):
    network = built(MODELS[name])
    assert network.compiles
    tokens, steps = rows(), []
    state = network.start_ops(BATCH)
    for column in tokens.T:
        logits, state = network.step_ops(keras.ops.convert_to_tensor(column), state)
        steps.append(keras.ops.convert_to_numpy(logits))
    expected = keras_logits(network, tokens)
    np.testing.assert_allclose(np.stack(steps, axis=1), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["gru", "n-grams"])
def test_the_compiled_loop_writes_what_numpy_writes(name):
    from deepzoo.sampling import generate, generate_compiled

    network, prompts = built(MODELS[name]), [np.array([0, 3]), np.array([0])]
    samplers = (generate, generate_compiled)
    one, other = (sampler(network, prompts, 12, seed=5) for sampler in samplers)
    assert [row.tolist() for row in one] == [row.tolist() for row in other]


def test_networks_of_windows_are_not_compiled():
    assert not MODELS["last-position"].build(SPEC).compiles


@pytest.mark.parametrize("name", ["gru", "n-grams", "residual"])
def test_bits_of_a_document_add_up_keras_softmax(name):
    network = built(MODELS[name])
    documents = [row[: LENGTH - 1 - drop] for drop, row in enumerate(rows(2))]
    scored = network.bits(documents)
    for document, bits in zip(documents, scored, strict=True):
        symbols = np.concatenate([document, [0]])
        tokens = np.zeros((BATCH, LENGTH), int)
        tokens[:, 1 : len(document) + 1] = document
        probabilities = keras.ops.softmax(keras_logits(network, tokens)[0])
        expected = -np.log2(np.asarray(probabilities)[np.arange(len(symbols)), symbols])
        assert bits.dtype == np.float64
        np.testing.assert_allclose(bits, expected, atol=1e-4)


@pytest.fixture(scope="module")
def numpy_network():
    return built(MODELS["gru"]).numpy_network()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 25), min_size=1, max_size=8))
def test_documents_are_scored_alike_alone_and_together(numpy_network, sizes):
    rng = np.random.default_rng(0)
    documents = [rng.integers(1, VOCABULARY, size) for size in sizes]
    together = numpy_network.bits(documents)
    for document, bits in zip(documents, together, strict=True):
        assert len(bits) == len(document) + 1
        np.testing.assert_allclose(bits, numpy_network.bits([document])[0], atol=1e-4)


def test_long_documents_are_read_in_segments(numpy_network, monkeypatch):
    document = np.random.default_rng(0).integers(1, VOCABULARY, 101)
    (whole,) = numpy_network.bits([document])
    monkeypatch.setattr(scoring, "SEGMENT", 20)
    for warm_up, batch in ((40, 2), (40, 256), (1000, 3)):
        monkeypatch.setattr(scoring, "WARM_UP", warm_up)
        monkeypatch.setattr(scoring, "BATCH", batch)
        first, second = numpy_network.bits([document, document[:7]])
        np.testing.assert_allclose(second[:-1], whole[:7], atol=1e-5)
        # What lies further back than the warm-up hardly matters to these weights.
        np.testing.assert_allclose(first, whole, atol=1e-2)
        np.testing.assert_allclose(first[:20], whole[:20], atol=1e-5)


def test_reading_gives_the_bits_and_what_comes_next(numpy_network):
    document = np.array([3, 1, 4, 1, 5])
    bits, probabilities = scoring.read(numpy_network, document)
    (scored,) = numpy_network.bits([document])
    np.testing.assert_allclose(bits, scored[:-1], atol=1e-6)
    assert probabilities.sum() == pytest.approx(1)
    assert -np.log2(probabilities[0]) == pytest.approx(scored[-1], abs=1e-5)


@pytest.mark.parametrize(("change", "said"), [("missing", "missing"), ("more", "left over")])
def test_weights_of_another_recipe_are_refused(change, said):
    arrays = MODELS["gru"].build(SPEC).arrays()
    if change == "missing":
        arrays.pop(max(arrays))
    else:
        arrays["9999/kernel"] = np.zeros(3, "f")
    with pytest.raises(CheckpointError, match=said):
        NumpyTextNetwork(MODELS["gru"], SPEC, arrays)


def test_streams_need_windows_that_follow_each_other():
    with pytest.raises(UsageError, match="step is 3, sequence_length is 8"):
        CharBest(**SMALL, step=3).build(SPEC)
