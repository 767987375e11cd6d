"""The splits in a folder, and what lies beside them."""

from __future__ import annotations

import os

import pytest

from deepzoo.errors import DataError
from deepzoo.readers import list_files, split_notes, split_parts

ENDINGS = (".csv", ".csv.gz")


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_text("a,b\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("above", ["", "data/", "Data/"])
@pytest.mark.parametrize("train", ["train", "Train", "TRAINING"])
@pytest.mark.parametrize("validation", ["val", "Valid", "validation", "DEV"])
@pytest.mark.parametrize("test", ["test", "Testing"])
@pytest.mark.parametrize("ending", ["/", ".csv", ".csv.gz"])
def test_splits_are_found_by_any_of_their_names(tmp_path, above, train, validation, test, ending):
    names = [above + name + ending for name in (train, validation, test)]
    make(tmp_path, *names)
    parts = split_parts(tmp_path, ENDINGS)
    assert list(parts) == ["train", "validation", "test"]
    assert [part.name for part in parts.values()] == [
        name.split("/")[-1] or name.split("/")[-2] for name in names
    ]
    assert split_notes(parts) == []


def test_a_folder_without_splits_and_a_file_have_no_parts(tmp_path):
    make(tmp_path, "a.csv", "trains.csv", "data/b.csv", ".test/", "test.png")
    assert split_parts(tmp_path, ENDINGS) == {}
    assert split_parts(tmp_path / "a.csv", ENDINGS) == {}
    assert split_notes({}) == []


def test_only_folders_are_parts_without_endings(tmp_path):
    make(tmp_path, "train/", "test.csv")
    parts = split_parts(tmp_path)
    assert list(parts) == ["train"]
    assert split_notes(parts) == [f"{tmp_path.name}: test.csv beside the splits was left out."]


@pytest.mark.parametrize("name", ["test.csv", "Testing/", "val.csv", "data/dev/"])
def test_held_out_data_without_training_data_are_refused(tmp_path, name):
    make(tmp_path, name, "more.csv")
    with pytest.raises(DataError, match="nothing to train on") as caught:
        split_parts(tmp_path, ENDINGS)
    assert "named train" in caught.value.hint


def test_a_split_that_is_there_twice_is_refused(tmp_path):
    make(tmp_path, "train/", "train.csv", "test/")
    with pytest.raises(DataError, match=r"train twice: train, train\.csv"):
        split_parts(tmp_path, ENDINGS)


def test_what_lies_beside_the_splits_is_named(tmp_path):
    make(tmp_path, "train/", "extra/", "readme.md", ".git/", *(f"{n}.csv" for n in range(5)))
    note = f"{tmp_path.name}: 0.csv, 1.csv, 2.csv, 3.csv, 4.csv and 2 more beside the splits were"
    assert split_notes(split_parts(tmp_path, ENDINGS))[0].startswith(note)


def test_what_is_left_out_of_a_folder_is_counted_and_named(tmp_path):
    make(tmp_path, "b/2.csv", "a.CSV", "c.csv.gz", ".x.csv", ".y/z.csv", "p.png", "b/q.png")
    (tmp_path / "dead.csv").symlink_to("nowhere")
    (tmp_path / "b" / "round").symlink_to(tmp_path)
    files, notes = list_files(tmp_path, ENDINGS)
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        "a.CSV",
        "b/2.csv",
        "c.csv.gz",
    ]
    assert notes == [
        f"{tmp_path.name}: 2 files of other types left out (q.png, p.png).",
        f"{tmp_path.name}: 1 link that leads nowhere left out (dead.csv).",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_named(tmp_path):
    make(tmp_path, "a.csv", "locked/b.csv")
    (tmp_path / "locked").chmod(0)
    try:
        _, notes = list_files(tmp_path, ENDINGS)
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert notes == [f"{tmp_path.name}: 1 sub-folder that cannot be read left out (locked)."]


@pytest.mark.parametrize("name", ["deep/test/a.csv", "deep/Validation.csv"])
def test_nothing_of_a_test_part_is_listed_for_training(tmp_path, name):
    make(tmp_path, "a.csv", name)
    with pytest.raises(DataError, match="further down"):
        list_files(tmp_path, ENDINGS)
