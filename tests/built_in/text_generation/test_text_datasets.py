"""The text datasets: what is read, what is held out, and what stands in without files."""

from __future__ import annotations

import csv
import itertools
import os
from pathlib import Path

import pytest
from deepzoo_text_generation import samples
from deepzoo_text_generation.datasets import Nietzsche, Shakespeare, TomSawyer, Tweets
from deepzoo_text_generation.own_text import UserText

from deepzoo import Files, Text
from deepzoo.data.in_memory import given_data
from deepzoo.errors import DataError
from deepzoo.interfaces.kinds import TextSettings

# Read here: the fixtures of every test take DEEPZOO_DATA away.
REAL = Path(os.environ.get("DEEPZOO_DATA", ""), "trump_tweets", "trump_tweets_2009_2016.csv")
BOOKS = [Shakespeare, TomSawyer, Nietzsche]


def load(dataset, path: Path, **options):
    name = next(iter(dataset.files), "data")
    return dataset.load(Files({name: path}, TextSettings(**options)))


def documents_of(splits) -> list[list[str]]:
    return [list(part.documents) for part in (splits.train, splits.validation, splits.test)]


def write_csv(path: Path, column: str, rows: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", column])
        writer.writerows(enumerate(rows))
    return path


@pytest.fixture
def tweets_file(tmp_path):
    rows = [f"tweet number {number}, all its own" for number in range(60)]
    rows[3] = "first line\nsecond line"
    rows.append('RT @someone: "Tweet number 7, all its own" http://t.co/abc')
    return write_csv(tmp_path / "trump_tweets_2009_2016.csv", "text", rows)


def test_tweets_hold_every_20th_and_the_one_ten_later_out(tweets_file):
    train, validation, test = documents_of(load(Tweets(), tweets_file))
    assert [len(train), len(validation), len(test)] == [54, 3, 3]
    numbers = [[int(text.split()[2].strip(",")) for text in part] for part in (validation, test)]
    assert [second - first for first, second in zip(*numbers, strict=True)] == [10, 10, 10]


def test_near_duplicates_are_dropped_and_counted(tweets_file):
    splits = load(Tweets(), tweets_file)
    assert sum(map(len, documents_of(splits))) == 60
    assert any("1 of 61" in note for note in splits.notes)


def test_the_report_holds_nothing_out_and_keeps_near_duplicates(tweets_file):
    splits = load(Tweets(splits="report"), tweets_file)
    assert [len(part) for part in documents_of(splits)] == [61, 0, 0]
    assert any("nothing is held out" in note for note in splits.notes)


def test_line_breaks_inside_a_tweet_become_spaces_and_are_counted(tweets_file):
    splits = load(Tweets(splits="report"), tweets_file)
    assert splits.train.documents[3] == "first line second line"
    assert any(note.startswith("1 tweets had line breaks") for note in splits.notes)


def test_the_other_collection_has_another_column(tmp_path):
    path = write_csv(tmp_path / "trump_tweets_2014_2016.csv", "Text", ["one", "two", "three"])
    splits = load(Tweets(splits="report"), path)
    assert documents_of(splits)[0] == ["one", "two", "three"]


def test_an_unknown_collection_is_said_to_be_the_users_own(tweets_file):
    assert "your own" in load(Tweets(), tweets_file).notes[0]


def test_a_wrong_column_names_what_was_found(tmp_path):
    path = write_csv(tmp_path / "tweets.csv", "body", ["one"])
    with pytest.raises(DataError, match="body"):
        load(Tweets(), path)


def test_neither_collection_of_tweets_is_the_reports():
    assert not Tweets.files["tweets"].published


@pytest.mark.parametrize("book", BOOKS)
def test_of_a_book_the_last_two_tenths_are_held_out(book, tmp_path):
    path = tmp_path / "book.txt"
    text = "".join(f"line {number} of the book\n" for number in range(1000))
    path.write_text("\ufeff" + text, encoding="utf-8")
    parts = documents_of(load(book(), path))
    assert "".join("".join(part) for part in parts) == text
    assert [round(len("".join(part)) / len(text), 2) for part in parts] == [0.8, 0.1, 0.1]


@pytest.mark.parametrize("book", BOOKS)
def test_a_book_can_be_trained_on_whole(book, tmp_path):
    path = tmp_path / "book.txt"
    path.write_text("one line\n" * 50)
    assert documents_of(load(book(splits="report"), path)) == [["one line\n" * 50], [], []]


@pytest.mark.parametrize("dataset", [Tweets, *BOOKS, UserText])
def test_samples_are_fixed_and_held_out_parts_are_disjoint(dataset):
    parts = documents_of(dataset().sample())
    assert parts == documents_of(dataset().sample())
    assert all(parts)
    assert not set(parts[0]) & (set(parts[1]) | set(parts[2]))
    assert sum(len(text) for text in parts[0]) > 40_000


def test_the_books_have_samples_of_their_own():
    assert len({book().sample().train.documents[0] for book in BOOKS}) == 3


def test_sample_tweets_look_like_tweets():
    texts = samples.tweets(600, seed=0)
    assert len(set(texts)) > 580
    assert max(map(len, texts)) <= 140
    assert len({word for text in texts for word in text.split()}) > 250
    assert sum("#" in text for text in texts) > 100
    assert sum("http://" in text for text in texts) > 50
    assert not any("{" in text or "\n" in text for text in texts)


@pytest.mark.parametrize("form", ["a folder", "a list"])
def test_of_few_documents_it_is_said_that_each_is_cut(tmp_path, form):
    texts = [f"Document {name} has a few lines\n" * 20 for name in "abc"]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text)
    data = given_data(UserText(), Text.options(), texts, None)
    loaded = load(UserText(), tmp_path) if form == "a folder" else data.splits
    assert [len(part) for part in documents_of(loaded)] == [3, 3, 3]
    assert any("The 3 documents are each cut: 80 %" in note for note in loaded.notes)


@pytest.mark.parametrize("dataset", [Tweets, *BOOKS])
def test_every_file_can_be_checked_and_credited(dataset):
    assert all([dataset.license, dataset.homepage, dataset.citation])
    for file in dataset.files.values():
        assert len(file.sha256) == 64
        assert file.size > 0
        assert all(mirror.startswith("https://") for mirror in file.mirrors)


def test_user_csv_is_split_by_row(tmp_path):
    rows = [f"mail number {number}" for number in range(40)]
    path = write_csv(tmp_path / "mail.csv", "body", rows)
    parts = documents_of(load(UserText(text_column="body"), path))
    assert [len(part) for part in parts] == [30, 5, 5]
    assert sorted(itertools.chain(*parts)) == sorted(rows)


def test_user_splits_depend_on_their_own_seed_alone(tmp_path):
    path = write_csv(tmp_path / "mail.csv", "text", [f"mail {number}" for number in range(40)])
    first, again = (documents_of(load(UserText(), path)) for _ in range(2))
    other = documents_of(load(UserText(split_seed=1), path))
    assert first == again
    assert first != other


def test_user_splits_can_be_every_nth(tmp_path):
    path = write_csv(tmp_path / "mail.csv", "text", [f"mail {number}" for number in range(40)])
    parts = documents_of(load(UserText(split_every=10), path))
    assert [len(part) for part in parts] == [32, 4, 4]


def test_user_near_duplicates_never_cross_the_splits(tmp_path):
    rows = [f"{'Mm'[number % 2]}ail {number // 2}" for number in range(80)]
    splits = load(UserText(), write_csv(tmp_path / "mail.csv", "text", rows))
    assert sum(map(len, documents_of(splits))) == 40
    assert any("40 of 80" in note for note in splits.notes)


def test_one_long_user_text_is_cut(tmp_path):
    path = tmp_path / "my.txt"
    path.write_text("a line of mine\n" * 100)
    assert [len(part) for part in documents_of(load(UserText(), path))] == [1, 1, 1]


def test_user_folders_named_like_splits_are_the_splits(tmp_path):
    for name in ("train", "validation", "test"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"text of {name}")
    parts = documents_of(load(UserText(), tmp_path))
    assert parts == [["text of train"], ["text of validation"], ["text of test"]]


@pytest.mark.skipif(not REAL.exists(), reason="needs the real tweets below DEEPZOO_DATA")
def test_the_real_collection_is_recognised():
    splits = load(Tweets(splits="report"), REAL)
    assert len(splits.train) == 30091
    assert "30,091" in splits.notes[0]
