"""The layers of text generation: the same results as their plain counterparts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from deepzoo_text_generation.numpy_networks import HashedEmbedding, hash_tokens

keras = pytest.importorskip("keras")
tensorflow = pytest.importorskip("tensorflow")

from deepzoo_text_generation import layers  # noqa: E402
from deepzoo_text_generation.layers import HoistedGRU, NGramEmbedding, OneHot  # noqa: E402

BATCH, TIME, FEATURES, UNITS = 3, 7, 5, 6


def sequences(seed=0):
    return np.random.default_rng(seed).normal(size=(BATCH, TIME, FEATURES)).astype("f")


def pair(seed=0, **options):
    """Makes Keras' layer and ours with the same random weights, biases included."""
    rng = np.random.default_rng(seed)
    made = []
    for cls in (keras.layers.GRU, HoistedGRU):
        # The fused kernel of a GPU would be taken by both.
        made.append(cls(UNITS, use_cudnn=False, **options))
        made[-1].build((BATCH, TIME, FEATURES))
    weights = [rng.normal(0, 0.5, weight.shape) for weight in made[0].get_weights()]
    for layer in made:
        layer.set_weights(weights)
    return made


def learn(layer, x, **call):
    """Returns the outputs and the gradients of the input and of all weights."""
    x = tensorflow.constant(x)
    with tensorflow.GradientTape() as tape:
        tape.watch(x)
        outputs = layer(x, **call)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        loss = sum(
            tensorflow.reduce_sum(tensorflow.sin(part) * (1.0 + index))
            for index, part in enumerate(outputs)
        )
    sources = [x, *layer.trainable_variables]
    return [part.numpy() for part in outputs], [
        part.numpy() for part in tape.gradient(loss, [getattr(s, "value", s) for s in sources])
    ]


def assert_same(first, second):
    for one, other in zip(itertools.chain(*first), itertools.chain(*second), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        {"return_sequences": True},
        {"return_sequences": False},
        {"return_sequences": True, "return_state": True},
        {"return_sequences": True, "reset_after": False},
        {"return_sequences": True, "go_backwards": True},
        {"return_sequences": True, "use_bias": False},
    ],
    ids=str,
)
def test_it_is_a_gru_in_outputs_and_gradients(options):
    plain, hoisted = pair(**options)
    assert_same(learn(plain, sequences()), learn(hoisted, sequences()))


def test_mixed_precision_rounds_the_products_alone():
    options = {"use_cudnn": False, "return_sequences": True, "return_state": True}
    plain, _ = pair(return_sequences=True, return_state=True)
    hoisted = HoistedGRU(UNITS, dtype="mixed_bfloat16", **options)
    hoisted.build((BATCH, TIME, FEATURES))
    hoisted.set_weights(plain.get_weights())
    expected, results = learn(plain, sequences()), learn(hoisted, sequences())
    for one, other in zip(itertools.chain(*expected), itertools.chain(*results), strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=0.03 * np.abs(one).max())


def test_a_state_that_is_given_is_used_and_learned_through():
    start = np.random.default_rng(3).normal(size=(BATCH, UNITS)).astype("f")
    results = []
    for layer in pair(return_sequences=True):
        state = tensorflow.constant(start)
        with tensorflow.GradientTape() as tape:
            tape.watch(state)
            loss = tensorflow.reduce_sum(layer(sequences(), initial_state=state) ** 2)
        results.append(tape.gradient(loss, state).numpy())
    np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-5)
    assert np.abs(results[0]).max() > 1e-3


def test_stateful_layers_go_on_where_they_were():
    plain, hoisted = pair(return_sequences=True, stateful=True)
    outputs = []
    for seed in range(3):
        results = [learn(layer, sequences(seed)) for layer in (plain, hoisted)]
        assert_same(*results)
        outputs.append(results[0][0][0])
    plain.reset_state()
    hoisted.reset_state()
    results = [learn(layer, sequences(2)) for layer in (plain, hoisted)]
    assert_same(*results)
    assert np.abs(results[0][0][0] - outputs[2]).max() > 1e-3  # the state had an effect


def test_the_loop_is_ours(monkeypatch):
    def recurrence(*arguments):
        raise NotImplementedError("ours")

    monkeypatch.setattr(layers, "gru_recurrence", recurrence)
    with pytest.raises(Exception, match="ours"):
        pair()[1](sequences())


def test_masks_are_respected():
    mask = np.array([[True] * TIME, [True] * 3 + [False] * 4, [True] * 5 + [False] * 2])
    plain, hoisted = pair(return_sequences=True)
    assert_same(learn(plain, sequences(), mask=mask), learn(hoisted, sequences(), mask=mask))


def test_it_compiles_and_learns_like_a_gru():
    losses = []
    x, y = sequences(), np.random.default_rng(1).normal(size=(BATCH, TIME, UNITS))
    for layer in pair(return_sequences=True):
        model = keras.Sequential([keras.Input(batch_shape=x.shape), layer])
        model.compile("sgd", "mse")
        losses.append(model.fit(x, y, epochs=3, verbose=0).history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0][-1] < losses[0][0]


@pytest.mark.parametrize("orders", [(2,), (2, 3, 5), (4, 2)], ids=str)
def test_ngram_embedding_equals_that_in_numpy(orders):
    vocabulary, context = 11, max(orders) - 1
    layer = NGramEmbedding(vocabulary, 4, orders, buckets=37)
    tokens = np.random.default_rng(0).integers(0, vocabulary, (BATCH, context + TIME))
    results = layer(tokens)
    assert results.shape == (BATCH, TIME, 4 * (1 + len(orders)))
    in_numpy = HashedEmbedding([np.asarray(table) for table in layer.get_weights()], orders)
    assert in_numpy.context == context
    for time in range(TIME):
        now = context + time
        expected = in_numpy(tokens[:, now], tokens[:, time:now])
        np.testing.assert_allclose(results[:, time], expected, rtol=0, atol=0)


def test_an_ngram_depends_on_each_of_its_tokens_and_on_no_other():
    layer = NGramEmbedding(11, 4, (3,), buckets=1009)
    tokens = np.array([[1, 2, 3, 4, 5]])
    before = np.asarray(layer(tokens))[0, :, 4:]  # positions of tokens 3, 4, 5
    for place, touched in enumerate([(0,), (0, 1), (0, 1, 2), (1, 2), (2,)]):
        changed = tokens.copy()
        changed[0, place] = 9
        after = np.asarray(layer(changed))[0, :, 4:]
        assert tuple(np.flatnonzero((after != before).any(axis=-1))) == touched


def test_ngrams_do_not_reach_back_beyond_the_separator():
    layer = NGramEmbedding(11, 4, (2, 4), buckets=1009)
    first, second = layer(np.array([[5, 6, 7, 0, 1, 2], [8, 0, 9, 0, 1, 2]]))
    np.testing.assert_array_equal(first, second)
    third, fourth = layer(np.array([[5, 6, 7, 1, 2, 3], [8, 6, 7, 1, 2, 3]]))
    assert (np.asarray(third)[0] != np.asarray(fourth)[0]).any()


@pytest.mark.parametrize("buckets", [65_536, 10_000_000])
def test_the_hash_stays_in_int32_and_spreads(buckets):
    rng = np.random.default_rng(0)
    columns = list(rng.integers(0, 9_999, (5, 20_000)))
    rows = hash_tokens(columns, buckets)
    small = hash_tokens([column.astype(np.int32) for column in columns], buckets)
    np.testing.assert_array_equal(rows, small)
    assert rows.min() >= 0
    assert rows.max() < buckets
    # 20,000 draws of 65,536 rows hit about 65,536 (1 - exp(-0.305)) = 17,230 different ones.
    assert len(np.unique(rows)) > 16_500


def test_one_hot_is_one_hot():
    tokens = np.array([[0, 2], [1, 1]])
    results = OneHot(3)(tokens)
    np.testing.assert_array_equal(results, np.eye(3)[tokens])


@pytest.mark.parametrize(("cls", "options"), [(NGramEmbedding, (7, 2, (2, 3), 13)), (OneHot, (7,))])
def test_layers_are_made_again_from_their_config(cls, options):
    layer = cls(*options)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
