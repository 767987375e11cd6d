"""The default network of text classification against its equations, and what it learns."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_classification.models import BagOfNGrams
from deepzoo_text_classification.numpy_networks import BagOfNGramsNetwork
from deepzoo_text_classification.prepare import prepare

from deepzoo import LabelledText, Splits
from deepzoo.recurrent import sigmoid

TEXTS = ["good good film", "bad film", "good play", "bad bad play", "dull film", "fine play"]


def splits_of(labels, classes):
    part = LabelledText(TEXTS, np.array(labels), classes)
    return Splits(part, part, part)


@pytest.fixture(params=[([1, 0, 1, 0, 0, 1], ("no", "yes")), ([0, 1, 2, 1, 1, 2], ("a", "b", "c"))])
def prepared(request):
    return prepare(splits_of(*request.param), BagOfNGrams(words=2, characters=3))


def adapted(prepared, **settings):
    network = BagOfNGramsNetwork(BagOfNGrams(**settings), prepared.spec)
    network.adapt(prepared)
    return network


def test_a_step_goes_along_the_gradient(prepared):
    """The change of each weight is its rate times the numerical gradient of the loss."""
    network = adapted(prepared, learning_rate=1.0)
    rng = np.random.default_rng(0)
    weights = network.weights["weights"]
    weights[...] = rng.normal(size=weights.shape)
    rows, labels = prepared.train.inputs, prepared.train.targets
    before = weights.copy()

    def loss():
        p = sigmoid(network.logits(rows).astype(np.float64))
        right = np.eye(network.classes)[labels][:, -p.shape[1] :]
        return -np.log(np.where(right, p, 1 - p)).sum(axis=1).mean()

    numerical = np.zeros((5, weights.shape[1]))
    for row, column in np.ndindex(*numerical.shape):
        weights[row, column] = before[row, column] + 1e-2
        above = loss()
        weights[row, column] = before[row, column] - 1e-2
        numerical[row, column] = (above - loss()) / 2e-2
        weights[row, column] = before[row, column]
    network.train_step(rows, labels)
    change = (before - network.weights["weights"])[:5] / network.slots["rates"][:5]
    np.testing.assert_allclose(change, numerical, atol=2e-3)


def test_rates_are_those_of_the_equations(prepared):
    """From dense counts, n-gram by n-gram."""
    network = adapted(prepared, ratio=0.25)
    labels, classes = prepared.train.targets, len(prepared.preprocessor["classes"])
    dense = np.array(
        [np.isin(network.weights["ngrams"], row.indices) for row in prepared.train.inputs]
    )
    texts = dense.sum(axis=0)
    idf = np.log(7 / (1 + texts)) + 1
    idf /= np.sqrt((idf**2 * texts).sum() / texts.sum())
    for column, label in enumerate(range(classes)[-network.weights["bias"].size :]):
        inside = 1 + dense[labels == label].sum(axis=0)
        outside = 1 + dense[labels != label].sum(axis=0)
        r = np.abs(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))
        r /= np.sqrt((r**2 * texts).sum() / texts.sum())
        expected = (idf * (0.75 + 0.25 * r)) ** 2
        np.testing.assert_allclose(network.slots["rates"][:, column], expected, rtol=1e-4)


def test_what_was_not_seen_in_training_changes_nothing_but_the_norm(prepared):
    network = adapted(prepared)
    for _ in range(20):
        network.train_step(*prepared.train.batch(np.arange(6)))
    reader = BagOfNGrams(words=2, characters=3).reader([])
    bias = network.weights["bias"]
    known, longer, unknown = network.logits(reader.encode(["good play", "good play zzz", "zzz"]))
    np.testing.assert_allclose(unknown, bias, atol=1e-6)
    assert (np.sign(known - bias) == np.sign(longer - bias)).all()
    assert (np.abs(longer - bias) < np.abs(known - bias)).all()


def test_what_ngrams_add_are_the_logits(prepared):
    network = adapted(prepared)
    network.train_step(*prepared.train.batch(np.arange(6)))
    row = prepared.train.inputs[:1]
    added = (network.evidence(row) * row.data[:, None]).sum(axis=0)
    logits = network.logits(row)[0]
    columns = added[-len(logits) :]
    np.testing.assert_allclose(columns + network.weights["bias"], logits, rtol=1e-4, atol=1e-5)
    assert network.predict(row).sum() == pytest.approx(1)


def test_only_ngrams_of_enough_texts_are_kept(prepared):
    few = adapted(prepared, least_texts=2, features=7)
    counts = np.bincount(np.unique(prepared.train.inputs.indices, return_inverse=True)[1])
    assert len(few.weights["ngrams"]) == 7
    assert (counts >= 2).sum() > 7
    assert (np.diff(few.weights["ngrams"].astype(np.int64)) > 0).all()
