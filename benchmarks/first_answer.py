"""The first answer of a fresh process: `deepzoo generate "Today I will"`.

Prints the median ratio of its whole time to that of `python -c "import keras"`, in turns
(bound 0.1), and its peak memory (bound 100 MB). DEEPZOO_HOME is empty, so that the
trained model that comes with deepzoo answers.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile

from support.child import as_installed, run
from support.timing import median_ratio

from deepzoo.runs.shipped import shipped_runs

BOUND, MEGABYTES = 0.1, 100
GENERATE = ["-m", "deepzoo", "generate", "Today I will", "--seed", "1"]
KERAS = ["-c", "import keras"]


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    if "tweets" not in [name for name, _ in shipped_runs()]:
        print("No trained model of tweets is in this installation: there is nothing to measure.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        environment = {**as_installed(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}
        first = run(GENERATE, environment)
        if first.code:
            print(first.output)
            return 1
        run(KERAS, environment)
        answers, imports = [], []
        for _ in range(repeats):
            answers.append(run(GENERATE, environment))
            imports.append(run(KERAS, environment))
    for name, measured in {"generate": answers, "import keras": imports}.items():
        wall = statistics.median(item.wall for item in measured)
        used = statistics.median(item.processor for item in measured)
        print(f"{name:<13} {wall:6.3f} s, processor time {used:6.3f} s")
    ratio = median_ratio([item.wall for item in answers], [item.wall for item in imports])
    megabytes = max(item.megabytes for item in answers)
    print(f"generate / import keras {ratio:6.3f}  (at most {BOUND})")
    print(f"peak memory           {megabytes:6.1f} MB  (at most {MEGABYTES})")
    return int(ratio > BOUND or megabytes > MEGABYTES)


if __name__ == "__main__":
    raise SystemExit(main())
