"""Pairs of sentences: splits without leaks, files of every form, and errors that say where."""

from __future__ import annotations

import gzip
import zipfile

import numpy as np
import pytest
from deepzoo_translation.datasets import EnglishDutch
from deepzoo_translation.own_pairs import TextPairsFile
from deepzoo_translation.samples import sentence_pairs
from deepzoo_translation.splitting import group_by_source, split_pairs
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.data.load import load_data
from deepzoo.errors import DataError, UnsafeFileError, UsageError
from deepzoo.interfaces.dataset import Files
from deepzoo.interfaces.kinds import TextPairs
from deepzoo.readers import archives
from deepzoo.readers.text_splits import normalise
from deepzoo.testing import check_dataset

WORDS = st.sampled_from(["yes", "Yes", "no ", '"no"', "go.", "go!", "a  dog", "a dog", "ok", "we"])
PAIRS = st.lists(st.tuples(WORDS, WORDS), min_size=12, max_size=40)
ROWS = ["I run.\tIk ren.", "We sing.\tWij zingen.", "Go on!\tGa door!", "He reads.\tHij leest."]


@pytest.mark.parametrize(
    "dataset", [EnglishDutch, TextPairsFile, EnglishDutch(direction="backward")]
)
def test_a_dataset_keeps_its_promises(dataset):
    check_dataset(dataset)


@settings(max_examples=60)
@given(PAIRS, st.integers(0, 5))
def test_no_source_stands_on_two_sides(rows, seed):
    pairs = TextPairs([a for a, _ in rows], [b for _, b in rows])
    if len({normalise(source) for source in pairs.sources}) < 3:
        return
    splits = split_pairs(pairs, seed)
    sides = [
        {normalise(source) for source in part.sources}
        for part in vars(splits).values()
        if isinstance(part, TextPairs)
    ]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    assert set().union(*sides) == {normalise(source) for source in pairs.sources}
    assert len(splits.test) == len(sides[2])
    known = set(rows)
    for part in (splits.train, splits.validation, splits.test):
        assert known >= set(zip(part.sources, part.targets, strict=True))


def test_a_sentence_with_several_translations_is_tested_once_against_the_first():
    pairs = TextPairs(["Hi.", "hi. ", "Hi.", "Go."], ["Hoi.", "Hallo.", "Hoi.", "Ga."])
    assert group_by_source(pairs) == [[0, 1], [3]]
    many = TextPairs([f"s{n // 2}" for n in range(60)], [f"t{n}" for n in range(60)])
    splits = split_pairs(many, 0)
    assert len(splits.train) == 2 * len(set(splits.train.sources)) == 46
    assert len(splits.test) == len(set(splits.test.sources))
    assert len(splits.test) + len(splits.validation) == 7
    assert all(int(t[1:]) % 2 == 0 for t in splits.test.targets)


@pytest.mark.parametrize("other", ["Où ?", "Où\u202f?", "Ou\u0300?", "«où ?»"])
def test_a_sentence_in_another_spelling_of_blanks_and_accents_is_the_same(other):
    assert group_by_source(TextPairs(["Où?", other], ["Where?", "Where to?"])) == [[0, 1]]


def test_too_few_sources_are_refused():
    with pytest.raises(DataError, match="2 distinct sources of 3 pairs, at least 3"):
        split_pairs(TextPairs(["a", "a", "b"], ["x", "y", "z"]), 0)


def archive(folder, pairs):
    path = folder / "nld-eng.zip"
    rows = zip(pairs.sources, pairs.targets, strict=True)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("_about.txt", "about")
        packed.writestr("nld.txt", "".join(f"{a}\t{b}\tCC-BY\n" for a, b in rows))
    return path


def load_archive(folder, **chosen):
    path = archive(folder, sentence_pairs(50, seed=0))
    dataset = EnglishDutch(**chosen)
    return dataset.load(Files({"pairs": path}, EnglishDutch.kind.options()))


def texts(splits, side="sources"):
    return {
        text
        for part in ("train", "validation", "test")
        for text in getattr(getattr(splits, part), side)
    }


def test_the_archive_is_read_in_both_directions_and_in_part(tmp_path):
    whole = sentence_pairs(50, seed=0)
    assert texts(load_archive(tmp_path)) == set(whole.sources)
    backward = load_archive(tmp_path, direction="backward")
    assert texts(backward) == set(whole.targets)
    assert texts(backward, "targets") == set(whole.sources)
    assert texts(load_archive(tmp_path, pairs=20)) == set(whole.sources[:20])
    short = texts(load_archive(tmp_path, longest_source=35))
    assert short == {source for source in whole.sources if len(source) <= 35}


def test_as_in_the_report_everything_is_training(tmp_path):
    splits = load_archive(tmp_path, splits="report")
    assert len(splits.train) == 50
    assert len(splits.validation) == 0
    assert set(splits.test.sources) < set(splits.train.sources)
    assert "learned from" in splits.notes[-1]


def test_the_published_archive(real_data):
    splits = load_data(EnglishDutch(), sample=False).splits
    assert len(splits.train) + len(splits.validation) + len(splits.test) <= 52_652
    assert len(splits.test) == len(set(map(normalise, splits.test.sources))) > 4_000
    assert len(load_data(EnglishDutch(pairs=10_000), sample=False).splits.train) > 7_000


def load_file(path, **chosen):
    kind = {key: chosen.pop(key) for key in ("skip_bad", "encoding") if key in chosen}
    return load_data(TextPairsFile(**chosen), TextPairs.options(**kind), path=path)


FORMS = {
    "pairs.tsv": ("\n".join(ROWS), {}),
    "pairs.txt": ("\n".join(ROWS) + "\n", {}),
    "three.tsv": (
        "\n".join(f"7\t{row}" for row in ROWS),
        {"source_column": "2", "target_column": "3"},
    ),
    "named.tsv": (
        "\n".join(["dutch\tenglish", *("\t".join(row.split("\t")[::-1]) for row in ROWS)]),
        {"source_column": "english", "target_column": "dutch"},
    ),
    "pairs.csv": ("\r\n".join('"{}",{}'.format(*row.split("\t")) for row in ROWS), {}),
    "named.csv": (
        "\n".join(["n,en,nl", *("1,{},{}".format(*row.split("\t")) for row in ROWS)]),
        {"source_column": "en", "target_column": "nl"},
    ),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_tables_of_every_form_give_the_same_pairs(tmp_path, name, packed):
    text, chosen = FORMS[name]
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    loaded = load_file(path, **chosen)
    pairs = {
        pair
        for part in (loaded.splits.train, loaded.splits.validation, loaded.splits.test)
        for pair in zip(part.sources, part.targets, strict=True)
    }
    assert pairs == {tuple(row.split("\t")) for row in ROWS}


BAD = {
    "empty line": ([*ROWS[:2], "", *ROWS[2:]], r"line 3: the line is empty, expected a source"),
    "blank line": ([*ROWS[:1], " \t ", *ROWS[1:]], r"line 2: the line is empty"),
    "one column": ([*ROWS, "Alone."], r"line 5: 1 column, expected at least 2"),
    "no source": (["\tIk.", *ROWS], r"line 1: the source \(column 1\) is empty"),
    "no target": ([*ROWS, "I.\t "], r"line 5: the target \(column 2\) is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_named_with_its_line_or_left_out_and_counted(tmp_path, case):
    rows, message = BAD[case]
    path = tmp_path / "bad.tsv"
    path.write_text("\n".join([*rows, "Odd."]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_file(path)
    assert str(path) in str(caught.value)
    assert "2 bad rows in all" in str(caught.value)
    assert "skip_bad=true" in caught.value.hint
    loaded = load_file(path, skip_bad=True)
    assert any("2 bad rows left out" in note for note in loaded.notes)
    assert texts(loaded.splits) == {row.split("\t")[0] for row in ROWS}


def test_columns_that_do_not_exist_are_named_with_those_that_do(tmp_path):
    path = tmp_path / "named.csv"
    path.write_text("en,nl\nI run.,Ik ren.\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"named.csv .*'english'; found 'en', 'nl'"):
        load_file(path, source_column="english", target_column="nl")
    for source, target in (("1", "nl"), ("0", "1")):
        with pytest.raises(UsageError, match="two numbers from 1 on"):
            load_file(path, source_column=source, target_column=target)


def test_damaged_files_are_named_themselves(tmp_path):
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(gzip.compress("\n".join(ROWS).encode())[:-12])
    with pytest.raises(DataError, match=r"cut\.tsv\.gz is not a complete gzip file"):
        load_file(cut)
    odd = tmp_path / "odd.tsv.gz"
    odd.write_bytes(gzip.compress("\n".join(ROWS).encode() + b"\ncaf\xe9\tx\n"))
    with pytest.raises(DataError, match=r"odd\.tsv\.gz.*line 5.*not utf-8") as caught:
        load_file(odd)
    assert str(odd) in str(caught.value)
    assert len(load_file(odd, encoding="latin-1").splits.train)
    quote = tmp_path / "quote.csv"
    quote.write_text('a,b\n"c,d\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"quote\.csv, line 2"):
        load_file(quote)
    for name in ("none.tsv", "none.csv.gz"):
        empty = tmp_path / name
        empty.write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
        with pytest.raises(DataError, match=f"{name}.*0 characters"):
            load_file(empty)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FREE_BYTES", 1000)
    path = tmp_path / "bomb.tsv.gz"
    path.write_bytes(gzip.compress(b"a\tb\n" * 2**20))
    with pytest.raises(UnsafeFileError, match=r"bomb\.tsv\.gz unpacks to more than"):
        load_file(path)


def test_folders_named_like_splits_are_the_splits(tmp_path):
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "a.tsv").write_text("\n".join(ROWS[:2]), encoding="utf-8")
    (tmp_path / "train" / "b.tsv").write_text(ROWS[2], encoding="utf-8")
    (tmp_path / "test.tsv").write_text(
        "\n".join(["i run. \tIk loop.", *ROWS[3:]]), encoding="utf-8"
    )
    loaded = load_file(tmp_path)
    assert loaded.splits.train.sources == ["I run.", "We sing.", "Go on!"]
    assert loaded.splits.test.sources == ["He reads."]
    assert not len(loaded.splits.validation)
    assert any("1 of 2 pairs were dropped" in note for note in loaded.notes)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="0 files ending in"):
        load_file(tmp_path / "empty")


def test_the_toy_language_reorders_and_can_be_learned():
    pairs = sentence_pairs(1500, seed=0)
    assert len(set(pairs.sources)) == 1500
    where = pairs.sources.index(next(s for s in pairs.sources if s.endswith("tomorrow.")))
    assert pairs.targets[where].startswith("Demain ")
    assert len({s.split()[-1] for s in pairs.targets}) == 8
    assert np.mean([len(source) for source in pairs.sources]) < 50
