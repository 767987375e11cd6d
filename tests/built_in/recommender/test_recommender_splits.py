"""Splits of baskets, the published groceries, and the stand-in that has themes to learn."""

from __future__ import annotations

import numpy as np
import pytest
from basket_cases import as_baskets, load_file, rows_of, write
from deepzoo_recommender.datasets import DATASETS, BasketsFile, Groceries
from deepzoo_recommender.samples import EVERYDAY, THEMES, shopping_baskets
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.data.fingerprint import fingerprint
from deepzoo.data.in_memory import given_data
from deepzoo.data.load import load_data
from deepzoo.errors import DataError
from deepzoo.interfaces.dataset import Files
from deepzoo.interfaces.kinds import Baskets, Splits
from deepzoo.testing import check_dataset

PARTS = ("train", "validation", "test")


def numbered(sizes, dtype=np.int32):
    """Makes baskets whose first item tells which one it is."""
    rows = [[n, *range(len(sizes), len(sizes) + size - 1)][:size] for n, size in enumerate(sizes)]
    items = [f"item {n:04}" for n in range(len(sizes) + max(sizes, default=0))]
    flat = np.array([item for row in rows for item in row], dtype)
    return Baskets(items, np.cumsum([0, *sizes]), flat)


SIZES = st.lists(st.integers(0, 4), min_size=1, max_size=30)


@given(sizes=SIZES, data=st.data(), dtype=st.sampled_from(["int32", "int64", "uint16"]))
def test_taking_baskets_is_taking_rows(sizes, data, dtype):
    baskets = numbered(sizes, dtype)
    whole = rows_of(baskets)
    indices = data.draw(st.lists(st.integers(-len(sizes), len(sizes) - 1), max_size=40))
    taken = baskets.take(indices)
    assert rows_of(taken) == [whole[index] for index in indices]
    assert rows_of(baskets.take(np.array(indices, np.int64))) == rows_of(taken)
    assert taken.indices.dtype == dtype
    assert taken.indptr.dtype == baskets.indptr.dtype
    assert taken.items is baskets.items
    long = np.array(sizes) > 2
    assert rows_of(baskets.take(long)) == [row for row in whole if len(row) > 2]
    with pytest.raises(IndexError):
        baskets.take([len(sizes)])


def test_taking_from_plain_lists_and_a_range():
    baskets = Baskets(["a", "b"], [0, 1, 3], [1, 0, 1])
    assert rows_of(baskets.take(range(1, 2))) == [["a", "b"]]
    assert len(baskets.take([])) == len(baskets.take(range(0))) == 0


@given(
    sizes=st.lists(st.integers(2, 4), min_size=3, max_size=60),
    small=st.integers(0, 5),
    seed=st.integers(0, 9),
)
def test_splits_are_disjoint_complete_and_drawn_from_the_seed(sizes, small, seed):
    baskets = numbered([*sizes, *[1] * small])
    dataset = Groceries(split_seed=seed)
    splits = dataset.draw((baskets, ("said",)), "here")
    drawn = [row[0] for part in PARTS for row in rows_of(getattr(splits, part))]
    assert sorted(drawn) == list(baskets.items[: len(sizes)])
    assert len(splits.test) == max(1, round(len(sizes) / 5))
    assert len(splits.validation) >= 1
    assert splits.notes[0] == "said"
    assert len(splits.notes) == 1 + bool(small)
    again = dataset.draw((baskets, ("said",)), "here")
    assert fingerprint(again) == fingerprint(splits)


def test_another_seed_draws_other_baskets_and_train_is_in_a_drawn_order():
    whole = (numbered([2] * 100), ())
    first, second = (BasketsFile(split_seed=seed).draw(whole, "here") for seed in range(2))
    assert [len(getattr(first, part)) for part in PARTS] == [85, 10, 5]
    assert rows_of(first.test) != rows_of(second.test)
    names = [row[0] for row in rows_of(first.train)]
    assert names != sorted(names)


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_dataset_keeps_its_promises(dataset):
    check_dataset(dataset)
    small = dataset(least_items=1).sample()
    assert fingerprint(small) == fingerprint(dataset(least_items=1).sample())
    assert sum(len(getattr(small, part)) for part in PARTS) == 3000
    assert np.diff(dataset().sample().train.indptr).min() == 2
    assert fingerprint(dataset(split_seed=1).sample()) != fingerprint(dataset().sample())
    with pytest.raises(DataError, match="every one of the 3,000 baskets has fewer than 99"):
        dataset(least_items=99).sample()


def test_a_users_file_is_checked_limited_and_told_of(tmp_path):
    text = "".join(f"{item},milk,tea\n" for item in "abcdefghijklmnopqrst") + "milk\n"
    path = write(tmp_path / "mine.csv", text)
    check_dataset(BasketsFile, data=path)
    whole, part = load_file(path), load_file(path, limit=3)
    assert [len(getattr(whole.splits, name)) for name in PARTS] == [14, 1, 5]
    assert rows_of(part.splits.train) == rows_of(whole.splits.train)[:3]
    assert part.splits.test is not None
    assert part.fingerprint != whole.fingerprint
    assert "1 of 21 baskets with fewer than 2 items left out." in whole.notes
    assert list(whole.splits.train.items) == sorted([*"abcdefghijklmnopqrst", "milk", "tea"])
    everything = load_file(path, least_items=1)
    assert sum(len(getattr(everything.splits, name)) for name in PARTS) == 21


def test_equal_baskets_are_split_as_different_ones_are():
    rows = [["milk", "tea"]] * 300
    splits = BasketsFile().split(BasketsFile().from_python(rows))
    assert len(splits.train) + len(splits.validation) + len(splits.test) == 300
    assert 200 < len(splits.train) < 280
    assert min(len(splits.validation), len(splits.test)) > 10


def test_baskets_given_in_python_are_split():
    made = given_data(BasketsFile(), Baskets.options(), numbered([2] * 30), limit=5)
    assert [len(getattr(made.splits, name)) for name in PARTS] == [5, 2, 2]


def test_folders_named_like_splits_share_one_list_of_items(tmp_path):
    (tmp_path / "train").mkdir()
    write(tmp_path / "train" / "b.csv", "tea,jam\nsoap,tea\n")
    write(tmp_path / "train" / "a.tsv", "tea\tmilk\nmilk\n")
    write(tmp_path / "train" / ".hidden.csv", "no,thing\n")
    write(tmp_path / "test.csv", "caviar,tea\ntea\n")
    loaded = load_file(tmp_path)
    assert rows_of(loaded.splits.train) == [["milk", "tea"], ["jam", "tea"], ["soap", "tea"]]
    assert rows_of(loaded.splits.test) == [["caviar", "tea"]]
    assert not len(loaded.splits.validation)
    for part in PARTS:
        items = list(getattr(loaded.splits, part).items)
        assert items == ["caviar", "jam", "milk", "soap", "tea"]
    assert "train: 1 of 4 baskets with fewer than 2 items left out." in loaded.notes
    assert "test: 1 of 2 baskets with fewer than 2 items left out." in loaded.notes
    with pytest.raises(DataError, match="every one of the 4 baskets has fewer than 5 items"):
        load_file(tmp_path, least_items=5)


def test_a_folder_without_splits_is_all_its_files(tmp_path):
    for number in range(3):
        write(tmp_path / f"{number}.csv", f"id,item\n1,tea\n1,jam {number}\n")
    loaded = load_file(tmp_path, basket_column="id", item_column="item")
    rows = [row for part in PARTS for row in rows_of(getattr(loaded.splits, part))]
    # The basket 1 of each file is another one.
    assert sorted(rows) == [["jam 0", "tea"], ["jam 1", "tea"], ["jam 2", "tea"]]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="0 files ending in"):
        load_file(tmp_path / "empty")
    write(tmp_path / "test.csv", "a,b\n")
    with pytest.raises(DataError, match=r"has test\.csv, and nothing to train on"):
        load_file(tmp_path)
    write(tmp_path / "train.csv", "a,b\nb,c\na,c\n")
    notes = load_file(tmp_path).notes
    assert f"{tmp_path.name}: 0.csv, 1.csv, 2.csv, empty beside the splits were left out." in notes


def test_the_published_file(real_data):
    loaded = load_data(Groceries(least_items=1), sample=False)
    parts = [getattr(loaded.splits, part) for part in PARTS]
    assert loaded.source == "full"
    assert loaded.notes == []
    assert sum(map(len, parts)) == 9835
    assert len(parts[0].items) == 169
    counts = sum(np.bincount(part.indices, minlength=169) for part in parts)
    assert counts.sum() == 43_367
    most = [(parts[0].items[item], counts[item]) for item in np.argsort(-counts)[:5]]
    assert most == [
        ("whole milk", 2513),
        ("other vegetables", 1903),
        ("rolls/buns", 1809),
        ("soda", 1715),
        ("yogurt", 1372),
    ]
    several = load_data(Groceries(), sample=False)
    assert [len(getattr(several.splits, part)) for part in PARTS] == [5527, 614, 1535]
    assert several.notes == ["2,159 of 9,835 baskets with fewer than 2 items left out."]


def held_out_ranks(splits: Splits, scores):
    """Returns the rank of one hidden item of each test basket among those not in it."""
    ranks = []
    for row in np.split(splits.test.indices, splits.test.indptr[1:-1]):
        hidden, seen = row[len(row) // 2], np.delete(row, len(row) // 2)
        answer = np.asarray(scores(seen), float)
        answer[seen] = -np.inf
        ranks.append((answer > answer[hidden]).sum())
    return np.array(ranks)


def test_the_sample_has_themes_that_can_be_learned():
    baskets = shopping_baskets(3000, seed=0)
    assert len(baskets.items) == len(EVERYDAY) + sum(map(len, THEMES.values())) == 53
    dense = np.zeros((3000, 53))
    dense[np.repeat(np.arange(3000), np.diff(baskets.indptr)), baskets.indices] = 1
    rates, together = dense.mean(0), dense.T @ dense / 3000
    for theme in THEMES.values():
        numbers = [baskets.items.index(item) for item in theme]
        lift = together[np.ix_(numbers, numbers)] / np.outer(rates[numbers], rates[numbers])
        assert lift[~np.eye(len(numbers), dtype=bool)].min() > 1.5
    splits = Groceries().sample()
    train = splits.train
    dense = np.zeros((len(train), 53))
    dense[np.repeat(np.arange(len(train)), np.diff(train.indptr)), train.indices] = 1
    popular = held_out_ranks(splits, lambda seen: dense.mean(0))
    given_one = (dense.T @ dense + 1) / (dense.sum(0)[:, None] + 53)
    known = held_out_ranks(splits, lambda seen: np.log(given_one[seen]).sum(0))
    assert (popular < 10).mean() < 0.6
    assert (known < 10).mean() > (popular < 10).mean() + 0.15


def test_files_of_groceries_may_be_elsewhere(tmp_path):
    path = write(tmp_path / "groceries.csv", "tea,jam\n" * 20)
    splits = Groceries().load(Files({"baskets": path}, Baskets.options()))
    assert [len(getattr(splits, part)) for part in PARTS] == [14, 2, 4]


CAPITALS = [["Tea", "milk"], ["tea", "milk"], ["rye", "MILK"], ["rye", "tea", "RYE"]] * 2


def capitals_in(form, tmp_path):
    """Loads baskets whose names differ in capitals, given in one of the ways there are."""
    names = sorted({name for row in CAPITALS for name in row})
    if form == "a list":
        return given_data(BasketsFile(), Baskets.options(), CAPITALS, None)
    whole = as_baskets(names, [[names.index(name) for name in row] for row in CAPITALS])
    if form == "the kind":
        return given_data(BasketsFile(), Baskets.options(), whole, None)
    if form == "splits":
        return given_data(BasketsFile(), Baskets.options(), Splits(whole, whole, whole), None)
    rows = [[str(int(name in row)) for name in names] for row in CAPITALS]
    tables = {"lines.csv": CAPITALS, "marked.csv": [names, *rows]}
    tables["items.csv"] = [[str(n), name] for n, row in enumerate(CAPITALS) for name in row]
    columns = {"basket_column": "1", "item_column": "2"} if form == "items.csv" else {}
    if form == "train/lines.csv":
        (tmp_path / "train").mkdir()
    write(tmp_path / form, "\n".join(map(",".join, tables[form.removeprefix("train/")])))
    return load_file(tmp_path if "/" in form else tmp_path / form, **columns)


WAYS = ["lines.csv", "items.csv", "marked.csv", "train/lines.csv", "a list", "the kind", "splits"]


@pytest.mark.parametrize("form", WAYS)
def test_names_that_differ_in_capitals_are_one_item(tmp_path, form):
    loaded = capitals_in(form, tmp_path)
    assert list(loaded.splits.train.items) == ["milk", "rye", "tea"]
    told = [note for note in loaded.notes if "capitals" in note]
    assert ["3 names differ from others in capitals alone" in note for note in told] == [True]
    assert np.diff(loaded.splits.train.indptr).tolist() == [2] * len(loaded.splits.train)
