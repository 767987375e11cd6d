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
from mirror import whole_files

from deepzoo.data import download
from deepzoo.data.download import fetch

CONTENT = bytes(range(256)) * 800
CHILD = """
import logging, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored if the tests run behind a shell
logging.basicConfig(format="%(message)s")
from deepzoo import File
from deepzoo.data.download import fetch
try:
    path = fetch(File(("file.txt",), (sys.argv[1],), sys.argv[2], int(sys.argv[3])), sys.argv[4])
except KeyboardInterrupt:
    sys.exit(130)
print(path.stat().st_size)
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


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


def arrived(folder):
    """Waits until a part of the file lies in the cache."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if any(path.stat().st_size > 50_000 for path in folder.glob(".*.part/*")):
                return
        time.sleep(0.02)
    raise AssertionError("nothing arrived")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_stopped_download_leaves_no_entry_and_the_next_one_completes(
    mirror, folder, number, status
):
    mirror.go_on.clear()
    with child(mirror, folder) as process:
        arrived(folder)
        process.send_signal(number)
        assert process.wait(60) == status
    assert "file.txt" not in whole_files(folder)
    mirror.go_on.set()
    assert fetch(mirror.file(), folder).read_bytes() == CONTENT
    assert whole_files(folder) == ["file.txt"]


def test_two_processes_share_one_download_and_the_second_names_the_first(mirror, folder):
    mirror.go_on.clear()
    with child(mirror, folder) as first:
        arrived(folder)
        with child(mirror, folder) as second:
            assert f"Waiting for process {first.pid}" in second.stderr.readline()
            mirror.go_on.set()
            outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
            assert [first.returncode, second.returncode] == [0, 0]
    assert outputs == [f"{len(CONTENT)}\n"] * 2
    assert len(mirror.requests) == 1


def test_the_lock_of_a_killed_process_does_not_hold_up_the_next(mirror, folder):
    mirror.go_on.clear()
    with child(mirror, folder) as first:
        arrived(folder)
        with child(mirror, folder) as second:
            assert "Waiting" in second.stderr.readline()
            first.kill()
            first.wait(60)
            mirror.go_on.set()
            assert second.wait(60) == 0
    assert (folder / "file.txt").read_bytes() == CONTENT
    assert whole_files(folder) == ["file.txt"]


def test_without_a_working_lock_nothing_is_spoilt(mirror, folder, monkeypatch):
    monkeypatch.setattr(download, "one_at_a_time", lambda target: contextlib.nullcontext())
    mirror.go_on.clear()
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(mirror.file(), folder)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while len(mirror.requests) < len(threads) and time.monotonic() < deadline:
        time.sleep(0.01)
    mirror.go_on.set()
    for thread in threads:
        thread.join(30)
    assert [path.read_bytes() == CONTENT for path in results] == [True] * 3
    assert len(mirror.requests) == 3
    assert whole_files(folder) == ["file.txt"]


def test_a_lock_that_is_a_link_is_not_followed(mirror, folder, tmp_path):
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (folder / ".file.txt.lock").symlink_to(victim)
    with pytest.raises(Exception, match=r"file\.txt"):
        fetch(mirror.file(), folder)
    assert victim.read_text() == "precious"
