"""Measures of generated text, held to their definitions written the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation import scoring
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deepzoo.readers.text import OnDiskText

TRAINING = [
    "The quick brown fox jumps over the lazy dog, and nobody minds.",
    "Don't forget: http://t.co/Xyzzy belongs to @OldMill, they say.",
]
LETTERS = st.text("ab \n", max_size=60)


def slow_spans(text: str, training: list[str], span: int) -> float:
    spans = [text[at : at + span] for at in range(len(text) - span + 1)]
    return (
        sum(any(part in document for document in training) for part in spans) / len(spans)
        if spans
        else 0
    )


@settings(max_examples=60, deadline=None)
@example(texts=["\n"], training=[""], span=1)
@given(
    texts=st.lists(LETTERS, max_size=4),
    training=st.lists(LETTERS, max_size=4),
    span=st.integers(1, 30),
)
def test_copied_spans_are_those_that_stand_in_one_document(texts, training, span):
    expected = [slow_spans(text, training, span) for text in texts]
    assert scoring.copied_spans(texts, training, span) == pytest.approx(expected)


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_no_span_is_lost_between_two_blocks(monkeypatch, chunk):
    generator = np.random.default_rng(0)
    training = ["".join(generator.choice(list("abc de"), 400)) for _ in range(3)]
    texts = [training[1][100:180], training[2][:60] + "x" + training[0][300:]]
    expected = [slow_spans(text, training, 30) for text in texts]
    monkeypatch.setattr(scoring, "CHUNK", chunk)
    assert scoring.copied_spans(texts, training) == pytest.approx(expected)


def test_no_word_is_cut_between_two_blocks(monkeypatch):
    monkeypatch.setattr(scoring, "CHUNK", 12)
    texts = ["quick brown jumps minds forget belongs", "qui own ju inds elongs"]
    assert scoring.real_words(texts, TRAINING, 2).tolist() == [1.0, 0.0]


def test_a_copy_is_copied_and_an_own_sentence_is_not():
    texts = [TRAINING[0], "The quick brown fox sat down under a lazy old apple tree.", "short"]
    copied = scoring.copied_spans(texts, TRAINING)
    assert copied.tolist() == [1.0, 0.0, 0.0]


def test_mapped_training_text_gives_the_same(tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(len(TRAINING))]
    for path, text in zip(paths, TRAINING, strict=True):
        path.write_text(text)
    mapped = OnDiskText.open(paths)
    texts = [TRAINING[0][:45] + "!", "nobody minds the purple cow"]
    for measure in (scoring.copied_spans, scoring.real_words):
        assert np.array_equal(measure(texts, mapped), measure(texts, TRAINING))


def test_only_the_first_part_of_very_long_training_text_is_read(monkeypatch):
    training = ["alpha beta gamma", "delta epsilon"]
    monkeypatch.setattr(scoring, "MOST_READ", 20)
    assert scoring.real_words(["gamma", "epsilon"], training).tolist() == [1.0, 0.0]


def test_words_are_real_in_any_case_and_with_any_apostrophe():
    texts = ["DON’T jumps, fox!", "the quick brawn dog", "a b 12", "@OldMill"]
    assert scoring.real_words(texts, TRAINING).tolist() == [1.0, 0.75, 0.0, 1.0]
    assert scoring.count_words(texts).tolist() == [3, 4, 0, 1]


def test_an_address_at_the_end_of_a_document_hides_no_word_of_the_next():
    training = ["see http://t.co/abc", "Hidden words follow"]
    assert scoring.real_words(["hidden"], training).tolist() == [1.0]


def test_addresses_are_no_words():
    texts = ["see http://t.co/Qwerty dog", "Xyzzy"]
    assert scoring.count_words(texts).tolist() == [2, 1]
    assert scoring.real_words(texts, TRAINING).tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we will go to the park and then we will go to the zoo and then home", 0.0),
        ("we will go to the park with my dog, we will go to the park with my cat", 1.0),
        ("no no no no no no no no", 0.0),
        ("no no no no no no no no no", 1.0),
        ("so good hahahahahahahahahahahahahaha", 1.0),
        ("so good hahahaha", 0.0),
        ("wait" + "." * 23, 0.0),
        ("wait" + "." * 24, 1.0),
        ("far" + " " * 40 + "apart", 0.0),
        ("", 0.0),
    ],
)
def test_a_text_that_is_stuck_loops(text, expected):
    assert scoring.loops([text]).tolist() == [expected]


def test_distinct_3_is_the_share_of_different_runs_of_three_words():
    texts = ["a b c d", "a b a b a b", "a b", ""]
    assert scoring.distinct_3(texts).tolist() == [1.0, 0.5, 1.0, 1.0]


@pytest.mark.parametrize("measure", [scoring.copied_spans, scoring.real_words])
def test_no_texts_and_no_training_are_allowed(measure):
    assert measure([], TRAINING).shape == (0,)
    assert measure(["some words that stand nowhere at all"], []).tolist() == [0.0]
