"""Downloads by several processes, and by processes that are killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from mirror import serving, whole_files

from deepzoo import download
from deepzoo.download import fetch

CONTENT = bytes(range(256)) * 800
CHILD = """
import logging, sys
logging.basicConfig(format="%(message)s")
from deepzoo import File
from deepzoo.download import fetch
try:
    path = fetch(File(("file.txt",), (sys.argv[1],), sys.argv[2], int(sys.argv[3])), sys.argv[4])
except KeyboardInterrupt:
    sys.exit(130)
print(path.stat().st_size)
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with serving(CONTENT) as mirror:
        yield mirror


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@contextlib.contextmanager
def child(mirror, folder):
    file = mirror.file()
    arguments = [CHILD, mirror.url, file.sha256, str(file.size), str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_stopped_download_leaves_no_entry_and_the_next_one_completes(
    mirror, folder, number, status
):
    mirror.pause = 0.02
    with child(mirror, folder) as process:
        assert mirror.sent.wait(20)
        time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(20) == status
    assert "file.txt" not in whole_files(folder)
    mirror.pause = 0
    assert fetch(mirror.file(), folder).read_bytes() == CONTENT
    assert [name for name in whole_files(folder) if name != "file.txt"] == []


def test_what_a_killed_process_left_is_continued(mirror, folder):
    mirror.pause = 0.02
    with child(mirror, folder) as process:
        assert mirror.sent.wait(20)
        time.sleep(0.3)
        process.kill()
        process.wait(20)
    mirror.pause = 0
    fetch(mirror.file(), folder)
    assert int(mirror.requests[1]["Range"].strip("bytes=-")) > 0


def test_two_processes_share_one_download_and_the_second_names_the_first(mirror, folder):
    mirror.pause = 0.03
    with child(mirror, folder) as first:
        assert mirror.sent.wait(20)
        with child(mirror, folder) as second:
            outputs = [process.communicate(timeout=40) for process in (first, second)]
            assert [first.returncode, second.returncode] == [0, 0]
    assert [text for text, _ in outputs] == [f"{len(CONTENT)}\n"] * 2
    assert f"Waiting for process {first.pid}" in outputs[1][1]
    assert len(mirror.requests) == 1


def test_the_lock_of_a_killed_process_does_not_hold_up_the_next(mirror, folder):
    mirror.pause = 0.03
    with child(mirror, folder) as first:
        assert mirror.sent.wait(20)
        with child(mirror, folder) as second:
            assert "Waiting" in second.stderr.readline()
            first.kill()
            mirror.pause = 0
            assert second.wait(20) == 0
    assert whole_files(folder) == ["file.txt"]


def test_without_a_working_lock_nothing_is_spoilt(mirror, folder, monkeypatch):
    monkeypatch.setattr(download, "only_one", lambda target: contextlib.nullcontext())
    mirror.pause = 0.002
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(mirror.file(), folder)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [path.read_bytes() == CONTENT for path in results] == [True] * 3
    assert len(mirror.requests) > 1
    assert whole_files(folder) == ["file.txt"]


def test_a_lock_that_is_a_link_is_not_followed(mirror, folder, tmp_path):
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (folder / ".file.txt.lock").symlink_to(victim)
    with pytest.raises(Exception, match=r"file\.txt"):
        fetch(mirror.file(), folder)
    assert victim.read_text() == "precious"
