"""The vocabulary: every text made of its characters comes back, all others are named."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_text_generation.vocabulary import UNKNOWN, Vocabulary
from hypothesis import given
from hypothesis import strategies as st

ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates included


def words(texts, **options):
    return Vocabulary.fit(texts, level="word", **options)


@given(st.lists(ANYTHING, min_size=1), st.booleans())
def test_texts_of_known_characters_come_back(texts, learn_end):
    vocabulary = Vocabulary.fit(texts, learn_end=learn_end)
    for text in texts:
        codes = vocabulary.encode(text)
        assert vocabulary.decode(codes) == text
        assert len(codes) == len(text)
        assert vocabulary.unknown(text) == []
        assert vocabulary.fit_prompt(text) == (text, "")


@given(st.lists(ANYTHING, min_size=1), st.booleans())
def test_texts_of_known_words_come_back(texts, learn_end):
    vocabulary = words(texts, learn_end=learn_end)
    for text in texts:
        assert vocabulary.decode(vocabulary.encode(text)) == text
        assert "".join(vocabulary.split(text)) == text
        assert vocabulary.unknown(text) == []


@given(ANYTHING, ANYTHING)
def test_a_prompt_becomes_what_the_vocabulary_can_express(known, prompt):
    vocabulary = Vocabulary.fit([known])
    kept, changes = vocabulary.fit_prompt(prompt)
    assert vocabulary.unknown(kept) == []
    assert bool(changes) == (kept != prompt)
    assert "\n" not in changes


@given(ANYTHING, ANYTHING)
def test_known_and_unknown_characters_add_up(known, text):
    vocabulary = Vocabulary.fit([known])
    assert len(vocabulary.encode(text)) + len(vocabulary.unknown(text)) == len(text)


@given(ANYTHING)
def test_it_comes_back_from_json(text):
    vocabulary = Vocabulary.fit([text], learn_end=True)
    again = Vocabulary(**vocabulary.as_json())
    assert again.tokens == vocabulary.tokens
    assert again.decode(again.encode(text)) == text


def test_pieces_do_not_matter():
    assert Vocabulary.fit(["ab", "c\n", "d"]).tokens == Vocabulary.fit(["abc\nd"]).tokens
    assert Vocabulary.fit(["ba", "c"]).tokens == ["\n", "a", "b", "c"]


def test_the_separator_is_a_line_break_unless_the_end_is_learned():
    plain, learned = (Vocabulary.fit(["a\nb"], learn_end=end) for end in (False, True))
    assert plain.tokens == ["\n", "a", "b"]
    assert learned.tokens == ["", "\n", "a", "b"]
    assert plain.encode("a\nb").tolist() == [1, 0, 2]
    assert learned.encode("a\nb").tolist() == [2, 1, 3]
    assert learned.decode([0, 2, 0]) == "a"


def test_lower_case_lowers_text_and_prompt():
    vocabulary = Vocabulary.fit(["AbC"], lower_case=True)
    assert vocabulary.tokens == ["\n", "a", "b", "c"]
    assert vocabulary.decode(vocabulary.encode("CAB")) == "cab"
    assert vocabulary.unknown("CAB") == []
    assert vocabulary.fit_prompt("CAB") == ("cab", "")


def test_codes_are_as_small_as_they_can_be():
    few, many = (Vocabulary.fit(map(chr, range(100, top))) for top in (200, 500))
    assert few.encode("eé").dtype == np.uint8
    assert many.encode("eé").dtype == np.uint16
    assert many.decode(many.encode("ǰ")) == "ǰ"


@pytest.mark.parametrize(
    ("prompt", "kept", "expected"),
    [
        ("cafe", "cafe", ""),
        ("café", "cafe", "'é' -> 'e'"),
        ("cafe\u0301", "cafe", "dropped"),
        ("ﬁ", "fi", "'ﬁ' -> 'fi'"),
        ("A", "a", "'A' -> 'a'"),
        ("z", "Z", "'z' -> 'Z'"),
        ("a\u00a0e", "a e", "-> ' '"),
        ("a\te", "a e", "'\\t' -> ' '"),
        ("a🙂🙂", "a", "'🙂' dropped"),
        ("a\ud800", "a", "'\\ud800' dropped"),
        ("a\x1b[0m", "a", "'\\x1b' dropped"),
        ("שלום", "", "'ש' dropped, 'ל' dropped"),
        ("", "", ""),
    ],
)
def test_unknown_characters_are_replaced_by_their_nearest_or_dropped(prompt, kept, expected):
    vocabulary = Vocabulary.fit(["acefi Z"])
    fitted, changes = vocabulary.fit_prompt(prompt)
    assert (fitted, bool(changes)) == (kept, bool(expected))
    assert expected in changes


def test_rare_words_share_a_token():
    vocabulary = words(["the cat the dog the cat"], size=3)
    assert vocabulary.tokens == ["\n", UNKNOWN, " ", "the", "cat"]
    assert vocabulary.encode("the dog").tolist() == [3, 2, 1]
    assert vocabulary.unknown("the dog") == ["dog"]
    kept, changes = vocabulary.fit_prompt("the dog")
    assert kept == "the dog"
    assert "dog" in changes


def test_words_keep_marks_and_spaces_apart():
    assert words(["a"]).split("Don't  stop,\nnow!") == [
        *("Don", "'", "t", " ", " ", "stop", ",", "\n", "now", "!")
    ]
