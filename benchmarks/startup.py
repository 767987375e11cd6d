"""Start-up: whole-process time of looking around, against an empty Python.

Prints how much longer each command takes than `python -c pass`: the median of the
differences of alternating repeats, so that a busy machine slows both alike. The
bound is 0.25 seconds. Processor time is printed beside it; it hardly depends on
what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

BOUND = 0.25
COMMANDS = {
    "--help": ["--help"],
    "datasets": ["datasets"],
    "a misspelt dataset": ["train", "tweetz"],
    "a misspelt command": ["trian"],
    "generate --help": ["generate", "--help"],
    "runs": ["runs"],
}


def measure(arguments: list[str]) -> tuple[float, float]:
    """Runs Python with `arguments`; returns wall time and processor time in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used


def main() -> int:
    """Measures every command and returns 1 if one is over the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    os.environ.pop("DEEPZOO_PLUGINS", None)
    over = []
    print(f"{'deepzoo ...':<20}  more than an empty Python (bound {BOUND} s)  processor time")
    for name, words in COMMANDS.items():
        command = ["-m", "deepzoo", *words]
        measure(command)
        walls, useds = [], []
        for _ in range(repeats):
            empty, empty_used = measure(["-c", "pass"])
            wall, used = measure(command)
            walls.append(wall - empty)
            useds.append(used - empty_used)
        median = statistics.median(walls)
        low, high = min(walls), max(walls)
        used = statistics.median(useds)
        print(f"{name:<20}  {median:.3f} s ({low:.3f} to {high:.3f}){'':<21}{used:.3f} s")
        if median > BOUND:
            over.append(name)
    if over:
        print(f"over the bound: {', '.join(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
