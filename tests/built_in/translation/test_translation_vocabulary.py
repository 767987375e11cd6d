"""Tokens of three levels: what goes in comes out, and byte pairs are the most frequent ones."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pytest
from deepzoo_translation.subwords import Splitter, learn_merges, merged
from deepzoo_translation.vocabulary import END, SPECIAL, UNKNOWN, Vocabulary
from hypothesis import given, settings
from hypothesis import strategies as st

LEVELS = ("characters", "words", "subwords")
SENTENCES = [
    "The old dog sees a cat.",
    "A cat, the cat!",
    " two  blanks ",
    "“quoted” 3.5 €\t\n",
    "é e\u0301 \U0001f600",
]
LETTERS = st.text(alphabet=sorted(set("".join(SENTENCES))), max_size=30)


@pytest.mark.parametrize("level", LEVELS)
def test_training_sentences_come_back_exactly(level):
    vocabulary = Vocabulary.fit(SENTENCES, level, 200)
    stored = json.loads(json.dumps(vocabulary.as_json()))
    assert stored == vocabulary.as_json()
    again = Vocabulary(**stored)
    for sentence in SENTENCES:
        tokens = vocabulary.encode(sentence)
        assert vocabulary.decode(tokens) == sentence
        assert again.encode(sentence) == tokens
        assert min(tokens) >= SPECIAL
        assert max(tokens) < len(vocabulary)
        assert not vocabulary.unknown(sentence)


@settings(max_examples=100)
@given(LETTERS)
def test_any_text_of_known_characters_comes_back_exactly(text):
    for level in ("characters", "subwords"):
        vocabulary = Vocabulary.fit(SENTENCES, level, 60)
        assert vocabulary.decode(vocabulary.encode(text)) == text


def test_what_is_unknown_is_one_token_and_is_named_once():
    characters = Vocabulary.fit(["ab", "cab"], "characters")
    assert characters.encode("axb") == [4, UNKNOWN, 5]
    assert characters.unknown("axbxy") == ["x", "y"]
    assert characters.decode([4, UNKNOWN, 5, END]) == "ab"
    words = Vocabulary.fit(["a cat sat"], "words")
    assert words.encode("a dog sat") == [words.numbers[" a"], UNKNOWN, words.numbers[" sat"]]
    assert words.unknown("a dog, a dog") == ["dog", ","]
    pieces = Vocabulary.fit(["a cat sat"], "subwords", 40)
    assert pieces.unknown("a z cat") == ["z"]
    assert pieces.encode("cz").count(UNKNOWN) == 1


def test_only_the_most_frequent_words_are_kept():
    vocabulary = Vocabulary.fit(["b b b", "a a", "c"], "words", 6)
    assert vocabulary.tokens == [" b", " a"]
    assert len(vocabulary) == 6


def naive(words, count):
    """Counts all pairs again before each merge."""
    symbols = {word: list(word) for word in words}
    merges = []
    for _ in range(count):
        pairs = Counter()
        for word, frequency in words.items():
            for pair in pairwise(symbols[word]):
                pairs[pair] += frequency
        best = min(pairs, key=lambda pair: (-pairs[pair], pair), default=None)
        if best is None or pairs[best] < 2:
            break
        merges.append(best)
        symbols = {word: merged(parts, best) for word, parts in symbols.items()}
    return merges, symbols


@settings(max_examples=100)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=9), st.integers(1, 9), max_size=12))
def test_counts_kept_up_to_date_find_the_pairs_that_counting_anew_finds(words):
    merges, symbols = naive(words, 12)
    assert learn_merges(words, 12) == merges
    splitter = Splitter(merges)
    assert {word: list(splitter.split(word)) for word in words} == symbols


def test_the_example_of_the_paper():
    words = {"low_": 5, "lowest_": 2, "newer_": 6, "wider_": 3}
    merges = learn_merges(words, 4)
    assert set(merges) == {("e", "r"), ("er", "_"), ("l", "o"), ("lo", "w")}
    assert Splitter(merges).split("lower_") == ("low", "er_")
