"""Training on one large text file: peak memory of the whole process.

Writes a text of 1 GB from a seeded generator, trains a small model on it for a few
seconds with `deepzoo train text`, and prints the peak memory (bound 2.5 GB).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from support.child import as_installed, run

BOUND = 2500
MODEL = ["--model", "char-rnn", "--set", "units=32", "--set", "embedding=8", "--batch-size", "256"]


def write_text(path: Path, megabytes: int) -> None:
    """Writes lines of made-up words, each megabyte another mixture of the same ones."""
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(rng.choice(letters, length)) for length in rng.integers(1, 10, 5000)])
    with path.open("w", encoding="utf-8", newline="\n") as file:
        left = megabytes * 1_000_000
        while left > 0:
            lines = rng.choice(words, (18_000, 10))
            text = "".join(" ".join(line) + "\n" for line in lines.tolist())[:left]
            left -= file.write(text)


def main() -> int:
    """Measures and returns 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=0.1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.txt")
        started = time.perf_counter()
        write_text(path, options.megabytes)
        print(f"text           {path.stat().st_size / 1e6:8.0f} MB", end="")
        print(f"   written in {time.perf_counter() - started:.0f} s")
        command = ["-m", "deepzoo", "train", "text", "--data", str(path), "--json", *MODEL]
        command += ["--max-minutes", str(options.minutes), "--quiet"]
        done = run(command, {**as_installed(folder), "TMPDIR": folder})
    if done.code:
        print(done.output)
        return 1
    result = json.loads(done.output.splitlines()[-1])
    print(f"training       {result['steps']:8} steps in {result['seconds']:.0f} s", end="")
    print(f", whole process {done.wall:.0f} s")
    print(f"peak memory    {done.megabytes:8.0f} MB  (at most {BOUND} for 1000 MB of text)")
    return int(done.megabytes > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
