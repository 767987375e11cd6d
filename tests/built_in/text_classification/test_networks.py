"""The published networks: their layers and parameters counted by hand, learning, resuming."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_classification.experiments import (
    EXPERIMENTS,
    Paragraphs,
    ParagraphsCells,
    ParagraphsDropout,
)
from deepzoo_text_classification.models import (
    CharCNN,
    CharRNNClassifier,
    SimpleRNN,
    WordCNN,
    WordRNNClassifier,
)
from deepzoo_text_classification.task import TextClassification

from deepzoo import Dataset, LabelledText, Splits
from deepzoo.testing import check_model

keras = pytest.importorskip("keras")

FAST = {"batch_size": 16, "epochs": 3, "optimizer": "adam", "learning_rate": 0.01}
CASES = {
    "char-cnn": (CharCNN, {"tokens": 58, "dropout": 0.5}),
    "word-cnn": (WordCNN, {"tokens": 58, "embedding": 4}),
    "char-rnn": (CharRNNClassifier, {"tokens": 12, "units": 4, "cell": "lstm", "layers": 2}),
    "word-rnn": (WordRNNClassifier, {"tokens": 6, "embedding": 4, "units": 4, "clip": 2.0}),
    "simple-cells": (WordRNNClassifier, {"tokens": 6, "cell": "simple", "dropout": 0.5}),
    "simple-rnn": (SimpleRNN, {"tokens": 6, "units": 4, "layers": 2, "vocabulary_size": 20}),
}


class Animals(Dataset):
    """What is said of cats and of dogs."""

    name = "animals"
    kind = LabelledText

    def load(self, files) -> Splits:
        """Makes sentences of four or five words, the third of which tells the class."""
        rng = np.random.default_rng(0)
        labels = np.arange(120) % 2
        says = np.array([["purrs", "mews"], ["barks", "growls"]])
        texts = [
            f"it often {says[label, rng.integers(2)]} {rng.choice(['at night', 'by day'])}"
            + f" {number}" * (number % 3)
            for number, label in enumerate(labels)
        ]
        whole = LabelledText(texts, labels, ("cat", "dog"))
        train, validation, test = map(whole.take, np.split(np.arange(120), [80, 100]))
        return Splits(train, validation, test)


@pytest.fixture(autouse=True)
def no_baselines(monkeypatch):
    """Leaves the baselines out: they are tested by themselves."""
    monkeypatch.setattr(TextClassification, "baselines", ())


@pytest.mark.parametrize("case", CASES)
def test_a_model_keeps_its_promises(case):
    model, settings = CASES[case]
    checked = check_model(model, dataset=Animals, **FAST, **settings)
    assert not [line for line in checked if line.startswith("Skipped")]


def layers_of(model, vocabulary=1_000, classes=14):
    """Builds a published network; gives output shape and parameters of each named layer."""
    spec = {"length": model.tokens, "vocabulary": vocabulary, "classes": classes, "seed": 0}
    layers = model.build(spec).layers[1:]
    return {layer.name: (layer.output.shape[1:], layer.count_params()) for layer in layers}


@pytest.mark.parametrize(
    ("model", "first"),
    [(CharCNN(), ((100, 256), 0)), (WordCNN(), ((100, 20), 1_000 * 20))],
    ids=["characters", "words"],
)
def test_the_cnns_have_the_published_layers(model, first):
    layers = list(layers_of(model).values())
    (_, size), _ = first
    assert layers == [
        first,
        ((81, 10), 20 * size * 10 + 10),
        ((41, 10), 0),
        ((22, 10), 20 * 10 * 10 + 10),
        ((11, 10), 0),
        ((110,), 0),
        ((14,), 110 * 14 + 14),
    ]


@pytest.mark.parametrize(
    ("settings", "parameters"),
    [
        ({}, [3 * (256 * 20 + 20 * 20 + 2 * 20)]),
        ({"cell": "lstm"}, [4 * (256 * 20 + 20 * 20 + 20)]),
        ({"cell": "simple"}, [256 * 20 + 20 * 20 + 20]),
        ({"layers": 2}, [3 * (256 * 20 + 20 * 20 + 2 * 20), 3 * (2 * 20 * 20 + 2 * 20)]),
    ],
    ids=["gru", "lstm", "simple", "two-layers"],
)
def test_the_rnns_have_the_published_layers(settings, parameters):
    shapes = [(100, 20)] * (len(parameters) - 1) + [(20,)]
    assert list(layers_of(CharRNNClassifier(**settings)).values()) == [
        ((100, 256), 0),
        *zip(shapes, parameters, strict=True),
        ((14,), 20 * 14 + 14),
    ]


def test_the_network_of_the_reviews_has_the_published_layers():
    layers = layers_of(SimpleRNN(), vocabulary=10_000, classes=2)
    assert list(layers.values()) == [
        ((500, 32), 10_000 * 32),
        *[((500, 32), 2 * 32 * 32 + 32)] * 4,
        ((16_000,), 0),
        ((2,), 16_000 * 2 + 2),
    ]


@pytest.mark.parametrize("model", [CharCNN, WordCNN, CharRNNClassifier, WordRNNClassifier])
def test_dropout_is_before_the_last_layer(model):
    with_dropout, without = list(layers_of(model(dropout=0.5))), list(layers_of(model()))
    assert with_dropout[-2].startswith("dropout")
    assert len(with_dropout) == len(without) + 1


def test_the_published_networks_read_the_start_of_a_text_and_reviews_are_read_to_the_end():
    texts = ["Ann's cat, No. 1; éa"]
    characters = CharCNN(tokens=58).reader(texts)
    assert "".join(sorted(characters.names)) == " ',.1acnost"
    assert (characters.encode(texts)[0, 20:] == 0).all()
    names = WordRNNClassifier(tokens=2).reader(["one two three"])
    assert [names.names[token - 2] for token in names.encode(["one two three"])[0]] == [
        "one",
        "two",
    ]
    names = SimpleRNN(tokens=2).reader(["one two three"])
    assert [names.names[token - 2] for token in names.encode(["one two three"])[0]] == [
        "two",
        "three",
    ]


def test_the_experiments_have_the_sixteen_published_trainings():
    trainings = {
        (experiment.name, *figure.when.items())
        for experiment in (Paragraphs, ParagraphsDropout, ParagraphsCells)
        for figure in experiment.figures
    }
    assert len(trainings) == 16
    assert [experiment.name for experiment in EXPERIMENTS] == [
        "paragraphs",
        "paragraphs-dropout",
        "paragraphs-cells",
        "imdb-rnn",
        "gzip-knn",
        "tweets-authors",
    ]


def test_the_simple_cells_are_those_of_keras():
    from deepzoo_text_classification.layers import SimpleRNN as Ours

    x = np.random.default_rng(0).normal(size=(3, 7, 4)).astype("f")
    ours, theirs = (layer(5, return_sequences=True) for layer in (Ours, keras.layers.SimpleRNN))
    for layer in (ours, theirs):
        layer.build(x.shape)
    weights = [np.random.default_rng(1).normal(size=w.shape) for w in theirs.get_weights()]
    for layer in (ours, theirs):
        layer.set_weights(weights)
    expected = keras.ops.convert_to_numpy(theirs(x))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours(x)), expected, atol=1e-6)
    ours.return_sequences = False
    last = keras.ops.convert_to_numpy(ours(x))
    np.testing.assert_allclose(last, expected[:, -1], atol=1e-6)
