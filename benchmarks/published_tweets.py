"""The published tweet generator and a run of it: losses, words, loops, samples.

Usage: python benchmarks/published_tweets.py [RUN]

RUN is by default `tweets/tweets-gru`, trained in full with
`deepzoo train tweets --model char-gru --set splits=report --name tweets-gru`. Prints its
training losses beside the published ones (within 0.06), and of 200 texts at temperature 0.3
the fraction of real words (at least 95 %) and of texts that loop (at most 5 %); then its
samples and the published ones.
"""

from __future__ import annotations

import argparse

import numpy as np
from deepzoo_text_generation import scoring
from deepzoo_text_generation.experiments import STARTS, TweetsGRU

import deepzoo
from deepzoo.errors import DeepzooError

TEXTS, TEMPERATURE = 200, 0.3
WITHIN, REAL_WORDS, LOOPS = 0.06, 0.95, 0.05


def losses(run: deepzoo.Run) -> bool:
    """Prints the training losses beside the published ones; returns whether all are near."""
    near = True
    for figure in TweetsGRU.figures:
        epoch = dict(figure.when).get("model.epochs")
        if figure.metric != "training loss" or epoch is None:
            continue
        ours = next((row["loss"] for row in run.history if row["epoch"] == epoch), float("nan"))
        near &= abs(ours - figure.value) <= WITHIN
        print(f"training loss, epoch {epoch:2}  {ours:6.3f}  (published {figure.value})")
    return near


def quality(run: deepzoo.Run) -> bool:
    """Prints real words and loops of many texts; returns whether both bounds hold."""
    training = deepzoo.load_dataset("tweets", splits="report").train.documents
    prompts = [STARTS[index % len(STARTS)] for index in range(TEXTS)]
    texts = [
        # Without the start, and without the word that the length may have cut.
        run.generate(prompt, temperature=TEMPERATURE, seed=seed)[len(prompt) :].rpartition(" ")[0]
        for seed, prompt in enumerate(prompts)
    ]
    words = np.average(scoring.real_words(texts, training), weights=scoring.count_words(texts))
    loops = np.mean(scoring.loops(texts))
    print(f"{TEXTS} texts at temperature {TEMPERATURE}, 140 characters each:")
    print(f"real words               {words:6.3f}  (at least {REAL_WORDS})")
    print(f"texts that loop          {loops:6.3f}  (at most {LOOPS})")
    return bool(words >= REAL_WORDS and loops <= LOOPS)


def samples(run: deepzoo.Run) -> None:
    """Prints the published samples, each above ours from the same start."""
    for sample in TweetsGRU.samples:
        temperature = dict(sample.when)["temperature"]
        ours = run.generate(sample.prompt, temperature=temperature, seed=1)
        print(f"\n{sample.prompt!r} at temperature {temperature}")
        print(f"  published  {sample.output}")
        print(f"  ours       {ours}")


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="tweets/tweets-gru")
    try:
        run = deepzoo.load(parser.parse_args().run)
    except DeepzooError as error:
        print(f"There is no run to measure: {error.message}")
        return 0
    held = [losses(run), quality(run)]
    samples(run)
    return int(not all(held))


if __name__ == "__main__":
    raise SystemExit(main())
