"""The default text network on texts of 30 KB to 1 MB, over a 6-gram on the same text.

Usage: DEEPZOO_DATA=... python benchmarks/text_amounts.py [--from none] [--only PART]

Tweets are those that the included network has not learned from, the validation and the test split
of `tweets`; prose is a cut of each novel. Prints for each text the bits per character of the
default, of `char-6gram` and what the default gains (bounds 0.18 for 300 KB of tweets, 0.12 for
300 KB of prose, above 0 for 100 KB, not below 0 for 30 KB), the fraction of real words in its
texts and of copied spans (at least 0.80 and at most 0.02 for 300 KB), and the minutes of training.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import deepzoo
from deepzoo.errors import DataError

KILOBYTES = (30, 100, 300, 1000)
NOVELS = {"tom_sawyer.txt": "prose", "nietzsche.txt": "prose", "tinyshakespeare_input.txt": "play"}
GAINS = {("tweets", 300): 0.18, ("prose", 300): 0.12, ("play", 300): 0.12}
WORDS, COPIED = 0.80, 0.02


def cuts(folder: Path) -> Iterator[tuple[str, int, Path, str]]:
    """Writes the texts; yields the sort of each, its kilobytes, its file and its documents."""
    splits = deepzoo.load_dataset("tweets")
    tweets = "\n".join([*splits.validation.documents, *splits.test.documents])
    texts = {"tweets": ("tweets", tweets, "lines")}
    for name, sort in NOVELS.items():
        path = Path(os.environ["DEEPZOO_DATA"], "texts", name)
        texts[path.stem] = (sort, path.read_text(encoding="utf-8-sig"), "files")
    for stem, (sort, text, documents) in texts.items():
        for size in KILOBYTES:
            if len(text.encode()) >= size * 1000:
                path = folder / f"{stem}-{size}.txt"
                path.write_bytes(text.encode()[: size * 1000].decode(errors="ignore").encode())
                yield sort, size, path, documents


def main() -> int:
    """Trains on each text and prints a row; returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--from", dest="start", help="RUN to start from; none: from scratch")
    parser.add_argument("--only", default="", help="only texts whose names hold this")
    arguments = parser.parse_args()
    if "DEEPZOO_DATA" not in os.environ:
        raise DataError("The texts are read from the folder that DEEPZOO_DATA names: set it.")
    held = True
    print(
        f"{'text':28} {'default':>8} {'6-gram':>7} {'gain':>6} {'words':>6} {'copied':>7} minutes"
    )
    with tempfile.TemporaryDirectory() as folder:
        for sort, size, path, documents in cuts(Path(folder)):
            if arguments.only not in path.stem:
                continue
            run = deepzoo.train(
                "text", data=str(path), documents=documents, from_run=arguments.start
            )
            bits, counted = (
                scores["bits_per_character"]
                for scores in (run.metrics, run.baselines["char-6gram"])
            )
            gain, minutes = counted - bits, run.record["seconds"] / 60
            words, copied = run.metrics["real_words"], run.metrics["copied"]
            held &= gain >= GAINS.get((sort, size), 0.0)
            held &= size < 300 or (words >= WORDS and copied <= COPIED)
            print(
                f"{path.stem:28} {bits:8.3f} {counted:7.3f} {gain:6.3f} {words:6.2f} "
                f"{copied:7.3f} {minutes:7.1f}",
                flush=True,
            )
    return 0 if held else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DataError as error:
        sys.exit(str(error))
