"""What holds for the user's own files of every kind: splits, gzip, pipes, separators.

A new dataset of the user's own files gets these tests for free, if its kind is in `ROWS`.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deepzoo
from deepzoo.data.in_memory import given_data
from deepzoo.data.load import load_data
from deepzoo.data.locate import reads_own_files
from deepzoo.errors import DataError, UsageError
from deepzoo.plugins import registry

SHOPPING = [["milk", "bread"], ["beer", "ham"], ["tea", "jam", "rye"], ["eggs", "oil", "salt"]]
ROWS = {
    "text": [["text"], *([f"The {n}th poem; a very short one"] for n in range(40))],
    "labelled-text": [[f"The {n}th poem so far", "odd" if n % 2 else "even"] for n in range(40)],
    "text-pairs": [[f"I see {n} dogs.", f"Ik zie {n} honden."] for n in range(40)],
    "baskets": [[f"item {n}", *SHOPPING[n % 4]] for n in range(40)],
}
OWN = [
    dataset
    for entry in registry.datasets()
    if reads_own_files(dataset := registry.dataset(entry.name))
]
TABLES = [dataset for dataset in OWN if dataset.kind.name in ROWS]


def placed(splits):
    """Counts in which split each example is."""
    parts = {name: getattr(splits, name) for name in ("train", "validation", "test")}
    return Counter((name, each) for name, part in parts.items() for each in part.identities())


@settings(max_examples=10, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("dataset", OWN)
def test_an_example_more_or_less_moves_no_other(dataset, data):
    whole, other = dataset().sample().train.take(range(150)), dataset(split_seed=1)
    everything = placed(other.split(whole))
    kept = data.draw(st.permutations(range(150)))[data.draw(st.integers(0, 20)) :]
    fewer = placed(other.split(whole.take(kept)))
    assert not fewer - everything
    assert everything.total() - fewer.total() <= 150 - len(kept)
    assert {name for name, _ in fewer} == {"train", "validation", "test"}


@pytest.mark.parametrize("dataset", TABLES)
def test_a_line_more_moves_no_other(dataset, tmp_path):
    paths = [write(tmp_path / f"{n}.csv", table(dataset, last=n)) for n in (39, 40)]
    fewer, more = (placed(load(dataset, path).splits) for path in paths)
    assert not fewer - more
    assert more.total() == fewer.total() + 1


def table(dataset, separator=",", first=0, last=None):
    rows = ROWS[dataset.kind.name]
    head, body = (rows[:1], rows[1:]) if dataset.kind.name == "text" else ([], rows)
    quoted = [
        [f'"{cell}"' if separator in cell else cell for cell in row]
        for row in [*head, *body[first:last]]
    ]
    return "".join(separator.join(row) + "\n" for row in quoted)


def load(dataset, path):
    return load_data(dataset(), path=path)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def by_name(dataset):
    return dataset.name


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("change", [str, lambda text: f"\ufeff{text}", lambda text: text + "\n\n"])
@pytest.mark.parametrize("name", ["own.csv", "own.csv.gz"])
def test_separators_marks_blank_lines_and_gzip_change_nothing(
    tmp_path, dataset, separator, change, name
):
    plain = load(dataset, write(tmp_path / "plain.csv", table(dataset)))
    other = load(dataset, write(tmp_path / name, change(table(dataset, separator))))
    assert other.fingerprint == plain.fingerprint


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
def test_json_lines_are_read(tmp_path, dataset):
    plain = load(dataset, write(tmp_path / "plain.csv", table(dataset)))
    rows = ROWS[dataset.kind.name]
    if dataset.kind.name == "text":
        rows = [{"id": 1, "text": text} for (text,) in rows[1:]]
    if dataset.kind.name == "text-pairs":
        rows = [{"translation": {"en": source, "nl": target}} for source, target in rows]
        chosen = {"source_column": "translation.en", "target_column": "translation.nl"}
    else:
        chosen = {}
    if dataset.kind.name == "labelled-text":
        rows = [{"label": label, "text": text} for text, label in rows]
    path = write(tmp_path / "own.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert load_data(dataset(**chosen), path=path).fingerprint == plain.fingerprint


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
@pytest.mark.parametrize(
    "names",
    [
        ("train.csv", "validation.csv", "test.csv"),
        ("Train.csv", "DEV.csv", "Testing.csv.gz"),
        ("training/a.csv", "val/b.csv", "TEST/c.csv"),
        ("data/train.csv", "data/valid/1.csv", "data/test.csv"),
    ],
)
def test_parts_named_like_splits_are_the_splits_and_others_are_named(tmp_path, dataset, names):
    for number, name in enumerate(names):
        write(tmp_path / name, table(dataset, first=10 * number, last=10 * number + 10))
    beside = tmp_path / ("data/notes.md" if names[0].startswith("data") else "notes.md")
    beside.write_text("beside", encoding="utf-8")
    loaded = load(dataset, tmp_path)
    parts = [getattr(loaded.splits, part) for part in ("train", "validation", "test")]
    assert [len(part) for part in parts] == [10, 10, 10]
    assert any("notes.md beside the splits was left out" in note for note in loaded.notes)


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
@pytest.mark.parametrize("name", ["test.csv", "Test/a.csv", "deep/down/validation.csv"])
def test_a_held_out_part_is_never_trained_on(tmp_path, dataset, name):
    write(tmp_path / "more.csv", table(dataset))
    write(tmp_path / name, table(dataset))
    with pytest.raises(DataError, match=r"nothing to train on|not trained on"):
        load(dataset, tmp_path)


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
def test_what_is_left_out_of_a_folder_is_told(tmp_path, dataset):
    write(tmp_path / "rows" / "deep" / "own.csv", table(dataset))
    write(tmp_path / "rows" / "photo.png", "no text")
    (tmp_path / "rows" / "dead.csv").symlink_to("nowhere")
    notes = " ".join(load(dataset, tmp_path / "rows").notes)
    assert "1 file of another type left out (photo.png)" in notes
    assert "1 link that leads nowhere left out (dead.csv)" in notes


@pytest.mark.parametrize("dataset", OWN, ids=by_name)
def test_an_empty_path_and_a_pipe_are_refused_at_once(tmp_path, dataset):
    with pytest.raises(UsageError, match="--data is empty"):
        load(dataset, "")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataError, match="is a pipe or a device"):
        load(dataset, tmp_path / "pipe.csv")


COLUMNS = {
    "text": {},
    "text-pairs": {},
    "labelled-text": {},
    "baskets": {"basket_column": "1", "item_column": "2"},
}


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
def test_a_comma_in_a_cell_without_quotes_is_refused_with_a_hint(tmp_path, dataset):
    head = ["text"] if dataset.kind.name == "text" else []
    rows = ["one fine day"] if head else [f"{n % 3},item {n}" for n in range(9)]
    wide = "one day, or two" if head else "7,one item, or two"
    path = write(tmp_path / "own.csv", "\n".join([*head, *rows, wide]))
    with pytest.raises(DataError, match="fields, expected") as caught:
        load_data(dataset(**COLUMNS[dataset.kind.name]), path=path)
    assert "in quotes: " in caught.value.hint


@pytest.mark.parametrize("dataset", TABLES, ids=by_name)
@pytest.mark.parametrize("head", [[], ["text"]])
def test_lines_of_text_with_commas_are_not_taken_for_a_table(tmp_path, dataset, head):
    rows = [f"When man {n} came home, the old dog slept, and nobody spoke." for n in range(8)]
    path = write(tmp_path / "own.csv", "\n".join([*head, *rows]))
    with pytest.raises(DataError) as caught:
        load_data(dataset(**COLUMNS[dataset.kind.name]), path=path)
    assert "in quotes" in caught.value.hint


LABELLED = [
    dataset
    for entry in registry.datasets()
    if "classes" in (dataset := registry.dataset(entry.name)).kind.__dataclass_fields__
]


@pytest.mark.parametrize("form", ["built in", "splits", "fields"])
@pytest.mark.parametrize("dataset", LABELLED, ids=by_name)
def test_classes_are_told_with_their_counts(dataset, form):
    loaded = load_data(dataset(), sample=True)
    train, options = loaded.splits.train, dataset.kind.options()
    if form == "splits":
        loaded = given_data(dataset(), options, dataclasses.replace(loaded.splits, notes=()), None)
    elif form == "fields":
        fields = tuple(train.per_example().values())
        loaded = given_data(dataset(), options, fields, None)
    parts = (loaded.splits.train, loaded.splits.validation, loaded.splits.test)
    counts = np.sum([np.bincount(p.labels, minlength=len(train.classes)) for p in parts], axis=0)
    names = loaded.splits.train.classes
    listed = ", ".join(f"{name} ({count:,})" for name, count in zip(names, counts, strict=True))
    assert f"{len(names)} classes: {listed}." in loaded.notes


def test_the_plan_of_a_training_tells_the_classes():
    pixels, labels = np.zeros((40, 8, 8), np.uint8), np.arange(40) % 2
    pixels[labels == 0, 2:4] = np.arange(80).reshape(20, 4)[:, :2, None]
    pixels[labels == 1, 5:] = np.arange(20)[:, None, None]
    plan = deepzoo.train(data=(pixels, labels), model="cnn", limit=10, dry_run=True)
    assert any(note.startswith("2 classes: 0 (") for note in plan["notes"])


def test_no_kind_of_files_is_forgotten():
    assert {dataset.kind.name for dataset in OWN} == {*ROWS, "images", "image-pairs"}
