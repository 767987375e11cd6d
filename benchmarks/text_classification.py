"""How soon 50,000 film reviews are read and encoded, and how soon one text is classified.

Usage: DEEPZOO_DATA=... python benchmarks/text_classification.py

Prints the seconds to read the archive of `imdb`, without near-duplicates, and to encode all reviews
for `bag-of-ngrams` (bound 20 s for both), and the median milliseconds of `predict` by
`imdb@shipped` in a running process, for a sentence and for a whole review (bound 3 ms).
"""

from __future__ import annotations

import statistics
import sys
import time

import deepzoo

SECONDS, MILLISECONDS, REPEATS = 20.0, 3.0, 50
SENTENCE = "A waste of two hours."


def main() -> int:
    """Measures both; returns 1 if a bound is missed."""
    run = deepzoo.load("imdb@shipped")
    started = time.perf_counter()
    splits = deepzoo.load_dataset("imdb")
    read = time.perf_counter() - started
    for part in (splits.train, splits.validation, splits.test):
        run.prepare_inputs(part.texts)
    encoded = time.perf_counter() - started - read
    held = read + encoded <= SECONDS
    print(f"reading {read:.1f} s, encoding {encoded:.1f} s (at most {SECONDS:.0f} s in all)")
    review = sorted(splits.test.texts, key=len)[len(splits.test) // 2]
    for name, text in (("sentence", SENTENCE), (f"review of {len(review):,} letters", review)):
        times = []
        for _ in range(REPEATS):
            started = time.perf_counter()
            run.predict(text)
            times.append(1000 * (time.perf_counter() - started))
        held &= statistics.median(times) <= MILLISECONDS
        print(f"{name:26} {statistics.median(times):5.2f} ms (at most {MILLISECONDS:.0f} ms)")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
