"""Runs whole processes and measures their time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple


class Measured(NamedTuple):
    """Wall time, processor time, peak memory, exit code and output of a process."""

    wall: float
    processor: float
    megabytes: float
    code: int
    output: str


def as_installed(folder: str) -> dict[str, str]:
    """Returns an environment with an empty home and a cache of compiled modules, as after pip."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "DEEPZOO_PLUGINS")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**environment, "PYTHONPYCACHEPREFIX": folder, "DEEPZOO_HOME": folder}


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
