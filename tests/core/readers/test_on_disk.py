"""Text that stays on disk: the same characters, in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.data.fingerprint import fingerprint
from deepzoo.errors import DataError, ResourceError
from deepzoo.interfaces.kinds import Text, TextSettings
from deepzoo.readers import on_disk
from deepzoo.readers import text as text_reader
from deepzoo.readers.on_disk import OnDiskText, iterate_chunks
from deepzoo.readers.text import read_documents, read_splits, read_text
from deepzoo.readers.text_splits import split_documents, split_long_text
from deepzoo.system import memory

TEXT = "aé😀\n\nмир\u2028x\n" * 3
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]


@pytest.fixture
def small(monkeypatch):
    """Maps every file, however small."""
    monkeypatch.setattr(text_reader, "ON_DISK_FROM", 1)


def parts(splits):
    return [list(part.documents) for part in (splits.train, splits.validation, splits.test)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", CODECS)
def test_chunks_of_every_size_joined_are_the_text(tmp_path, codec, newline):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.replace("\n", newline).encode(codec))
    encoding = codec if codec[-2:] in ("le", "be") else "utf-8"
    documents = OnDiskText.open([path], encoding)
    assert documents[0] == TEXT
    for size in range(1, 20):
        chunks = list(documents.iterate_chunks(0, size))
        assert "".join(chunks) == TEXT
        assert max(map(len, chunks)) <= size + 1


@given(st.text(st.sampled_from("ab\r\n é😀\u2028\ufeff"), min_size=1), st.integers(1, 9))
def test_any_text_is_the_same_read_whole_and_in_chunks(tmp_path_factory, text, size):
    path = tmp_path_factory.mktemp("any") / "text.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert read_text(path) == expected
    assert "".join(OnDiskText.open([path]).iterate_chunks(0, size)) == expected


def test_lists_are_read_in_chunks_too():
    assert list(iterate_chunks(["x", "abcde"], 1, 2)) == ["ab", "cd", "e"]


@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("line", ["😀é line of text\r\n", "😀 no line end ", "😀é", "é😀"])
def test_a_long_text_is_cut_between_characters_and_loses_none(tmp_path, codec, line, before):
    path = tmp_path / "text.txt"
    path.write_bytes(("x" * before + line * 50).encode(codec))
    whole = read_text(path)
    splits = split_long_text(OnDiskText.open([path]))
    train, validation, test = ("".join(part) for part in parts(splits))
    assert train + validation + test == whole
    assert 0.75 < len(train) / len(whole) < 0.86
    assert validation
    assert test
    if "\r\n" in line:
        assert train.endswith("\n")
        assert validation.endswith("\n")


def test_mapped_and_read_give_the_same_splits_and_fingerprint(tmp_path, monkeypatch):
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_bytes(f"\ufeffdocument {number}\r\nend".encode())
    read = read_splits(tmp_path)
    assert isinstance(read.train.documents, list)
    monkeypatch.setattr(text_reader, "ON_DISK_FROM", 1)
    stayed = read_splits(tmp_path)
    assert isinstance(stayed.train.documents, OnDiskText)
    assert parts(stayed) == parts(read)
    assert fingerprint(stayed) == fingerprint(read)
    assert stayed.notes == read.notes


def test_mapped_documents_are_selected_without_reading(tmp_path, small):
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "b.txt").write_text("second")
    documents = read_documents(tmp_path)
    assert isinstance(documents, OnDiskText)
    (tmp_path / "a.txt").unlink()
    assert list(documents.take_documents([1])) == ["second"]
    assert list(Text(documents).take([1]).documents) == ["second"]
    assert list(documents[1:]) == ["second"]
    assert documents[-1] == "second"
    with pytest.raises(DataError, match=r"a\.txt does not exist"):
        documents[0]


def test_a_file_that_shrinks_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("a" * 100)
    documents = OnDiskText.open([path])
    path.write_text("a" * 50)
    with pytest.raises(DataError, match="became shorter"):
        documents[0]


def test_max_length_reads_only_the_start(tmp_path, small):
    (tmp_path / "a.txt").write_bytes(b"start" + b"a" * 2000 + b"\xff")
    splits = split_long_text(read_documents(tmp_path / "a.txt"))
    assert TextSettings(max_length=5).apply(splits).train.documents == ["start"]


def test_duplicates_are_found_among_mapped_documents(tmp_path, small):
    for number, text in enumerate(["One text", "two", "one  TEXT", "three", "four"]):
        (tmp_path / f"{number}.txt").write_text(text)
    splits = split_documents(read_documents(tmp_path))
    assert sorted(chain(*parts(splits))) == ["One text", "four", "three", "two"]


def test_a_whole_document_larger_than_memory_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_text("a" * 100)
    monkeypatch.setattr(on_disk, "ON_DISK_FROM", 10)
    monkeypatch.setattr(memory, "available", lambda: 50)
    with pytest.raises(
        ResourceError, match=r"needs about 300 bytes of memory, 50 bytes free"
    ) as caught:
        OnDiskText.open([path])[0]
    assert caught.value.exit_code == 8
    assert sum(map(len, OnDiskText.open([path]).iterate_chunks(0))) == 100


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20, 300 * 2**20))
from deepzoo.data.load import load_data
from deepzoo import Dataset
from deepzoo import Text
from deepzoo.readers import iterate_chunks, read_splits
class Own(Dataset):
    name, kind = "text", Text
    def load(self, files):
        return read_splits(files["data"])
data = load_data(Own(), path=sys.argv[1])
documents = data.splits.train.documents
print(type(documents).__name__, sum(map(len, iterate_chunks(documents, 0))))
# What getrusage says includes the process that started this one.
status = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on memory")
def test_a_file_larger_than_the_memory_limit_is_loaded(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        for _ in range(25):
            stream.write(b"sixteen letters\n" * 2**19)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=False
    )
    path.unlink()
    assert (done.returncode, done.stderr) == (0, "")
    kind, count, megabytes = done.stdout.split()
    assert (kind, int(count)) == ("OnDiskText", 8 * 25 * 2**20 * 8 // 10 + 16)
    assert int(megabytes) < 150


@pytest.mark.skipif(os.name == "nt", reason="needs sparse files")
def test_a_sparse_file_is_called_binary_at_once(tmp_path):
    path = tmp_path / "sparse.txt"
    with path.open("wb") as stream:
        stream.truncate(50 * 2**30)
    with pytest.raises(DataError, match="looks binary"):
        read_documents(path)
