"""Two networks of translation on the same sentences, which neither was trained on.

Usage: python benchmarks/translation.py [RUN PUBLISHED]

RUN is a run of the default network on all pairs, PUBLISHED a run of `char-seq2seq` on the 10,000
shortest; without them, those of `deepzoo train english-dutch --name transformer-small` and of
`python benchmarks/published.py translation --only held-out`. Prints chrF and BLEU of both, with
95 % intervals, and of RUN with a beam: of test sentences of RUN, of every length, and of those
of PUBLISHED, which are short. Both differences in chrF must be at least 15. Sentences that either
network was trained on are left out.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from deepzoo_translation.scoring import bleu_scores, chrf_scores

import deepzoo
from deepzoo import Scores, TextPairs, summarise
from deepzoo.errors import DeepzooError
from deepzoo.evaluation.intervals import compare
from deepzoo.readers import normalise

AHEAD, MOST, BEAM, BATCH = 15, 1000, 4, 128
RUNS = ("english-dutch/transformer-small", "english-dutch/translation-held-out-100-epochs-seed0")


def keys(sentences: Iterable[str]) -> set[str]:
    """Returns sentences without case, quotes and surplus blanks."""
    return {normalise(sentence) or sentence for sentence in sentences}


def unseen(pairs: TextPairs, learned: Sequence[set[str]]) -> TextPairs:
    """Returns up to a thousand pairs whose source is in no set of `learned`."""
    fresh = [
        index
        for index, source in enumerate(pairs.sources)
        if not any((normalise(source) or source) in sources for sources in learned)
    ]
    step = max(1, len(fresh) // MOST)
    return pairs.take(fresh[::step][:MOST])


def report(title: str, runs: Sequence[deepzoo.Run], pairs: TextPairs) -> float:
    """Prints the scores of the networks on the same pairs; returns the lead in chrF."""
    words = sum(len(source.split()) for source in pairs.sources) / len(pairs)
    print(f"{title}: {len(pairs):,} sentences of {words:.1f} words")
    ways = [(runs[0], 1), (runs[1], 1), (runs[0], BEAM)]
    greedy, published, beam = (translated(run, width, pairs) for run, width in ways)
    for name, first, second in (
        (f"ahead of {runs[1].id}", greedy, published),
        (f"gained by a beam of {BEAM}", beam, greedy),
    ):
        value, low, high = compare(first, second)
        print(f"  chrF points {name}: {value:.1f} [{low:.1f}, {high:.1f}]")
    return compare(greedy, published)[0]


def translated(run: deepzoo.Run, width: int, pairs: TextPairs) -> Scores:
    """Translates pairs, prints chrF, BLEU and seconds; returns chrF by sentence."""
    run.predict(*pairs.sources[:BATCH], beam=width)  # compiles the loop
    started = time.perf_counter()
    answers: Any = run.predict(*pairs.sources, beam=width)
    seconds = time.perf_counter() - started
    outputs = [answer["translation"] for answer in answers]
    texts = []
    scores = {"chrF": chrf_scores, "BLEU": bleu_scores}
    for name, scores_of in scores.items():
        value, low, high, _ = summarise(scores_of(outputs, pairs.targets), 100)
        texts.append(f"{name} {value:.1f} [{max(low, 0):.1f}, {high:.1f}]")
    print(f"  {run.id}, beam {width}: {', '.join(texts)}, {seconds:.1f} s", flush=True)
    return chrf_scores(outputs, pairs.targets)


def main() -> int:
    """Measures and returns 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("runs", nargs="*", default=RUNS, metavar="RUN")
    try:
        runs = [deepzoo.load(run) for run in parser.parse_args().runs]
    except DeepzooError as error:
        print(f"No run to measure: {error.message}")
        return 0
    splits = [run.workload().data.splits for run in runs]
    learned = [keys([*split.train.sources, *split.validation.sources]) for split in splits]
    titles = ("every length", "the shortest")
    ahead = [
        report(title, runs, unseen(split.test, learned))
        for title, split in zip(titles, splits, strict=True)
    ]
    print(f"points of chrF ahead, at least: {min(ahead):.1f}  (at least {AHEAD})")
    return int(min(ahead) < AHEAD)


if __name__ == "__main__":
    raise SystemExit(main())
