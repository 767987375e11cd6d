"""Processes are known by number and host, and dead ones are recognised."""

from __future__ import annotations

import subprocess
import sys
import time

from deepzoo.system import processes


def test_a_process_is_known_by_pid_and_host(home):
    mine = processes.holder()
    assert processes.is_alive(mine)
    assert not processes.is_alive({**mine, "host": "elsewhere"})
    for pid in (None, 0, -1, "12"):
        assert not processes.is_alive({**mine, "pid": pid})
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert not processes.is_alive({**mine, "pid": child.pid})


def test_a_process_that_ended_is_not_alive_even_before_its_parent_asks(home):
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    record = {**processes.holder(), "pid": child.pid}
    deadline = time.monotonic() + 30
    while processes.is_alive(record) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes.is_alive(record)
    child.communicate()
