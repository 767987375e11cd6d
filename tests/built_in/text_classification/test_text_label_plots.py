"""Plots of labelled texts show what was scored, whatever classes are called; scores by class."""

from __future__ import annotations

import io

import numpy as np
import pytest
from labelled_cases import WORDS, splits

from deepzoo import api
from deepzoo.errors import DataError, UsageError

pytest.importorskip("matplotlib")

from deepzoo_text_classification import inference, plots
from deepzoo_text_classification.scoring import by_class


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Trains the default model."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEEPZOO_HOME", str(tmp_path_factory.mktemp("labels")))
        return api.train("dbpedia-paragraphs", data=splits(), epochs=20)


def predictions(texts, labels, answers, classes):
    probabilities = np.full((len(texts), len(classes)), 0.02)
    probabilities[np.arange(len(texts)), answers] = np.linspace(0.99, 0.6, len(texts))
    return inference.Predictions(texts, np.array(labels), probabilities, classes)


@pytest.fixture
def answers(monkeypatch):
    """Lets plots draw given answers instead of those of a run's network."""

    def give(found):
        monkeypatch.setattr(inference, "predict_test_split", lambda run: found)

    return give


def written(figure):
    texts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        texts += [text.get_text() for text in (*axes.texts, axes.title)]
        texts += [label.get_text() for label in axes.get_yticklabels()]
    figure.savefig(io.BytesIO(), format="png", dpi=50)  # a missing glyph would warn
    return texts


def test_mistakes_are_written_with_both_classes_the_most_confident_first(trained, answers):
    texts = ["one " * 200, "two\nlines", "right", "four"]
    answers(predictions(texts, [0, 1, 2, 0], [1, 0, 2, 2], ["a$b", "<i>", "c"]))
    lines = written(plots.mistakes(trained))
    assert "3 of 3 mistakes" in " ".join(lines)
    assert lines.index("<i>, 99%") < lines.index("a$b, 86%") < lines.index("c, 60%")
    assert "two lines" in lines
    assert any(line.endswith(" …") for line in lines)  # of a long text the beginning
    assert "right" not in lines


def test_lines_of_wide_letters_hold_half_as_many():
    assert max(map(len, plots._lines("映画" * 300))) <= plots.LETTERS // 2


def test_without_mistakes_there_is_nothing_to_show(trained, answers):
    answers(predictions(["x"], [1], [1], ["a", "b"]))
    with pytest.raises(DataError, match="no mistake"):
        plots.mistakes(trained)


def test_confusion_counts_what_was_taken_for_what(trained, answers):
    answers(predictions(["x"] * 4, [0, 0, 0, 1], [0, 0, 1, 1], ["a", "b"]))
    assert {"67", "33", "100"} <= set(written(plots.confusion(trained)))


def test_telling_words_are_those_of_the_class(trained):
    figure = trained.plot("words", data=splits())
    assert [axes.get_title() for axes in figure.axes] == list(WORDS)
    for axes in figure.axes:
        own = set(WORDS[axes.get_title()])
        first = [label.get_text() for label in axes.get_yticklabels()][:5]
        assert len(own & set(first)) >= 4
    written(figure)


def test_a_network_without_weights_of_words_says_what_has_them():
    run = api.train("dbpedia-paragraphs", data=splits(), model="gzip-knn")
    with pytest.raises(UsageError, match=r"no weights of words") as refused:
        run.plot("words")
    assert "bag-of-ngrams" in refused.value.hint


def test_each_class_has_precision_recall_and_what_it_is_taken_for():
    worst, best = by_class(np.array([[3, 1, 0], [0, 4, 0], [0, 0, 0]]), ["a", "b", "never"])
    assert (worst["class"], worst["recall"], worst["precision"]) == ("a", 0.75, 1)
    assert worst["f1"] == pytest.approx(6 / 7)
    assert worst["interval"][0] < 0.75 < worst["interval"][1]
    assert (worst["taken_for"], best["taken_for"]) == ("b", None)
    assert (best["precision"], best["f1"]) == (0.8, pytest.approx(8 / 9))


def test_per_class_adds_up_to_the_scores_of_the_run(trained):
    answer = trained.per_class(data=splits())
    matrix = np.array(answer["confusion"])
    assert np.trace(matrix) / matrix.sum() == pytest.approx(trained.metrics["accuracy"])
    mean = np.mean([row["f1"] for row in answer["classes"]])
    assert mean == pytest.approx(trained.metrics["macro_f1"])
    assert answer["names"] == list(WORDS)
