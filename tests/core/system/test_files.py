"""Files are replaced whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from deepzoo.errors import CheckpointError, DataError, ResourceError
from deepzoo.system.files import (
    bytes_in_words,
    clean_temporaries,
    file_sha256,
    make_folder,
    read_json,
    replacing,
    write_bytes,
    write_json,
    write_text,
)


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_json_comes_back(tmp_path):
    data = {"é": [1, 2.5, None, True], "nested": {"a": "b\nc"}, "lone": "\ud800"}
    write_json(tmp_path / "a.json", data)
    assert read_json(tmp_path / "a.json") == data
    assert names(tmp_path) == ["a.json"]


def test_json_takes_numpy_and_writes_no_nan(tmp_path):
    data = {"loss": float("nan"), "high": np.inf, "n": np.int64(3), "row": np.arange(2)}
    write_json(tmp_path / "a.json", data)
    assert read_json(tmp_path / "a.json") == {"loss": None, "high": None, "n": 3, "row": [0, 1]}


def test_text_is_utf8_with_line_feeds(tmp_path):
    write_text(tmp_path / "a.txt", "ü\n")
    assert (tmp_path / "a.txt").read_bytes() == b"\xc3\xbc\n"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    write_text(tmp_path / "a.txt", "old")

    def write_half():
        with replacing(tmp_path / "a.txt") as file:
            file.write(b"half of")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "needs 3 bytes"),
        (errno.EFBIG, "needs 3 bytes"),
        (errno.EROFS, "DEEPZOO_HOME"),
        (errno.EIO, "Cannot write"),
    ],
)
def test_a_disk_error_is_one_line_about_the_file(tmp_path, monkeypatch, number, says):
    path = tmp_path / "a.bin"
    write_bytes(path, b"old")

    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ResourceError) as caught:
        write_bytes(path, b"new")
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 8
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


CHILD_WITH_SMALL_FILES = """
import resource, sys
from pathlib import Path
from deepzoo.errors import ResourceError
from deepzoo.system.files import write_bytes
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_bytes(Path(sys.argv[1]), b"x" * 5000)
except ResourceError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs limits of file sizes")
def test_a_real_limit_of_the_system_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.bin"
    write_bytes(path, b"old")
    child = subprocess.run(
        [sys.executable, "-c", CHILD_WITH_SMALL_FILES, str(path)], capture_output=True, text=True
    )
    assert child.returncode == 8, child.stderr
    assert "needs 5.0 KB" in child.stdout
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


CHILD_THAT_WRITES_FOR_EVER = """
import sys
from pathlib import Path
from deepzoo.system.files import write_json
number = 0
while True:
    number += 1
    write_json(Path(sys.argv[1]), {"numbers": [number] * 2000})
"""


def test_a_killed_writer_never_leaves_half_a_file(tmp_path):
    path = tmp_path / "a.json"
    for delay in (0.0, 0.013, 0.031):
        child = subprocess.Popen([sys.executable, "-c", CHILD_THAT_WRITES_FOR_EVER, str(path)])
        deadline = time.monotonic() + 30
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        child.wait()
        assert len(set(read_json(path)["numbers"])) == 1
        clean_temporaries(tmp_path)
        assert names(tmp_path) == ["a.json"]
        path.unlink()


def test_what_killed_writers_left_in_inner_folders_is_removed_too(tmp_path, monkeypatch):
    inner = tmp_path / "samples"
    inner.mkdir()
    with monkeypatch.context() as patched:
        # As a kill does: the file is neither renamed nor taken away.
        patched.setattr(type(inner), "unlink", lambda *arguments, **options: None)
        patched.setattr(os, "replace", lambda *arguments: None)
        write_json(inner / "epoch-0001.json", {})
    write_json(inner / "kept.json", {})
    assert len(list(inner.iterdir())) == 2
    clean_temporaries(tmp_path)
    assert names(inner) == ["kept.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_damaged_file_is_named_with_its_size(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=f"{len(content)} bytes, not valid JSON") as caught:
        read_json(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"none\.json: No such file"):
        read_json(tmp_path / "none.json")


def test_new_folders_are_private(tmp_path):
    folder = make_folder(tmp_path / "a" / "b")
    assert make_folder(folder) == folder
    if os.name != "nt":
        assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700] * 2


def test_a_folder_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(ResourceError, match="Cannot write"):
        make_folder(tmp_path / "a" / "b")


def test_a_file_is_hashed_and_a_missing_one_named(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc" * 10**6)
    assert file_sha256(path) == hashlib.sha256(b"abc" * 10**6).hexdigest()
    with pytest.raises(DataError, match="does not exist"):
        file_sha256(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (102_400, "102.4 KB"),
        (999_949, "999.9 KB"),
        (999_999, "1.0 MB"),
        (2.5e9, "2.5 GB"),
        (1.25e12, "1,250.0 GB"),
    ],
)
def test_numbers_of_bytes_are_put_in_words(count, words):
    assert bytes_in_words(count) == words
