"""Nearest neighbours by compression: who is nearest, and the count that was published."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_classification.baselines import GzipKNN
from deepzoo_text_classification.gzip_knn import GzipKNNNetwork, compressed
from labelled_cases import Places, splits

from deepzoo import api
from deepzoo.testing import check_model


def fitted(texts, labels, classes=2):
    network = GzipKNNNetwork(GzipKNN(), {"classes": classes})
    network.fit_arrays(np.array(texts, object), np.array(labels))
    return network


def test_the_nearest_text_is_that_of_the_least_compression_distance():
    texts = ["the cat sat on the mat", "stocks fell sharply on Monday", "bread, milk and honey"]
    network = fitted(texts, [0, 1, 1])
    new = "the cat sat on a chair"
    assert network.nearest(np.array([new], object), 3)[0, 0] == 0
    together = compressed(f"{new} {texts[0]}".encode())
    sizes = [compressed(text.encode()) for text in (new, texts[0])]
    others = [compressed(f"{new} {text}".encode()) for text in texts[1:]]
    assert together - min(sizes) < min(others) - min(sizes)


def test_the_nearest_text_decides_and_the_published_count_takes_either_of_two():
    same = "a waste of two hours, dull and far too long"
    network = fitted([same, same + "!", "a joy from start to end"], [1, 0, 2], classes=3)
    answers = network.predict(np.array([same] * 3, object))
    assert answers.argmax(axis=1).tolist() == [1, 1, 1]
    assert answers.sum(axis=1) == pytest.approx(1)
    assert network.better_of_two(answers, np.array([1, 0, 2])).tolist() == [True, True, False]


def test_one_text_is_enough_and_the_first_of_equally_near_ones_is_taken():
    assert fitted(["only one"], [1]).predict(np.array(["x"], object)).argmax() == 1
    twice = fitted(["to be", "to be"], [1, 0])
    assert twice.nearest(np.array(["to be"], object), 1).tolist() == [[0]]


def test_a_run_has_both_counts_and_answers_from_its_folder():
    run = api.train("dbpedia-paragraphs", data=splits(), model="gzip-knn", name="gzip")
    assert run.metrics["better_of_two"] >= run.metrics["accuracy"] > 0.6
    assert "better_of_two" not in run.baselines["tfidf-svm"]
    answers = api.load(run.id).predict("The boat and the tide.", "Flour in the oven")
    assert [answer["label"] for answer in answers] == ["sea", "kitchen"]


def test_the_model_keeps_its_promises():
    check_model(GzipKNN, dataset=Places, limit=30)
