"""Processes are known by number and host, and dead ones are recognised."""

from __future__ import annotations

import subprocess
import sys

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
