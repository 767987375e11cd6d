"""The datasets of labelled texts: paragraphs, reviews and authors, their splits and stand-ins."""

from __future__ import annotations

import io
import tarfile

import numpy as np
import pytest
from deepzoo_text_classification.datasets import DATASETS, Authors, DbpediaParagraphs, Imdb
from deepzoo_text_classification.own_labelled_text import UserLabelledText
from deepzoo_text_classification.passages import cut, split_authors
from deepzoo_text_classification.word_cloud import place, word_cloud

from deepzoo import LabelledText, Splits, Text
from deepzoo.data.load import load_data
from deepzoo.errors import DataError, UsageError
from deepzoo.testing import check_dataset

WORDS = "ash birch cedar elm fir hazel larch maple oak pine rowan spruce willow yew".split()


def pack(path, texts):
    """Packs reviews, by the name of their file, as the archive has them."""
    with tarfile.open(path, "w:gz") as archive:
        for name, text in texts.items():
            info = tarfile.TarInfo(f"aclImdb/{name}.txt")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def reviews(count):
    return {
        f"{part}/{folder}/{number}_{points}": f"The {part} film {number} is {folder}.<br /><br>Yes!"
        for part in ("train", "test")
        for folder, points in (("neg", 2), ("pos", 9))
        for number in range(count)
    }


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_dataset_keeps_what_it_promises(dataset):
    check_dataset(dataset)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_bag_of_words_learns_the_stand_ins(dataset):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    splits = dataset().sample()
    counter = TfidfVectorizer()
    svm = LinearSVC().fit(counter.fit_transform(splits.train.texts), splits.train.labels)
    assert svm.score(counter.transform(splits.test.texts), splits.test.labels) > 0.8


def test_paragraphs_are_the_first_two_columns_of_two_tables(tmp_path):
    for name, count in (("train", 10), ("test", 2)):
        rows = [
            f"{number}, A {name} of {word}; {number},rest,,"
            for number in range(1, 15)
            for word in WORDS[:count]
        ]
        (tmp_path / f"{name}_medium.csv").write_text("\n".join(rows), encoding="utf-8")
    check_dataset(DbpediaParagraphs, data=tmp_path)
    splits = load_data(DbpediaParagraphs(), path=tmp_path).splits
    assert splits.test.example(0) == {"text": "A test of ash; 1", "label": "Company"}
    assert [len(splits.train), len(splits.test)] == [126, 28]
    assert np.bincount(splits.validation.labels).tolist() == [1] * 14
    everything = load_data(DbpediaParagraphs(splits="report"), path=tmp_path).splits
    assert [len(everything.train), len(everything.validation)] == [140, 0]


@pytest.mark.parametrize("row", ["15, A text", "0, A text", "7"])
def test_a_row_of_no_class_is_named(tmp_path, row):
    for name in ("train", "test"):
        (tmp_path / f"{name}_medium.csv").write_text(f"1, A {name}\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"line 2: .*expected a class from 1 to 14 and a text"):
        load_data(DbpediaParagraphs(), path=tmp_path)


def test_reviews_are_read_from_the_archive_in_any_order(tmp_path):
    texts = reviews(30) | {"train/unsup/1_0": "No label.", "train/urls_pos": "no review"}
    path = pack(tmp_path / "aclImdb_labelled.tar.gz", texts)
    loaded = load_data(Imdb(), path=path)
    splits = loaded.splits
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [54, 6, 60]
    assert splits.test.example(0) == {
        "text": "The test film 0 is neg.\n\nYes!",
        "label": "negative",
    }
    assert set(splits.train.labels[:20]) == {0, 1}
    (tmp_path / "turned").mkdir()
    turned = pack(tmp_path / "turned" / path.name, dict(reversed(texts.items())))
    assert load_data(Imdb(), path=turned).fingerprint == loaded.fingerprint
    check_dataset(Imdb, data=path)


def test_training_loses_the_copies_and_the_test_split_stays_complete(tmp_path):
    texts = reviews(30)
    texts["train/pos/0_9"] = texts["test/pos/0_9"].upper()
    texts["train/pos/1_9"] = texts["train/pos/2_9"]
    path = pack(tmp_path / "aclImdb_labelled.tar.gz", texts)
    loaded = load_data(Imdb(validation=20), path=path)
    assert len(loaded.splits.test) == 60
    assert [len(loaded.splits.train), len(loaded.splits.validation)] == [38, 20]
    assert any("2 of 60 training texts were dropped" in note for note in loaded.notes)
    with pytest.raises(DataError, match="validation is 58, but there are 58 training texts"):
        load_data(Imdb(validation=58), path=path)


def test_passages_have_whole_words_and_nearly_one_length():
    text = prose(0)
    passages = cut(text, 40)
    assert all(36 <= len(passage) <= 40 for passage in passages)
    assert {word for passage in passages for word in passage.split()} == set(WORDS)
    assert cut("too short", 40) == []
    assert cut("x" * 41, 40) == []


def prose(seed, count=400):
    generator = np.random.default_rng(seed)
    return " ".join(WORDS[index] for index in generator.integers(0, len(WORDS), count))


def test_authors_have_as_many_passages_each_and_keep_their_splits():
    one = Splits(*(Text([prose(seed)]) for seed in (0, 1, 2)))
    shared = prose(1)
    other = Splits(Text([prose(3), prose(4), shared]), Text([prose(5)]), Text([prose(6)]))
    splits = split_authors({"one": one, "other": other}, 50, seed=0)
    for name in ("train", "validation", "test"):
        part = getattr(splits, name)
        assert np.ptp(np.bincount(part.labels)) == 0
        for text, label in zip(part.texts, part.labels, strict=True):
            documents = getattr((one, other)[label], name).documents
            assert any(text in document for document in documents)
    assert not set(splits.train.texts) & set(cut(shared, 50))
    assert "for train" in splits.notes[0]


@pytest.mark.parametrize("authors", ["tweets", "tweets,tweets", ""])
def test_one_author_is_refused(authors):
    with pytest.raises(UsageError, match="expected two different text datasets"):
        load_data(Authors(authors=authors))


def test_authors_are_datasets_of_text():
    with pytest.raises(
        UsageError, match=r"addition is of the kind .*; authors are of the kind text"
    ):
        load_data(Authors(authors="addition,tweets"))


def test_an_author_without_a_passage_is_named():
    long = Splits(*(Text([prose(seed)]) for seed in (0, 1, 2)))
    short = Splits(*[Text(["a short tale"])] * 3)
    with pytest.raises(DataError, match="split of brief has no passage"):
        split_authors({"lengthy": long, "brief": short}, 50, seed=0)


def test_words_of_a_cloud_do_not_overlap():
    from matplotlib.textpath import TextPath

    sizes = [40, 30, 20, 20, 15, 15, 10]
    boxes = []
    for word, size, corner in zip(WORDS, sizes, place(WORDS[:7], sizes), strict=False):
        box = TextPath((0, 0), word, size=size).get_extents()
        boxes.append(
            [
                *(np.array([box.x0, box.y0]) / 72 + corner),
                *(np.array([box.x1, box.y1]) / 72 + corner),
            ]
        )
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        for a0, b0, a1, b1 in boxes[:number]:
            assert x1 < a0 or a1 < x0 or y1 < b0 or b1 < y0


def test_a_cloud_has_the_frequent_words_in_the_colour_of_their_class():
    texts = ["the oak and an oak didn't http://x"] * 3 + ["the yew of yew and the yew, elm"] * 3
    part = LabelledText(texts, np.array([0] * 3 + [1] * 3), ("first", "second"))
    figure = word_cloud(part, "trees")
    assert figure is not None
    drawn = {text.get_text(): text for text in figure.texts}
    assert {"oak", "yew", "elm", "first", "second"} <= drawn.keys()
    assert not {"the", "and", "didn", "http"} & drawn.keys()
    assert drawn["yew"].get_fontsize() > drawn["elm"].get_fontsize()
    assert drawn["yew"].get_color() == drawn["elm"].get_color() != drawn["oak"].get_color()
    assert word_cloud(LabelledText(["12"], np.array([0]), ("one",)), "numbers") is None


def test_data_show_draws_the_cloud_of_own_texts(tmp_path, monkeypatch, capsys):
    from deepzoo.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["data", "show", "labelled-text", "--sample", "-n", "1"]) == 0
    assert "label: " in capsys.readouterr().out
    assert (tmp_path / "labelled-text.png").read_bytes().startswith(b"\x89PNG")
    assert UserLabelledText().picture(UserLabelledText().sample()) is not None
