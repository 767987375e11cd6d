"""Text files of every encoding, line end and damage."""

from __future__ import annotations

import gzip
import random

import pytest

from deepzoo.data.fingerprint import fingerprint
from deepzoo.errors import DataError, UsageError
from deepzoo.interfaces.kinds import TextSettings
from deepzoo.readers.folders import split_parts
from deepzoo.readers.text import note_documents, read_documents, read_splits, read_text

TEXT = "Grüße, мир!\nzweite Zeile\n\nend 😀\n"
STRANGE = [
    "emoji 😀 👩‍👩‍👧 flags 🇳🇱",
    "combining e\u0301 and \u200d joiner",
    "שלום עולם مرحبا",
    "one\u2028two\u2029three\x0bfour\x0cfive\x85six",
    "a\x00b NUL between many other characters",
    "\x1b]0;title\x07 escape",
]


@pytest.fixture
def write(tmp_path):
    def write(data, name="text.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return path

    return write


@pytest.mark.parametrize("text", STRANGE)
def test_strange_characters_come_through_unchanged(write, text):
    assert read_text(write(text)) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-32", "utf-32-be-mark"]
)
def test_byte_order_marks_and_line_ends_change_nothing(write, codec, newline):
    text = TEXT.replace("\n", newline)
    if codec.endswith("-mark"):
        data = ("\ufeff" + text).encode(codec.removesuffix("-mark"))
    else:
        data = text.encode(codec)
    assert read_text(write(data)) == TEXT
    plain = write(TEXT, "plain.txt")
    assert fingerprint(read_splits(write(data))) == fingerprint(read_splits(plain))


def test_what_was_changed_is_noted(write):
    documents = read_documents(write(b"\xef\xbb\xbfone\r\ntwo"))
    assert documents == ["one\ntwo"]
    assert documents.notes == (
        "text.txt: read as utf-8 by its byte order mark.",
        "text.txt: CR and CRLF line ends were read as LF.",
    )
    assert read_documents(write("one\ntwo")).notes == ()
    assert len(read_documents(write("line\n" * 300_000 + "end\r\n")).notes) == 1


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_has_0_characters(write, data):
    with pytest.raises(DataError, match=r"text\.txt.*0 characters") as caught:
        read_text(write(data))
    assert caught.value.exit_code == 3


def test_an_empty_folder_and_one_without_texts_are_refused(tmp_path, write):
    with pytest.raises(DataError, match=r"0 files ending in \.txt"):
        read_documents(tmp_path)
    write(b"\x89PNG", "picture.png")
    with pytest.raises(DataError, match=r"among 1: picture\.png"):
        read_documents(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.txt does not exist"):
        read_documents(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark_is_recognised(write, codec):
    path = write("plain English text".encode(codec))
    with pytest.raises(DataError, match=f"looks like {codec.upper()}") as caught:
        read_text(path)
    assert f"--set encoding={codec}" in caught.value.hint
    assert read_text(path, codec) == "plain English text"


def test_an_invalid_byte_is_named_with_offset_and_line(write):
    with pytest.raises(DataError, match=r"byte 0xe9 at offset 8 \(line 2\)") as caught:
        read_text(write(b"one\nnaiv\xe9\nthree\n"))
    assert "--set encoding=" in caught.value.hint
    assert read_text(write("naivé".encode("latin-1")), "latin-1") == "naivé"


def test_an_invalid_byte_far_inside_is_named_exactly(write):
    data = b"0123456789abcde\n" * 200_000
    with pytest.raises(DataError, match=r"offset 2,500,000 \(line 156,251\)"):
        read_text(write(data[:2_500_000] + b"\xff" + data))


def test_a_character_cut_off_at_the_end_is_an_error(write):
    with pytest.raises(DataError, match="offset 3"):
        read_text(write("end😀".encode()[:-1]))


@pytest.mark.parametrize(
    "data", [b"ok\n\xff\xfe\x00" * 9, random.Random(1).randbytes(4096), bytes(4096)]
)
def test_a_binary_file_is_called_binary(write, data):
    with pytest.raises(DataError, match=r"looks binary|looks like UTF-16"):
        read_text(write(b"x" + data))


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13"])
def test_an_encoding_that_does_not_exist_is_a_usage_error(write, encoding):
    with pytest.raises(UsageError, match=encoding):
        read_text(write("text"), encoding)


def test_a_folder_is_one_document_per_file(tmp_path, write):
    write("two", "b/2.txt")
    write("one", "a.txt")
    write("three", "c.md")
    write("no", ".hidden/d.txt")
    write("no", "e.png")
    documents = read_documents(tmp_path, TextSettings())
    assert documents == ["one", "two", "three"]
    assert documents.notes == (f"{tmp_path.name}: 1 file of another type left out (e.png).",)


def test_options_reach_the_file(write):
    path = write("café".encode("cp1252"))
    assert read_documents(path, TextSettings(encoding="cp1252")) == ["café"]


def test_folders_named_as_splits_are_the_splits(tmp_path, write):
    for name in ("train/1.txt", "train/2.txt", "validation/3.txt", "test/4.txt"):
        write(name, f"corpus/{name}")
    splits = read_splits(tmp_path / "corpus")
    assert list(splits.train.documents) == ["train/1.txt", "train/2.txt"]
    assert list(splits.validation.documents) == ["validation/3.txt"]
    assert list(splits.test.documents) == ["test/4.txt"]


def test_files_named_as_splits_are_the_splits_and_may_be_missing(tmp_path, write):
    write("text\na\nb\n", "corpus/train.csv")
    write("text\nc\n", "corpus/test.csv")
    splits = read_splits(tmp_path / "corpus")
    assert list(splits.train.documents) == ["a", "b"]
    assert list(splits.test.documents) == ["c"]
    assert len(splits.validation) == 0
    assert split_parts(tmp_path, (".csv",)) == {}


def test_one_long_text_and_many_documents_are_split_differently(tmp_path, write):
    long = read_splits(write("a line of text\n" * 100, "long.txt"))
    assert [len(part.documents) for part in (long.train, long.validation, long.test)] == [1, 1, 1]
    many = read_splits(write("text\n" + "\n".join(f"row {i}" for i in range(40)), "many.csv"))
    assert [len(many.train), len(many.validation), len(many.test)] == [36, 2, 2]


def test_max_length_cuts_documents(write):
    splits = TextSettings(max_length=4).apply(read_splits(write("a line of text\n" * 100)))
    assert splits.train.documents == ["a li"]


UNITS = {
    "files": ["one\ntwo\n\nthree\n \nfour\n"],
    "lines": ["one", "two", "three", "four"],
    "paragraphs": ["one\ntwo", "three", "four"],
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", ["text.txt", "text.txt.gz"])
def test_a_document_is_a_file_a_line_or_a_paragraph(write, unit, name):
    data = UNITS["files"][0].encode()
    path = write(gzip.compress(data) if name.endswith("gz") else data, name)
    documents = read_documents(path, unit=unit)
    assert documents == UNITS[unit]
    assert documents.notes == (("2 empty lines left out.",) if unit == "lines" else ())


def test_lines_of_the_files_of_a_folder_are_documents(tmp_path, write):
    write("a\nb\n", "a.txt")
    write("c\n", "deep/b.txt")
    assert read_documents(tmp_path, unit="lines") == ["a", "b", "c"]


def test_what_was_taken_as_a_document_is_counted(tmp_path, write):
    path = write("one\ntwo\n")
    whole = note_documents(path, read_documents(path), "files")
    assert whole.startswith("text.txt: one document, the whole file.")
    assert "--set documents=lines" in whole
    lines = note_documents(path, read_documents(path, unit="lines"), "lines")
    assert lines == "text.txt: 2 documents, one a line."
    folder = note_documents(tmp_path, read_documents(tmp_path), "files")
    assert folder == f"{tmp_path.name}: 1 document, one a file."


def test_a_folder_of_tables_is_read_and_beside_texts_tables_are_left_out(tmp_path, write):
    write("text\na\nb\n", "a.csv")
    write('{"text": "c"}\n', "b.jsonl")
    assert read_documents(tmp_path) == ["a", "b", "c"]
    write("d", "d.txt")
    documents = read_documents(tmp_path)
    assert documents == ["d"]
    assert "2 files of other types left out (a.csv, b.jsonl)" in documents.notes[0]


def test_empty_files_of_a_folder_are_counted(tmp_path, write):
    write("", "empty.txt")
    write("text", "full.txt")
    documents = read_documents(tmp_path)
    assert documents == ["text"]
    assert documents.notes == (f"{tmp_path.name}: 1 empty files left out (empty.txt).",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<!DOCTYPE html>\n<html>", "HTML"),
        ("  <html><p>a</p>", "HTML"),
        ('{"text": "a"}\n', "JSON"),
        ('[\n {"text": "a"}]', "JSON"),
        ("%PDF-1.7\n", "PDF"),
        ("{\\rtf1 a}", "RTF"),
    ],
)
def test_markup_that_would_be_learned_is_told(write, text, what):
    notes = read_documents(write(text)).notes
    assert len(notes) == 1
    assert what in notes[0]
    assert "learned as it stands" in notes[0]


def test_documents_of_two_given_splits_are_told(tmp_path, write):
    write("text\na\nb\n", "c/train.csv")
    write("text\nA\nc\n", "c/test.csv")
    assert read_splits(tmp_path / "c").notes == (
        "1 of 2 test documents are in the training split too.",
    )
