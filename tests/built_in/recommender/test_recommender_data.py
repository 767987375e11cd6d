"""Baskets from files of every form: what is read, what is repaired, and errors that say where."""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata

import numpy as np
import pytest
from basket_cases import load_file, rows_of, write
from deepzoo_recommender.datasets import BasketsFile
from deepzoo_recommender.layouts import MISSING
from deepzoo_recommender.own_baskets import read_baskets
from hypothesis import given, settings
from hypothesis import strategies as st

from deepzoo.errors import DataError, ResourceError, UnsafeFileError, UsageError
from deepzoo.interfaces.kinds import Baskets
from deepzoo.readers import archives

# What cannot be told apart is not drawn: names that hold other separators in a file of one item a
# line, a byte order mark, and "null" at the end of a line, which means an empty cell.
NAMES = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=";|\ufeff"),
        min_size=1,
        max_size=8,
    )
    .map(lambda name: unicodedata.normalize("NFC", " ".join(name.split())))
    .filter(lambda name: name.lower() not in MISSING | {""})
)
WITHOUT_COMMAS = NAMES.filter(lambda name: "," not in name and name[0] != '"')


def shopping(names):
    """Returns a strategy of baskets with two items or more in all."""
    rows = st.lists(st.sets(names, min_size=1, max_size=5).map(sorted), min_size=1, max_size=12)
    return rows.filter(lambda rows: len({item for row in rows for item in row}) > 1)


ROWS = [["milk", "bread"], ["beer", "milk", "eggs"], ["tea", "jam"], ["jam", "bread", "tea"]]
TABLE = {"basket_column": "id", "item_column": "item"}


def comma_text(rows):
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def read(path, columns=("", ""), **options):
    return read_baskets({"all": path}, Baskets.options(**options), columns)["all"]


@settings(max_examples=80)
@given(
    rows=shopping(NAMES), form=st.sampled_from(["lines", "table", "numbered"]), packed=st.booleans()
)
def test_what_is_written_with_commas_is_read_back(tmp_path_factory, rows, form, packed):
    pairs = [[str(basket), item] for basket, row in enumerate(rows) for item in row]
    content, columns = {
        "lines": (comma_text(rows), ("", "")),
        "table": (comma_text([["day", "item", "id"], *(["x", b, a] for a, b in pairs)]), None),
        "numbered": (comma_text(pairs), ("1", "2")),
    }[form]
    path = tmp_path_factory.mktemp("written") / ("b.csv.gz" if packed else "b.csv")
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    baskets, notes = read(path, columns or ("id", "item"))
    assert list(baskets.items) == sorted({item for row in rows for item in row})
    assert rows_of(baskets) == rows
    assert baskets.indices.dtype == np.int32
    assert not notes


@given(rows=shopping(WITHOUT_COMMAS))
def test_what_is_written_with_tabs_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("written") / "b.tab"
    path.write_bytes("\n".join("\t".join(row) for row in rows).encode())
    assert rows_of(read(path)[0]) == rows  # a quote inside a name is a character like others


def test_rows_of_a_basket_may_lie_apart(tmp_path):
    path = write(tmp_path / "apart.tsv", "b\tmilk\na\ttea\nb\tbread\na\tjam\n")
    assert rows_of(read(path, ("1", "2"))[0]) == [["bread", "milk"], ["jam", "tea"]]


def test_blanks_padding_and_repeats_are_repaired_and_repeats_are_told(tmp_path):
    text = ' rye  bread,milk,,\nmilk,"a,b", milk ,rye bread\n\u00a0tea,milk\ntea,"rye\nbread"\n'
    baskets, notes = read(write(tmp_path / "odd.csv", text))
    assert rows_of(baskets) == [
        ["milk", "rye bread"],
        ["a,b", "milk", "rye bread"],
        ["milk", "tea"],
        ["rye bread", "tea"],
    ]
    assert notes == ("odd.csv: 1 item was in a basket already and counted once.",)
    text = "id,item\n1,milk\n2,tea\n1,milk\n1, milk\n"
    baskets, notes = read(write(tmp_path / "table.csv", text), ("id", "item"))
    assert rows_of(baskets) == [["milk"], ["tea"]]
    assert notes == ("table.csv: 2 items were in a basket already and counted once.",)


LINES_BAD = {
    "empty": (["a,b", "", "b,c"], "line 2: the line is empty, expected at least one item"),
    "padding": (["a,b", " , ,", "b,c"], "line 2: 3 empty cells, expected at least one item"),
    "quote": (["a,b", '"c"d,e', "b,c"], "line 2: no CSV: ',' expected after '\"'"),
}


@pytest.mark.parametrize("case", LINES_BAD)
def test_a_bad_line_is_named_or_left_out_and_counted(tmp_path, case):
    lines, said = LINES_BAD[case]
    path = write(tmp_path / "bad.csv", "\n".join([*lines, "", "c,d"]))
    with pytest.raises(DataError, match=said) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}, ")
    assert "(2 bad rows in all)" in caught.value.message
    assert "skip_bad=true" in caught.value.hint
    baskets, notes = read(path, skip_bad=True)
    assert rows_of(baskets) == [["a", "b"], ["b", "c"], ["c", "d"]]
    assert notes[0].startswith("bad.csv: 2 bad rows left out, the first at line 2: ")


TABLE_BAD = {
    "": "the line is empty, expected a basket and an item",
    " , ": "the line is empty",
    "1": "1 column, expected at least 2",
    " ,milk": r"the basket \(column 1\) is empty",
    "7, ": r"the item \(column 2\) is empty",
}


@pytest.mark.parametrize("row", TABLE_BAD)
def test_a_bad_row_of_a_table_leaves_nothing_behind(tmp_path, row):
    path = write(tmp_path / "bad.csv", f"id,item\n1,tea\n{row}\n2,jam\n")
    with pytest.raises(DataError, match=f"line 3: {TABLE_BAD[row]}"):
        read(path, ("id", "item"))
    baskets, _ = read(path, ("id", "item"), skip_bad=True)
    assert rows_of(baskets) == [["tea"], ["jam"]]
    assert list(baskets.items) == ["jam", "tea"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a,b\n"c,d\ne,f\n', "line 2: a quote is opened and never closed"),
        ('a,b\n"c,d\ne,"f\n', "line 2: a quote is opened and not closed in its line; line 3: "),
        ('"' + "a,b\n" * 50_000, "line 1: a quote is opened and never closed"),
    ],
)
def test_an_open_quote_is_refused_even_where_bad_rows_are_left_out(tmp_path, text, said):
    path = write(tmp_path / "quote.csv", text)
    with pytest.raises(DataError, match=said) as caught:
        read(path, skip_bad=True)
    assert str(path) in caught.value.message


def test_other_encodings_are_read_and_bad_bytes_are_named(tmp_path):
    path = tmp_path / "odd.csv.gz"
    path.write_bytes(gzip.compress("tea,café\ntea,jam\n".encode("latin-1")))
    with pytest.raises(DataError, match=r"odd\.csv\.gz.*line 1.*not utf-8") as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert rows_of(read(path, encoding="latin-1")[0])[0] == ["café", "tea"]
    marked = tmp_path / "marked.csv"
    marked.write_bytes("tea,café\r\ntea,jam\r\n".encode("utf-16"))
    baskets, notes = read(marked)
    assert rows_of(baskets)[0] == ["café", "tea"]
    assert any("byte order mark" in note for note in notes)


def test_damaged_and_too_large_files_are_refused(tmp_path, monkeypatch):
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(comma_text(ROWS).encode())[:-12])
    with pytest.raises(DataError, match=r"cut\.csv\.gz is not a complete gzip file"):
        read(cut)
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(b"a,b\n" * 2**20))
    monkeypatch.setattr(archives, "FREE_BYTES", 1000)
    with pytest.raises(UnsafeFileError, match=r"bomb\.csv\.gz unpacks to more than"):
        read(bomb)
    monkeypatch.setattr("deepzoo.system.memory.available", lambda: 10)
    with pytest.raises(ResourceError, match=r"rows\.csv needs about"):
        read(write(tmp_path / "rows.csv", comma_text(ROWS)))


@pytest.mark.parametrize(
    ("basket", "item", "error", "said"),
    [
        ("id", "", UsageError, "'id' and ''; expected a name or a number"),
        ("1", "item", UsageError, "two names, or two numbers from 1 on"),
        ("0", "1", UsageError, "two numbers from 1 on"),
        ("1", "01", UsageError, "the same, '1'; expected two"),
        ("id", " id ", UsageError, "the same, 'id'; expected two"),
        ("id", "Itm", DataError, "'Itm'; found 'id', 'item', 'n', 'n'.*--set item_column=item"),
        ("id", "goods", DataError, "no column 'goods'; found .*--set basket_column=id"),
        ("id", "n", DataError, "line 1: 2 columns are named 'n', expected one"),
        ("1", "9", DataError, "line 1: 4 columns, expected at least 9"),
    ],
)
def test_columns_that_cannot_be_are_refused(tmp_path, basket, item, error, said):
    path = write(tmp_path / "named.csv", "id,item,n,n\n1,tea,3,4\n")
    with pytest.raises(error, match=said):
        load_file(path, basket_column=basket, item_column=item)


NOTHING = {
    "": "0 characters",
    "id,item\n": "nothing.csv has 0 baskets",
    "id,item\n1,milk\n2,milk\n": "all baskets hold the same item, 'milk'; there is nothing to",
    "id,item\n" + "1,tea\n2,jam\n": "every one of the 2 baskets has fewer than 2 items",
    "id,item\n" + "1,a\n1,b\n2,a\n2,b\n3,a": "2 baskets of 3 to split, expected at least 3",
}


@pytest.mark.parametrize("text", NOTHING)
def test_files_with_nothing_to_learn_from_are_refused(tmp_path, text):
    path = write(tmp_path / "nothing.csv", text)
    with pytest.raises(DataError, match=NOTHING[text]) as caught:
        load_file(path, **TABLE)
    assert str(path) in caught.value.message


def test_what_was_left_out_as_bad_is_counted_when_nothing_is_left(tmp_path):
    with pytest.raises(DataError, match="has 0 baskets, 1 bad rows left out"):
        read(write(tmp_path / "none.csv", ",,\n\n"), skip_bad=True)


def test_the_smallest_file_that_can_be_split(tmp_path):
    loaded = load_file(write(tmp_path / "three.csv", comma_text(ROWS[:3])))
    parts = (loaded.splits.train, loaded.splits.validation, loaded.splits.test)
    assert sorted(row for part in parts for row in rows_of(part)) == sorted(map(sorted, ROWS[:3]))
    assert [len(part) for part in parts] == [1, 1, 1]
    assert loaded.source == "local"
    assert BasketsFile().kind is Baskets


def test_a_quoted_name_after_a_blank_is_that_name(tmp_path):
    path = write(tmp_path / "b.csv", 'milk, "bread, sliced"\n"bread, sliced", eggs\nmilk, eggs\n')
    found, _ = read_baskets({"all": path}, Baskets.options())["all"]
    assert rows_of(found)[:2] == [["bread, sliced", "milk"], ["bread, sliced", "eggs"]]


CELLS = [["beer", "ham"], ["eggs", "rice", "ham"], ["bread", "jam"], ["milk", "bread", "jam"]] * 3
LONG = [(str(order), name) for order, names in enumerate(CELLS, 1001) for name in names]


def lines_of(rows, separator=","):
    return "".join(separator.join(row) + "\n" for row in rows)


REFUSED = {
    "long": (lines_of([("order", "product"), *LONG]), "basket_column=order", "item_column=product"),
    "no header": (lines_of(LONG), "basket_column=1", "item_column=2"),
    "dates": (
        lines_of([("Member", "Date", "Description"), *((a, "22-01-2015", b) for a, b in LONG)]),
        "basket_column=Member",
        "item_column=Description",
    ),
    "quantities": (
        lines_of([("No", "Name", "Quantity"), *((a, b, str(len(b))) for a, b in LONG)]),
        "basket_column=No",
        "item_column=Name",
    ),
    "decimal commas": (
        lines_of([("order", "product", "price"), *((a, b, "2,50") for a, b in LONG)], ";"),
        "basket_column=order",
        "item_column=product",
    ),
    "blanks": (
        lines_of([("order no", "the item"), *LONG]),
        "'basket_column=order no'",
        "'item_column=the item'",
    ),
    "lists": (
        lines_of([("id", "items"), *((str(n), f'"{row}"') for n, row in enumerate(CELLS))]),
        "item_column=items",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_is_not_read_as_lines_and_the_hint_reads_it(tmp_path, case):
    text, *settings = REFUSED[case]
    path = write(tmp_path / "b.csv", text)
    with pytest.raises(DataError) as caught:
        load_file(path)
    assert " ".join(f"--set {setting}" for setting in settings) in caught.value.hint
    chosen = dict(setting.strip("'").split("=") for setting in settings)
    splits = load_file(path, **chosen).splits
    rows = sorted(row for part in vars(splits).values() if len(part) for row in rows_of(part))
    assert rows == sorted(map(sorted, CELLS))
    assert load_file(path, layout="lines", least_items=1).splits.train is not None


NAMES_OF_ALL = sorted({name for row in CELLS for name in row})
READ = {
    "lines": (lines_of(CELLS), ""),
    "semicolons": (lines_of(CELLS, ";"), ""),
    "bars": (lines_of(CELLS, "|"), ""),
    "tabs": (lines_of(CELLS, "\t"), ""),
    "empty lines at the end": (lines_of(CELLS) + "\n\n", "2 empty lines at the end left out"),
    "zeros and ones": (
        lines_of(
            [NAMES_OF_ALL, *([str(int(name in row)) for name in NAMES_OF_ALL] for row in CELLS)]
        ),
        "a table of 7 items",
    ),
    "counts beside an id": (
        lines_of(
            [
                ["date", *NAMES_OF_ALL],
                *(["2020-01-01", *(str(2 * (n in row)) for n in NAMES_OF_ALL)] for row in CELLS),
            ]
        ),
        "left out: date",
    ),
    "ids in front": (
        lines_of([str(number), *row] for number, row in enumerate(CELLS)),
        "the first cell of each line (0, 1, 2, ...) was left out",
    ),
    "a count and a header": (
        lines_of(
            [
                ["Item(s)", "Item 1", "Item 2", "Item 3"],
                *([str(len(row)), *row, *[""] * (3 - len(row))] for row in CELLS),
            ]
        ),
        "its first line was read as a header: Item(s), Item 1",
    ),
    "padding of pandas": (lines_of([*row, *["nan"] * (3 - len(row))] for row in CELLS), "'nan'"),
    "JSON lines": ("".join(json.dumps(row) + "\n" for row in CELLS), ""),
    "accents in parts": (
        lines_of(CELLS).replace("ham", "Ka\u0308se", 1).replace("ham", "K\u00e4se"),
        "1 name with a letter and its accent as two characters, such as 'K\u00e4se'",
    ),
}


@pytest.mark.parametrize("case", READ)
def test_baskets_in_many_forms_are_the_same_baskets_and_changes_are_told(tmp_path, case):
    text, told = READ[case]
    name = "b.jsonl" if case == "JSON lines" else "b.csv"
    loaded = load_file(write(tmp_path / name, text))
    parts = [getattr(loaded.splits, part) for part in ("train", "validation", "test")]
    rows = sorted(row for part in parts for row in rows_of(part))
    expected = [[n.replace("ham", "Käse") if "accents" in case else n for n in r] for r in CELLS]
    assert rows == sorted(map(sorted, expected))
    assert told in " ".join(loaded.notes)
    assert bool(told) == bool(loaded.notes)


def test_zeros_and_ones_need_the_names_of_items_which_may_be_numbers(tmp_path):
    rows = "0,1,1\n1,1,0\n1,0,1\n0,1,1\n"
    with pytest.raises(DataError, match="zeros and ones without the names"):
        load_file(write(tmp_path / "b.csv", rows))
    splits = load_file(write(tmp_path / "b.csv", f"4711,0815,99\n{rows}")).splits
    assert list(splits.train.items) == ["0815", "4711", "99"]


def test_numbers_among_names_are_refused_and_read_on_request(tmp_path):
    path = write(tmp_path / "b.csv", "beer,5,ham,2\nham,1\neggs,2,rice,1\njam,3,ham,4\n" * 3)
    with pytest.raises(DataError, match="numbers or dates among names, such as 1, 2"):
        load_file(path)
    assert "5" in load_file(path, layout="lines").splits.train.items


def test_an_example_names_its_items():
    found = Baskets(["bread", "milk", "soda"], np.array([0, 1, 3]), np.array([1, 0, 2]))
    assert [found.example(index) for index in range(2)] == [
        {"items": ["milk"]},
        {"items": ["bread", "soda"]},
    ]
