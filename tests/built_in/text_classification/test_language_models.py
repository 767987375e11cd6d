"""Language models of classes: probabilities as counted by hand, bits, and whose text it is."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_classification.baselines import LanguageModels
from deepzoo_text_classification.language_models import LanguageModelsNetwork
from labelled_cases import Places, splits

from deepzoo import api
from deepzoo.testing import check_model


def fitted(texts, labels, characters=2, classes=2):
    network = LanguageModelsNetwork(LanguageModels(characters=characters), {"classes": classes})
    network.fit_arrays(as_array(texts), np.array(labels))
    return network


def as_array(texts):
    return np.array([*texts, None], object)[:-1]


def test_probabilities_are_interpolated_after_witten_and_bell():
    bits = fitted(["abab", "b"], [0, 1]).bits(as_array(["ab", "c"]))
    every = 1 / 3  # a, b, and any other
    a, b = (2 + 2 * every) / 6, (2 + 2 * every) / 6  # 4 characters, of 2 kinds
    first_a = (1 + 1 * a) / 2  # after the start of a text: once, and an "a"
    b_after_a = (2 + 1 * b) / 3
    assert bits[0, 0] == pytest.approx(-np.log2(first_a * b_after_a))
    c = 2 * every / 6  # never seen: its share of the equal probabilities
    assert bits[1, 0] == pytest.approx(-np.log2(1 * c / 2))


def test_the_probabilities_of_all_characters_add_up_to_one():
    network = fitted(["to be or not to be", "that is"], [0, 1], characters=5)
    letters = sorted(set("to be or not to bethat is"))
    following = network.bits(as_array([f"to b{letter}" for letter in [*letters, "?"]]))
    before = network.bits(as_array(["to b"]))
    assert (2.0 ** (before - following)).sum(axis=0) == pytest.approx(1)


def test_a_text_is_of_the_class_that_needs_the_fewest_bits():
    network = fitted(["aaaa aaaa", "bbbb bbbb"], [0, 1], characters=4)
    texts = as_array(["aa aa", "bb bb", ""])
    assert network.bits(texts).argmin(axis=1).tolist() == [0, 1, 0]
    assert network.predict(texts).argmax(axis=1).tolist() == [0, 1, 0]
    assert network.predict(texts)[2].tolist() == [0, 0]  # of an empty text nothing is known


def test_a_class_without_texts_is_never_the_answer():
    answers = fitted(["ab", "ba"], [0, 1], classes=3).predict(as_array(["ab", "ba", "ξ"]))
    assert answers.argmax(axis=1).tolist() == [0, 1, 0]


def test_a_run_answers_from_its_folder():
    run = api.train("dbpedia-paragraphs", data=splits(), model="language-models", name="lm")
    assert run.metrics["accuracy"] > 0.9
    answer = api.load(run.id).predict("Salt, tide and sail.")
    assert answer["label"] == "sea"
    assert answer["probability"] > 0.5


def test_the_model_keeps_its_promises():
    check_model(LanguageModels, dataset=Places, limit=30)
