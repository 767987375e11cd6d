"""Downloads that go wrong in every way a network has, and the cache that stays whole."""

from __future__ import annotations

import errno
import logging
import os
import socket
import subprocess
import sys

import pytest
from mirror import serving, whole_files

from deepzoo import File
from deepzoo.data import download
from deepzoo.data.download import fetch
from deepzoo.errors import (
    DownloadError,
    IntegrityError,
    ResourceError,
)

CONTENT = bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    """Tries again at once, and asks no proxy."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("NO_PROXY", "*")


def test_a_file_is_fetched_once_and_reported(mirror, folder):
    seen = []
    path = fetch(mirror.file(), folder, progress=lambda have, total: seen.append((have, total)))
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert whole_files(folder) == ["file.txt"]
    assert fetch(mirror.file(), folder) == path
    assert len(mirror.requests) == 1


def test_without_network_the_error_says_what_where_and_what_to_do(mirror, folder):
    file = mirror.file()
    mirror.close()
    with pytest.raises(DownloadError) as caught:
        fetch(file, folder)
    assert caught.value.exit_code == 4
    assert mirror.url in caught.value.message
    assert str(folder / "file.txt") in caught.value.hint
    assert whole_files(folder) == []


def test_an_unknown_host_and_a_missing_file_are_named(folder, tmp_path):
    missing = (tmp_path / "nothing").as_uri()
    with pytest.raises(DownloadError, match="no such host") as caught:
        fetch(File(("a",), ("https://example.invalid/a", missing)), folder)
    assert "No such file" in caught.value.message


def test_a_warm_cache_sends_no_request(mirror, folder, monkeypatch):
    fetch(mirror.file(), folder)

    def refused(*arguments):
        raise AssertionError("a request was sent")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert fetch(mirror.file(), folder).read_bytes() == CONTENT


def test_a_cut_connection_makes_us_start_over(mirror, folder):
    mirror.cuts = [61_440]
    seen = []
    path = fetch(mirror.file(), folder, progress=lambda have, total: seen.append(have))
    assert path.read_bytes() == CONTENT
    assert len(mirror.requests) == 2
    assert (seen[-1], max(seen)) == (len(CONTENT), len(CONTENT))


def test_a_connection_that_is_always_cut_ends_after_a_few_tries(mirror, folder):
    mirror.cuts = [10_000] * 20
    with pytest.raises(DownloadError, match=r"10000 bytes read, 92400 more expected.*3 tries"):
        fetch(mirror.file(), folder)
    assert len(mirror.requests) == download.TRIES
    assert whole_files(folder) == []


def test_one_wrong_byte_is_found_and_fetched_once_more(mirror, folder):
    mirror.wrong_bytes = 1
    assert fetch(mirror.file(), folder).read_bytes() == CONTENT
    assert len(mirror.requests) == 2


def test_a_file_that_stays_wrong_is_refused_with_both_hashes(mirror, folder):
    mirror.wrong_bytes = 9
    file = mirror.file()
    with pytest.raises(IntegrityError) as caught:
        fetch(file, folder)
    message = caught.value.message
    assert caught.value.exit_code == 4
    assert f"expected sha256 {file.sha256} (102.4 KB), received" in message
    assert mirror.url in message
    assert len(mirror.requests) == download.TRIES
    assert whole_files(folder) == []


def test_the_next_mirror_is_taken(mirror, folder):
    with serving(b"another file") as wrong:
        file = File(("file.txt",), (wrong.url, mirror.url), mirror.file().sha256, len(CONTENT))
        assert fetch(file, folder).read_bytes() == CONTENT


@pytest.mark.parametrize("known_hash", [True, False])
def test_a_page_instead_of_data_is_called_a_page(mirror, folder, known_hash):
    page = b"\n<!DOCTYPE html><html>quota exceeded</html>"
    mirror.answers = [(200, "text/html", page)] * 2
    file = mirror.file(sha256=None if known_hash else "")
    with pytest.raises(IntegrityError, match=r"an HTML page \(43 bytes, expected 102\.4 KB\)"):
        fetch(file, folder)
    assert whole_files(folder) == []


def test_a_busy_server_is_asked_again_a_missing_file_is_not(mirror, folder):
    mirror.answers = [(503, "text/plain", b"busy")]
    assert fetch(mirror.file(), folder).read_bytes() == CONTENT
    mirror.answers = [(404, "text/plain", b"no")] * 2
    with pytest.raises(DownloadError, match="HTTP 404"):
        fetch(mirror.file(name="other.txt"), folder)
    assert len(mirror.requests) == 3


def test_more_bytes_than_promised_are_not_written(mirror, folder):
    with pytest.raises(IntegrityError, match="received more than 100 bytes"):
        fetch(mirror.file(size=100, sha256="0" * 64), folder)
    assert whole_files(folder) == []


def test_a_damaged_file_in_the_cache_is_moved_aside_and_fetched_again(mirror, folder, caplog):
    path = fetch(mirror.file(), folder)
    path.write_bytes(b"!" + CONTENT[1:])
    with caplog.at_level(logging.WARNING, "deepzoo"):
        assert fetch(mirror.file(), folder).read_bytes() == CONTENT
    assert "is damaged" in caplog.text
    assert whole_files(folder) == ["file.txt", "file.txt.damaged"]


def test_a_damaged_file_in_the_cache_without_network_is_an_error(mirror, folder):
    file = mirror.file()
    fetch(file, folder).write_bytes(CONTENT[:-1])
    mirror.close()
    with pytest.raises(IntegrityError, match="copy in the cache was damaged"):
        fetch(file, folder)
    assert not (folder / "file.txt").exists()


def test_a_file_without_hash_is_checked_by_its_size(mirror, folder):
    file = mirror.file(sha256="")
    path = fetch(file, folder)
    path.write_bytes(b"short")
    assert "expected 102,400 bytes, received 5" in download.problem(path, file)


def test_a_read_only_cache_names_path_and_variable_and_goes_nowhere_else(
    mirror, folder, monkeypatch
):
    folder.mkdir()
    original = os.open

    def denied(path, flags, *arguments, **options):
        if str(folder) in str(path) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return original(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(ResourceError) as caught:
        fetch(mirror.file(), folder)
    assert caught.value.exit_code == 8
    assert str(folder) in caught.value.message
    assert "DEEPZOO_HOME" in caught.value.hint
    assert mirror.requests == []


def test_too_little_space_is_seen_before_anything_is_fetched(mirror, folder, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(ResourceError, match=r"needs 102\.4 KB, 1\.0 KB free"):
        fetch(mirror.file(), folder)
    assert mirror.requests == []


CHILD = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from deepzoo import File
from deepzoo.data.download import fetch
from deepzoo.errors import DeepzooError
try:
    fetch(File(("file.txt",), (sys.argv[1],), sys.argv[2]), sys.argv[3])
except DeepzooError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_disk_that_fills_up_leaves_nothing_behind(mirror, folder):
    arguments = [sys.executable, "-c", CHILD, mirror.url, mirror.file().sha256, str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (8, "")
    assert "No space to write" in done.stdout
    assert whole_files(folder) == []
