"""Start-up: whole-process time of help pages, listings and name errors.

Prints how much longer each command takes than `python -c pass`: the median of the
differences of alternating repeats, so that a busy machine slows both equally. The
bound is 0.25 seconds. Processor time, which depends little on other work, is printed
beside it.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from support.child import as_installed

BOUND = 0.25
COMMANDS = {
    "--help": ["--help"],
    "datasets": ["datasets"],
    "a misspelt dataset": ["train", "tweetz"],
    "a misspelt command": ["trian"],
    "generate --help": ["generate", "--help"],
    "runs": ["runs"],
}


def measure(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Runs Python with `arguments`; returns wall time and processor time in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        check=False,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used


def compare(
    command: list[str], repeats: int, environment: dict[str, str]
) -> tuple[list[float], list[float]]:
    """Returns by how much a command takes longer than an empty Python, in turns."""
    measure(command, environment)
    walls, useds = [], []
    for _ in range(repeats):
        empty, empty_used = measure(["-c", "pass"], environment)
        wall, used = measure(command, environment)
        walls.append(wall - empty)
        useds.append(used - empty_used)
    return walls, useds


def main() -> int:
    """Measures every command and returns 1 if one is over the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    over = []
    print(f"{'deepzoo ...':<20}  more than an empty Python (bound {BOUND} s)  processor time")
    with tempfile.TemporaryDirectory() as folder:
        environment = as_installed(folder)
        for name, words in COMMANDS.items():
            wall, used = compare(["-m", "deepzoo", *words], repeats, environment)
            median = statistics.median(wall)
            spread = f"({min(wall):.3f} to {max(wall):.3f})"
            print(f"{name:<20}  {median:.3f} s {spread:<32}  {statistics.median(used):.3f} s")
            if median > BOUND:
                over.append(name)
    if over:
        print(f"over the bound: {', '.join(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
