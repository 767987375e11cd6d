"""Whole processes: how long they take and how much memory they need at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple


class Measured(NamedTuple):
    """What a process took: wall time, processor time, peak memory, exit code, output."""

    wall: float
    processor: float
    megabytes: float
    code: int
    output: str


def run(arguments: list[str], environment: Mapping[str, str]) -> Measured:
    """Runs Python with `arguments` and waits for it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Measured(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / unit,
        process.returncode,
        output,
    )
