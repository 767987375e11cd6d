"""What networks of text generation learn from: rows of tokens, and the documents in them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from deepzoo_text_generation import prepare, scoring
from deepzoo_text_generation.models import CharBest, CharGRU, WordGRU
from deepzoo_text_generation.prepare import (
    document_starts,
    text_chunks,
    token_row,
    whole_words,
)
from deepzoo_text_generation.vocabulary import BITS_OF_ANY_CHARACTER, Vocabulary
from hypothesis import given
from hypothesis import strategies as st

from deepzoo import Splits, Text
from deepzoo.errors import DataError


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_document_starts_are_found_in_pieces(monkeypatch, limit):
    monkeypatch.setattr(prepare, "IN_MEMORY", limit)
    assert document_starts(np.array([0, 4, 4, 0, 0, 5, 0], np.uint8)).tolist() == [0, 3, 4, 6]


@pytest.mark.parametrize(
    ("settings", "moves"),
    [({}, True), ({"learn_end": False}, False), ({"order": "shuffled"}, False)],
)
def test_documents_change_places_only_in_streams_and_only_where_they_have_an_end(settings, moves):
    text = Text(["one", "two", "three", "four"] * 9)
    model = CharBest(sequence_length=8, **settings)
    prepared = prepare.prepare(
        Splits(text, text, text), model, lower_case=False, evaluate_characters=100
    )
    shuffled = prepared.train.for_epoch(np.random.default_rng(0))
    assert (shuffled is not prepared.train) == moves


def test_a_row_has_a_separator_before_each_document_and_at_the_end():
    vocabulary = Vocabulary(["", "a", "b"])
    assert token_row(["ab", "", "b"], vocabulary).tolist() == [0, 1, 2, 0, 0, 2, 0]
    assert token_row([], vocabulary).tolist() == [0]


@pytest.mark.parametrize("limit", [1, 4, 7, 1000])
def test_long_rows_are_mapped_and_the_same(monkeypatch, limit):
    documents = ["abba" * 3, "b", "", "aab"]
    vocabulary = Vocabulary(["", "a", "b"])
    expected = token_row(documents, vocabulary)
    monkeypatch.setattr(prepare, "IN_MEMORY", limit)
    row = token_row(documents, vocabulary)
    np.testing.assert_array_equal(row, expected)
    assert isinstance(row, np.memmap) == (limit < len(expected))


def test_chunks_are_the_documents():
    assert "".join(text_chunks(["one ", "two"])) == "one two"


@given(st.text("ab \n.", max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_pieces_are_the_text_and_are_cut_between_words(text, cuts):
    edges = [0, *sorted(cuts), len(text)]
    chunks = [text[start:end] for start, end in itertools.pairwise(edges)]
    pieces = list(whole_words(chunks))
    assert "".join(pieces) == text
    for piece in pieces[:-1]:
        # Only a piece without any space had to be cut where it was.
        assert piece[-1] in " \n" or not set(piece) & set(" \n")


def splits(train, test=("ab\nc",)):
    return Splits(Text(list(train)), Text(["abc"]), Text(list(test)))


def prepared(parts, model, characters=1000):
    return prepare.prepare(parts, model, lower_case=False, evaluate_characters=characters)


def test_a_text_shorter_than_a_window_is_named_with_what_was_expected():
    with pytest.raises(DataError) as caught:
        prepared(splits(["a" * 27]), CharGRU())
    assert caught.value.exit_code == 3
    assert str(caught.value) == (
        "The training text is too short: 27 characters, expected at least 101 "
        "(sequence length 100). Use more text, or a shorter window: --set sequence_length=..."
    )


def test_the_shortest_text_that_fits_is_one_window():
    with pytest.raises(DataError, match="8 characters, expected at least 9"):
        prepared(splits(["abcabcab"]), CharGRU(sequence_length=8))
    assert len(prepared(splits(["abcabcabc"]), CharGRU(sequence_length=8)).train) == 1


def test_the_vocabulary_knows_the_training_text_alone():
    ready = prepared(splits(["abcabcabc"], ["zab", "cz"]), CharGRU(sequence_length=3))
    assert ready.preprocessor["tokens"] == ["\n", "a", "b", "c"]
    assert [tokens.tolist() for tokens in ready.test.tokens] == [[1, 2], [3]]
    # What cannot be said costs as much as naming any character.
    assert ready.test.surcharge.tolist() == [BITS_OF_ANY_CHARACTER] * 2
    assert [sizes.sum() for sizes in ready.test.characters] == [4, 3]


def test_only_the_first_held_out_characters_are_scored():
    test = ["abc", "abc", "abc"]
    ready = prepared(splits(["abc" * 9], test), CharGRU(sequence_length=3), 6)
    assert [len(tokens) for tokens in ready.test.tokens] == [3, 2]


def test_words_count_their_characters():
    ready = prepared(splits(["an owl and a cat " * 9], ["an owl"]), WordGRU(sequence_length=3))
    assert ready.test.characters[0].tolist() == [2, 1, 3, 1]
    assert ready.spec["characters_per_token"] == 4 / 2  # "abc" is one word, and its end


def test_bits_per_character_are_those_of_all_blocks():
    sizes = [5, 2_600, 0]
    bits = [np.full(size + 1, 2.0) for size in sizes]
    held_out = prepare.HeldOut(
        [np.zeros(size, np.int64) for size in sizes],
        [np.ones(size + 1) for size in sizes],
        np.array([3.0, 0.0, 0.0]),
        [],
    )
    values, weights = scoring.bits_per_character(bits, held_out)
    assert len(values) == len(weights) == 1 + 3 + 1
    assert weights.sum() == sum(sizes) + 3
    assert (values * weights).sum() == pytest.approx(2 * weights.sum() + 3)
