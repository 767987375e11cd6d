"""Splits: stated, repeatable, and without the same text on two sides."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.errors import DataError
from deepzoo.readers import read_csv
from deepzoo.readers.text import Documents
from deepzoo.readers.text_splits import normalise, split_documents, split_long_text


def parts(splits):
    return [list(part.documents) for part in (splits.train, splits.validation, splits.test)]


@pytest.mark.parametrize(
    "other",
    [
        "make america  GREAT\tagain!",
        "Make America Great Again! https://t.co/x1",
        "http://a.b/c?d Make America Great Again!",
        "RT @someone: Make America Great Again!",
        "RT @someone Make America Great Again!",
        '"@someone: Make America Great Again!"',
        "“Make America Great Again!”",
        "Make America Great Again!&quot;",
        "\nMake America\nGreat Again!\n",
    ],
)
def test_the_same_text_in_other_clothes_is_the_same(other):
    assert normalise(other) == normalise("Make America Great Again!")


@pytest.mark.parametrize("other", ["Make America Great", "Make America Great Again?", "@a Make"])
def test_another_text_is_another(other):
    assert normalise(other) != normalise("Make America Great Again!")


def test_every_twentieth_is_validation_and_the_one_ten_later_test():
    train, validation, test = parts(split_documents([f"text {i}" for i in range(100)]))
    assert validation == [f"text {i}" for i in range(0, 100, 20)]
    assert test == [f"text {i}" for i in range(10, 100, 20)]
    assert len(train) == 90
    assert train[0] == "text 1"


def test_near_duplicates_and_empty_documents_are_dropped_and_counted():
    documents = Documents([f"text {i}" for i in range(40)], notes=["read somehow."])
    documents[20:20] = ["RT @a: Text 3", "", "  \n"]
    splits = split_documents(documents, notes=["and more."])
    assert sorted(chain(*parts(splits))) == sorted(f"text {i}" for i in range(40))
    assert splits.notes == (
        "read somehow.",
        "and more.",
        "3 of 43 documents were dropped: near-duplicates or empty.",
    )


def test_documents_of_nothing_but_an_address_are_not_all_the_same():
    documents = ["http://a.b/1", "http://a.b/2", "http://a.b/1", "words"]
    assert sorted(chain(*parts(split_documents(documents)))) == sorted(set(documents))


@given(st.lists(st.text("ab R", min_size=1, max_size=4), max_size=60))
def test_no_text_is_ever_on_two_sides(documents):
    distinct = {normalise(text) for text in documents if text.strip()}
    if len(distinct) < 3:
        with pytest.raises(DataError, match="expected at least 3 to split"):
            split_documents(documents)
        return
    sides = [{normalise(text) for text in part} for part in parts(split_documents(documents))]
    assert all(sides)
    assert sum(map(len, sides)) == len(distinct) == len(set.union(*sides))


def test_a_long_text_is_cut_at_line_ends():
    text = "".join(f"line {i}\n" for i in range(1000))
    train, validation, test = ("".join(part) for part in parts(split_long_text(text)))
    assert train + validation + test == text
    assert train.endswith("\n")
    assert validation.endswith("\n")
    assert len(train) / len(text) == pytest.approx(0.8, abs=0.01)
    assert len(validation) / len(text) == pytest.approx(0.1, abs=0.01)


@given(st.text("ab \n😀", max_size=200))
def test_cutting_loses_nothing(text):
    assert "".join("".join(part) for part in parts(split_long_text(text))) == text


def test_a_text_without_line_ends_is_cut_at_a_space_or_anywhere():
    train, validation, test = parts(split_long_text("word " * 100))
    assert train[0].endswith(" ")
    assert [len(part[0]) for part in (train, validation, test)] == [405, 50, 45]
    assert [len(part[0]) for part in parts(split_long_text("x" * 100))] == [80, 10, 10]


def test_several_long_texts_are_each_cut():
    splits = split_long_text(["a\n" * 50, "b\n" * 50], notes=["as read"])
    assert splits.notes[0] == "as read"
    assert splits.notes[1].startswith("The 2 documents are each cut: 80 % for training")
    train, _, test = parts(splits)
    assert [text[0] for text in train] == ["a", "b"]
    assert [text[0] for text in test] == ["a", "b"]


def test_the_real_tweets_are_split_without_overlap(real_data):
    texts, notes = read_csv(real_data / "trump_tweets" / "trump_tweets_2009_2016.csv", "text")
    splits = split_documents(texts, notes=notes)
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [26_631, 1_480, 1_480]
    sides = [{normalise(text) for text in part} for part in parts(splits)]
    assert not sides[0] & (sides[1] | sides[2]) - {""}
