"""CSV files: the right column, and every bad row named or counted."""

from __future__ import annotations

import csv

import pytest

from deepzoo.errors import DataError, ResourceError
from deepzoo.interfaces.kinds import TextSettings
from deepzoo.readers import read_columns, read_csv, read_documents, tables


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


def test_quotes_commas_line_ends_and_separators_survive(write):
    text = 'id,text\n1,"a, ""b""\nc"\n2,"one\u2028two"\n\n3,plain\n'
    assert read_csv(write(text), "text") == (['a, "b"\nc', "one\u2028two", "plain"], ())


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_change_nothing(write, codec, newline):
    text = 'text,id\n"two\nlines",1\né,2\n'.replace("\n", newline)
    assert read_csv(write(text.encode(codec)), "text")[0] == ["two\nlines", "é"]


def test_a_tab_separated_file(write):
    assert read_csv(write("a\ttext\n1\tx, y\n", "table.tsv"), "text")[0] == ["x, y"]


def test_the_first_of_several_names_is_taken(write):
    assert read_csv(write("Text,Tweet\na,b\n"), ["text", "Tweet"])[0] == ["b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "no text: 0 characters"), ("id,text\n", "has 0 rows"), ("\n\n", "header")],
)
def test_a_file_without_header_or_rows(write, text, message):
    with pytest.raises(DataError, match=message) as caught:
        read_csv(write(text), "text")
    assert caught.value.exit_code == 3
    assert "table.csv" in caught.value.message


def test_a_missing_column_says_what_is_there_and_what_is_close(write):
    with pytest.raises(DataError, match="no column 'text'; found 'id', 'Tekst'") as caught:
        read_csv(write("id,Tekst\n1,a\n"), "text")
    assert caught.value.hint == "Name the column: --set text_column=Tekst"


def test_a_column_whose_names_are_fixed_is_to_be_renamed(write):
    with pytest.raises(DataError, match="no column 'text' or 'Text'; found 'body'") as caught:
        read_csv(write("body\na\n"), ("text", "Text"))
    assert caught.value.hint == "Rename the column with these values to 'text'."


@pytest.mark.parametrize("skip_bad", [False, True])
def test_a_quote_that_is_never_closed_does_not_swallow_the_rest_of_the_file(write, skip_bad):
    path = write('id,text\n1,a\n2,"b\n3,c\n4,d\n')
    with pytest.raises(DataError, match="line 3: a quote is opened and never closed"):
        read_csv(path, "text", skip_bad=skip_bad)


def test_the_last_line_needs_no_line_end(write):
    assert read_csv(write('id,text\n1,a\n2,"b\nc"'), "text")[0] == ["a", "b\nc"]


def test_a_column_that_is_there_twice_is_refused(write):
    with pytest.raises(DataError, match="2 columns are named 'text'"):
        read_csv(write("text,id,text\na,1,b\n"), "text")


ROWS = [f"{i},row {i}" for i in range(2, 8000)]


def ragged(*lines):
    rows = list(ROWS)
    for line in lines:
        rows[line - 2] = f"{line},too,many"
    return "id,text\n" + "\n".join(rows)


def test_a_ragged_row_is_named_by_its_line(write):
    with pytest.raises(DataError, match=r"line 7,001: 3 fields, expected 2\.") as caught:
        read_csv(write(ragged(7001)), "text")
    assert "--set skip_bad=true" in caught.value.hint
    with pytest.raises(DataError, match=r"line 5: .* \(3 bad rows in all\)"):
        read_csv(write(ragged(5, 60, 700)), "text")


def test_bad_rows_are_left_out_and_counted_on_request(write):
    texts, notes = read_csv(write(ragged(5, 60)), "text", skip_bad=True)
    assert len(texts) == len(ROWS) - 2
    assert notes == ("table.csv: 2 bad rows left out, the first at line 5: 3 fields, expected 2.",)
    documents = read_documents(write(ragged(5, 60)), TextSettings(skip_bad=True))
    assert documents.notes == notes


def test_all_rows_bad_is_an_error_even_when_skipping(write):
    with pytest.raises(DataError, match="0 rows, 1 bad rows left out"):
        read_csv(write("id,text\n1\n"), "text", skip_bad=True)


def test_the_line_is_right_after_cells_with_line_ends(write):
    with pytest.raises(DataError, match="line 5:"):
        read_csv(write('id,text\n1,"a\nb"\n2,c\nragged\n'), "text")


@pytest.mark.parametrize("cell", ["ten", "nan", "inf", "-Infinity", ""])
def test_a_cell_that_is_no_finite_number_is_named(write, cell):
    path = write(f"text,score\na,1.5\nb,{cell}\n")
    with pytest.raises(DataError, match=f"line 3: column 'score' is {cell!r}"):
        read_columns(path, ["text", "score"], numbers=["score"])
    columns, notes = read_columns(path, ["text", "score"], numbers=["score"], skip_bad=True)
    assert columns == [["a"], ["1.5"]]
    assert "1 bad row left out" in notes[0]


def test_a_text_of_a_megabyte_is_a_cell(write):
    long = "word " * 200_000
    assert read_csv(write(f"text,id\na,1\n{long},2\nb,3\n"), "text")[0] == ["a", long, "b"]
    assert csv.field_size_limit() == 131_072


def test_a_cell_that_is_too_long_is_named_and_the_rest_can_be_read(write, monkeypatch):
    monkeypatch.setattr(tables, "_LONGEST", 10_000)
    long = "x" * 10_001
    path = write(f"text,id\na,1\n{long},2\nb,3\n")
    with pytest.raises(DataError, match="line 3: no CSV: field larger than"):
        read_csv(path, "text")
    assert read_csv(path, "text", skip_bad=True)[0] == ["a", "b"]
    assert csv.field_size_limit() == 131_072


def test_invalid_bytes_in_a_table_are_named(write):
    with pytest.raises(DataError, match=r"byte 0xff at offset 7 \(line 2\)"):
        read_csv(write(b"text\nab\xff\n"), "text")


def test_a_table_larger_than_memory_is_refused_in_time(write, monkeypatch):
    monkeypatch.setattr(tables.memory, "available", lambda: 100_000)
    with pytest.raises(ResourceError, match=r"table\.csv needs about") as caught:
        read_csv(write(ragged()), "text")
    assert caught.value.exit_code == 8


def test_the_real_tweets_have_their_known_counts(real_data):
    folder = real_data / "trump_tweets"
    texts, _ = read_csv(folder / "trump_tweets_2009_2016.csv", "text")
    assert (len(texts), sum(map(len, texts))) == (30_091, 3_257_313)
    texts, _ = read_csv(folder / "trump_tweets_2014_2016.csv", "Text")
    assert (len(texts), sum(map(len, texts))) == (15_599, 1_913_574)


BODY = [f"{number},A sentence number {number} of words" for number in range(1, 9)]


@pytest.mark.parametrize(
    ("lines", "says", "hint"),
    [
        (
            [line.replace(",", ";") for line in ["id,body", *BODY]],
            r"separated by semicolons\) has no column 'text'; found 'id', 'body'",
            "--set text_column=body",
        ),
        (BODY, "seems to have no header: its first line is '1', 'A sent", "--set text_column=2"),
        (["id,my body", *BODY], "found 'id', 'my body'", "--set 'text_column=my body'"),
    ],
)
def test_three_tables_without_the_column_have_three_messages_and_hints_to_paste(
    write, lines, says, hint
):
    with pytest.raises(DataError, match=says) as caught:
        read_csv(write("\n".join(lines)), "text")
    assert caught.value.hint.endswith(f": {hint}")


def test_a_number_reads_a_table_without_header_and_a_header_is_told(write):
    texts, notes = read_csv(write("\n".join(BODY)), "2")
    assert (len(texts), notes) == (8, ())
    texts, notes = read_csv(write("\n".join(["id,text", *BODY])), "2")
    assert len(texts) == 9
    assert "line 1 was read as a row like the others" in notes[0]
    assert "--set text_column=text" in notes[0]
    with pytest.raises(DataError, match="line 1: 2 columns, expected at least 9"):
        read_csv(write("\n".join(BODY)), "9")


def test_a_stray_quote_that_swallows_rows_is_told(write):
    rows = [f"{number},text {number}" for number in range(100)]
    rows[5], rows[50] = '5,"text 5', '50,text 50"'
    texts, notes = read_csv(write("\n".join(["id,text", *rows])), "text")
    assert len(texts) == 55
    assert "line 7: a quote is opened and closed only in line 52; 44 lines between" in notes[0]
    rows[50] = '50,"text 50'
    with pytest.raises(DataError, match="line 7: a quote is opened and not closed in its line"):
        read_csv(write("\n".join(["id,text", *rows])), "text", skip_bad=True)


def test_a_text_of_several_lines_is_no_stray_quote(write):
    poem = "\n".join(f"line {number}, and so on, and on" for number in range(9))
    assert read_csv(write(f'id,text\n1,"{poem}"\n2,b\n'), "text") == ([poem, "b"], ())


def test_json_lines_that_are_none_are_named(write):
    path = write('{"text": "a"}\n{"text": \n{"text": "b", "meta": {"n": 1}}\n', "rows.jsonl")
    with pytest.raises(DataError, match="line 2: no JSON"):
        read_csv(path, "text")
    assert read_csv(path, "text", skip_bad=True)[0] == ["a", "b"]
    with pytest.raises(DataError, match=r"of JSON lines\) has no column 'x'; found .*'meta\.n'"):
        read_csv(path, "x")


@pytest.mark.parametrize("text", ['a\t"b"\nc\td\n', 'a\t"b\nc\td\n', '"a\tb\nc\td"\n'])
def test_quotes_in_a_file_with_tabs_are_part_of_the_text(write, text):
    rows = [cells for _, cells in tables.Table(write(text, "a.tsv"))]
    assert rows == [line.split("\t") for line in text.splitlines()]


def test_quotes_in_a_file_with_tabs_enclose_cells_where_they_must(write):
    rows = [cells for _, cells in tables.Table(write('a\t"b ""c"" d"\ne\tf\n', "a.tsv"))]
    assert rows == [["a", 'b "c" d'], ["e", "f"]]


def prose(count=8):
    return [f"When man {n} came home, the old dog slept, and nobody spoke." for n in range(count)]


def test_a_text_with_commas_and_no_quotes_is_shown_as_it_is_written(write):
    path = write("text\nFine day\nHello, wide world\n")
    with pytest.raises(DataError, match=r"line 3: 2 fields, expected 1\. Write a text") as caught:
        read_csv(path, "text")
    assert '"Hello, wide world"' in caught.value.hint
    assert read_csv(path, "text", skip_bad=True)[0] == ["Fine day"]
    assert read_csv(write('text\n"Hello, wide world"\n'), "text")[0] == ["Hello, wide world"]


@pytest.mark.parametrize("separator", [",", ";", "|"])
def test_a_row_with_too_many_cells_is_bad_wherever_it_is(write, separator):
    rows = [["Yes", "Ja"]] * 5
    for at in range(3):
        wide = [*rows[:at], ["Well", " yes", "Ja"], *rows[at:]]
        path = write("\n".join(map(separator.join, wide)))
        with pytest.raises(DataError, match=f"line {at + 1}: 3 fields, expected 2") as caught:
            read_csv(path, "2")
        assert f'"one{separator} two"' in caught.value.hint


@pytest.mark.parametrize("column", ["text", "1", "3"])
def test_lines_of_text_with_commas_are_no_table(write, column):
    with pytest.raises(DataError, match="looks like running text") as caught:
        read_csv(write("\n".join(prose())), column, skip_bad=True)
    assert "end in .txt" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["id, text, tag\n" + "1, one more word here, a\n" * 8, "a, b, c\n" * 8, "1,two,three\n" * 8],
)
def test_tables_with_blanks_behind_commas_are_read_by_number_and_name(write, text):
    assert len(read_csv(write(text), "text" if "id" in text else "2")[0]) == 8
